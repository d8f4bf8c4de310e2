import { ask } from './endpoint.ts'
import { EXAMPLE_POST, type ExamplePost, exampleVariables } from './example-variables.ts'
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
  const post = await examplePost()
  return { query: `${query}\n`, variables: JSON.stringify(exampleVariables(post, people[0]), null, 2) }
}

async function examplePost(): Promise<ExamplePost | undefined> {
  try {
    const { posts } = await ask<{ posts: { nodes: ExamplePost[] } }>(EXAMPLE_POST, {})
    return posts.nodes[0]
  } catch {
    // The examples are still worth reading when the server refuses; the editor shows its message soon enough.
    return undefined
  }
}
