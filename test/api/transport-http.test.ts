import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET } from '../support/small-graph.ts'
import { read, type SmallServer, startSmallServer } from '../support/small-server.ts'

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer({
    limits: { requestBytes: 10_000 },
    config: { allowedOrigins: ['https://app.example.com'] },
    options: {
      playground: (_request, reply) => reply.type('text/html').send('<!doctype html>'),
      plugins: [
        async (app) => {
          app.get('/further', async () => ({ further: true }))
          app.get('/broken', async () => {
            throw new Error(SECRET)
          })
        },
      ],
    },
  })
})
afterAll(() => server.server.stop())

interface Raw {
  status: number
  type: string | null
  text: string
}

const asked = async (path: string, init?: RequestInit): Promise<Raw> => {
  const response = await fetch(`${server.url}${path}`, init)
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

/** Bytes on a connection of their own, for what no HTTP client would send. */
const sent = (bytes: string, port = server.port): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += String(chunk)
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', ...body] = answer.split('\r\n\r\n')
      resolve({
        status: Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]),
        type: /^content-type: (.*)$/im.exec(head)?.[1] ?? null,
        text: body.join('\r\n\r\n'),
      })
    })
  })

const expectCoded = ({ status, type, text }: Raw, expectedStatus: number, code: string): void => {
  expect({ status, type }).toEqual({ status: expectedStatus, type: expect.stringMatching(/^application\/json/) })
  const { errors } = JSON.parse(text)
  expect(errors).toHaveLength(1)
  expect(errors[0].extensions.code).toBe(code)
  expect(errors[0].message).toEqual(expect.any(String))
  expect(text).not.toContain('FST_')
  expect(text).not.toContain(SECRET)
}

const json = { 'content-type': 'application/json' }

