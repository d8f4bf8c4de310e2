import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { createLog } from '../core/log.ts'
import { createMask } from './errors.ts'
import { createHttp } from './http.ts'
import { createMetrics } from './metrics.ts'

let app: Awaited<ReturnType<typeof createHttp>>

beforeAll(async () => {
  app = await createHttp({
    config: readConfig({ ATRIUM_DATA: tmpdir(), JWT_SECRET: 'a secret for the tests, 32 long at least' }),
    mask: createMask({ log: createLog('silent') }),
    metrics: createMetrics({ poolState: () => ({ open: 0, idle: 0, waiting: 0 }) }),
    isStopping: () => false,
    requestTimeoutMs: 150,
  })
  app.addContentTypeParser('*', async (_request: unknown, payload: AsyncIterable<Buffer>) => {
    let bytes = 0
    for await (const piece of payload) bytes += piece.length
    return bytes
  })
  app.post('/graphql', (request) => ({ bytes: request.body }))
  app.post('/uploads', (request) => ({ bytes: request.body }))
  await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

/** Sends the head of a request and the beginning of its body; `more` sends the rest. */
async function begin(path: string) {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  let said = ''
  socket.on('data', (piece) => {
    said += String(piece)
  })
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: x/x\r\ncontent-length: 10\r\n\r\nhalf.`)
  return { socket, said: () => said, more: () => void socket.write('half.') }
}

test('a body that does not come in time is answered with 408, and an upload is given longer', async () => {
  const upload = await begin('/uploads')
  const operation = await begin('/graphql')
  await once(operation.socket, 'close')
  expect(operation.said()).toMatch(/^HTTP\/1\.1 408 [\s\S]*"REQUEST_TIMEOUT"/)
  upload.more()
  await expect.poll(upload.said).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"bytes":10\}$/)
  upload.socket.destroy()
})

test('a body that comes in time is read', async () => {
  const { socket, said, more } = await begin('/graphql')
  more()
  await expect.poll(said).toMatch(/\{"bytes":10\}$/)
  socket.destroy()
})

test('who follows a dead link in a browser gets a page, and a program gets JSON', async () => {
  const page = await app.inject({ url: '/nowhere', headers: { accept: 'text/html,*/*;q=0.8' } })
  expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  expect(page.body).toContain('There is nothing here.')
  expect(String(page.headers.vary).toLowerCase()).toContain('accept')
  const program = 'application/json, text/html;q=0.5'
  for (const headers of [{}, { accept: '*/*' }, { accept: program }, { accept: 'text/html;q=0' }]) {
    const answer = await app.inject({ url: '/nowhere', headers })
    expect([answer.statusCode, answer.json().errors[0].extensions.code]).toEqual([404, 'NOT_FOUND'])
  }
})
