import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { createUnguardedGraph } from '../../src/server/schema.ts'
import { type Answer, startTestServer, type TestServer } from '../support/server.ts'

const schema = await createUnguardedGraph()

const UUID = '01939c1d-0000-7000-8000-000000000000'
/** The first of each is no date, the others are the ends of the calendar. */
const ENDS: Readonly<Record<string, readonly [string, string, string]>> = {
  LocalDate: ['0000-01-01', '0001-01-01', '9999-12-31'],
  DateTime: ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z'],
}
const SCALARS: Readonly<Record<string, unknown>> = {
  ...{ String: 'words', Int: 1, Float: 1, Boolean: true, TimeZone: 'Pacific/Kiritimati', LocalTime: '18:30' },
  ...{ LocalDate: '2999-11-20', DateTime: '2999-11-20T18:30:00Z', Currency: 'EUR', SafeInt: 1, JSONObject: {} },
}
const NAMED: Readonly<Record<string, unknown>> = { currency: 'EUR', amount: '1.00' }

/** Ids of things that exist, by the name of the argument or of the mutation's own input. */
const ids: Record<string, string> = {}

type Field = GraphQLField<unknown, unknown>

const isDated = (type: GraphQLInputType, above: readonly string[] = []): boolean => {
  const named = getNamedType(type)
  if (named.name in ENDS) return true
  if (!isInputObjectType(named) || above.includes(named.name)) return false
  return Object.values(named.getFields()).some((field) => isDated(field.type, [...above, named.name]))
}

/** What is required, and of the dates those that are asked for: one by its name, or all where there is no name. */
function argumentOf(
  type: GraphQLInputType,
  name: string,
  mutation: string,
  end: 0 | 1 | 2,
  only: string | null,
): unknown {
  const given = getNullableType(type)
  if (isListType(given)) return [argumentOf(given.ofType, name, mutation, end, only)]
  if (isEnumType(given))
    return given.getValues().find((value) => value.name === 'CUSTOM')?.name ?? given.getValues()[0]?.name
  if (isInputObjectType(given)) {
    const fields = Object.values(given.getFields()).filter(
      (field) =>
        isRequiredInputField(field) ||
        field.name === 'period' ||
        (isDated(field.type) && (only ?? field.name) === field.name),
    )
    return Object.fromEntries(
      fields.map((field) => [field.name, argumentOf(field.type, field.name, mutation, end, only)]),
    )
  }
  const ends = ENDS[given.name]
  if (ends !== undefined) return (only ?? name) === name ? ends[end] : SCALARS[given.name]
  if (given.name === 'ID') return ids[name] ?? ids[mutation] ?? encodeId('account', UUID)
  return NAMED[name] ?? SCALARS[given.name] ?? 'words'
}

/** Everything below that needs no argument. */
function selection(type: GraphQLOutputType, levels: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return isCompositeType(named) ? ' { __typename }' : ''
  const fields = Object.values(named.getFields()).filter(
    (field) => !field.args.some(isRequiredArgument) && (levels > 0 || !isCompositeType(getNamedType(field.type))),
  )
  const parts = fields.map((field) => {
    const isList = field.args.some(({ name }) => name === 'first')
    return `${field.name}${isList ? '(first: 1)' : ''}${selection(field.type, levels - 1)}`
  })
  return ` { ${['__typename', ...parts].join(' ')} }`
}

interface Case {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly field: Field
  /** The field that leads to it; none for a root field. */
  readonly by: string | null
  readonly only: string | null
}

const datesOf = (args: readonly GraphQLArgument[]): string[] =>
  args.flatMap(({ name, type }) => {
    const named = getNamedType(type)
    if (named.name in ENDS) return [name]
    return isInputObjectType(named)
      ? Object.values(named.getFields()).flatMap((field) => (isDated(field.type, [named.name]) ? [field.name] : []))
      : []
  })

const ROOTS = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' } as const
const CASES = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (!isObjectType(type)) return []
  return Object.values(type.getFields()).flatMap((field): [string, Case][] => {
    const names = datesOf(field.args)
    if (names.length === 0) return []
    const kind = Object.hasOwn(ROOTS, type.name) ? ROOTS[type.name as keyof typeof ROOTS] : null
    const way = Object.values(schema.getQueryType()?.getFields() ?? {}).find(
      (root) => getNamedType(root.type) === type && !root.args.some(isRequiredArgument),
    )
    if (kind === null && way === undefined) throw new Error(`no way to ${type.name}.${field.name}`)
    const by = kind === null ? (way?.name ?? null) : null
    return [...new Set(names), null].map((only) => [
      `${type.name}.${field.name} with ${only ?? 'all its dates'}`,
      { kind: kind ?? 'query', field, by, only },
    ])
  })
})

