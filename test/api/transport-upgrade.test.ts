import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type SmallServer, startSmallServer } from '../support/small-server.ts'

let server: SmallServer
const start = async (settings: Parameters<typeof startSmallServer>[0] = {}): Promise<SmallServer> => {
  server = await startSmallServer(settings)
  return server
}
afterEach(() => server.server.stop())

const upgrade = (port: number, path: string, headers: Record<string, string>) =>
  new Promise<{ status: number; type: string | undefined; code: string | undefined }>((resolve, reject) => {
    const asked = request({
      port,
      host: '127.0.0.1',
      path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': 'graphql-transport-ws',
        ...headers,
      },
    })
    asked.on('error', reject)
    asked.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve({ status: 101, type: undefined, code: undefined })
    })
    asked.on('response', async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      const { errors } = JSON.parse(Buffer.concat(chunks).toString())
      resolve({
        status: response.statusCode ?? 0,
        type: response.headers['content-type'],
        code: errors[0].extensions.code,
      })
    })
    asked.end()
  })

test('pages of other origins may not open a socket', async () => {
  const { port } = await start({
    config: { allowedOrigins: ['https://app.example.com'], publicUrl: 'https://atrium.example.com' },
  })
  const refused = { status: 403, type: 'application/json; charset=utf-8', code: 'FORBIDDEN' }
  for (const origin of [
    'https://evil.example',
    'null',
    'https://app.example.com.evil.example',
    'http://127.0.0.1:1',
    'x',
  ]) {
    expect(await upgrade(port, '/graphql', { origin })).toEqual(refused)
  }
  for (const origin of ['https://app.example.com', 'https://atrium.example.com', `http://127.0.0.1:${port}`]) {
    expect((await upgrade(port, '/graphql', { origin })).status).toBe(101)
  }
  expect((await upgrade(port, '/graphql', {})).status).toBe(101)
})

test('an upgrade that is none of ours is refused in JSON', async () => {
  const { port, url } = await start()
  expect(await upgrade(port, '/elsewhere', {})).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  expect(await upgrade(port, '//', {})).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  expect(await upgrade(port, '/graphql', { upgrade: 'h2c' })).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  expect(await upgrade(port, '/graphql', { 'sec-websocket-version': '1' })).toMatchObject({ status: 400 })
  expect(await upgrade(port, '/graphql', { 'sec-websocket-key': 'short' })).toMatchObject({ status: 400 })
  expect((await fetch(`${url}/health`)).status).toBe(200)
})

test('an address that asks too much may not even open sockets', async () => {
  const { port, post } = await start({ addressRate: 2 })
  await post({ query: '{ hello }' })
  await post({ query: '{ hello }' })
  expect((await post({ query: '{ hello }' })).status).toBe(429)
  expect(await upgrade(port, '/graphql', {})).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
})
