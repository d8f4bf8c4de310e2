import { Field, ID, InputType, Int } from 'type-graphql'
import type {
  TableEncoding as EncodingName,
  ImportOptions,
  ImportKind as KindName,
  ImportStatus as StatusName,
} from '../domain/import/rules.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { KEY } from './expense/expense.ts'
import { Currency } from './money.ts'
import { Node } from './node.ts'
import { GraphObject } from './object.ts'
import { DateTime } from './scalars.ts'
import { payloadOf } from './user-error.ts'

export const ImportKind = enumOf<KindName>('ImportKind', 'What is taken in.', {
  EXPENSES: 'The viewer’s expenses.',
  PRODUCTS: 'Products, variants, prices and stock of the shop; for staff.',
  EXCHANGE_RATES: 'A table of the European Central Bank; for staff.',
})

export const ImportStatus = enumOf<StatusName>('ImportStatus', 'How far an import is.', {
  PENDING: 'It waits.',
  RUNNING: 'It runs. Where its server is killed, it goes on behind the last rows that were kept.',
  DONE: 'All rows are kept, known or refused.',
  FAILED: 'The file as a whole cannot be read; `problem` says why. Rows that were kept stay.',
})

export const ImportDateFormat = enumOf<ImportOptions['dateFormat']>('ImportDateFormat', 'How dates are written.', {
  ISO: '2025-04-24. With dots it is always the day first: 24.4.2025.',
  DMY: '24/04/2025',
  MDY: '04/24/2025',
})

export const TableEncoding = enumOf<EncodingName>(
  'TableEncoding',
  'How a file is encoded that is not in Unicode. UTF-8, and UTF-16 with a byte order mark, are found out.',
  {
    WINDOWS_1250: 'Central Europe: Czech, Hungarian, Polish, …',
    WINDOWS_1251: 'Cyrillic.',
    WINDOWS_1252: 'Western Europe and America; ISO 8859-1 too.',
    WINDOWS_1253: 'Greek.',
    WINDOWS_1254: 'Turkish.',
    WINDOWS_1255: 'Hebrew.',
    WINDOWS_1256: 'Arabic.',
    WINDOWS_1257: 'Baltic.',
    WINDOWS_1258: 'Vietnamese.',
    WINDOWS_874: 'Thai.',
    ISO_8859_2: 'Central Europe, of Unix.',
    ISO_8859_15: 'Western Europe with the euro, of Unix.',
    MACINTOSH: 'Western, of old Macs.',
    KOI8_R: 'Russian, of Unix.',
    SHIFT_JIS: 'Japanese, of Windows.',
    EUC_JP: 'Japanese, of Unix.',
    EUC_KR: 'Korean.',
    GB18030: 'Chinese, simplified; GBK and GB 2312 too.',
    BIG5: 'Chinese, traditional.',
  },
)

@GraphObject('Why a row was refused.')
export class ImportRefusal {
  @Field(() => Int, { description: 'Where the row ends in the file, counted from 1.' })
  line: number

  @Field(() => String, { description: 'What was wrong with; empty for the row as a whole.' })
  column: string

  @Field(() => String)
  message: string
}

export const { Connection: ImportRefusalConnection } = connectionOf(ImportRefusal)

@GraphObject('A file whose rows are taken in, live: see `importUpdated`.', [Node])
export class Import extends Node {
  @Field(() => ImportKind)
  kind: KindName

  @Field(() => ImportStatus)
  status: StatusName

  @Field(() => String)
  filename: string

  @Field(() => Int, { description: 'Rows that are dealt with so far: kept, known or refused.' })
  rowsRead: number

  @Field(() => Int)
  rowsKept: number

  @Field(() => Int, { description: 'Rows that were here already, from this file or another one.' })
  rowsKnown: number

  @Field(() => Int)
  rowsRefused: number

  @Field(() => String, { nullable: true, description: 'Why the file as a whole could not be read.' })
  problem: string | null

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime, { nullable: true })
  finishedAt: string | null
}

export const { Connection: ImportConnection } = connectionOf(Import)

@InputType({
  description: 'Which column holds what, by the names in the first row of the file. What is left out is guessed.',
})
export class ExpenseColumnsInput {
  @Field(() => String, { nullable: true })
  date?: string | null

  @Field(() => String, { nullable: true })
  amount?: string | null

  @Field(() => String, { nullable: true })
  currency?: string | null

  @Field(() => String, { nullable: true })
  category?: string | null

  @Field(() => String, { nullable: true })
  description?: string | null

  @Field(() => String, { nullable: true })
  note?: string | null
}

@InputType()
export class ImportInput {
  @Field(() => ID, { description: 'An upload for IMPORT: `POST /uploads?use=IMPORT`, a table of text.' })
  uploadId: string

  @Field(() => TableEncoding, {
    nullable: true,
    description:
      'Only looked at where the file is not in Unicode: then it has to be told, because nobody can tell Latin from Greek letters by their bytes.',
  })
  encoding?: EncodingName | null

  @Field(() => String, {
    nullable: true,
    description: 'What stands between cells; guessed from the first row unless told.',
  })
  delimiter?: string | null

  @Field(() => Boolean, { defaultValue: false, description: 'Amounts are written 1.234,50 and not 1,234.50.' })
  decimalComma: boolean

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class ImportExpensesInput extends ImportInput {
  @Field(() => ExpenseColumnsInput, { nullable: true })
  columns?: ExpenseColumnsInput | null

  @Field(() => ImportDateFormat, { defaultValue: 'ISO' })
  dateFormat: ImportOptions['dateFormat']

  @Field(() => Boolean, { defaultValue: false, description: 'What was spent is below zero, as banks write it.' })
  isNegated: boolean

  @Field(() => Currency, { nullable: true, description: 'Of rows without one; that of the viewer’s sums unless told.' })
  currency?: string | null

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Categories that are missing are made; else their rows are refused.',
  })
  createCategories: boolean
}

const started = () => Import

export const ImportExpensesPayload = payloadOf('ImportExpensesPayload', 'import', started, 'It waits, or runs.')
export const ImportProductsPayload = payloadOf('ImportProductsPayload', 'import', started, 'It waits, or runs.')
export const ImportExchangeRatesPayload = payloadOf(
  'ImportExchangeRatesPayload',
  'import',
  started,
  'It waits, or runs.',
)