function operationOf({ kind, field, by, only }: Case, end: 0 | 1 | 2, levels: number) {
  const args = field.args.filter((arg) => isRequiredArgument(arg) || arg.name === 'timeZone' || isDated(arg.type))
  const declared = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const variables = Object.fromEntries(
    args.map((arg) => [arg.name, argumentOf(arg.type, arg.name, field.name, end, only)]),
  )
  const asked = `${field.name}(${passed})${selection(field.type, levels)}`
  return { query: `${kind} (${declared}) { ${by === null ? asked : `${by} { ${asked} }`} }`, variables }
}

let server: TestServer
let token: string
const unforeseen: unknown[] = []

beforeAll(async () => {
  server = await startTestServer()
  const { world, running } = server
  running.atrium.deps.log.error = ((about: unknown) =>
    void unforeseen.push(about)) as typeof running.atrium.deps.log.error
  const keeper = await world.person({ handle: 'keeper', role: 'ADMIN' })
  token = await server.tokenOf(keeper)
  const movie = await world.cinema.movie(keeper, { title: 'The movie' })
  const theatre = await world.cinema.theatre(keeper, { name: 'The house' })
  const screen = await world.cinema.screen(keeper, theatre, { name: 'Hall', rows: world.cinema.rows('SS') })
  ids.movieId = ids.updateMovie = encodeId('movie', movie)
  ids.theatreId = encodeId('theatre', theatre)
  ids.screenId = encodeId('screen', screen)
  ids.schedulePost = encodeId('post', await world.draft(keeper))
  const { data } = await server.ask('{ exercises(first: 1) { nodes { id } } }', {}, token)
  ids.exerciseId = data.exercises.nodes[0]?.id
  const made = await server.ask(
    `mutation { done: createExpense(input: { amount: { amount: "1.00", currency: "EUR" }, description: "One", spentOn: "2025-04-24" }) { expense { id } } }`,
    {},
    token,
  )
  ids.updateExpense = made.data.done.expense.id
})
afterAll(() => server.close())

/** The first answer, also of a subscription. */
async function ask(asked: Case, end: 0 | 1 | 2): Promise<Answer> {
  for (const levels of [3, 2, 1, 0]) {
    const { query, variables } = operationOf(asked, end, levels)
    const answer =
      asked.kind === 'subscription' ? await firstOf(query, variables) : await server.ask(query, variables, token)
    const isTooMuch = answer.errors?.some(({ extensions }) => /COST|COMPLEX|DEPTH|LARGE|LIMIT/.test(extensions.code))
    if (isTooMuch !== true || levels === 0) return answer
  }
  throw new Error('unreachable')
}

const firstOf = (query: string, variables: Record<string, unknown>) =>
  new Promise<Answer>((resolve, reject) => {
    const client = server.socket(token)
    const stop = client.subscribe(
      { query, variables },
      {
        next: (result) => {
          resolve(result as Answer)
          queueMicrotask(() => stop())
        },
        error: (error) => {
          if (Array.isArray(error)) resolve({ data: null, errors: error as unknown as NonNullable<Answer['errors']> })
          else reject(new Error(`the socket closed: ${JSON.stringify(error)}`))
        },
        complete: () => undefined,
      },
    )
  })

test('there are dates to ask with', () => {
  expect(CASES.length).toBeGreaterThan(60)
})

test.each(CASES)('%s at the ends of the calendar', async (_, asked) => {
  const refused = await ask(asked, 0)
  expect(refused.errors?.[0]?.extensions.code, JSON.stringify(refused)).toBe('BAD_USER_INPUT')
  for (const end of [1, 2] as const) {
    const answer = await ask(asked, end)
    const codes = answer.errors?.map(({ extensions }) => extensions.code) ?? []
    expect(codes, JSON.stringify([answer.errors, unforeseen])).not.toContain('INTERNAL')
    expect(codes, JSON.stringify(answer.errors)).not.toContain('GRAPHQL_VALIDATION_FAILED')
  }
  expect(unforeseen).toEqual([])
})
