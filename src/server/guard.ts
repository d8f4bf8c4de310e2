import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql'
import { shield } from 'graphql-shield'
import { forbidden } from '../core/errors.ts'
import { type FieldRule, RULE } from '../permissions/rules.ts'
import type { Context } from '../schema/context.ts'

type Field = GraphQLField<unknown, Context>
type Resolve = NonNullable<Field['resolve']>
type Middleware = (resolve: Resolve, ...args: Parameters<Resolve>) => unknown

/** The rule beside a field's resolver, if it has one. */
export const ruleOf = (field: Field): FieldRule | undefined => field.extensions[RULE] as FieldRule | undefined

/** The fields of the three root types: those that must have a rule. */
export function rootFields(schema: GraphQLSchema): { type: GraphQLObjectType; field: Field }[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return roots.flatMap((type) => (type ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
}

const denied = forbidden('This field has no rule, so nobody may use it.')

/**
 * Puts graphql-shield before every field that has a rule, and before every root field: one without a rule is closed.
 * Only those are wrapped (shield's own way wraps each field of the schema, which makes lists several times slower). Of a
 * subscription it is `subscribe`: shield leaves it alone where a field has a `resolve`, so that the source would open for
 * anyone. Its `resolve` runs once for all who listen, whoever they are: whether each still may is the source's to ask
 * (`admit`), and the socket ends with its session.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const subscription = schema.getSubscriptionType()?.name
  const roots = new Set(rootFields(schema).map(({ field }) => field))
  const rules: Record<string, Record<string, FieldRule>> = {}
  const guarded: { type: string; field: Field }[] = []
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const rule = ruleOf(field)
      if (rule === undefined && !roots.has(field)) continue
      guarded.push({ type: type.name, field })
      if (rule !== undefined) rules[type.name] = { ...rules[type.name], [field.name]: rule }
    }
  }
  const generator = shield<unknown, Context>(rules, {
    // Errors of resolvers go on to the one place that masks them; shield would call each of them "Not Authorised!".
    allowExternalErrors: true,
    fallbackError: denied,
  })
  const middleware = generator.generate(schema) as Record<string, Record<string, Middleware>>
  for (const { type, field } of guarded) {
    const check = middleware[type]?.[field.name]
    const closed = ruleOf(field) === undefined || typeof check !== 'function'
    if (closed) {
      field.resolve = refuse
      if (field.subscribe !== undefined) field.subscribe = refuse
    } else if (type === subscription) {
      field.subscribe = wrap(check, field.subscribe ?? refuse)
    } else {
      field.resolve = wrap(check, field.resolve ?? defaultFieldResolver)
    }
  }
  return schema
}

const wrap =
  (check: Middleware, resolve: Resolve): Resolve =>
  (parent, args, context, info) =>
    check(resolve, parent, args, context, info)

const refuse: Resolve = () => {
  throw denied
}
