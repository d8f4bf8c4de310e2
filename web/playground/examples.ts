import { ask } from './endpoint.ts'
import {
  EXAMPLE_POST,
  EXAMPLE_PRODUCT,
  EXAMPLE_SHOWTIME,
  type ExamplePost,
  type ExampleProduct,
  type ExampleShowtime,
  exampleVariables,
} from './example-variables.ts'
import type { Settings } from './settings.ts'

const files = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true })

/** What the first tab holds. */
export interface Examples {
  readonly query: string
  /** JSON. */
  readonly variables: string
}

/** All example operations as one document, in the order of their file names, with variables that fit this server. */
export async function loadExamples({ people }: Settings): Promise<Examples> {
  const query = Object.keys(files)
    .sort()
    .map((path) => files[path]?.trim())
    .join('\n\n')
  const [post, showtime, product] = await Promise.all([examplePost(), exampleShowtime(), exampleProduct()])
  return {
    query: `${query}\n`,
    variables: JSON.stringify(exampleVariables(post, people[0], showtime, product), null, 2),
  }
}

/** The examples are still worth reading when the server refuses; the editor shows its message soon enough. */
const orNone = <Found>(found: Promise<Found | undefined>): Promise<Found | undefined> => found.catch(() => undefined)

const examplePost = () =>
  orNone(ask<{ posts: { nodes: ExamplePost[] } }>(EXAMPLE_POST, {}).then(({ posts }) => posts.nodes[0]))

const exampleShowtime = () =>
  orNone(
    ask<{ showtimes: { nodes: ExampleShowtime[] } }>(EXAMPLE_SHOWTIME, {}).then(({ showtimes }) =>
      showtimes.nodes.at(-1),
    ),
  )

const exampleProduct = () =>
  orNone(ask<{ products: { nodes: ExampleProduct[] } }>(EXAMPLE_PRODUCT, {}).then(({ products }) => products.nodes[0]))
