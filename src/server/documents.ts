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
import { countPoints } from './limits/points.ts'
import { refusal } from './limits/refusal.ts'
import { checkShape, tooComplex } from './limits/shape.ts'
import { countTokens } from './limits/text.ts'

/** About a thousand ordinary documents. */
const CACHED_BYTES = 60_000_000
/** A token with its place in the tree. */
const TOKEN_BYTES = 300
/**
 * A tree keeps its text and the lexer's tokens alive for the locations of errors. Comments are such tokens that nobody
 * counts: one of two characters weighs about 100 bytes.
 */
const CHARACTER_BYTES = 50
/** No client repeats texts that are longer than this often enough to keep them. */
const CACHED_CHARACTERS = 20_000
const VALIDATION_ERRORS = 20

export interface OperationRequest {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Variables | null | undefined
}

export interface Prepared {
  readonly document: DocumentNode
  /** SHA-256 of its text in hex. */
  readonly hash: string
  readonly operation: OperationDefinitionNode
  readonly cost: { readonly requested: number; readonly limit: number }
  /** How many operations this counts for in the rates: a mutation is as many as it has root fields. */
  readonly points: number
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
  readonly hash: string
  /** What keeping it costs in memory, at most. */
  readonly bytes: number
  readonly plans: Map<OperationDefinitionNode, CostPlan>
}

/** Documents that have passed, by the hash of their text and in order of last use. Never holds more than its budget. */
export class DocumentCache {
  readonly #entries = new Map<string, Entry>()
  readonly #budget: number
  #bytes = 0

  constructor(budget = CACHED_BYTES) {
    this.#budget = budget
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#entries.size
  }

  /** Does not count as a use. */
  peek(hash: string): Entry | undefined {
    return this.#entries.get(hash)
  }

  get(hash: string): Entry | undefined {
    const known = this.#entries.get(hash)
    if (known === undefined) return undefined
    this.#entries.delete(hash)
    this.#entries.set(hash, known)
    return known
  }

  /** `text` is the document's own: long ones are not kept. */
  set(hash: string, text: string, entry: Entry): void {
    if (text.length > CACHED_CHARACTERS || entry.bytes > this.#budget || this.#entries.has(hash)) return
    this.#entries.set(hash, entry)
    this.#bytes += entry.bytes
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#budget) break
      this.#entries.delete(oldest)
      this.#bytes -= bytes
    }
  }
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

interface DocumentsOptions {
  schema: GraphQLSchema
  limits: Limits
  cache?: DocumentCache
}

export function createDocuments({ schema, limits, cache = new DocumentCache() }: DocumentsOptions): Documents {
  const read = (text: string): Entry | readonly GraphQLError[] => {
    const hash = createHash('sha256').update(text).digest('hex')
    const known = cache.get(hash)
    if (known !== undefined) return known
    const checked = check(schema, limits, text, hash)
    if ('document' in checked) cache.set(hash, text, checked)
    return checked
  }

  return {
    byHash: (hash) => cache.peek(hash)?.document,
    prepare({ query, operationName, variables }) {
      const entry = read(query)
      if (!('document' in entry)) return entry
      const { document, hash, plans } = entry
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
      const cost = { requested, limit: limits.cost }
      return { document, hash, operation, cost, points: countPoints(document, operation) }
    },
  }
}

/** The steps in order of what they cost, so that a document made to be expensive is refused by a cheap one. */
function check(schema: GraphQLSchema, limits: Limits, text: string, hash: string): Entry | readonly GraphQLError[] {
  try {
    const source = new Source(text)
    const tokens = countTokens(source, limits.tokens)
    if (typeof tokens !== 'number') return [tokens]
    const document = parse(source, { maxTokens: limits.tokens })
    const refused = checkShape(document, limits) ?? checkLiteralLists(document, limits.listInput)
    if (refused !== null) return [refused]
    const errors = validate(schema, document, specifiedRules, { maxErrors: VALIDATION_ERRORS })
    if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'))
    return { document, hash, bytes: tokens * TOKEN_BYTES + text.length * CHARACTER_BYTES, plans: new Map() }
  } catch (error) {
    if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')]
    // With a token limit raised by configuration, chains of fragments can still exhaust the stack of graphql-js.
    if (error instanceof RangeError) return [refusal('QUERY_TOO_DEEP', 'This document is nested too deeply.')]
    throw error
  }
}
