import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { SECRET } from '../support/small-graph.ts'
import { openClient, openRaw, type SmallServer, startSmallServer } from '../support/small-server.ts'

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer()
})
afterAll(() => server.server.stop())

/** Valid documents are the seeds: what is nearly right gets furthest in. */
const SEEDS = [
  'query Q($n: Int = 3, $ids: [Int]) { people(first: $n) { edges { node { name friends(last: 2) { totalCount } } } } count(ids: $ids) }',
  '{ a: person { ...F @include(if: true) } } fragment F on Person { name friend { ... on Person { name } } }',
  'mutation { write(text: """block "quoted" text""") }',
  '{ __schema { types { name fields { name type { name ofType { name } } } } } __type(name: "Person") { name } }',
  'query ($filter: Filter, $s: Strict, $on: Boolean!) { count(filter: $filter, strict: $s) flag(on: $on) }',
  '{ count(ids: [1, 2], filter: { ids: [3], not: { ids: null } }) viewer cookie }',
]
const PIECES = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '!',
  ':',
  '...',
  '@',
  '$',
  '&',
  '|',
  '=',
  '"',
  '"""',
  '#',
  '\\u{1F600}',
  '\\uD800',
  '\u0000',
  '\ufeff',
  '\ud800',
  'on',
  'query',
  'subscription',
  'fragment',
  'type',
  'extend',
  'schema',
  '__typename',
  '__schema',
  'null',
  '1e999',
  '-0',
  '99999999999999999999',
  '@skip(if: $on)',
  '@deprecated',
  'people(first: -1)',
  'first: 1e3',
  '...F',
  '{ hello }',
]
const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 8 }))

const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.tuple(fc.nat(300), fc.nat(12), fc.array(piece, { maxLength: 3 })), { minLength: 1, maxLength: 4 }),
  )
  .map(([seed, edits]) =>
    edits.reduce((text, [at, length, pieces]) => text.slice(0, at) + pieces.join(' ') + text.slice(at + length), seed),
  )
const assembled = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(' '))
const document = fc.oneof(
  { weight: 3, arbitrary: mutated },
  assembled,
  fc.constantFrom(...SEEDS),
  fc.string({ unit: 'binary' }),
)
const variables = fc.oneof(
  fc.record(
    { n: fc.jsonValue(), ids: fc.jsonValue(), filter: fc.jsonValue(), s: fc.jsonValue(), on: fc.jsonValue() },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
)
const operation = fc.record(
  {
    query: fc.oneof({ weight: 9, arbitrary: document }, fc.jsonValue()),
    variables,
    operationName: fc.jsonValue(),
    extensions: fc.jsonValue(),
  },
  { requiredKeys: ['query'] },
)

/** Runs in batches: one request after the other would take most of its time to wait. */
async function throwAll<Input>(inputs: fc.Arbitrary<Input>, runs: number, check: (input: Input) => Promise<void>) {
  await fc.assert(
    fc.asyncProperty(fc.array(inputs, { minLength: 20, maxLength: 20 }), async (batch) => {
      await Promise.all(batch.map(check))
    }),
    { numRuns: runs / 20, endOnFailure: true },
  )
}

interface Body {
  data?: unknown
  errors?: { message: unknown; extensions: { code: unknown } }[]
}

function expectAnswer(body: Body, text: string): void {
  expect(text).not.toContain(SECRET)
  expect(text).not.toMatch(/node_modules|at \w+ \(/)
  if (body.errors === undefined) expect(body).toHaveProperty('data')
  else expect(body.errors.length).toBeGreaterThan(0)
  for (const { message, extensions } of body.errors ?? []) {
    expect(message).toEqual(expect.any(String))
    expect(extensions.code).toMatch(/^[A-Z_]+$/)
    expect(extensions.code).not.toBe('INTERNAL')
  }
}

async function expectHttpAnswer(response: Response): Promise<void> {
  const text = await response.text()
  expect(response.status).toBeLessThan(500)
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/)
  expectAnswer(JSON.parse(text), text)
}

const expectAlive = async (): Promise<void> => {
  const { client, run } = openClient(server.port)
  expect(await run('{ hello }')).toEqual({ data: { hello: 'world' } })
  await client.dispose()
  expect((await fetch(`${server.url}/health`)).status).toBe(200)
}

test('600 operations over POST are each answered in JSON, with a code where they are refused', async () => {
  await throwAll(operation, 600, async (body) => expectHttpAnswer(await server.post(body)))
  await expectAlive()
})

test('400 bodies over POST that need not be operations, nor JSON, nor say what they are', async () => {
  const raw = fc.record({
    body: fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(operation, fc.nat(80)).map(([value, cut]) => JSON.stringify(value).slice(0, -cut - 1)),
    ),
    type: fc.oneof(
      fc.constantFrom(
        'application/json',
        'application/json; charset=utf-16',
        'application/graphql',
        'text/html',
        'x',
        'multipart/form-data; boundary=x',
      ),
      fc.stringMatching(/^[!-~]{1,20}$/),
    ),
    accept: fc.constantFrom(
      '*/*',
      'application/json',
      'application/graphql-response+json',
      'image/png',
      'x',
      ';;q=',
      'multipart/mixed',
    ),
    authorization: fc.constantFrom(undefined, 'Bearer good', 'Bearer x y', 'bearer', '"'),
    cookie: fc.oneof(fc.constant(undefined), fc.stringMatching(/^[!-~]{0,30}$/)),
  })
  await throwAll(raw, 400, async ({ body, type, accept, authorization, cookie }) => {
    const headers = new Headers({ 'content-type': type, accept })
    if (authorization !== undefined) headers.set('authorization', authorization)
    if (cookie !== undefined) headers.set('cookie', cookie)
    await expectHttpAnswer(
      await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: body as RequestInit['body'] }),
    )
  })
  await expectAlive()
})

