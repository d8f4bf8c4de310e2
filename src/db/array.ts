import { makePgArray } from 'drizzle-orm/pg-core/utils'

/** A Postgres array literal, for `= any($1)`: the text of a statement then stays the same for every length. */
export const pgArray = (values: readonly string[]): string => makePgArray([...values])

/**
 * Reads a one-dimensional array as Postgres prints it (manual, 8.15.6). drizzle's own reader loses backslashes, so
 * the pool hands drizzle arrays that are read already.
 */
export function parseArray<Element>(literal: string, parseElement: (text: string) => Element): (Element | null)[] {
  const elements: (Element | null)[] = []
  let at = 1
  while (at < literal.length - 1) {
    let text = ''
    if (literal[at] === '"') {
      for (at += 1; literal[at] !== '"'; at += 1) {
        if (literal[at] === '\\') at += 1
        text += literal[at]
      }
      elements.push(parseElement(text))
      at += 2
      continue
    }
    for (; at < literal.length - 1 && literal[at] !== ','; at += 1) text += literal[at]
    elements.push(text === 'NULL' ? null : parseElement(text))
    at += 1
  }
  return elements
}
