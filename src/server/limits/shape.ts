import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Limits } from '../../config.ts'
import { refusal } from './refusal.ts'

/**
 * The standard introspection query is 15 fields deep. Its depth is bounded by this number whatever the limit for
 * data is, and graphql-js's own rule keeps it from going round in circles through `fields` and `type`.
 */
const INTROSPECTION_DEPTH = 20
const INTROSPECTION_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type'])

/**
 * Two fields of one name in one place must be mergeable, and graphql-js compares each with each, sub-fields included.
 * A hundred fragments that all select `id` and `__typename` are just within this; three hundred took half a second.
 */
const COMPARISONS = 10_000

/** Counted with every fragment written out where it is spread, as the executor would meet it. */
interface Shape {
  depth: number
  introspectionDepth: number
  /** Fields that ask for the same thing once more: under another name, or repeated in one selection set. */
  aliases: number
  directives: number
  selections: number
  /** How often each name is selected in this place, fragments included. */
  names: Map<string, number>
  /** Pairs of fields that have the same name, in the places below this one. */
  comparisons: number
}

const emptyShape = (): Shape => ({
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  directives: 0,
  selections: 0,
  names: new Map(),
  comparisons: 0,
})

const comparisonsOf = ({ names, comparisons }: Shape): number => {
  let total = comparisons
  for (const count of names.values()) total += (count * (count - 1)) / 2
  return total
}

/**
 * Measured before validation, because some rules of graphql-js compare every field with every other. Each fragment is
 * measured once, however often it is spread: that keeps bombs of nested fragments linear.
 */
export function checkShape(document: DocumentNode, limits: Limits): GraphQLError | null {
  const fragments = new Map<string, FragmentDefinitionNode>()
  const operations: OperationDefinitionNode[] = []
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
  }
  const measured = new Map<string, Shape>()

  const ofFragment = (name: string): Shape => {
    const known = measured.get(name)
    if (known !== undefined) return known
    // A circle meets its own empty shape and ends; validation refuses it by name afterwards.
    measured.set(name, emptyShape())
    const fragment = fragments.get(name)
    if (fragment === undefined) return emptyShape()
    const shape = ofSelections(fragment.selectionSet)
    shape.directives += fragment.directives?.length ?? 0
    measured.set(name, shape)
    return shape
  }

  const ofSelections = (set: SelectionSetNode): Shape => {
    const total = emptyShape()
    const own = new Set<string>()
    const select = (name: string, count: number): void => {
      total.names.set(name, (total.names.get(name) ?? 0) + count)
    }
    for (const selection of set.selections) {
      const inner = ofSelection(selection)
      total.depth = Math.max(total.depth, inner.depth)
      total.introspectionDepth = Math.max(total.introspectionDepth, inner.introspectionDepth)
      total.aliases += inner.aliases
      total.directives += inner.directives + (selection.directives?.length ?? 0)
      total.selections += inner.selections + 1
      if (selection.kind !== Kind.FIELD) {
        total.comparisons += inner.comparisons
        for (const [name, count] of inner.names) select(name, count)
        continue
      }
      total.comparisons += comparisonsOf(inner)
      const name = selection.alias?.value ?? selection.name.value
      if (selection.alias !== undefined || own.has(name)) total.aliases++
      own.add(name)
      select(name, 1)
    }
    return total
  }

  const ofSelection = (selection: SelectionNode): Shape => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value)
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSelections(selection.selectionSet)
    const inner = selection.selectionSet === undefined ? emptyShape() : ofSelections(selection.selectionSet)
    if (!INTROSPECTION_FIELDS.has(selection.name.value)) return { ...inner, depth: inner.depth + 1 }
    return { ...inner, depth: 1, introspectionDepth: inner.depth + 1 }
  }

  for (const operation of operations) {
    const shape = ofSelections(operation.selectionSet)
    shape.directives += operation.directives?.length ?? 0
    for (const variable of operation.variableDefinitions ?? []) shape.directives += variable.directives?.length ?? 0
    const error = check(shape, limits)
    if (error !== null) return error
  }
  return null
}

function check(shape: Shape, limits: Limits): GraphQLError | null {
  if (shape.depth > limits.depth) {
    return refusal(
      'QUERY_TOO_DEEP',
      `A query may be at most ${limits.depth} fields deep; this one is ${shape.depth}.`,
      {
        depth: shape.depth,
        limit: limits.depth,
      },
    )
  }
  if (shape.introspectionDepth > INTROSPECTION_DEPTH) {
    return refusal('QUERY_TOO_DEEP', `Introspection may be at most ${INTROSPECTION_DEPTH} fields deep.`, {
      depth: shape.introspectionDepth,
      limit: INTROSPECTION_DEPTH,
    })
  }
  if (shape.aliases > limits.aliases) {
    return refusal('TOO_MANY_ALIASES', `A query may have at most ${limits.aliases} aliased or repeated fields.`, {
      limit: limits.aliases,
    })
  }
  if (shape.directives > limits.directives) {
    return refusal('TOO_MANY_DIRECTIVES', `A query may have at most ${limits.directives} directives.`, {
      limit: limits.directives,
    })
  }
  if (shape.selections > limits.cost) return tooComplex(shape.selections, limits.cost)
  if (comparisonsOf(shape) > COMPARISONS) {
    return refusal('QUERY_TOO_COMPLEX', 'This query selects the same fields in the same place too many times.', {
      limit: COMPARISONS,
    })
  }
  return null
}

export const tooComplex = (cost: number, limit: number): GraphQLError => {
  // What is beyond exact numbers is only ever compared, and Infinity would be null in JSON.
  const requested = Math.min(cost, Number.MAX_SAFE_INTEGER)
  return refusal(
    'QUERY_TOO_COMPLEX',
    `This query may ask for up to ${requested} nodes; the limit is ${limit}. Ask for smaller pages.`,
    { cost: requested, limit },
  )
}
