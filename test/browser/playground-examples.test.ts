import { readdirSync, readFileSync } from 'node:fs'
import { buildSchema, type OperationDefinitionNode, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleVariables } from '../../web/playground/example-variables.ts'
import { withAuthorization } from '../../web/playground/request-headers.ts'
import { playgroundClient } from './playground-client.ts'
import { type PlaygroundServer, startPlaygroundServer } from './playground-server.ts'

const root = new URL('../../', import.meta.url)
const EXAMPLES = new URL('web/playground/examples/', root)
const examples = readdirSync(EXAMPLES).map((name) => ({ name, text: readFileSync(new URL(name, EXAMPLES), 'utf8') }))

let server: PlaygroundServer
beforeAll(async () => {
  server = await startPlaygroundServer()
})
afterAll(() => server.close())

describe('the examples of the playground', () => {
  const operations = examples.map(({ name, text }) => ({
    name,
    text,
    operation: parse(text).definitions[0] as OperationDefinitionNode,
  }))

  test.each(operations)('$name is valid in the schema that is published', ({ text }) => {
    const schema = buildSchema(readFileSync(new URL('schema.graphql', root), 'utf8'))
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([])
  })

  test.each(operations.filter(({ operation }) => operation.operation !== 'subscription'))(
    '$name runs with the variables that the page fills in',
    async ({ text }) => {
      const { ask, examplePost, person, tokenOf } = playgroundClient(server)
      const variables = exampleVariables(await examplePost(), person(0))
      const data = await ask<Record<string, { userErrors?: unknown[] } | null>>(
        text,
        variables,
        await tokenOf(person(0)),
      )
      for (const answer of Object.values(data)) {
        expect(answer).not.toBeNull()
        expect(answer?.userErrors ?? []).toEqual([])
      }
    },
  )
})

describe('the authorization that acting as somebody puts into the headers', () => {
  const isOurs = (value: unknown) => value === 'Bearer ours'

  test('is added beside other headers', () => {
    expect(withAuthorization({ 'x-trace': '1' }, 'Bearer new', isOurs)).toEqual({
      'x-trace': '1',
      Authorization: 'Bearer new',
    })
  })

  test('replaces an earlier one of its own, under the name that it has', () => {
    expect(withAuthorization({ authorization: 'Bearer ours' }, 'Bearer new', isOurs)).toEqual({
      authorization: 'Bearer new',
    })
  })

  test('goes when nobody is acted as, and nothing else goes with it', () => {
    expect(withAuthorization({ 'x-trace': '1', Authorization: 'Bearer ours' }, null, isOurs)).toEqual({
      'x-trace': '1',
    })
  })

  test('never touches one that was typed by hand', () => {
    const typed = { Authorization: 'Bearer typed' }
    expect(withAuthorization(typed, 'Bearer new', isOurs)).toBe(typed)
    expect(withAuthorization(typed, null, isOurs)).toBe(typed)
  })

  test('leaves headers alone that are right already', () => {
    const right = { Authorization: 'Bearer ours' }
    expect(withAuthorization(right, 'Bearer ours', isOurs)).toBe(right)
  })
})
