import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'

/** Numbers that decide everything; fast-check makes them and shrinks them. */
export type Choices = readonly number[]

export interface RandomOperation {
  query: string
  variables: Record<string, unknown>
  type: 'query' | 'mutation' | 'subscription'
}

export interface Vocabulary {
  /** By the name of the scalar: what clients may send, sensible and not. */
  readonly scalars: Readonly<Record<string, readonly unknown[]>>
  /** Values for arguments and input fields of this name, chosen as often as those of the type. */
  readonly named: Readonly<Record<string, readonly unknown[]>>
  /** Root fields to leave out. */
  readonly without: ReadonlySet<string>
}

const MAX_LEVEL = 4
type Field = GraphQLField<unknown, unknown>

/** An operation that is valid for the schema, made of choices: the same ones make the same operation. */
export function randomOperation(schema: GraphQLSchema, vocabulary: Vocabulary, choices: Choices): RandomOperation {
  let used = 0
  /** 0 once the choices are used up, so that everything ends. */
  const choose = (from: number): number => (choices[used++] ?? 0) % from
  const pick = <T>(list: readonly T[]): T => list[choose(list.length)] as T
  const chance = (percent: number): boolean => choose(100) >= 100 - percent
  const variables: Record<string, unknown> = {}
  const declarations: string[] = []
  let aliases = 0

  const value = (type: GraphQLInputType, name: string): unknown => {
    const nullable = getNullableType(type)
    if (nullable === type && chance(8)) return null
    if (isListType(nullable)) return Array.from({ length: choose(4) }, () => value(nullable.ofType, name))
    if (isInputObjectType(nullable)) return input(Object.values(nullable.getFields()))
    if (isEnumType(nullable)) return pick(nullable.getValues()).name
    const named = vocabulary.named[name]
    return pick(named !== undefined && chance(60) ? named : (vocabulary.scalars[nullable.name] ?? ['']))
  }
  const input = (fields: readonly GraphQLInputField[]): Record<string, unknown> =>
    Object.fromEntries(
      fields
        .filter((field) => isRequiredInputField(field) || chance(50))
        .map((field) => [field.name, value(field.type, field.name)]),
    )

  const literal = (given: unknown, type: GraphQLInputType): string => {
    const nullable = getNullableType(type)
    if (given === null) return 'null'
    if (isListType(nullable))
      return `[${(given as unknown[]).map((each) => literal(each, nullable.ofType)).join(', ')}]`
    if (isInputObjectType(nullable)) {
      const fields = nullable.getFields()
      const entries = Object.entries(given as object).map(([name, each]) => {
        const field = fields[name]
        return field === undefined ? '' : `${name}: ${literal(each, field.type)}`
      })
      return `{ ${entries.join(', ')} }`
    }
    return isEnumType(nullable) ? String(given) : JSON.stringify(given)
  }

  const argument = ({ name, type }: GraphQLArgument): string => {
    const given = value(type, name)
    if (chance(50)) return `${name}: ${literal(given, type)}`
    const variable = `v${declarations.length}`
    declarations.push(`$${variable}: ${type}`)
    variables[variable] = given
    return `${name}: $${variable}`
  }

  const fieldText = (field: Field, level: number): string => {
    const args = field.args.filter((each) => isRequiredArgument(each) || chance(35)).map(argument)
    const alias = `a${aliases++}: `
    const type = getNamedType(field.type)
    const below = isCompositeType(type) ? ` ${selection(type, level + 1)}` : ''
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${below}`
  }

  const selection = (type: GraphQLNamedOutputType, level: number): string => {
    if (!('getFields' in type)) return '{ __typename }'
    const fields = Object.values(type.getFields() as Record<string, Field>).filter(
      (field) => level < MAX_LEVEL || !isCompositeType(getNamedType(field.type)),
    )
    const parts = ['__typename']
    for (let left = 1 + choose(4); left > 0 && fields.length > 0; left--) parts.push(fieldText(pick(fields), level))
    if (!isObjectType(type) && level < MAX_LEVEL && chance(80)) {
      const possible = pick(schema.getPossibleTypes(type as Parameters<GraphQLSchema['getPossibleTypes']>[0]))
      parts.push(`... on ${possible.name} ${selection(possible, level)}`)
    }
    return `{ ${parts.join(' ')} }`
  }

  const type = chance(45) ? 'mutation' : 'query'
  const root = type === 'mutation' ? schema.getMutationType() : schema.getQueryType()
  const fields = Object.values(root?.getFields() ?? {}).filter(({ name }) => !vocabulary.without.has(name))
  const parts = Array.from({ length: 1 + choose(3) }, () => fieldText(pick(fields), 0))
  const declared = declarations.length > 0 ? `(${declarations.join(', ')})` : ''
  return { type, query: `${type} Random${declared} { ${parts.join(' ')} }`, variables }
}
