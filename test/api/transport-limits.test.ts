import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Limits } from '../../src/config.ts'
import { cpuMsOf } from '../support/cpu.ts'
import { type Answer, openClient, read, type SmallServer, startSmallServer } from '../support/small-server.ts'

const limits: Partial<Limits> = {
  depth: 8,
  aliases: 5,
  directives: 4,
  tokens: 600,
  cost: 500,
  listInput: 3,
}
const nested = (depth: number): string => `{ person ${'{ friend '.repeat(depth - 2)}{ name }${' }'.repeat(depth - 2)} }`

/** Fragment 0 spreads fragment 1 ten times, and so on: ten to the power of `levels` fields in a few hundred tokens. */
const bomb = (levels: number, leaf: string, spread = (name: string): string => `...${name} `.repeat(10)): string =>
  [
    '{ person { ...F0 } }',
    ...Array.from({ length: levels }, (_, level) => `fragment F${level} on Person { ${spread(`F${level + 1}`)} }`),
    `fragment F${levels} on Person { ${leaf} }`,
  ].join('\n')

const refused: [string, string, string, Record<string, unknown>?][] = [
  ['QUERY_TOO_DEEP', 'a query deeper than the limit', nested(9)],
  [
    'QUERY_TOO_DEEP',
    'depth hidden in fragments',
    `{ person { ...A } } fragment A on Person { friend { ...B } }
    fragment B on Person { friend { friend { friend { friend { friend { friend { name } } } } } } }`,
  ],
  ['QUERY_TOO_DEEP', 'brackets that would exhaust the parser', `{ count(ids: ${'['.repeat(300)}${']'.repeat(300)}) }`],
  ['TOO_MANY_ALIASES', 'more aliases than the limit', '{ a: hello b: hello c: hello d: hello e: hello f: hello }'],
  ['TOO_MANY_ALIASES', 'fields repeated under one name', `{ ${'hello '.repeat(7)} }`],
  [
    'TOO_MANY_ALIASES',
    'aliases multiplied by fragments',
    '{ ...A ...B } fragment A on Query { person { ...C ...C } } fragment B on Query { people { edges { node { ...C } } } } fragment C on Person { a: name b: name }',
  ],
  ['TOO_MANY_DIRECTIVES', 'more directives than the limit', `{ ${'hello '}${'@include(if: true) '.repeat(5)} }`],
  ['TOO_MANY_TOKENS', 'more tokens than the limit', `{ ${'hello '.repeat(601)} }`],
  [
    'QUERY_TOO_COMPLEX',
    'pages within pages',
    '{ people(first: 30) { edges { node { friends(first: 30) { edges { node { name } } } } } } }',
  ],
  [
    'QUERY_TOO_COMPLEX',
    'pages without a size',
    '{ people { edges { node { friends { edges { node { friend { name } } } } } } } }',
  ],
  [
    'QUERY_TOO_COMPLEX',
    'a page size in a variable',
    'query ($n: Int) { people(last: $n) { edges { node { name } } } }',
    { n: 501 },
  ],
  ['QUERY_TOO_COMPLEX', 'a page size in a default', 'query ($n: Int = 501) { people(last: $n) { totalCount } }'],
  ['QUERY_TOO_COMPLEX', 'a bomb of fragments', bomb(12, 'friend { name }')],
  ['QUERY_TOO_COMPLEX', 'a bomb of fragments without objects', bomb(12, 'name')],
  ['LIST_TOO_LONG', 'a long list in the document', '{ count(ids: [1, 2, 3, 4]) }'],
  ['LIST_TOO_LONG', 'a long list in a variable', 'query ($ids: [Int]) { count(ids: $ids) }', { ids: [1, 2, 3, 4] }],
  [
    'LIST_TOO_LONG',
    'a long list deep in a variable',
    'query ($filter: Filter) { count(filter: $filter) }',
    { filter: { not: { not: { ids: [1, 2, 3, 4] } } } },
  ],
]

const allowed: [string, string, Record<string, unknown>?][] = [
  ['depth at the limit', nested(8)],
  ['aliases at the limit', '{ a: hello b: hello c: hello d: hello e: hello }'],
  ['cost at the limit', '{ people(first: 500) { edges { node { name } } } }'],
  ['a small page in a variable', 'query ($n: Int = 501) { people(last: $n) { totalCount } }', { n: 2 }],
  ['a list at the limit', 'query ($ids: [Int]) { count(ids: $ids) }', { ids: [1, 2, 3] }],
]

let server: SmallServer
let socket: ReturnType<typeof openClient>
beforeAll(async () => {
  server = await startSmallServer({ limits })
  socket = openClient(server.port)
})
afterAll(async () => {
  await socket.client.dispose()
  await server.server.stop()
})

type Run = (query: string, variables?: Record<string, unknown>) => Promise<Answer>
const overHttp: Run = async (query, variables) => {
  const response = await server.post({ query, variables })
  const answer = await read(response)
  expect(response.status).toBe(answer.errors === undefined ? 200 : 400)
  return answer
}
const overSocket: Run = (query, variables) => socket.run(query, variables)

