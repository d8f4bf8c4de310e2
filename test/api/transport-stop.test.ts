import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { openClient, openRaw, read, startSmallServer, until } from '../support/small-server.ts'

test('requests in flight are finished, sockets are closed with 1001, and nobody else gets in', async () => {
  const running = await startSmallServer()
  const client = openClient(running.port)
  expect(await client.run('{ hello }')).toEqual({ data: { hello: 'world' } })
  const inFlight = running.post({ query: '{ slow }' })
  await until(() => running.release.length === 1)

  const stopped = running.server.stop()
  expect(running.server.stop()).toBe(stopped)
  expect((await client.closing()).code).toBe(1001)
  await expect(fetch(`${running.url}/health`)).rejects.toThrow()
  for (const finish of running.release) finish()
  expect((await read(await inFlight)).data).toEqual({ slow: 'finished' })
  await stopped
})

test('a connection that stays open after its answer does not hold up the stop', async () => {
  const running = await startSmallServer()
  const agent = new Agent({ keepAlive: true })
  const answered = new Promise<string | undefined>((resolve, reject) => {
    request(`${running.url}/graphql`, { method: 'POST', agent, headers: { 'content-type': 'application/json' } })
      .on('response', (response) => response.resume().on('end', () => resolve(response.headers.connection)))
      .on('error', reject)
      .end('{"query":"{ slow }"}')
  })
  await until(() => running.release.length === 1)
  const startedAt = performance.now()
  const stopped = running.server.stop()
  for (const finish of running.release) finish()
  expect(await answered).toBe('close')
  await stopped
  expect(performance.now() - startedAt).toBeLessThan(6_000)
  agent.destroy()
})

test('a socket that does not answer the goodbye is cut', async () => {
  const running = await startSmallServer()
  const { socket } = await openRaw(running.port)
  socket.pause()
  const startedAt = performance.now()
  await running.server.stop()
  expect(performance.now() - startedAt).toBeLessThan(8_000)
  socket.terminate()
})

test('the stop ends within ten seconds, whatever does not end', async () => {
  const running = await startSmallServer()
  const hanging = running.post({ query: '{ slow }' }).catch((error: Error) => error)
  const half = connect(running.port, '127.0.0.1')
  half.on('error', () => {})
  half.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{')
  await until(() => running.release.length === 1)
  const startedAt = performance.now()
  await running.server.stop()
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  expect(await hanging).toBeInstanceOf(Error)
  half.destroy()
})
