import { sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'

/** A text that names more members than this calls out to a crowd, and nobody of it in particular. */
export const MAX_MENTIONS = 10

/** Code between backticks, on one line or several; what is quoted there calls nobody. */
const CODE = /(`+)[\s\S]*?\1/g
/** Not within a word: `ada@example.com` is an address. */
const MENTION = /(?<![\p{L}\p{N}@/.-])@([a-z0-9][a-z0-9_-]{1,28}[a-z0-9])(?![\p{L}\p{N}@])/giu

/** The handles after an `@` in a text (Markdown), each once, the first `MAX_MENTIONS`. */
export function mentionedHandles(text: string): string[] {
  const handles = [...text.replace(CODE, ' ').matchAll(MENTION)].map(([, handle = '']) => handle.toLowerCase())
  return [...new Set(handles)].slice(0, MAX_MENTIONS)
}

const byHandles = statement<{ id: Uuid }>(
  sql`select id as "id" from accounts where handle = any(${sql.placeholder('handles')}::text::text[])`,
)

/** The members whom a text names. */
export async function findMentioned(db: Executor, text: string): Promise<Uuid[]> {
  const handles = mentionedHandles(text)
  if (handles.length === 0) return []
  return (await byHandles.run(db, { handles: pgArray(handles) })).map(({ id }) => id)
}
