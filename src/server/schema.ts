import 'reflect-metadata'
import { type GraphQLSchema, isObjectType } from 'graphql'
import { buildSchema, type PubSub } from 'type-graphql'
import { encodeId } from '../core/ids.ts'
import { RESOLVERS } from '../resolvers/index.ts'
import { NODE_TYPES } from '../resolvers/nodes.ts'
import { CINEMA_ERROR_TYPES } from '../schema/cinema/hold.ts'
import { PageNotUsable } from '../schema/recipe/import.ts'
import { USER_ERROR_TYPES } from '../schema/user-error.ts'
import { NothingLogged } from '../schema/workout/input.ts'
import { guard } from './guard.ts'

/** The graph with its rules in place. `schema.graphql` is its print, and a house test keeps the two together. */
export async function createGraph(): Promise<GraphQLSchema> {
  return guard(await createUnguardedGraph())
}

/** For `npm run bench`, which measures what the guard costs. */
export async function createUnguardedGraph(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: RESOLVERS,
    validate: false,
    orphanedTypes: [...USER_ERROR_TYPES, ...CINEMA_ERROR_TYPES, PageNotUsable, NothingLogged],
    pubSub: unused,
  })
  encodeIds(schema)
  return schema
}

/** type-graphql insists on one; every subscription here describes its own source (see `live/source`). */
const unused: PubSub = {
  publish() {
    throw new Error('publish to the bus of `deps`')
  },
  subscribe() {
    throw new Error('give the subscription a `subscribe`')
  },
}

/** Rows carry plain uuids; every type that implements `Node` shows them with the prefix of its kind. */
function encodeIds(schema: GraphQLSchema): void {
  const prefixes = new Map(NODE_TYPES.map(({ typename, prefix }) => [typename, prefix]))
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.getInterfaces().some((each) => each.name === 'Node')) continue
    const prefix = prefixes.get(type.name)
    const field = type.getFields().id
    if (prefix === undefined || field === undefined) throw new Error(`${type.name} is missing from NODE_TYPES`)
    field.resolve = (row: { id: string }) => encodeId(prefix, row.id)
  }
}
