import { afterEach, expect, test, vi } from 'vitest'
import { CLOSE_CODES } from '../../src/server/socket/close-codes.ts'
import { NextEvent, nextPrefix } from '../../src/server/socket/frame.ts'
import { openClient, openRaw, type SmallServer, startSmallServer, until } from '../support/small-server.ts'

let server: SmallServer
afterEach(() => server?.server.stop())

const subscribeAs = (authorization: string, query: string) => {
  const { client } = openClient(server.port, { authorization })
  const heard: unknown[] = []
  client.subscribe(
    { query },
    { next: ({ data }) => heard.push(data), error: (error) => heard.push(error), complete: () => {} },
  )
  return { client, heard }
}

test('what reads who is asking, although no field says so, is executed for each alone, and the log says so once', async () => {
  const warn = vi.fn()
  const silent = { debug: () => {}, info: () => {}, error: () => {}, fatal: () => {}, trace: () => {}, warn }
  server = await startSmallServer({ options: { log: silent as never } })
  const clients = ['Bearer good', 'Bearer other'].map((token) => subscribeAs(token, 'subscription Who { who }'))
  for (const event of [1, 2]) server.shared.push(event)
  await until(() => clients.every(({ heard }) => heard.length === 2), 'the events')
  expect(clients.map(({ heard }) => heard)).toEqual([
    [{ who: 'good at 127.0.0.1' }, { who: 'good at 127.0.0.1' }],
    [{ who: 'other at 127.0.0.1' }, { who: 'other at 127.0.0.1' }],
  ])
  const told = warn.mock.calls.filter(([facts]) => facts.read !== undefined)
  expect(told).toMatchObject([[{ operation: 'Who', read: 'connection' }, expect.stringContaining('who listens')]])
  for (const { client } of clients) await client.dispose()
})

test('what is marked to depend on the viewer is executed for each viewer, and is nobody else’s', async () => {
  server = await startSmallServer()
  const tokens = ['Bearer good', 'Bearer other', 'Bearer good']
  const clients = tokens.map((token) => subscribeAs(token, 'subscription { marked }'))
  server.shared.push(1)
  await until(() => clients.every(({ heard }) => heard.length === 1), 'the event')
  expect(clients.map(({ heard }) => heard)).toEqual([[{ marked: 'good' }], [{ marked: 'other' }], [{ marked: 'good' }]])
  for (const { client } of clients) await client.dispose()
})

test.each([1, 100, 3_000, 5_000, 70_000, 200_000])(
  'an event of %d characters arrives whole at every id, short or long, with strange letters in it too',
  async (length) => {
    server = await startSmallServer()
    const { send, messages } = await openRaw(server.port)
    const ids = ['1', '2', 'ünïcödé "quoted" \\ \n', crypto.randomUUID(), 'x'.repeat(100), '☃'.repeat(40)]
    for (const id of ids) send({ type: 'subscribe', id, payload: { query: 'subscription { shared }' } })
    server.shared.push(length)
    server.shared.push(length)
    await until(() => messages.filter(({ type }) => type === 'next').length === 2 * ids.length, 'the events')
    for (const id of ids) {
      const mine = messages.filter((message) => message.id === id)
      expect(mine).toEqual(Array(2).fill({ id, type: 'next', payload: { data: { shared: 'x'.repeat(length) } } }))
    }
  },
)

test('an event is framed once for all who use the same short id', () => {
  const event = new NextEvent('{"data":1}')
  expect(event.frame(nextPrefix('1'))).toBe(event.frame(nextPrefix('1')))
  for (let n = 0; n < 1000; n++) event.frame(nextPrefix(`${n}`))
  const random = nextPrefix(crypto.randomUUID())
  const first = event.frame(random)
  event.keep()
  const second = event.frame(nextPrefix(crypto.randomUUID()))
  expect(second).not.toBe(first)
  expect(String(first)).toContain(String(random.bytes))
})

test('a reader that stops reading is closed with 4413 while all others get everything', async () => {
  server = await startSmallServer({ options: { socket: { slowReaderMs: 300 } } })
  const stuck = await openRaw(server.port)
  const others = await Promise.all([1, 2, 3].map(() => openRaw(server.port)))
  for (const { send } of [stuck, ...others]) {
    send({ type: 'subscribe', id: '1', payload: { query: 'subscription { shared }' } })
  }
  stuck.socket.pause()
  const isClosing = stuck.closing
  for (let event = 0; event < 300; event++) {
    server.shared.push(100_000)
    if (event % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const heardBy = ({ messages }: (typeof others)[number]) => messages.filter(({ type }) => type === 'next').length
  await until(() => others.every((other) => heardBy(other) === 300), 'everything')
  const closed = async (): Promise<number> => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    return Number(/^atrium_slow_readers_closed_total (\d+)$/m.exec(text)?.[1])
  }
  for (let tries = 0; (await closed()) === 0; tries++) {
    expect(tries).toBeLessThan(200)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  stuck.socket.resume()
  expect((await isClosing).code).toBe(CLOSE_CODES.SLOW_READER)
  expect(heardBy(stuck)).toBeLessThan(300)
})

test('a socket that goes away leaves no listener behind', async () => {
  server = await startSmallServer()
  for (let round = 0; round < 3; round++) {
    const { socket, send, messages } = await openRaw(server.port)
    for (let id = 0; id < 20; id++) {
      send({ type: 'subscribe', id: `${id}`, payload: { query: 'subscription { shared }' } })
    }
    server.shared.push(1)
    await until(() => new Set(messages.filter(({ type }) => type === 'next').map(({ id }) => id)).size === 20)
    expect(server.shared.closed).toBe(false)
    socket.terminate()
    await until(() => server.shared.closed, 'the source to be left')
  }
})
