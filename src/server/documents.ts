import { createHash } from 'node:crypto'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  Source,
  specifiedRules,
  validate,
} from 'graphql'
import type { Limits } from '../config.ts'
import { type CostPlan, planCost, type Variables } from './limits/cost.ts'
import { checkLiteralLists, checkVariableLists } from './limits/lists.ts'
import { refusal } from './limits/refusal.ts'
import { checkShape, tooComplex } from './limits/shape.ts'
import { countTokens } from './limits/text.ts'

/** A parsed token weighs about 300 bytes, so this is some 60 MB at worst and a thousand ordinary documents. */
const CACHED_TOKENS = 200_000
const VALIDATION_ERRORS = 20

export interface OperationRequest {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Variables | null | undefined
}

export interface Prepared {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly cost: { readonly requested: number; readonly limit: number }
}

export interface Documents {
  /**
   * Parses, validates and measures an operation: the one way in, on every transport.
   * @returns errors, each with its code, when the operation must not run.
   */
  prepare(request: OperationRequest): Prepared | readonly GraphQLError[]
  /** A document that has passed, by the SHA-256 of its text in hex. */
  byHash(hash: string): DocumentNode | undefined
}

interface Entry {
  readonly document: DocumentNode
  readonly tokens: number
  readonly plans: Map<OperationDefinitionNode, CostPlan>
}

export const isRefused = (prepared: Prepared | readonly GraphQLError[]): prepared is readonly GraphQLError[] =>
  Array.isArray(prepared)

const withCode = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code },
  })

export function createDocuments({ schema, limits }: { schema: GraphQLSchema; limits: Limits }): Documents {
  /** In order of last use; only documents that have passed. */
  const cache = new Map<string, Entry>()
  let cachedTokens = 0

  const remember = (hash: string, entry: Entry): void => {
    cache.set(hash, entry)
    cachedTokens += entry.tokens
    for (const [oldest, { tokens }] of cache) {
      if (cachedTokens <= CACHED_TOKENS || oldest === hash) break
      cache.delete(oldest)
      cachedTokens -= tokens
    }
  }

  const read = (text: string): Entry | readonly GraphQLError[] => {
    const hash = createHash('sha256').update(text).digest('hex')
    const known = cache.get(hash)
    if (known !== undefined) {
      cache.delete(hash)
      cache.set(hash, known)
      return known
    }
    const checked = check(schema, limits, text)
    if ('document' in checked) remember(hash, checked)
    return checked
  }

  return {
    byHash: (hash) => cache.get(hash)?.document,
    prepare({ query, operationName, variables }) {
      const entry = read(query)
      if (!('document' in entry)) return entry
      const { document, plans } = entry
      const operation = getOperationAST(document, operationName)
      if (operation == null) {
        const message = operationName ? 'No operation with this name.' : 'Say which operation with operationName.'
        return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })]
      }
      const given = variables ?? {}
      const lists = checkVariableLists(given, limits.listInput)
      if (lists !== null) return [lists]
      const plan = plans.get(operation) ?? planCost(schema, document, operation, limits.cost)
      plans.set(operation, plan)
      const requested = plan.cost(given)
      if (requested > limits.cost) return [tooComplex(requested, limits.cost)]
      return { document, operation, cost: { requested, limit: limits.cost } }
    },
  }
}

/** The steps in order of what they cost, so that a document made to be expensive is refused by a cheap one. */
function check(schema: GraphQLSchema, limits: Limits, text: string): Entry | readonly GraphQLError[] {
  try {
    const source = new Source(text)
    const tokens = countTokens(source, limits.tokens)
    if (typeof tokens !== 'number') return [tokens]
    const document = parse(source, { maxTokens: limits.tokens })
    const refused = checkShape(document, limits) ?? checkLiteralLists(document, limits.listInput)
    if (refused !== null) return [refused]
    const errors = validate(schema, document, specifiedRules, { maxErrors: VALIDATION_ERRORS })
    if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'))
    return { document, tokens, plans: new Map() }
  } catch (error) {
    if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')]
    // With a token limit raised by configuration, chains of fragments can still exhaust the stack of graphql-js.
    if (error instanceof RangeError) return [refusal('QUERY_TOO_DEEP', 'This document is nested too deeply.')]
    throw error
  }
}
