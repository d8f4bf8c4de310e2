import type { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import type { importKind, importStatus } from '../../db/tables/import.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'

export type ImportKind = (typeof importKind.enumValues)[number]
export type ImportStatus = (typeof importStatus.enumValues)[number]

export const importLifecycle = lifecycle<ImportStatus>('import', {
  PENDING: ['RUNNING', 'FAILED'],
  RUNNING: ['DONE', 'FAILED'],
  DONE: [],
  FAILED: [],
})

/**
 * Encodings of one byte, or of some, that tables come in which are not in Unicode, by the names that the Encoding Standard has
 * for them. ISO 8859-1 is read as Windows-1252, as it is meant everywhere.
 */
export const TABLE_ENCODINGS = {
  WINDOWS_1250: 'windows-1250',
  WINDOWS_1251: 'windows-1251',
  WINDOWS_1252: 'windows-1252',
  WINDOWS_1253: 'windows-1253',
  WINDOWS_1254: 'windows-1254',
  WINDOWS_1255: 'windows-1255',
  WINDOWS_1256: 'windows-1256',
  WINDOWS_1257: 'windows-1257',
  WINDOWS_1258: 'windows-1258',
  WINDOWS_874: 'windows-874',
  ISO_8859_2: 'iso-8859-2',
  ISO_8859_15: 'iso-8859-15',
  MACINTOSH: 'macintosh',
  KOI8_R: 'koi8-r',
  SHIFT_JIS: 'shift_jis',
  EUC_JP: 'euc-jp',
  EUC_KR: 'euc-kr',
  GB18030: 'gb18030',
  BIG5: 'big5',
} as const
export type TableEncoding = keyof typeof TABLE_ENCODINGS

export const MAX_ROWS = 100_000
export const MAX_REFUSALS = 1_000

/** Which column of the file holds what; a name for each that is not called as one would guess. */
export interface ImportOptions {
  readonly delimiter?: string | null | undefined
  readonly columns?: Readonly<Record<string, string | null | undefined>> | undefined
  readonly dateFormat: 'ISO' | 'DMY' | 'MDY'
  readonly decimalComma: boolean
  readonly isNegated: boolean
  readonly currency?: string | null | undefined
  /** That of the sender's sums when the import began, for rows without one. */
  readonly fallbackCurrency?: string | undefined
  readonly createCategories: boolean
  /** Of a file that is not in Unicode. */
  readonly encoding?: TableEncoding | null | undefined
}

export interface ImportRow {
  /** Where it ends in the file, counted from 1. */
  readonly line: number
  /** Cells by what they hold, as {@link ImportReader.fields} calls them. */
  readonly cells: Readonly<Record<string, string>>
  /** As {@link ImportReader.keyOf} says it, with how many rows above are the same; null where it has none. */
  readonly key: string | null
}

export interface Refusal {
  readonly line: number
  /** What the file calls the column; empty for the row as a whole. */
  readonly column: string
  readonly message: string
}

export interface Outcome {
  readonly kept: number
  readonly known: number
  readonly refusals: readonly Refusal[]
}

/** How a room takes in rows. Everything runs in the transaction that counts the batch. */
export interface ImportReader {
  /** What a column can hold, and how it may be called. */
  readonly fields: Readonly<Record<string, readonly string[]>>
  readonly required: readonly string[]
  /** Columns beyond the known ones are fields too, under their own names. */
  readonly isOpen?: true
  readonly rowsAtOnce: number
  /** The options with what they leave to the sender's settings, as those are when the import begins. */
  settle?(deps: Deps, db: Executor, accountId: Uuid, options: ImportOptions): Promise<ImportOptions>
  /** What makes a row the same as another one, however it is written; null where that does not matter. */
  keyOf?(cells: ImportRow['cells'], options: ImportOptions): string | null
  /** @throws DomainError `FORBIDDEN`. */
  ensureMay(viewer: Viewer): void
  take(
    deps: Deps,
    tx: Transaction,
    viewer: Viewer,
    rows: readonly ImportRow[],
    options: ImportOptions,
    source: { readonly importId: Uuid; readonly filename: string },
  ): Promise<Outcome>
}

export const refusalOf = (line: number, error: DomainError, column = ''): Refusal => ({
  line,
  column: column === '' ? (error.argument.at(-1) ?? '') : column,
  message: error.message.slice(0, 300),
})
