import { readFileSync } from 'node:fs'
import {
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeId, parseId } from '../../src/core/ids.ts'
import { printGraph } from '../../src/print-schema.ts'
import { NODE_TYPES } from '../../src/resolvers/nodes.ts'
import { COST } from '../../src/schema/cost.ts'
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

test('whatever is deprecated says what to use instead, which is there, and from which day it may be gone', () => {
  const deprecated = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    .flatMap((type) => {
      const fields: readonly { name: string; deprecationReason?: string | null | undefined }[] = Object.values(
        type.getFields(),
      )
      const argumentsOf = isInputObjectType(type) ? [] : Object.values(type.getFields()).map(({ args }) => args)
      return [fields, ...argumentsOf].flatMap((siblings) =>
        siblings
          .filter(({ deprecationReason }) => deprecationReason != null)
          .map(({ name, deprecationReason }) => ({
            name: `${type.name}.${name}`,
            reason: /`(?<to>\w+)`.* 20\d\d-[01]\d-[0-3]\d\b/.exec(deprecationReason ?? ''),
            siblings: siblings.map((sibling) => sibling.name),
          })),
      )
    })
  expect(deprecated.filter(({ reason, siblings }) => !siblings.includes(reason?.groups?.to ?? ''))).toEqual([])
  expect(deprecated.map(({ name }) => name)).toContain('Query.token')
})

/** Their size is that of the field above them. User errors are of this mutation alone and hold only scalars. */
const COUNTED_ELSEWHERE = /Connection\.(?:nodes|edges)$|Payload\.userErrors$/

test('every list of objects costs as many as it can hold: it has pages, or says how long it gets', () => {
  const lists = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => isListType(getNullableType(field.type)) && !isLeafType(getNamedType(field.type)))
        .map((field) => ({ name: `${type.name}.${field.name}`, field })),
    )
  const uncounted = lists.filter(
    ({ name, field }) =>
      !COUNTED_ELSEWHERE.test(name) &&
      field.extensions[COST] === undefined &&
      !field.args.some((argument) => argument.name === 'first' || argument.name === 'last'),
  )
  expect(uncounted.map(({ name }) => name)).toEqual([])
  expect(lists.map(({ name }) => name)).toContain('PollVote.options')
})
