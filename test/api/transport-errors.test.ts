import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET } from '../support/small-graph.ts'
import { type Answer, openClient, read, type SmallServer, startSmallServer } from '../support/small-server.ts'

let server: SmallServer
let socket: ReturnType<typeof openClient>
beforeAll(async () => {
  server = await startSmallServer()
  socket = openClient(server.port)
})
afterAll(async () => {
  await socket.client.dispose()
  await server.server.stop()
})

type Run = (query: string, variables?: Record<string, unknown>) => Promise<Answer>

describe.each<[string, Run]>([
  ['HTTP', async (query, variables) => read(await server.post({ query, variables }))],
  ['a socket', (query, variables) => socket.run(query, variables)],
])('over %s', (_transport, run) => {
  test.each([
    ['an Error', '{ crash }'],
    ['a thrown text', '{ crashWithText }'],
    ['a GraphQLError that a resolver throws', '{ crashWithGraphqlError }'],
    ['a value that its scalar cannot print', '{ unprintable }'],
    ['a missing value of a non-null field', '{ missing }'],
  ])('%s leaves as INTERNAL with a support id and nothing else', async (_what, query) => {
    const answer = await run(query)
    expect(answer.errors).toHaveLength(1)
    const [error] = answer.errors ?? []
    expect(error?.message).toBe('Something went wrong on our side.')
    expect(Object.keys(error?.extensions ?? {}).sort()).toEqual(['code', 'supportId'])
    expect(error?.extensions.code).toBe('INTERNAL')
    expect(error?.path).toEqual([query.replace(/[{} ]/g, '')])
    expect(JSON.stringify(answer)).not.toContain(SECRET)
  })

  test.each([
    ['UNAUTHENTICATED', '{ forbidden }', {}],
    ['NOT_FOUND', '{ nothing }', { argument: ['id'] }],
    ['BAD_USER_INPUT', '{ wrong }', { argument: ['input', 'title'], reason: 'INVALID_INPUT' }],
    ['BAD_USER_INPUT', '{ illegal }', { allowed: ['PUBLISHED'], reason: 'ILLEGAL_TRANSITION' }],
  ])('a domain error leaves as %s: %s', async (code, query, details) => {
    const { errors } = await run(query)
    expect(errors?.map((error) => error.extensions)).toEqual([{ code, ...details }])
  })

  test.each<[string, string, string, Record<string, unknown>?]>([
    ['GRAPHQL_PARSE_FAILED', 'text that is no GraphQL', '{ hello'],
    ['GRAPHQL_PARSE_FAILED', 'characters that are none of GraphQL', '{ hello \u0000 }'],
    ['GRAPHQL_VALIDATION_FAILED', 'an unknown field', '{ goodbye }'],
    ['GRAPHQL_VALIDATION_FAILED', 'a literal that a scalar refuses', '{ count(strict: "bad") }'],
    ['BAD_USER_INPUT', 'a variable of another type', 'query ($ids: [Int]) { count(ids: $ids) }', { ids: 'x' }],
    ['BAD_USER_INPUT', 'a variable that a scalar refuses', 'query ($s: Strict) { count(strict: $s) }', { s: 'bad' }],
    ['BAD_USER_INPUT', 'a required variable left out', 'query ($on: Boolean!) { flag(on: $on) }'],
    [
      'BAD_USER_INPUT',
      'null where a default hid the nullability',
      'query ($on: Boolean = true) { flag(on: $on) }',
      { on: null },
    ],
    ['OPERATION_RESOLUTION_FAILURE', 'two operations and no name', 'query A { hello } query B { hello }'],
  ])('%s is told to the client: %s', async (code, _what, query, variables) => {
    const { errors } = await run(query, variables)
    expect(errors?.map((error) => error.extensions.code)).toEqual([code])
    expect(errors?.[0]?.message).not.toMatch(/our side/)
  })

  test('what the client sent is not sent back at length', async () => {
    const { errors } = await run(`{ count(strict: "${'a'.repeat(100_000)}") }`)
    expect(errors?.[0]?.message.length).toBeLessThan(1_100)
  })
})

test('over HTTP an operation that ran answers 200, and one that could not run answers 400', async () => {
  expect((await server.post({ query: '{ forbidden }' })).status).toBe(200)
  expect((await server.post({ query: '{ crash hello }' })).status).toBe(200)
  expect((await server.post({ query: '{ hello' })).status).toBe(400)
  expect((await server.post({ query: '{ goodbye }' })).status).toBe(400)
  expect((await server.post({ query: 'query ($on: Boolean!) { flag(on: $on) }' })).status).toBe(400)
})

test.each([
  ['the source of a subscription cannot be opened', 'subscription { crashing }'],
  ['the source of a subscription fails', 'subscription { crashingLater }'],
  ['an event of a subscription cannot be executed', 'subscription { crashingEvents }'],
])('nothing internal leaves when %s', async (_what, query) => {
  const answer = await socket.run(query)
  expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['INTERNAL'])
  expect(JSON.stringify(answer)).not.toContain(SECRET)
})

test('an outage of whatever knows the tokens is INTERNAL, and says nothing of itself', async () => {
  const response = await server.post({ query: '{ hello }' }, { authorization: 'Bearer outage' })
  expect(response.status).toBe(500)
  const text = await response.text()
  expect(JSON.parse(text).errors[0].extensions.code).toBe('INTERNAL')
  expect(text).not.toContain(SECRET)
})
