import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { type Checkout, makeCheckout, postgresOf } from '../support/checkout.ts'
import { runToEnd, startAtrium, stopAll } from '../support/process.ts'

// Whole servers start and stop here, beside everything else that the machine does.
vi.setConfig({ testTimeout: 120_000 })

let checkout: Checkout
beforeAll(async () => {
  checkout = await makeCheckout({ isBuilt: true })
  await runToEnd(checkout, { command: [process.execPath, 'scripts/build.mjs'] })
}, 180_000)
afterEach(stopAll)
afterAll(() => checkout.remove())

test('SIGTERM: a request in flight is answered, sockets close with 1001, and all of it ends with exit code 0', async () => {
  const ATRIUM_DATA = await checkout.dataDirectory()
  const server = await startAtrium(checkout, { environment: { ATRIUM_DATA } })
  const { data } = await server.ask('{ posts(first: 1) { nodes { id } } }')
  const { id } = data.posts.nodes[0]

  const socket = new EventEmitter()
  const closed = once(socket, 'closed')
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    on: { closed: (event) => socket.emit('closed', event) },
  })
  const comments = client.iterate({
    query: 'subscription ($on: ID!) { commentAdded(on: $on) { id } }',
    variables: { on: id },
  })
  comments.next().catch(() => {})

  // Half of a request: the server has begun to read it and cannot answer it yet.
  const body = JSON.stringify({ query: '{ posts(first: 1) { totalCount } }' })
  const request = connect(Number(new URL(server.url).port), 'localhost')
  let answer = ''
  request.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk
  })
  request.write(
    `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  )
  await pause(500)
  const postgres = await postgresOf(ATRIUM_DATA)

  const signalledAtMs = performance.now()
  server.child.kill('SIGTERM')
  expect((await closed)[0]).toMatchObject({ code: 1001 })
  await expect(fetch(`${server.url}/health`)).rejects.toThrow()
  request.write(body.slice(10))
  await once(request, 'close')
  expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"totalCount":\d+/)
  const ended = await server.ended
  expect(ended).toMatchObject({ code: 0, signal: null })
  expect(performance.now() - signalledAtMs).toBeLessThan(10_000)
  expect(postgres.isServing()).toBe(false)
  expect(ended.stderr).not.toMatch(/"level":[56]0/)
})

test('SIGTERM ends it within ten seconds, also when a client never ends its request', async () => {
  const server = await startAtrium(checkout, { environment: { ATRIUM_DATA: await checkout.dataDirectory() } })
  const request = connect(Number(new URL(server.url).port), 'localhost')
  request.on('error', () => {})
  request.write('POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{')
  await pause(200)
  const signalledAtMs = performance.now()
  server.child.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
  expect(performance.now() - signalledAtMs).toBeLessThan(10_000)
})

test('SIGINT stops it as cleanly, and a second one means now', async () => {
  const server = await startAtrium(checkout, { environment: { ATRIUM_DATA: await checkout.dataDirectory() } })
  const request = connect(Number(new URL(server.url).port), 'localhost')
  request.on('error', () => {})
  request.write('POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{')
  await pause(200)
  const signalledAtMs = performance.now()
  server.child.kill('SIGINT')
  // Sooner, it would be the terminal's and npm's signal for the same key.
  await pause(1_000)
  server.child.kill('SIGINT')
  expect((await server.ended).code).toBe(130)
  expect(performance.now() - signalledAtMs).toBeLessThan(6_500)
})
