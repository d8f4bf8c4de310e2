import { afterEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { CLOSE_CODES } from '../../src/server/socket/close-codes.ts'
import type { Feed } from '../support/small-graph.ts'
import { openClient, openRaw, read, type SmallServer, startSmallServer, until } from '../support/small-server.ts'

let server: SmallServer
const start = async (settings: Parameters<typeof startSmallServer>[0] = {}): Promise<SmallServer> => {
  server = await startSmallServer(settings)
  return server
}
afterEach(() => server.server.stop())

const feedOf = async ({ feeds }: SmallServer): Promise<Feed<number>> => {
  await until(() => feeds.length > 0, 'the source to open')
  return feeds[0] as Feed<number>
}
const gauge = async (name: string): Promise<number> => {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

test('queries and mutations run over a socket too', async () => {
  const { port, written } = await start()
  const { run, client } = openClient(port)
  expect(await run('{ hello }')).toEqual({ data: { hello: 'world' } })
  expect(await run('mutation { write(text: "over a socket") }')).toEqual({ data: { write: 'over a socket' } })
  expect(written).toEqual(['over a socket'])
  await client.dispose()
})

test('every event of a subscription is executed in a context of its own', async () => {
  const running = await start()
  const { client } = openClient(running.port)
  const answers = client.iterate({ query: 'subscription { contexts }' })
  const first = answers.next()
  const feed = await feedOf(running)
  for (let event = 0; event < 3; event++) feed.push(event)
  const contexts = [await first, await answers.next(), await answers.next()].map(({ value }) => value.data.contexts)
  expect(new Set(contexts).size).toBe(3)
  await client.dispose()
})

test('a syntax error is an answer to its operation, and leaves the socket and its other operations alone', async () => {
  const running = await start()
  const { run, client, isClosed } = openClient(running.port)
  const answers = client.iterate({ query: 'subscription { contexts }' })
  const first = answers.next()
  const feed = await feedOf(running)
  expect((await run('subscription {')).errors?.[0]?.extensions.code).toBe('GRAPHQL_PARSE_FAILED')
  feed.push(1)
  expect((await first).value.data).toHaveProperty('contexts')
  expect(isClosed()).toBe(false)
  await client.dispose()
})

test('the source is closed when the client completes, and when its socket goes away', async () => {
  const running = await start()
  const { socket, send } = await openRaw(running.port)
  send({ type: 'subscribe', id: '1', payload: { query: 'subscription { contexts }' } })
  send({ type: 'subscribe', id: '2', payload: { query: 'subscription { contexts }' } })
  await until(() => running.feeds.length === 2)
  expect(await gauge('atrium_subscriptions')).toBe(2)
  send({ type: 'complete', id: '1' })
  await until(() => running.feeds.some(({ closed }) => closed), 'the first source to close')
  socket.terminate()
  await until(() => running.feeds.every(({ closed }) => closed), 'the second source to close')
  expect(await gauge('atrium_subscriptions')).toBe(0)
})

test('an operation whose source hangs can be completed, and frees its place', async () => {
  const { port } = await start({ limits: { socketOperations: 1 } })
  const { send, messages } = await openRaw(port)
  for (let id = 1; id <= 5; id++) {
    send({ type: 'subscribe', id: `${id}`, payload: { query: 'subscription { hanging }' } })
    await until(() => messages.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    send({ type: 'complete', id: `${id}` })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(messages.filter(({ type }) => type === 'error')).toEqual([])
})

test('a socket runs only so many operations at once; one more is refused and the others go on', async () => {
  const { port, release } = await start({ limits: { socketOperations: 3 } })
  const { send, messages } = await openRaw(port)
  for (const id of ['a', 'b', 'c', 'd']) send({ type: 'subscribe', id, payload: { query: '{ slow }' } })
  await until(() => release.length === 3 && messages.some(({ type }) => type === 'error'))
  expect(messages.at(-1)).toMatchObject({
    id: 'd',
    payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS', limit: 3 } }],
  })
  for (const finish of release) finish()
  await until(() => messages.filter(({ type }) => type === 'complete').length === 3)
})

test('operations that the client completes at once still count while they run', async () => {
  const { port, release } = await start({ limits: { socketOperations: 3 } })
  const { send } = await openRaw(port)
  for (let id = 0; id < 20; id++) {
    send({ type: 'subscribe', id: `${id}`, payload: { query: '{ slow }' } })
    send({ type: 'complete', id: `${id}` })
  }
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(release.length).toBe(3)
})

test('a bad token closes the socket with 4403 and says why', async () => {
  const { port } = await start()
  for (const authorization of ['Bearer forged', 'forged', 'Basic abc']) {
    const { code, reason } = await openClient(port, { authorization }).closing()
    expect(code).toBe(CLOSE_CODES.FORBIDDEN)
    expect(reason).not.toBe('')
  }
  expect((await openClient(port, {}, { cookie: '__Host-atrium-access=forged' }).closing()).code).toBe(4403)
})

test('the viewer comes from the token, or from the cookie', async () => {
  const { port } = await start()
  const withToken = openClient(port, { authorization: 'Bearer good' })
  expect(await withToken.run('{ viewer }')).toEqual({ data: { viewer: 'good' } })
  const withCookie = openClient(port, {}, { cookie: '__Host-atrium-access=other' })
  expect(await withCookie.run('{ viewer }')).toEqual({ data: { viewer: 'other' } })
  await withToken.client.dispose()
  await withCookie.client.dispose()
})

test('the socket closes with 4403 when its token expires', async () => {
  const { port } = await start({ tokenMs: 300 })
  const openedAt = performance.now()
  const client = openClient(port, { authorization: 'Bearer good' })
  expect(await client.run('{ viewer }')).toEqual({ data: { viewer: 'good' } })
  expect((await client.closing()).code).toBe(4403)
  expect(performance.now() - openedAt).toBeGreaterThan(250)
})

test('a session that ended is noticed at the next operation, which does not run', async () => {
  const { port, revoked, written } = await start()
  const client = openClient(port, { authorization: 'Bearer good' })
  expect(await client.run('{ viewer }')).toEqual({ data: { viewer: 'good' } })
  revoked.add('good')
  client.run('mutation { write(text: "too late") }').catch(() => {})
  expect((await client.closing()).code).toBe(4403)
  expect(written).toEqual([])
})

test('when nobody can tell who connects, the client is told to try again later', async () => {
  const { port } = await start()
  const { code, reason } = await openClient(port, { authorization: 'Bearer outage' }).closing()
  expect({ code, reason }).toEqual({ code: 1013, reason: 'Try again later.' })
})

test('garbage closes only its own socket, with a code that says what was wrong', async () => {
  const { port } = await start({ limits: { frameBytes: 1_000 } })
  const bystander = openClient(port)
  const garbage: [number, (socket: WebSocket) => void][] = [
    [4400, (socket) => socket.send('not json')],
    [4400, (socket) => socket.send('[]')],
    [4400, (socket) => socket.send('{"type":"next","id":"1","payload":{}}')],
    [4400, (socket) => socket.send('{"type":"subscribe","id":"1","payload":{"query":5}}')],
    [4429, (socket) => socket.send('{"type":"connection_init"}')],
    [1003, (socket) => socket.send(Buffer.from([1, 2, 3]))],
    [1009, (socket) => socket.send('x'.repeat(1_001))],
    [1007, (socket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false })],
  ]
  for (const [code, attack] of garbage) {
    const { socket, closing } = await openRaw(port)
    attack(socket)
    expect((await closing).code).toBe(code)
  }
  const early = await openRaw(port, { init: false })
  early.send({ type: 'subscribe', id: '1', payload: { query: '{ hello }' } })
  expect((await early.closing).code).toBe(4401)
  expect(await bystander.run('{ hello }')).toEqual({ data: { hello: 'world' } })
  await bystander.client.dispose()
})

test('a client that speaks another protocol is told so', async () => {
  const { port } = await start()
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`)
  const code = await new Promise((resolve) => socket.on('close', resolve))
  expect(code).toBe(4406)
})

test('a reader that stops reading is closed and does not fill the memory', async () => {
  const running = await start({ options: { socket: { slowReaderMs: 300, bufferedBytes: 100_000 } } })
  const { socket, send, closing, messages } = await openRaw(running.port)
  send({ type: 'subscribe', id: '1', payload: { query: 'subscription { large }' } })
  const feed = await feedOf(running)
  socket.pause()
  for (let event = 0; event < 100; event++) feed.push(1_000_000)
  await new Promise((resolve) => setTimeout(resolve, 600))
  socket.resume()
  expect((await closing).code).toBe(CLOSE_CODES.SLOW_READER)
  expect(messages.length).toBeLessThan(50)
  await until(() => feed.closed, 'the source to close')
})

test('what piles up from several operations is bounded, and comes when the reader reads again', async () => {
  const running = await start({ options: { socket: { slowReaderMs: 60_000, bufferedBytes: 500_000 } } })
  let piledUp = () => 0
  running.server.app.server.on('connection', (tcp) => {
    piledUp = () => tcp.writableLength
  })
  const { socket, send, messages } = await openRaw(running.port)
  const reader = piledUp
  for (let id = 0; id < 30; id++) send({ type: 'subscribe', id: `${id}`, payload: { query: 'subscription { large }' } })
  await until(() => running.feeds.length === 30)
  socket.pause()
  for (let event = 0; event < 3; event++) for (const feed of running.feeds) feed.push(1_000_000)
  await until(() => reader() > 0, 'something to pile up')
  for (let looks = 0; looks < 20; looks++) {
    expect(reader()).toBeLessThan(2_000_000)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  socket.resume()
  await until(() => messages.filter(({ type }) => type === 'next').length === 90, 'all of it')
})

test('a client that reads at its pace gets every event of a burst', async () => {
  const running = await start({ options: { socket: { bufferedBytes: 100_000 } } })
  const { send, messages } = await openRaw(running.port)
  send({ type: 'subscribe', id: '1', payload: { query: 'subscription { large }' } })
  const feed = await feedOf(running)
  for (let event = 0; event < 50; event++) feed.push(1_000_000)
  await until(() => messages.filter(({ type }) => type === 'next').length === 50)
})

test('a socket that no longer answers pings is cut', async () => {
  const running = await start({ options: { socket: { keepAliveMs: 100 } } })
  const { socket } = await openRaw(running.port)
  expect(await gauge('atrium_sockets')).toBe(1)
  socket.pause()
  for (let tries = 0; (await gauge('atrium_sockets')) > 0; tries++) {
    expect(tries).toBeLessThan(100)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})

test('operations are counted per viewer and per address on both transports together', async () => {
  const { port, post } = await start({ viewerRate: 3, addressRate: 1_000 })
  const bearer = { authorization: 'Bearer good' }
  const client = openClient(port, bearer)
  for (let n = 0; n < 2; n++) expect((await client.run('{ hello }')).errors).toBeUndefined()
  expect((await post({ query: '{ hello }' }, bearer)).status).toBe(200)
  const refused = await post({ query: '{ hello }' }, bearer)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await read(refused)).errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
  expect((await client.run('{ hello }')).errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
  expect(client.isClosed()).toBe(false)
  expect((await post({ query: '{ hello }' }, { authorization: 'Bearer other' })).status).toBe(200)
  await client.client.dispose()
})
