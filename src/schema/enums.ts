import { registerEnumType } from 'type-graphql'

/**
 * A GraphQL enum from the values that the database knows, each with its meaning: the description map must name every
 * value, so a new one cannot be forgotten here.
 */
export function enumOf<const Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): { readonly [V in Value]: V } {
  const object = Object.fromEntries(Object.keys(values).map((value) => [value, value])) as { [V in Value]: V }
  const valuesConfig = Object.fromEntries(
    Object.entries(values).map(([value, text]) => [value, { description: text as string }]),
  ) as { [V in Value]: { description: string } }
  registerEnumType(object, { name, description, valuesConfig })
  return object
}
