import { readFileSync } from 'node:fs'
import { type GraphQLSchema, isObjectType } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeId, parseId } from '../../src/core/ids.ts'
import { printGraph } from '../../src/print-schema.ts'
import { NODE_TYPES } from '../../src/resolvers/nodes.ts'
import { createGraph } from '../../src/server/schema.ts'

let schema: GraphQLSchema
beforeAll(async () => {
  schema = await createGraph()
})

test('schema.graphql is the print of the code: run `node --import tsx src/print-schema.ts schema.graphql`', async () => {
  const committed = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')
  expect(committed).toBe(await printGraph())
})

describe('what implements Node', () => {
  test('can be loaded by its id: every type is registered, and nothing else is', () => {
    const implementing = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'))
      .map(({ name }) => name)
    expect(NODE_TYPES.map(({ typename }) => typename).sort()).toEqual(implementing.sort())
    expect(implementing).not.toHaveLength(0)
  })

  test('has a prefix of its own that can stand in an id', () => {
    const prefixes = NODE_TYPES.map(({ prefix }) => prefix)
    expect(new Set(prefixes).size).toBe(prefixes.length)
    const uuid = '01936a4e-0000-7000-8000-000000000000'
    for (const prefix of prefixes) expect(parseId(encodeId(prefix, uuid))).toEqual({ prefix, uuid })
  })
})
