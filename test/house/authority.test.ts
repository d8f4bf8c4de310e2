import {
  execute,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  graphql,
  isObjectType,
  parse,
  subscribe,
} from 'graphql'
import { rule } from 'graphql-shield'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { createLocalBus, topic } from '../../src/live/bus.ts'
import { everyone, type FieldRule, isAdmin, isSignedIn, isStaff, RULE } from '../../src/permissions/rules.ts'
import { guard, rootFields, ruleOf } from '../../src/server/guard.ts'
import { createUnguardedGraph } from '../../src/server/schema.ts'

const ROLES = [null, 'MEMBER', 'CHEF', 'STAFF', 'ADMIN'] as const
type Who = (typeof ROLES)[number]
const contextOf = (role: Who) => ({ viewer: role === null ? null : { role } })

/** A graph of one field per rule on each root, and of a list whose items have a field with a rule. */
function smallGraph(rules: Record<string, FieldRule | undefined>) {
  const bus = createLocalBus({ log: createLog('silent') })
  const counts = { resolved: 0, opened: 0 }
  const ticks = topic<Record<string, never>>('tick', 'all')
  const field = (name: string) => ({
    type: GraphQLString,
    extensions: rules[name] === undefined ? {} : { [RULE]: rules[name] },
    resolve: () => {
      counts.resolved++
      return name
    },
  })
  const stream = (name: string) => ({
    ...field(name),
    subscribe: () => {
      counts.opened++
      const end = bus.subscribe(ticks, () => {})
      const source: AsyncIterableIterator<object> = {
        next: async () => ({ value: {}, done: false }),
        return: async () => {
          end()
          return { value: undefined, done: true }
        },
        [Symbol.asyncIterator]: () => source,
      }
      return source
    },
  })
  const fields = <Made>(make: (name: string) => Made) =>
    Object.fromEntries(Object.keys(rules).map((name) => [name, make(name)]))
  const Item = new GraphQLObjectType({
    name: 'Item',
    fields: { secret: field('staff'), plain: { type: GraphQLString } },
  })
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: { ...fields(field), item: { type: Item, extensions: { [RULE]: everyone }, resolve: () => ({}) } },
    }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: fields(field) }),
    subscription: new GraphQLObjectType({ name: 'Subscription', fields: fields(stream) }),
  })
  return { schema: guard(schema), counts, bus }
}

const codeOf = (error: unknown): unknown => (error as { originalError?: { code?: string } }).originalError?.code

const RULES = { everyone, signedIn: isSignedIn, staff: isStaff, admin: isAdmin, unruled: undefined }
const U = 'UNAUTHENTICATED'
const F = 'FORBIDDEN'
const TABLE: Record<string, (string | null)[]> = {
  //          nobody MEMBER CHEF STAFF ADMIN
  everyone: [null, null, null, null, null],
  signedIn: [U, null, null, null, null],
  staff: [U, F, F, null, null],
  admin: [U, F, F, F, null],
  unruled: [F, F, F, F, F],
}
const ROWS = Object.entries(TABLE).flatMap(([field, verdicts]) =>
  verdicts.map((verdict, n) => ({ field, role: ROLES[n] ?? null, verdict })),
)

