import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { openDatabase } from '../../src/db/open.ts'
import { people, postId } from '../support/conversation.ts'
import { listen, untilRunning } from '../support/listener.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const get = async (path: string) => {
  const response = await fetch(`${server.url}${path}`)
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

/** Nobody can connect to the server's database until the returned function is called. */
async function takeDatabaseAway(): Promise<() => Promise<void>> {
  const url = new URL(server.databaseUrl)
  const name = decodeURIComponent(url.pathname.slice(1))
  url.pathname = '/postgres'
  const admin = await openDatabase({ databaseUrl: url.href, dataDirectory: '', poolSize: 1, log: createLog('silent') })
  await admin.script(`alter database "${name}" with allow_connections false`)
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  return async () => {
    await admin.script(`alter database "${name}" with allow_connections true`)
    await admin.close()
  }
}

describe('without its database', () => {
  test('the server lives, is not ready, answers INTERNAL and no details, and is back as soon as the database is', async () => {
    expect(await get('/ready')).toMatchObject({ status: 200, text: '{"status":"ready"}' })
    const bringBack = await takeDatabaseAway()
    try {
      const ready = await get('/ready')
      expect(ready.status).toBe(503)
      expect(JSON.parse(ready.text).errors[0].extensions.code).toBe('NOT_READY')
      expect((await get('/health')).status).toBe(200)
      const { data, errors } = await server.ask('{ posts { nodes { title } } }')
      expect(data ?? null).toBeNull()
      expect(errors).toEqual([
        expect.objectContaining({
          message: 'Something went wrong on our side.',
          extensions: { code: 'INTERNAL', supportId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        }),
      ])
    } finally {
      await bringBack()
    }
    await vi.waitFor(async () => expect((await get('/ready')).status).toBe(200), { timeout: 10_000 })
    expect((await server.ask('{ posts { nodes { title } } }')).errors).toBeUndefined()
  })
})

describe('/metrics', () => {
  test('counts what happened: operations by name and type on both transports, errors, requests, sockets, connections', async () => {
    const { ada } = await people(server, ['ada'])
    const id = await server.world.published(ada.viewer)
    const listener = listen(server, postId(id))
    await untilRunning(server, 1)
    for (let n = 0; n < 3; n++) await server.ask('query CountMe { posts { totalCount } }')
    await server.ask('mutation Refused($id: ID!) { addReaction(input: { subjectId: $id }) { subject { id } } }', {
      id: postId(id),
    })
    await server.ask('{ thisIsNoField }')
    const { status, type, text } = await get('/metrics')
    expect(status).toBe(200)
    expect(type).toMatch(/^text\/plain/)
    const value = (sample: string): number => {
      const line = text.split('\n').find((each) => each.startsWith(`${sample} `))
      return Number(line?.split(' ').at(-1))
    }
    const operations = 'atrium_operation_duration_seconds_count'
    expect(value(`${operations}{transport="http",type="query",operation="CountMe"}`)).toBe(3)
    expect(value(`${operations}{transport="http",type="mutation",operation="Refused"}`)).toBe(1)
    expect(value(`${operations}{transport="socket",type="subscription",operation="anonymous"}`)).toBe(1)
    expect(value('atrium_errors_total{code="UNAUTHENTICATED"}')).toBe(1)
    expect(value('atrium_errors_total{code="GRAPHQL_VALIDATION_FAILED"}')).toBe(1)
    expect(value('atrium_sockets')).toBe(1)
    expect(value('atrium_subscriptions')).toBe(1)
    expect(value('atrium_pool_connections{state="open"}')).toBeGreaterThan(0)
    expect(value('atrium_http_requests_total{method="POST",route="/graphql",status="200"}')).toBeGreaterThan(3)
    await listener.leave()
  })

  test('tells nothing about anybody: no handle, id, address or token', async () => {
    const { text } = await get('/metrics')
    expect(text).not.toMatch(/ada|post_0|127\.0\.0\.1|eyJ/)
  })
})
