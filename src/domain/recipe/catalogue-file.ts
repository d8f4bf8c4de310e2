import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'

/** A file of `catalogue/`: its rows by the names of its columns, and what tells this state of it from others. */
export interface CatalogueFile {
  readonly rows: readonly Readonly<Record<string, string>>[]
  /** SHA-256, in hex. */
  readonly hash: string
}

/** Beside `src` as well as beside `dist`. */
const FOLDER = new URL('../../../catalogue/', import.meta.url)

export function readCatalogue(name: string): CatalogueFile {
  const content = readFileSync(new URL(`${name}.csv`, FOLDER))
  const rows = parse(content, { columns: true, comment: '#', comment_no_infix: true, trim: true }) as Record<
    string,
    string
  >[]
  return { rows, hash: createHash('sha256').update(content).digest('hex') }
}

/** `a|b|c`, empty for none. */
export const listOf = (cell: string | undefined): string[] => (cell ?? '').split('|').filter((part) => part !== '')
