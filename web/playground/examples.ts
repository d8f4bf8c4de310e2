import { ask } from './endpoint.ts'
import {
  EXAMPLE_THINGS,
  type ExampleAnswer,
  type ExampleThings,
  exampleThings,
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
  return { query: `${query}\n`, variables: JSON.stringify(exampleVariables(await findThings(), people[0]), null, 2) }
}

async function findThings(): Promise<ExampleThings> {
  try {
    return exampleThings(await ask<ExampleAnswer>(EXAMPLE_THINGS, {}))
  } catch {
    // The examples are still worth reading when the server refuses; the editor shows its message soon enough.
    return {}
  }
}
