import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversation, people, postId } from '../support/conversation.ts'
import { BEGINNING, listen, untilRunning } from '../support/listener.ts'
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

describe.runIf(hasRedis)('two servers on one database and one Redis', () => {
  let redis: TestRedis
  let a: TestServer
  let b: TestServer
  let who: Awaited<ReturnType<typeof people<'ada' | 'bob'>>>
  beforeAll(async () => {
    redis = await startRedis()
    a = await startTestServer({ config: { redisUrl: redis.url } })
    b = await startTestServer({ config: { redisUrl: redis.url }, databaseUrl: a.databaseUrl })
    who = await people(a, ['ada', 'bob'])
  })
  afterAll(async () => {
    await b.close()
    await a.close()
    await redis.stop()
  })

  test('a comment that is written at one is heard at the other, at once and not after a while', async () => {
    const post = postId(await a.world.published(who.ada.viewer))
    const listener = listen(b, post)
    await untilRunning(b, 1)
    await pause(200)
    const startedAt = performance.now()
    await conversation(a).add(who.bob.token, post, 'over there')
    await listener.hears(1)
    expect(performance.now() - startedAt).toBeLessThan(15_000) // lost, it would heal after 27 seconds
    await listener.leave()
  })

  test('comments that are written at both at once are heard at both, all of them, in one order', async () => {
    const post = postId(await a.world.published(who.ada.viewer))
    const listeners = [listen(a, post, { after: BEGINNING }), listen(b, post, { after: BEGINNING })]
    const talks = [conversation(a), conversation(b)]
    await Promise.all(Array.from({ length: 60 }, (_, n) => talks[n % 2]?.add(who.bob.token, post, `${n}`)))
    for (const listener of listeners) await listener.hears(60)
    const [atA, atB] = listeners.map((listener) => listener.bodies())
    expect(new Set(atA).size).toBe(60)
    expect(atB).toEqual(atA)
    for (const listener of listeners) await listener.leave()
  })

  test('a post that is taken away at one ends the listening at the other', async () => {
    const post = postId(await a.world.published(who.ada.viewer))
    const listener = listen(b, post)
    await untilRunning(b, 1)
    await pause(200)
    await a.ask('mutation ($id: ID!) { archivePost(input: { id: $id }) { post { id } } }', { id: post }, who.ada.token)
    await untilRunning(b, 0)
    expect(listener.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    await listener.leave()
  })

  test('when Redis is killed and comes back, nothing was missed and nothing comes twice', async () => {
    const post = postId(await a.world.published(who.ada.viewer))
    const [atA, atB] = [listen(a, post), listen(b, post)]
    await Promise.all([untilRunning(a, 1), untilRunning(b, 1)])
    await conversation(a).add(who.bob.token, post, 'before')
    await atB.hears(1)
    await redis.kill()
    for (const body of ['during one', 'during two']) await conversation(a).add(who.bob.token, post, body)
    // Whoever listens where it was written hears it without any Redis.
    await atA.hears(3, 5_000)
    await redis.restart()
    await conversation(a).add(who.bob.token, post, 'after')
    await atB.hears(4)
    await pause(300)
    const said = ['before', 'during one', 'during two', 'after']
    expect([atA.bodies(), atB.bodies()]).toEqual([said, said])
    expect([...atA.errors, ...atB.errors]).toEqual([])
    await Promise.all([atA.leave(), atB.leave()])
  }, 60_000)
})
