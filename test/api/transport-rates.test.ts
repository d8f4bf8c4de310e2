import { afterEach, expect, test } from 'vitest'
import { openClient, openRaw, read, type SmallServer, startSmallServer, until } from '../support/small-server.ts'

let server: SmallServer
const start = async (settings: Parameters<typeof startSmallServer>[0] = {}): Promise<SmallServer> => {
  server = await startSmallServer(settings)
  return server
}
afterEach(() => server.server.stop())

const WRITES = `mutation { ${Array.from({ length: 5 }, (_, n) => `w${n}: write(text: "x")`).join(' ')} }`

test.each([
  ['viewer', { viewerRate: 9 }],
  ['address', { addressRate: 9 }],
])('writes under aliases count one by one for the rate of the %s over HTTP', async (_whose, rates) => {
  const { post } = await start(rates)
  const bearer = { authorization: 'Bearer good' }
  expect((await post({ query: WRITES }, bearer)).status).toBe(200)
  const refused = await post({ query: WRITES }, bearer)
  expect(refused.status).toBe(429)
  expect((await read(refused)).errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
})

test('writes under aliases count one by one over a socket', async () => {
  const { port } = await start({ viewerRate: 9 })
  const client = openClient(port, { authorization: 'Bearer good' })
  expect((await client.run(WRITES)).errors).toBeUndefined()
  expect((await client.run(WRITES)).errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
  await client.client.dispose()
})

test('pages, feeds and unknown paths count for an address; health checks do not', async () => {
  const { url } = await start({
    addressRate: 3,
    options: { plugins: [async (app) => void app.get('/feeds/posts.rss', async () => 'a feed')] },
  })
  for (let n = 0; n < 5; n++) expect((await fetch(`${url}/health`)).status).toBe(200)
  for (let n = 0; n < 2; n++) expect((await fetch(`${url}/feeds/posts.rss`)).status).toBe(200)
  expect((await fetch(`${url}/nowhere`)).status).toBe(404)
  for (const path of ['/feeds/posts.rss', '/nowhere']) {
    const refused = await fetch(url + path)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await read(refused)).errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
  }
  for (const path of ['/health', '/metrics']) expect((await fetch(url + path)).status).toBe(200)
})

test('an address has a number of sockets, and gets one back when one closes', async () => {
  const { port } = await start({ limits: { socketsPerAddress: 2 }, config: { trustProxy: true } })
  const from = (address: string) => openRaw(port, { headers: { 'x-forwarded-for': address } })
  const first = await from('2001:db8::1')
  await from('2001:db8::2')
  await expect(from('2001:db8::3')).rejects.toThrow('429')
  await from('192.0.2.1')
  first.socket.close()
  await first.closing
  let again = false
  void from('2001:db8::4').then(() => {
    again = true
  })
  await until(() => again, 'a socket in the place of the closed one')
})
