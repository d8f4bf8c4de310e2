import { expect } from 'vitest'
import { DEMO_PEOPLE } from '../../src/demo/demo.ts'
import type { DemoPerson } from '../../src/server/page.ts'
import {
  EXAMPLE_POST,
  EXAMPLE_PRODUCT,
  EXAMPLE_SHOWTIME,
  type ExamplePost,
  type ExampleProduct,
  type ExampleShowtime,
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

  async function examplePost(): Promise<ExamplePost> {
    const { posts } = await ask<{ posts: { nodes: ExamplePost[] } }>(EXAMPLE_POST, {})
    const [post] = posts.nodes
    if (!post) throw new Error('The server has no post.')
    return post
  }

  async function exampleShowtime(): Promise<ExampleShowtime> {
    const { showtimes } = await ask<{ showtimes: { nodes: ExampleShowtime[] } }>(EXAMPLE_SHOWTIME, {})
    const showtime = showtimes.nodes.at(-1)
    if (!showtime) throw new Error('The server has no showtime.')
    return showtime
  }

  async function exampleProduct(): Promise<ExampleProduct> {
    const { products } = await ask<{ products: { nodes: ExampleProduct[] } }>(EXAMPLE_PRODUCT, {})
    const [product] = products.nodes
    if (!product) throw new Error('The server has nothing to sell.')
    return product
  }

  async function tokenOf({ email, password }: { email: string; password: string }): Promise<string> {
    const { signIn } = await ask<{ signIn: { session: { accessToken: string } } }>(SIGN_IN, { email, password })
    return signIn.session.accessToken
  }

  return { person, ask, examplePost, exampleProduct, exampleShowtime, tokenOf }
}
