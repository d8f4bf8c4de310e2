import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'

/**
 * What an operation counts for in the rates: under fifty aliases one mutation writes fifty times, so each of its root
 * fields counts. Each fragment is counted once, however often it is spread, as in the shape of a document.
 */
export function countPoints(document: DocumentNode, { operation, selectionSet }: OperationDefinitionNode): number {
  if (operation !== OperationTypeNode.MUTATION) return 1
  const fragments = new Map<string, SelectionSetNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet)
  }
  const counted = new Map<string, number>()
  const count = (set: SelectionSetNode | undefined): number => {
    let fields = 0
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) fields++
      else if (selection.kind === Kind.INLINE_FRAGMENT) fields += count(selection.selectionSet)
      else {
        const name = selection.name.value
        const known = counted.get(name) ?? count(fragments.get(name))
        counted.set(name, known)
        fields += known
      }
    }
    return fields
  }
  return count(selectionSet)
}