describe.each([
  ['HTTP', overHttp],
  ['a socket', overSocket],
])('over %s', (_transport, run) => {
  test.each(refused)('%s refuses %s', async (code, _what, query, variables) => {
    const spent = await cpuMsOf(async () => {
      const { errors, data } = await run(query, variables)
      expect(errors?.map((error) => error.extensions.code)).toEqual([code])
      expect(data).toBeUndefined()
    })
    expect(spent).toBeLessThan(500)
  })

  test.each(allowed)('%s is within the limits', async (_what, query, variables) => {
    const { errors } = await run(query, variables)
    expect(errors).toBeUndefined()
  })

  test('a refusal for cost says what was asked for and what is allowed', async () => {
    const { errors } = await run('{ people(first: 501) { edges { node { friend { name } } } } }')
    expect(errors?.[0]?.extensions).toEqual({ code: 'QUERY_TOO_COMPLEX', cost: 1002, limit: 500 })
  })

  test('a document is measured again when only its variables differ', async () => {
    const query = 'query ($n: Int) { people(first: $n) { edges { node { name } } } }'
    expect((await run(query, { n: 500 })).errors).toBeUndefined()
    expect((await run(query, { n: 501 })).errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX')
    expect((await run(query, { n: 500 })).errors).toBeUndefined()
  })
})

test('cost is published to those who ask for it, on both transports', async () => {
  const query = '{ people(first: 7) { edges { node { name friend { name } } } } }'
  const cost = { requested: 14, limit: 500 }
  expect((await read(await server.post({ query }))).extensions).toBeUndefined()
  expect((await read(await server.post({ query }, { 'x-atrium-cost': '1' }))).extensions).toEqual({ cost })
  expect((await read(await server.post({ query, extensions: { cost: true } }))).extensions).toEqual({ cost })
  expect((await socket.run(query)).extensions).toBeUndefined()
  expect((await socket.run(query, {}, { cost: true })).extensions).toEqual({ cost })
})

describe('with the limits as they come', () => {
  let ordinary: SmallServer
  let client: ReturnType<typeof openClient>
  beforeAll(async () => {
    ordinary = await startSmallServer()
    client = openClient(ordinary.port)
  })
  afterAll(async () => {
    await client.client.dispose()
    await ordinary.server.stop()
  })

  test.each([
    ['plain', getIntrospectionQuery()],
    [
      'with every option, as tools send it',
      getIntrospectionQuery({
        descriptions: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    ],
  ])('introspection passes on both transports: %s', async (_name, query) => {
    const overPost = await read(await ordinary.post({ query }))
    expect(overPost.errors).toBeUndefined()
    expect(overPost.data).toHaveProperty('__schema.types')
    expect((await client.run(query)).data).toHaveProperty('__schema.types')
  })

  test('fragments may select what others select too, as components do that each ask for what they show', async () => {
    const each = (n: number) => `fragment F${n} on Person { __typename name }`
    const query = `{ person { ${wide(100, (n) => `...F${n}`)} } } ${wide(100, each)}`
    expect((await read(await ordinary.post({ query }))).data).toEqual({ person: { __typename: 'Person', name: 'Ada' } })
  })

  test('introspection cannot go round in circles', async () => {
    const query = `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`
    const { errors } = await read(await ordinary.post({ query }))
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  test('introspection cannot be asked for again and again in one document', async () => {
    const again = Array.from({ length: 11 }, (_, n) => `s${n}: __schema { queryType { name } }`).join(' ')
    const { errors } = await read(await ordinary.post({ query: `{ ${again} }` }))
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX')
  })

  const wide = (count: number, body: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => body(n)).join(' ')
  test.each<[string, string]>([
    ['nested fragments', bomb(100, 'friend { name }')],
    ['nested fragments with objects between', bomb(10, 'name', (name) => `friend { ...${name} ...${name} }`)],
    [
      'a circle of fragments',
      `{ person { ...F0 } } ${wide(300, (n) => `fragment F${n} on Person { ...F${(n + 1) % 300} ...F${(n * 7) % 300} }`)}`,
    ],
    ['a thousand repeated fields', `{ ${'hello '.repeat(4_900)} }`],
    ['repeated objects', `{ ${'person { name name } '.repeat(900)} }`],
    [
      'many fragments with the same fields',
      `{ person { ${wide(350, (n) => `...F${n}`)} } } ${wide(350, (n) => `fragment F${n} on Person { name friend { name } }`)}`,
    ],
    [
      'a chain of fragments',
      `{ person { ...F0 } } ${wide(600, (n) => `fragment F${n} on Person { ...F${n + 1} }`)} fragment F600 on Person { name }`,
    ],
    ['unused fragments', `{ hello } ${wide(600, (n) => `fragment F${n} on Person { name }`)}`],
    ['many unknown fields', `{ ${wide(4_900, (n) => `x${n}`)} }`],
  ])('a document made to be expensive is answered quickly: %s', async (_name, query) => {
    const spent = await cpuMsOf(async () => {
      const response = await ordinary.post({ query })
      expect(response.status).toBeLessThan(500)
      await response.json()
    })
    expect(spent).toBeLessThan(1_000)
  })
})
