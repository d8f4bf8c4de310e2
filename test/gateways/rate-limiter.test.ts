import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { createRateLimiter } from '../../src/gateways/rate-limiter.ts'
import { connectRedis } from '../../src/gateways/redis.ts'
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts'

const log = createLog('silent')
let count = 0
/** Each test counts under its own name. */
const fresh = (points: number, durationSeconds = 60) => ({ name: `test-${count++}`, points, durationSeconds })

function contract(name: string, redis: () => Redis | null): void {
  describe(name, () => {
    test('the allowance is used up exactly, and then says how long to wait', async () => {
      const limiter = createRateLimiter({ redis: redis(), ...fresh(3) })
      const verdicts = []
      for (let attempt = 0; attempt < 5; attempt++) verdicts.push(await limiter.consume('ada@example.com'))
      expect(verdicts.map((verdict) => verdict.allowed)).toEqual([true, true, true, false, false])
      expect(verdicts[0]?.retryAfterMs).toBe(0)
      expect(verdicts[3]?.retryAfterMs).toBeGreaterThan(50_000)
      expect(verdicts[3]?.retryAfterMs).toBeLessThanOrEqual(60_000)
    })

    test('a hundred attempts at once get no more than the allowance', async () => {
      const limiter = createRateLimiter({ redis: redis(), ...fresh(10) })
      const verdicts = await Promise.all(Array.from({ length: 100 }, () => limiter.consume('ada@example.com')))
      expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(10)
    })

    test('N attempts in one call count as N, and each key counts for itself', async () => {
      const limiter = createRateLimiter({ redis: redis(), ...fresh(10) })
      expect((await limiter.consume('ada', 8)).allowed).toBe(true)
      expect((await limiter.consume('ada', 3)).allowed).toBe(false)
      expect((await limiter.consume('bob', 10)).allowed).toBe(true)
    })

    test('when the window is over the allowance is back', async () => {
      const limiter = createRateLimiter({ redis: redis(), ...fresh(1, 1) })
      expect((await limiter.consume('ada')).allowed).toBe(true)
      const refused = await limiter.consume('ada')
      expect(refused.allowed).toBe(false)
      await new Promise((resolve) => setTimeout(resolve, refused.retryAfterMs + 50))
      expect((await limiter.consume('ada')).allowed).toBe(true)
    })

    test('a reset gives one key its allowance back and leaves the others', async () => {
      const limiter = createRateLimiter({ redis: redis(), ...fresh(1) })
      await limiter.consume('ada')
      await limiter.consume('bob')
      await limiter.reset('ada')
      expect((await limiter.consume('ada')).allowed).toBe(true)
      expect((await limiter.consume('bob')).allowed).toBe(false)
    })
  })
}

contract('in memory', () => null)

describe.runIf(hasRedis)('with Redis', () => {
  let server: TestRedis
  let redis: Redis
  const others: Redis[] = []
  const connected = async (): Promise<Redis> => {
    const client = connectRedis(server.url, log)
    others.push(client)
    await vi.waitFor(() => expect(client.status).toBe('ready'), 10_000)
    return client
  }
  beforeAll(async () => {
    server = await startRedis()
    redis = await connected()
  })
  afterEach(() => {
    for (const client of others.splice(1)) client.disconnect()
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  contract('as the store', () => redis)

  test('two servers share one allowance', async () => {
    const rule = fresh(10)
    const [a, b] = [createRateLimiter({ redis, ...rule }), createRateLimiter({ redis: await connected(), ...rule })]
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, (_, attempt) => (attempt % 2 === 0 ? a : b).consume('ada')),
    )
    expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(10)
  })

  test('Redis gets to see no e-mail address', async () => {
    const limiter = createRateLimiter({ redis, ...fresh(10) })
    await limiter.consume('ada@example.com')
    expect((await redis.keys('*')).filter((key) => /ada|example/.test(key))).toEqual([])
  })

  test('when Redis dies attempts are still limited, at once and by this server; when it is back, by Redis again', async () => {
    const rule = fresh(5)
    const client = await connected()
    const limiter = createRateLimiter({ redis: client, ...rule })
    await limiter.consume('ada')
    await server.kill()
    const started = performance.now()
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => limiter.consume('ada')))
    expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(5)
    expect(performance.now() - started).toBeLessThan(8_000)
    await server.restart()
    await vi.waitFor(() => expect(client.status).toBe('ready'), { timeout: 10_000 })
    expect((await limiter.consume('ada')).allowed).toBe(true)
    expect(await client.keys(`*${rule.name}*`)).toHaveLength(1)
  })

  test('a frozen Redis delays an attempt by about a second at most and lets none through beyond the limit', async () => {
    const client = await connected()
    const limiter = createRateLimiter({ redis: client, ...fresh(5) })
    server.freeze()
    try {
      const started = performance.now()
      const verdicts = await Promise.all(Array.from({ length: 20 }, () => limiter.consume('ada')))
      expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(5)
      expect(performance.now() - started).toBeLessThan(8_000)
    } finally {
      server.thaw()
    }
  })
})
