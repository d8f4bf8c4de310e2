import { type DocumentNode, type GraphQLError, Kind, visit } from 'graphql'
import type { Variables } from './cost.ts'
import { refusal } from './refusal.ts'

const tooLong = (length: number, limit: number): GraphQLError =>
  refusal('LIST_TOO_LONG', `A list may have at most ${limit} items; this one has ${length}.`, { length, limit })

/** Lists that are written into the document, defaults of variables included. */
export function checkLiteralLists(document: DocumentNode, limit: number): GraphQLError | null {
  let longest = 0
  visit(document, {
    [Kind.LIST]: (node) => {
      longest = Math.max(longest, node.values.length)
    },
  })
  return longest > limit ? tooLong(longest, limit) : null
}

/** Lists anywhere in the variables. Without recursion: JSON may nest deeper than the stack. */
export function checkVariableLists(variables: Variables, limit: number): GraphQLError | null {
  const waiting: unknown[] = Object.values(variables)
  for (let value = waiting.pop(); value !== undefined || waiting.length > 0; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value) && value.length > limit) return tooLong(value.length, limit)
    for (const inner of Object.values(value)) waiting.push(inner)
  }
  return null
}
