import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { COST, type DeclaredCost } from '../../schema/cost.ts'

/** As the connections of the graph do it when neither `first` nor `last` is given. */
const DEFAULT_PAGE_SIZE = 20
/** The schema is large but always the same: a document may ask for it ten times. */
const INTROSPECTION_SHARE = 10
/** What a connection is made of besides its nodes. */
const PLUMBING = /(?:Connection|Edge|^PageInfo)$/

export type Variables = Readonly<Record<string, unknown>>
/** Depends on the variables only where a page size is one. */
type Cost = number | ((variables: Variables) => number)

const evaluate = (cost: Cost, variables: Variables): number => (typeof cost === 'number' ? cost : cost(variables))

function combine(left: Cost, right: Cost, operation: (left: number, right: number) => number): Cost {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right)
  return (variables) => operation(evaluate(left, variables), evaluate(right, variables))
}

const sum = (left: number, right: number): number => left + right
/** A page costs its size even when nothing but its `cursor` or `totalCount` is selected. */
const pages = (size: number, perItem: number): number => size * Math.max(1, perItem)

export interface CostPlan {
  /** How many nodes the operation may ask for at most. */
  cost(variables: Variables): number
}

/**
 * Every object counts 1 unless its field declares another cost (`schema/cost`), what stands in a connection is multiplied by its `first` or `last`, scalars without
 * arguments are free.
 * Fragments for several types are added up and `@skip` is not looked at, so the number is an upper bound. The document must be valid and within the limits of its shape, which
 * bound the work here to the number of selections.
 */
export function planCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  costLimit: number,
): CostPlan {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const planned = new Map<string, Cost>()
  const introspection = Math.ceil(costLimit / INTROSPECTION_SHARE)

  const ofFragment = (name: string): Cost => {
    const known = planned.get(name)
    if (known !== undefined) return known
    const fragment = fragments.get(name)
    if (fragment === undefined) return 0
    const cost = ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value))
    planned.set(name, cost)
    return cost
  }

  const ofSelections = (set: SelectionSetNode | undefined, type: GraphQLNamedType | undefined): Cost => {
    let total: Cost = 0
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        total = combine(total, ofFragment(selection.name.value), sum)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition
        const inner = condition === undefined ? type : schema.getType(condition.name.value)
        total = combine(total, ofSelections(selection.selectionSet, inner), sum)
      } else {
        total = combine(total, ofField(selection, type), sum)
      }
    }
    return total
  }

  const ofField = (node: FieldNode, type: GraphQLNamedType | undefined): Cost => {
    const name = node.name.value
    if (name === '__schema' || name === '__type') return introspection
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined
    if (field === undefined) return 0
    const result = getNamedType(field.type)
    const declared = field.extensions[COST] as DeclaredCost | undefined
    const own = declared?.own ?? ownCost(field, result)
    const perItem = combine(own, ofSelections(node.selectionSet, result), sum)
    const size = declaredSize(declared, node) ?? pageSize(field, node, operation)
    return size === null ? perItem : combine(size, perItem, pages)
  }

  const total = ofSelections(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined)
  return { cost: (variables) => Math.min(evaluate(total, variables), Number.MAX_SAFE_INTEGER) }
}

function pageSize(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  operation: OperationDefinitionNode,
): Cost | null {
  if (!field.args.some((argument) => argument.name === 'first' || argument.name === 'last')) return null
  let size: Cost | null = null
  for (const argument of node.arguments ?? []) {
    if (argument.name.value !== 'first' && argument.name.value !== 'last') continue
    const given = sizeOf(argument.value, operation)
    if (given !== null) size = size === null ? given : combine(size, given, Math.max)
  }
  return size ?? DEFAULT_PAGE_SIZE
}

/** A scalar with arguments is computed for each row and under each alias; one without is read off the row. */
function ownCost(field: GraphQLField<unknown, unknown>, result: GraphQLNamedType): number {
  if (isLeafType(result)) return field.args.length > 0 ? 1 : 0
  return PLUMBING.test(result.name) ? 0 : 1
}

function declaredSize(declared: DeclaredCost | undefined, node: FieldNode): Cost | null {
  if (declared?.perItemOf !== undefined) return listSize(declared.perItemOf, node)
  return declared?.atMost ?? null
}

/** How many values the list argument `name` holds. Its variables are known only when the operation runs. */
function listSize(name: string, node: FieldNode): Cost {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value
  if (value?.kind === Kind.LIST) return Math.max(value.values.length, 1)
  if (value?.kind !== Kind.VARIABLE) return 1
  const variable = value.name.value
  return (variables) => {
    const given = variables[variable]
    return Array.isArray(given) ? Math.max(given.length, 1) : 1
  }
}

function sizeOf(value: ValueNode, operation: OperationDefinitionNode): Cost | null {
  if (value.kind === Kind.INT) return asSize(Number(value.value))
  if (value.kind !== Kind.VARIABLE) return null
  const name = value.name.value
  const definition = operation.variableDefinitions?.find((candidate) => candidate.variable.name.value === name)
  const preset = definition?.defaultValue
  const fallback = preset?.kind === Kind.INT ? asSize(Number(preset.value)) : DEFAULT_PAGE_SIZE
  return (variables) => {
    const given = variables[name]
    return typeof given === 'number' ? asSize(given) : fallback
  }
}

/** Sizes below 1 are refused by the connection itself; here they must not make the rest of the query free. */
const asSize = (given: number): number => Math.max(given, 1)
