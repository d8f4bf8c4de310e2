import { expect } from 'vitest'
import { DEMO_PEOPLE } from '../../src/demo/demo.ts'
import type { DemoPerson } from '../../src/server/page.ts'
import {
  EXAMPLE_THINGS,
  type ExampleAnswer,
  type ExampleThings,
  exampleThings,
} from '../../web/playground/example-variables.ts'
import type { TestServer } from '../support/server.ts'

const SIGN_IN = `mutation ($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { session { accessToken } }
}`
/** Speaks to a server as a program does, beside what a browser does with it. */
export function playgroundClient(server: Pick<TestServer, 'url'>) {
  function person(index: number): DemoPerson {
    const found = DEMO_PEOPLE[index]
    if (!found) throw new Error('There are too few demo people.')
    return found
  }

  /** Asks the server without a browser. */
  async function ask<Data>(query: string, variables: object, token?: string): Promise<Data> {
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown }
    expect(errors).toBeUndefined()
    return data
  }

  async function things(): Promise<ExampleThings> {
    const found = exampleThings(await ask<ExampleAnswer>(EXAMPLE_THINGS, {}))
    if (!found.post) throw new Error('The server has no post.')
    return found
  }

  async function tokenOf({ email, password }: { email: string; password: string }): Promise<string> {
    const { signIn } = await ask<{ signIn: { session: { accessToken: string } } }>(SIGN_IN, { email, password })
    return signIn.session.accessToken
  }

  return { person, ask, things, tokenOf }
}