describe('the guard', () => {
  test.each(ROWS)('of $field for $role: $verdict, and what is refused never runs', async ({ field, role, verdict }) => {
    for (const operation of ['query', 'mutation']) {
      const { schema, counts } = smallGraph(RULES)
      const source = `${operation} { ${field} }`
      const { data, errors } = await graphql({ schema, source, contextValue: contextOf(role) })
      expect(errors?.map(codeOf)).toEqual(verdict === null ? undefined : [verdict])
      expect(data).toEqual({ [field]: verdict === null ? field : null })
      expect(counts.resolved).toBe(verdict === null ? 1 : 0)
    }
  })

  test.each(ROWS)('of subscribing to $field for $role: $verdict, before the source opens', async (row) => {
    const { schema, counts } = smallGraph(RULES)
    const document = parse(`subscription { ${row.field} }`)
    const result = await subscribe({ schema, document, contextValue: contextOf(row.role) })
    expect(counts.opened).toBe(row.verdict === null ? 1 : 0)
    if (row.verdict === null) {
      expect(result).toHaveProperty('next')
      return
    }
    expect('errors' in result ? result.errors?.map(codeOf) : 'it opened').toEqual([row.verdict])
  })

  test('asks who listens when the source opens, and not at each event, which is executed for all who listen', async () => {
    const { schema, counts } = smallGraph(RULES)
    const document = parse('subscription { staff }')
    const events = await subscribe({ schema, document, contextValue: contextOf('STAFF') })
    expect(events).toHaveProperty('next')
    const shared = await execute({ schema, document, rootValue: {}, contextValue: contextOf(null) })
    expect(shared).toEqual({ data: { staff: 'staff' } })
    expect(counts).toEqual({ resolved: 1, opened: 1 })
    const closed = parse('subscription { unruled }')
    const { errors } = await execute({ schema, document: closed, rootValue: {}, contextValue: contextOf('ADMIN') })
    expect(errors?.map(codeOf)).toEqual([F])
  })

  test('checks fields of other types that have a rule, and every alias for itself', async () => {
    const { schema, counts } = smallGraph(RULES)
    const source = '{ a: item { secret } b: item { x: secret y: secret } staff }'
    const { errors } = await graphql({ schema, source, contextValue: contextOf('MEMBER') })
    expect(errors?.map(({ path }) => path?.join('.'))).toEqual(['staff', 'a.secret', 'b.x', 'b.y'])
    expect(counts.resolved).toBe(0)
    expect(await graphql({ schema, source, contextValue: contextOf('STAFF') })).not.toHaveProperty('errors')
  })

  test('lets nobody in by a rule that fails', async () => {
    const broken = rule({ cache: 'no_cache' })(() => {
      throw new Error('the rule is broken')
    })
    const { schema, counts } = smallGraph({ broken })
    const { data } = await graphql({ schema, source: '{ broken }', contextValue: contextOf('ADMIN') })
    await subscribe({ schema, document: parse('subscription { broken }'), contextValue: contextOf('ADMIN') })
    expect([data, counts]).toEqual([{ broken: null }, { resolved: 0, opened: 0 }])
  })
})

describe('the graph', () => {
  test('has a rule beside the resolver of every root field', async () => {
    const unruled = rootFields(await createUnguardedGraph())
      .filter(({ field }) => ruleOf(field) === undefined)
      .map(({ type, field }) => `${type.name}.${field.name}`)
    expect(unruled).toEqual([])
  })

  test('has root fields on all three types, so that the list above is not empty for want of any', async () => {
    const types = rootFields(await createUnguardedGraph()).map(({ type }) => type.name)
    expect(new Set(types)).toEqual(new Set(['Query', 'Mutation', 'Subscription']))
    expect(types.length).toBeGreaterThan(30)
  })

  test('is wrapped at its root fields and fields with a rule, and nowhere else', async () => {
    const schema = await createUnguardedGraph()
    const all = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !type.name.startsWith('__') ? Object.values(type.getFields()) : [],
    )
    const before = new Map(all.map((field) => [field, [field.resolve, field.subscribe]]))
    const subscriptions = new Set(Object.values(schema.getSubscriptionType()?.getFields() ?? {}))
    const expected = new Set(rootFields(schema).map(({ field }) => field))
    for (const field of all) if (ruleOf(field) !== undefined) expected.add(field)
    guard(schema)
    const changed = all.filter((field) => field.resolve !== before.get(field)?.[0])
    expect(new Set(changed)).toEqual(new Set([...expected].filter((field) => !subscriptions.has(field))))
    const sources = all.filter((field) => field.subscribe !== before.get(field)?.[1])
    expect(new Set(sources)).toEqual(subscriptions)
    expect(subscriptions.size).toBeGreaterThan(0)
  })
})
