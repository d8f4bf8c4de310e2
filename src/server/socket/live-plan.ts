import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { DEPENDS_ON_VIEWER } from '../../schema/viewer.ts'

/** The argument of a stream's field that says where it begins. */
const CURSOR_ARGUMENT = 'after'

/** What must be known of a subscription before it is shared. */
export interface LivePlan {
  /** It selects a field that depends on the viewer, on some type that can turn up. */
  readonly dependsOnViewer: boolean
  /** The variable that only says where a stream begins: subscribers share what they hear, wherever each of them began. */
  readonly cursorVariable: string | null
  /** The one field at the root. */
  readonly field: FieldNode
}

const plans = new WeakMap<OperationDefinitionNode, LivePlan>()

/** The document must be valid. */
export function planLive(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): LivePlan {
  const known = plans.get(operation)
  if (known !== undefined) return known
  const field = rootField(document, operation.selectionSet)
  if (field === undefined) throw new Error('A subscription without a field is not valid')
  const plan = {
    field,
    dependsOnViewer: dependsOnViewer(schema, document, operation),
    cursorVariable: findCursorVariable(document, field),
  }
  plans.set(operation, plan)
  return plan
}

function rootField(document: DocumentNode, { selections }: SelectionSetNode): FieldNode | undefined {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) return selection
    const inside =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : document.definitions.find(
            (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
          )
    const set = inside !== undefined && 'selectionSet' in inside ? inside.selectionSet : inside
    const found = set === undefined || !('selections' in set) ? undefined : rootField(document, set)
    if (found !== undefined) return found
  }
  return undefined
}

/** Fragments count even where only another operation spreads them, and `@skip` is not looked at. */
function dependsOnViewer(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const types = new TypeInfo(schema)
  let found = false
  const isMarked = (typeName: string, fieldName: string): boolean => {
    const type = schema.getType(typeName)
    return isObjectType(type) && type.getFields()[fieldName]?.extensions[DEPENDS_ON_VIEWER] === true
  }
  visit(
    document,
    visitWithTypeInfo(types, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      Field({ name }) {
        const parent = types.getParentType()
        found ||= types.getFieldDef()?.extensions[DEPENDS_ON_VIEWER] === true
        if (parent && isAbstractType(parent)) {
          found ||= schema.getPossibleTypes(parent).some((type) => isMarked(type.name, name.value))
        }
      },
    }),
  )
  return found
}

function findCursorVariable(document: DocumentNode, field: FieldNode): string | null {
  const value = field.arguments?.find(({ name }) => name.value === CURSOR_ARGUMENT)?.value
  if (value?.kind !== Kind.VARIABLE) return null
  let uses = 0
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      if (name.value === value.name.value) uses++
    },
  })
  // Used for something else as well, it says more than where to begin.
  return uses === 1 ? value.name.value : null
}