test('300 queries over GET, with addresses that are not always text', async () => {
  const search = fc.oneof(
    operation.map((value) => {
      const parameters = new URLSearchParams()
      for (const [name, part] of Object.entries(value)) {
        parameters.set(name, typeof part === 'string' ? part : String(JSON.stringify(part)))
      }
      return `?${parameters}`
    }),
    fc.stringMatching(/^[!-~]{0,40}$/).map((text) => `?query=${text}`),
    fc.stringMatching(/^[%/?&=a-f0-9.]{0,30}$/),
  )
  await throwAll(search, 300, async (text) => {
    const url = `${server.url}/graphql${text}`
    if (!URL.canParse(url)) return
    await expectHttpAnswer(await fetch(url, { headers: { 'apollo-require-preflight': '1' } }))
  })
  await expectAlive()
})

test('600 operations over one socket are each answered, and the socket stays open', async () => {
  const { client, run, isClosed } = openClient(server.port)
  const runnable = fc.record({
    query: document,
    variables: fc.dictionary(fc.constantFrom('n', 'ids', 'filter', 's', 'on'), fc.jsonValue()),
  })
  await throwAll(runnable, 600, async (body) => {
    const answer = await run(body.query, body.variables)
    expectAnswer(answer as Body, JSON.stringify(answer))
  })
  expect(isClosed()).toBe(false)
  await client.dispose()
  await expectAlive()
})

test('300 sockets that send anything get an answer or a close code of the protocol, and nobody else notices', async () => {
  const message = fc.oneof(
    fc
      .record(
        {
          type: fc.oneof(
            fc.constantFrom(
              'connection_init',
              'subscribe',
              'complete',
              'ping',
              'pong',
              'next',
              'error',
              'connection_ack',
            ),
            fc.string(),
          ),
          id: fc.oneof(fc.constantFrom('1', '2', '__proto__', 'constructor', ''), fc.jsonValue()),
          payload: fc.oneof(operation, fc.jsonValue()),
        },
        { requiredKeys: ['type'] },
      )
      .map((value) => JSON.stringify(value)),
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 50 }),
  )
  const bystander = openClient(server.port)
  await throwAll(fc.array(message, { minLength: 1, maxLength: 5 }), 300, async (messages) => {
    const { socket, messages: answers, closing } = await openRaw(server.port)
    for (const one of messages) if (socket.readyState === WebSocket.OPEN) socket.send(one)
    // The server has handled what came before once it answers a ping.
    const handled = new Promise<void>((resolve) => socket.once('pong', () => resolve()))
    if (socket.readyState === WebSocket.OPEN) socket.ping()
    const closed = await Promise.race([closing, handled])
    if (closed !== undefined) expect([1003, 1007, 4400, 4409, 4429]).toContain(closed.code)
    for (const { type, payload } of answers) {
      expect(['connection_ack', 'pong', 'next', 'error', 'complete']).toContain(type)
      if (type === 'next') expectAnswer(payload as Body, JSON.stringify(payload))
      if (type === 'error') expectAnswer({ errors: payload as NonNullable<Body['errors']> }, JSON.stringify(payload))
    }
    socket.terminate()
  })
  expect(await bystander.run('{ hello }')).toEqual({ data: { hello: 'world' } })
  await bystander.client.dispose()
  await expectAlive()
})
