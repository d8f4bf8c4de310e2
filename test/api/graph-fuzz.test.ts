import fc from 'fast-check'
import type { GraphQLSchema } from 'graphql'
import type { Client } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import { encodeId } from '../../src/core/ids.ts'
import { createUnguardedGraph } from '../../src/server/schema.ts'
import { conversation } from '../support/conversation.ts'
import { type RandomOperation, randomOperation, type Vocabulary } from '../support/random-operation.ts'
import { type Answer, startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let schema: GraphQLSchema
let vocabulary: Vocabulary
let tokens: (string | null)[]
/** What the server logged as an error: everything that it did not foresee. */
const unforeseen: unknown[] = []

const UUID = '01939c1d-0000-7000-8000-000000000000'
const TEXTS = [
  '',
  'words',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfff',
  '😀',
  '\u202egnirts',
  'İ',
  'ﬁ'.repeat(40),
  "'; --",
  '%_\\',
  '{"a":1}',
  '<b>x</b>',
  '"unclosed phrase',
  '& | ! :* <->',
  '- -',
  'a'.repeat(9_999),
  '\n'.repeat(50),
  '0'.repeat(300),
  'https://example.com/a.png',
  'https://exa mple',
  'javascript:alert(1)',
]
const INSTANTS = [
  '2026-11-20T18:30:00Z',
  '2999-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999Z',
  '9999-12-31T23:59:59-14:00',
  '-000001-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-11-20T24:00:00Z',
  '2026-11-20T18:30:60Z',
  '2026-11-20',
  'now',
  'infinity',
  '',
]
const CURSORS = ['NEWEST', 'OLDEST', 'RELEVANCE', 'NAME', 'STREAM', 'LATEST', 'UPDATED'].flatMap((order) =>
  [
    ['2026-11-20 18:30:00+00', UUID],
    ['0000-00-00 00:00:00+00', UUID],
    ['2026-13-45 99:99:99+00', UUID],
    ['9'.repeat(60), UUID],
    ['1e99', UUID],
    ['1e-99', '2026-11-20 18:30:00+00', UUID],
    ['-0', '2026-02-30 18:30:00+00', UUID],
    ['\0', UUID],
    ['name', 'no uuid'],
    ['999999999'],
    ['99999999999'],
    ['-1'],
    [],
  ].map((keys) => encodeCursor(order, keys)),
)

beforeAll(async () => {
  server = await startTestServer()
  const { world, running } = server
  running.atrium.deps.log.error = ((about: unknown) =>
    void unforeseen.push(about)) as typeof running.atrium.deps.log.error
  schema = await createUnguardedGraph()
  const talk = conversation(server)
  const ada = await world.person({ handle: 'ada' })
  const bob = await world.person({ handle: 'bob' })
  const keeper = await world.person({ handle: 'keeper', role: 'ADMIN' })
  tokens = [null, ...(await Promise.all([ada, bob, keeper].map((viewer) => server.tokenOf(viewer))))]
  const ids = [ada, bob, keeper].map(({ accountId }) => encodeId('account', accountId))
  ids.push(encodeId('tag', await world.tag(keeper, 'GraphQL')))
  ids.push(encodeId('category', await world.category(keeper, 'Kitchen')))
  for (let n = 0; n < 8; n++) {
    const post = await world.published(n % 2 === 0 ? ada : bob, { title: `Post ${n}`, tags: ['graphql'] })
    const comment = await world.comment(bob, post)
    const reply = await world.comment(keeper, post, 'a reply', comment)
    ids.push(encodeId('post', post), encodeId('comment', comment), encodeId('comment', reply))
    await talk.report(tokens[1] ?? null, encodeId('comment', reply))
  }
  ids.push(encodeId('post', await world.draft(ada)))
  const reports = await server.ask('{ openReports { nodes { id } edges { cursor } } }', {}, tokens[3])
  ids.push(...reports.data.openReports.nodes.map(({ id }: { id: string }) => id))
  const lists = await server.ask(
    '{ a: posts { edges { cursor } } b: posts(orderBy: RELEVANCE, filter: { text: "words" }) { edges { cursor } } c: tags { edges { cursor } } }',
  )
  const real = Object.values(lists.data).flatMap((list) =>
    (list as { edges: { cursor: string }[] }).edges.map(({ cursor }) => cursor),
  )
  const cursors = [...CURSORS, ...real, ...real, ...TEXTS]
  const wrong = [
    'post_',
    '_',
    'POST_01',
    `post_${'z'.repeat(26)}`,
    `post_8${'0'.repeat(25)}`,
    encodeId('session', UUID),
    UUID,
  ]
  vocabulary = {
    scalars: {
      String: TEXTS,
      ID: [...ids, ...ids, ...wrong, ...TEXTS],
      Int: [-2_147_483_648, -1, 0, 1, 2, 3, 5, 100, 101, 2_147_483_647],
      Boolean: [true, false],
      DateTime: INSTANTS,
      TimeZone: [
        'UTC',
        'utc',
        'Europe/Paris',
        'Asia/Tokyo',
        'Etc/GMT+14',
        '+01:00',
        '+25:00',
        'GMT',
        'posix/UTC',
        'EST5EDT',
        '',
      ],
    },
    named: {
      after: cursors,
      before: cursors,
      first: [1, 2, 5],
      last: [1, 2, 5],
      handle: ['ada', 'bob', 'keeper', 'ADA', 'new-one'],
      author: ['ada', 'bob', 'nobody'],
      slug: ['post-0', 'post-1', 'graphql', 'kitchen', 'new-slug'],
      tags: ['graphql', 'none'],
      email: ['ada@example.com', 'new@example.com', 'a@b'],
      password: ['a passphrase for nobody', 'short'],
      idempotencyKey: ['a-key-of-mine', 'another-key'],
      text: ['words', '"some words" or -post', 'a & b', '\0'],
    },
    // They would end the sessions that the rest of the run needs, or close their sockets, as a new role does.
    without: new Set(['signOut', 'becomeChef', 'changeRole']),
  }
})
afterAll(() => server.close())

const BETRAYALS =
  /node_modules|\bat \S+ \(|\.ts:\d|drizzle|postgres|pgboss|constraint|\brelation\b|\bselect .{1,400}\bfrom\b|insert into|syntax error at/i

function expectGoodAnswer(answer: Answer, text: string, about: unknown): void {
  expect(text, JSON.stringify(about)).not.toMatch(BETRAYALS)
  if (answer.errors === undefined) expect(answer).toHaveProperty('data')
  for (const { message, extensions } of answer.errors ?? []) {
    expect(message).toEqual(expect.any(String))
    expect(extensions.code).toMatch(/^[A-Z_]+$/)
    expect(extensions.code, `${JSON.stringify(about)} ${JSON.stringify(unforeseen)}`).not.toBe('INTERNAL')
  }
}

async function post(body: unknown, token: string | null): Promise<Answer> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  expect(response.status, text).toBeLessThan(500)
  const answer = JSON.parse(text) as Answer
  expectGoodAnswer(answer, text, body)
  return answer
}

const choices = fc.array(fc.nat(), { minLength: 60, maxLength: 200 })
const operations = (words: () => Vocabulary = () => vocabulary) =>
  choices.map((given) => () => randomOperation(schema, words(), given))

/** Runs in batches: one request after the other would take most of its time to wait. */
const throwAll = <Input>(inputs: fc.Arbitrary<Input>, runs: number, check: (input: Input) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(fc.array(inputs, { minLength: 20, maxLength: 20 }), async (batch) => {
      await Promise.all(batch.map(check))
    }),
    { numRuns: runs / 20, endOnFailure: true },
  )

test('1,200 valid operations with any arguments, as anyone, are answered over HTTP; none is INTERNAL', async () => {
  let answered = 0
  await throwAll(fc.tuple(operations(), fc.nat(3)), 1200, async ([make, who]) => {
    const { query, variables } = make()
    const { data } = await post({ query, variables }, tokens[who] ?? null)
    if (data != null && Object.values(data).some((value) => value !== null)) answered++
  })
  expect(answered).toBeGreaterThan(200)
  expect(unforeseen).toEqual([])
}, 90_000)

test('600 more are answered over one socket, which stays open', async () => {
  const sockets = [server.socket(), server.socket(tokens[1]), server.socket(tokens[3])]
  await throwAll(fc.tuple(operations(), fc.nat(2)), 600, async ([make, who]) => {
    const { query, variables } = make()
    const answer = await runOn(sockets[who] as Client, { query, variables })
    expectGoodAnswer(answer, JSON.stringify(answer), { query, variables })
  })
  expect(unforeseen).toEqual([])
}, 90_000)

/** One operation over a socket; a refusal is an answer, a closed socket is not. */
const runOn = (client: Client, payload: Pick<RandomOperation, 'query' | 'variables'>) =>
  new Promise<Answer>((resolve, reject) => {
    let answer: Answer = { data: null }
    client.subscribe(payload, {
      next: (result) => {
        answer = result as Answer
      },
      error: (error) => {
        const closing = error as { code?: number; reason?: string }
        if (Array.isArray(error)) resolve({ data: null, errors: error as unknown as NonNullable<Answer['errors']> })
        else reject(new Error(`the socket closed: ${closing.code} ${closing.reason} ${JSON.stringify(payload)}`))
      },
      complete: () => resolve(answer),
    })
  })

test('600 operations that were damaged on the way, and bodies that are none, are refused with a code', async () => {
  const edit = fc.tuple(fc.nat(600), fc.nat(15), fc.string({ unit: 'binary', maxLength: 6 }))
  const damaged = fc.tuple(operations(), fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.nat(3))
  await throwAll(damaged, 600, async ([make, edits, wholeBody, who]) => {
    const { query, variables } = make()
    const damage = (text: string) =>
      edits.reduce((now, [at, length, piece]) => now.slice(0, at) + piece + now.slice(at + length), text)
    const body = wholeBody ? damage(JSON.stringify({ query, variables })) : { query: damage(query), variables }
    await post(body, tokens[who] ?? null)
  })
  expect(unforeseen).toEqual([])
}, 90_000)

test('400 mutations of nobody change nothing in the database', async () => {
  // An operation before may have signed somebody up with the address and password that this one signs in with.
  const words = () => ({ ...vocabulary, without: new Set(['signUp', 'signIn', 'node', 'nodes']) })
  const before = await fingerprint()
  await throwAll(operations(words), 800, async (make) => {
    const { type, query, variables } = make()
    if (type === 'mutation') await post({ query, variables }, null)
  })
  expect(await fingerprint()).toEqual(before)
}, 90_000)

/** Every row of every table of ours. */
async function fingerprint(): Promise<Record<string, string>> {
  const { db } = server.running.atrium.deps
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const hashes: Record<string, string> = {}
  for (const { name } of tables) {
    const [row] = await db.query<{ hash: string }>(
      `select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as hash from "${name}" t`,
    )
    hashes[name] = row?.hash ?? ''
  }
  return hashes
}
