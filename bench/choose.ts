/**
 * The parts that are called by these names, in the order of the table; all of them without a name. Names that no part has
 * are answered with those that there are, and nothing is measured: a misspelt one would look like a bench that is kept.
 */
export function chooseParts<Part extends readonly [name: string, ...rest: unknown[]]>(
  parts: readonly Part[],
  names: readonly string[],
): readonly Part[] | { readonly unknown: string } {
  const known = [...new Set(parts.map(([name]) => name))]
  const strangers = names.filter((name) => !known.includes(name))
  if (strangers.length > 0) {
    return { unknown: `There is no part ${strangers.join(', ')} of the bench. There are: ${known.join(', ')}.` }
  }
  return names.length === 0 ? parts : parts.filter(([name]) => names.includes(name))
}
