import { exchangeRateReader } from '../exchange-rate/import.ts'
import { expenseReader } from '../expense/import.ts'
import { productReader } from '../shop/import.ts'
import type { ImportKind, ImportReader } from './rules.ts'

/** What can be taken in from a table. A room that takes in more adds its reader here. */
export const IMPORT_READERS: Readonly<Record<ImportKind, ImportReader>> = {
  EXPENSES: expenseReader,
  PRODUCTS: productReader,
  EXCHANGE_RATES: exchangeRateReader,
}
