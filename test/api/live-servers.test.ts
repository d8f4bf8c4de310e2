import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { conversation, people, postId } from '../support/conversation.ts'
import { BEGINNING } from '../support/listener.ts'
import { type RunningAtrium, startAtrium, stopAll } from '../support/process.ts'
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const SECRET = 'a secret for the tests, 32 long at least'
const QUERY = `subscription ($on: ID!, $after: String) {
  commentAdded(on: $on, after: $after) { body streamCursor } }`

/** Somebody whose client connects again by itself, to whichever server is there, and goes on from its cursor. */
function faithful(urls: () => string[], on: string, first: number) {
  const bodies: string[] = []
  let after = BEGINNING
  let isOver = false
  let tries = first
  let leave = () => {}
  const connect = (): void => {
    if (isOver) return
    const all = urls()
    const url = all[tries++ % all.length] ?? ''
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    })
    const again = (): void => {
      void client.dispose()
      setTimeout(connect, 20)
    }
    client.subscribe<{ commentAdded: { body: string; streamCursor: string } }>(
      { query: QUERY, variables: { on, after } },
      {
        next({ data }) {
          if (!data?.commentAdded) return
          bodies.push(data.commentAdded.body)
          after = data.commentAdded.streamCursor
        },
        error: again,
        complete: again,
      },
    )
    leave = () => void client.dispose()
  }
  connect()
  return {
    bodies,
    leave() {
      isOver = true
      leave()
    },
  }
}

describe.runIf(hasRedis)('two server processes on one database and one Redis', () => {
  let redis: TestRedis
  /** Prepares what there is, and is no part of what is tried. */
  let home: TestServer
  let dataDirectory: string
  let a: RunningAtrium
  let b: RunningAtrium
  beforeAll(async () => {
    redis = await startRedis()
    home = await startTestServer()
    dataDirectory = await mkdtemp(join(tmpdir(), 'atrium-servers-'))
    const start = () =>
      startAtrium(
        {
          directory: join(import.meta.dirname, '../..'),
          dataDirectory: async () => dataDirectory,
          remove: async () => {},
        },
        {
          command: [process.execPath, '--import', 'tsx', 'src/main.ts'],
          environment: {
            ATRIUM_DATA: dataDirectory,
            ATRIUM_DEMO: 'false',
            DATABASE_URL: home.databaseUrl,
            REDIS_URL: redis.url,
            JWT_SECRET: SECRET,
            RATE_PER_VIEWER: '1000000',
            RATE_PER_ADDRESS: '1000000',
          },
        },
      )
    ;[a, b] = await Promise.all([start(), start()])
  }, 120_000)
  afterAll(async () => {
    await stopAll()
    await home.close()
    await redis.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  })

  test('when one is killed mid-stream and Redis dies and returns, every reader ends with the same rows in the same order', async () => {
    const who = await people(home, ['ada', 'bob'])
    const post = postId(await home.world.published(who.ada.viewer))
    const living = () => [a, b].filter(({ child }) => child.exitCode === null && child.signalCode === null)
    const urls = () => living().map(({ url }) => url)
    const readers = Array.from({ length: 12 }, (_, n) => faithful(urls, post, n))
    let said = 0
    /** As a client does it that is not sure whether its comment has arrived: the same key again. */
    const say = async (at: number): Promise<void> => {
      const body = `${said++}`
      const idempotencyKey = crypto.randomUUID()
      for (let attempt = 0; ; attempt++) {
        const servers = living()
        const server = servers[(at + attempt) % servers.length] as RunningAtrium
        const ask: TestServer['ask'] = (query, variables, token) => server.ask(query, variables, token ?? undefined)
        try {
          const added = await conversation({ ask }).add(who.bob.token, post, body, { idempotencyKey })
          if (added.comment) return
          throw new Error(JSON.stringify(added))
        } catch (error) {
          if (attempt > 50) throw error
          await pause(50)
        }
      }
    }
    const sayMany = (count: number) => Promise.all(Array.from({ length: count }, (_, n) => say(n)))
    const all = () =>
      vi.waitFor(() => expect(readers.map(({ bodies }) => bodies.length)).toEqual(readers.map(() => said)), {
        timeout: 60_000,
        interval: 50,
      })

    await sayMany(20)
    await all()

    const during = sayMany(40)
    await vi.waitFor(() => expect(readers.some(({ bodies }) => bodies.length > 25)).toBe(true), { timeout: 20_000 })
    a.child.kill('SIGKILL')
    await during
    await redis.kill()
    await sayMany(10)
    await redis.restart()
    await sayMany(10)
    await all()

    const order = readers[0]?.bodies ?? []
    expect(new Set(order).size).toBe(80)
    for (const { bodies } of readers) expect(bodies).toEqual(order)
    for (const reader of readers) reader.leave()
  }, 180_000)
})