describe('every error is JSON with a code', () => {
  test.each<[string, number, string, RequestInit & { path?: string }]>([
    ['an unknown address', 404, 'NOT_FOUND', { path: '/nowhere' }],
    ['an address that is no text', 400, 'BAD_REQUEST', { path: '/%E0%A4%A' }],
    ['malformed JSON', 400, 'BAD_REQUEST', { method: 'POST', headers: json, body: '{"query":' }],
    ['an empty body', 400, 'BAD_REQUEST', { method: 'POST', headers: json }],
    ['a body that names a prototype', 400, 'BAD_REQUEST', { method: 'POST', headers: json, body: '{"__proto__":{}}' }],
    [
      'a body that is too large',
      413,
      'PAYLOAD_TOO_LARGE',
      { method: 'POST', headers: json, body: `"${'x'.repeat(20_000)}"` },
    ],
    [
      'plain text',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' },
    ],
    ['a form', 415, 'UNSUPPORTED_MEDIA_TYPE', { method: 'POST', body: new URLSearchParams({ query: '{ hello }' }) }],
    ['a batch', 400, 'BAD_REQUEST', { method: 'POST', headers: json, body: '[{"query":"{ hello }"}]' }],
    ['no query', 400, 'BAD_REQUEST', { method: 'POST', headers: json, body: '{"variables":{}}' }],
    [
      'variables that are a list',
      400,
      'BAD_REQUEST',
      { method: 'POST', headers: json, body: '{"query":"{ hello }","variables":[]}' },
    ],
    ['another method', 405, 'METHOD_NOT_ALLOWED', { method: 'PUT', headers: json, body: '{}' }],
    [
      'a mutation by GET',
      405,
      'BAD_REQUEST',
      { path: '/graphql?query=mutation{write}', headers: { 'apollo-require-preflight': '1' } },
    ],
    ['a query that a foreign page could send', 400, 'BAD_REQUEST', { path: '/graphql?query={hello}' }],
    ['a route that breaks', 500, 'INTERNAL', { path: '/broken' }],
  ])('%s: %i', async (_what, status, code, { path = '/graphql', ...init }) => {
    expectCoded(await asked(path, init), status, code)
  })

  test.each<[string, number, string, string]>([
    ['what is no HTTP', 400, 'BAD_REQUEST', 'hello\r\n\r\n'],
    ['a bad content-length', 400, 'BAD_REQUEST', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n'],
    [
      'two content-lengths',
      400,
      'BAD_REQUEST',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
    ],
    [
      'headers that are too large',
      431,
      'HEADERS_TOO_LARGE',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
    [
      'a host that is none',
      400,
      'BAD_REQUEST',
      'GET /graphql?query={hello} HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n',
    ],
    ['no host', 400, 'BAD_REQUEST', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['an address without a path', 400, 'BAD_REQUEST', 'GET // HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
    [
      'a body shorter than promised',
      400,
      'BAD_REQUEST',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\nconnection: close\r\n\r\n{"query"',
    ],
  ])('%s: %i', async (_what, status, code, bytes) => {
    const answer = await sent(bytes)
    // Whoever breaks off in the middle may find nobody who answers.
    if (bytes.includes('content-length: 50') && Number.isNaN(answer.status)) return
    expectCoded(answer, status, code)
  })
})

test('a subscription over HTTP is refused and points to the socket', async () => {
  const response = await server.post({ query: 'subscription { contexts }' })
  expect(response.status).toBe(400)
  expect((await read(response)).errors?.[0]?.extensions.code).toBe('SUBSCRIPTION_OVER_HTTP')
  expect(server.feeds).toEqual([])
})

test('a bad token is refused and not taken for a visitor', async () => {
  for (const headers of [
    { authorization: 'Bearer forged' },
    { authorization: 'Bearer' },
    { authorization: 'Basic abc' },
    { cookie: '__Host-atrium-access=forged' },
  ]) {
    const response = await server.post({ query: '{ hello }' }, headers as unknown as Record<string, string>)
    expect(response.status).toBe(401)
    expect((await read(response)).errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' })
  }
})

test('the viewer comes from the token first, then from the cookie', async () => {
  const viewer = async (headers: Record<string, string>) =>
    (await read(await server.post({ query: '{ viewer }' }, headers))).data?.viewer
  const cookie = 'theme=dark; __Host-atrium-access=other'
  expect(await viewer({})).toBeNull()
  expect(await viewer({ cookie })).toBe('other')
  expect(await viewer({ cookie, authorization: 'Bearer good' })).toBe('good')
})

test('resolvers can set several cookies', async () => {
  const response = await server.post({ query: '{ cookie }' })
  expect(response.headers.getSetCookie()).toEqual(['one=1; Path=/', 'two=2; Path=/'])
})

test('a browser gets the playground, and a program that asks for JSON does not', async () => {
  const page = await asked('/graphql', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  expect(page).toEqual({ status: 200, type: expect.stringContaining('text/html'), text: '<!doctype html>' })
  const query = '/graphql?query={hello}'
  const headers = { accept: 'application/json', 'apollo-require-preflight': '1' }
  expect(JSON.parse((await asked(query, { headers })).text)).toEqual({ data: { hello: 'world' } })
})

test('limits hold for queries by GET as well', async () => {
  const query = encodeURIComponent('{ people(first: 100000) { totalCount } }')
  const answer = await asked(`/graphql?query=${query}`, { headers: { 'apollo-require-preflight': '1' } })
  expectCoded(answer, 400, 'QUERY_TOO_COMPLEX')
})

test('allowed origins may read answers with credentials, others may not', async () => {
  const preflight = (origin: string) =>
    fetch(`${server.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    })
  const allowed = await preflight('https://app.example.com')
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
  expect(allowed.headers.get('access-control-allow-credentials')).toBe('true')
  const other = await preflight('https://evil.example')
  expect(other.headers.get('access-control-allow-origin')).toBeNull()
})

test('answers carry headers that keep them from being anything but data', async () => {
  const { headers } = await server.post({ query: '{ hello }' })
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-powered-by')).toBeNull()
})

test('further routes are served', async () => {
  expect(JSON.parse((await asked('/further')).text)).toEqual({ further: true })
})

test('the client address is what the proxy says, if there is one, and never what the client says', async () => {
  const behind = await startSmallServer({ config: { trustProxy: true } })
  const headers = { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' }
  expect((await read(await behind.post({ query: '{ address }' }, headers))).data).toEqual({ address: '2.2.2.2' })
  expect((await read(await server.post({ query: '{ address }' }, headers))).data).toEqual({ address: '127.0.0.1' })
  const forged = await behind.post({ query: '{ address }' }, { 'x-forwarded-host': 'a b', 'x-forwarded-proto': '%' })
  expect(forged.status).toBe(400)
  expect((await read(forged)).errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
  await behind.server.stop()
})

test('metrics tell operations by name, bounded, and errors by code', async () => {
  const own = await startSmallServer()
  for (let n = 0; n < 210; n++) await own.post({ query: `query Named${n} { hello }` })
  await own.post({ query: '{ crash }' })
  await own.post({ query: '{ goodbye }' })
  const response = await fetch(`${own.url}/metrics`)
  expect(response.headers.get('content-type')).toContain('text/plain')
  const text = await response.text()
  const names = new Set([...text.matchAll(/operation="(\w+)"/g)].map(([, name]) => name))
  expect(names.size).toBe(202)
  expect(names).toContain('other')
  expect(names).toContain('anonymous')
  expect(text).toContain('atrium_errors_total{code="INTERNAL"} 1')
  expect(text).toContain('atrium_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1')
  expect(text).toContain('atrium_http_requests_total{method="POST",route="/graphql",status="200"} 211')
  expect(text).toContain('atrium_pool_connections{state="waiting"} 1')
  expect(text).toContain('process_cpu_seconds_total')
  await own.server.stop()
})

test('the process lives without its database, but is not ready', async () => {
  const own = await startSmallServer()
  expect((await fetch(`${own.url}/ready`)).status).toBe(200)
  own.loseDatabase()
  expect((await fetch(`${own.url}/health`)).status).toBe(200)
  const response = await fetch(`${own.url}/ready`)
  expect(response.status).toBe(503)
  const text = await response.text()
  expect(JSON.parse(text).errors[0].extensions.code).toBe('NOT_READY')
  expect(text).not.toContain(SECRET)
  await own.server.stop()
})

test('a database that does not answer at all makes the server not ready within a few seconds', async () => {
  const own = await startSmallServer({ options: { ping: () => new Promise(() => {}) } })
  expect((await fetch(`${own.url}/ready`)).status).toBe(503)
  await own.server.stop()
})

/** Legacy clients expect 200 for a document that could not run; a status that says so is worth more here. */
const DELIBERATE = ['572B', 'FDE2', '7B9B']

test("graphql-http's audit of GraphQL over HTTP finds no error", async () => {
  const audits = serverAudits({ url: `${server.url}/graphql` })
  const results = await Promise.all(audits.map(({ fn }) => fn()))
  const failed = results.filter(({ status }) => status === 'error' || status === 'warn').map(({ id }) => id)
  expect(results.length).toBeGreaterThan(50)
  expect(failed.sort()).toEqual(DELIBERATE.sort())
  expect(results.filter(({ status }) => status === 'error')).toEqual([])
})

test('a keep-alive connection survives errors', async () => {
  const statuses: (number | undefined)[] = []
  const { Agent } = await import('node:http')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (const body of ['{', '{"query":"{ hello }"}']) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asking = httpRequest(`${server.url}/graphql`, { method: 'POST', agent, headers: json }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
      asking.on('error', reject).end(body)
    })
    statuses.push(status)
  }
  agent.destroy()
  expect(statuses).toEqual([400, 200])
})
