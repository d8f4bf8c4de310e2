import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { newId, parseId, type Uuid } from '../../core/ids.ts'
import { type Currency, currencyOf, type Money, money } from '../../core/money.ts'
import type { Transaction } from '../../db/database.ts'
import { expenseCategories } from '../../db/tables/expense/category.ts'
import { expenses } from '../../db/tables/expense/expense.ts'
import type { Deps } from '../deps.ts'
import { readAmount, readCurrency, readDay } from '../import/cell.ts'
import { type ImportOptions, type ImportReader, type ImportRow, type Refusal, refusalOf } from '../import/rules.ts'
import { checkInput } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { createExpenseCategory } from './category.ts'
import { tellSummary } from './expense.ts'
import { findBooks } from './preference.ts'
import { amount, day, description, note, OTHERS } from './rules.ts'

/** For telling rows apart where nothing says a currency: no other has more digits. */
const FINEST = currencyOf('KWD')

const rowInput = z.object({ amount, date: day, description, note })

interface ReadExpense {
  readonly amount: Money
  readonly spentOn: string
  readonly description: string
  readonly note: string
  readonly category: string
}

/** @throws DomainError `INVALID_INPUT` whose last part of the path is the field. */
function readExpense(cells: ImportRow['cells'], options: ImportOptions, fallback: Currency): ReadExpense {
  const currency = readCurrency(cells.currency ?? '', options.currency ? currencyOf(options.currency) : fallback)
  const read = readAmount(cells.amount ?? '', currency, options)
  const signed = options.isNegated && read.amountMinor !== 0 ? money(-read.amountMinor, currency) : read
  const text = (cells.description ?? '').replace(/\s+/g, ' ')
  const checked = checkInput(
    rowInput,
    { amount: signed, date: readDay(cells.date ?? '', options.dateFormat), description: text, note: cells.note ?? '' },
    [],
  )
  const { date: spentOn, ...rest } = checked
  return { ...rest, spentOn, category: (cells.category ?? '').normalize('NFC') }
}

/** The member's own, and those that everybody has, by their names in lower case. */
async function categoriesOf(tx: Transaction, accountId: Uuid): Promise<Map<string, Uuid>> {
  const rows = await tx.orm
    .select({ id: expenseCategories.id, name: expenseCategories.name })
    .from(expenseCategories)
    .where(
      and(
        or(isNull(expenseCategories.accountId), eq(expenseCategories.accountId, accountId)),
        isNull(expenseCategories.archivedAt),
      ),
    )
  return new Map(rows.map(({ id, name }) => [name.toLowerCase(), id]))
}

/** Rows of our own export that are here still. */
async function findExported(tx: Transaction, accountId: Uuid, rows: readonly ImportRow[]): Promise<Set<Uuid>> {
  const ids = rows.flatMap(({ cells }) => {
    const parsed = parseId(cells.id ?? '')
    return parsed?.prefix === 'expense' ? [parsed.uuid] : []
  })
  if (ids.length === 0) return new Set()
  const found = await tx.orm
    .select({ id: expenses.id })
    .from(expenses)
    .where(and(eq(expenses.accountId, accountId), inArray(expenses.id, ids)))
  return new Set(found.map(({ id }) => id))
}

/** Books the rows of a file, each once: also when the file comes again, or another one with some of the same. */
export const expenseReader: ImportReader = {
  fields: {
    id: ['id'],
    date: ['date', 'spent on', 'day', 'booking date', 'transaction date', 'datum', 'buchungstag'],
    amount: ['amount', 'value', 'sum', 'total', 'betrag', 'umsatz'],
    currency: ['currency', 'währung'],
    category: ['category', 'kategorie'],
    description: ['description', 'text', 'payee', 'merchant', 'name', 'memo', 'verwendungszweck', 'empfänger'],
    note: ['note', 'notes', 'comment', 'notiz'],
  },
  required: ['date', 'amount', 'description'],
  rowsAtOnce: 500,
  ensureMay() {},
  keyOf(cells, options) {
    try {
      const { amount, spentOn, description, note, category } = readExpense(cells, options, FINEST)
      const currency =
        cells.currency === undefined || cells.currency === '' ? (options.currency ?? '') : amount.currency
      return JSON.stringify([spentOn, amount.amountMinor, currency, description, note, category.toLowerCase()])
    } catch {
      return null
    }
  },
  async take(deps: Deps, tx: Transaction, viewer: Viewer, rows, options) {
    const { accountId } = viewer
    const refusals: Refusal[] = []
    const { currency } = await findBooks(deps, tx, accountId)
    const categories = await categoriesOf(tx, accountId)
    const exported = await findExported(tx, accountId, rows)
    const nested: Deps = { ...deps, db: { ...deps.db, ...tx, transaction: (work) => work(tx) } }
    const categoryId = async (name: string): Promise<Uuid> => {
      if (name === '') return OTHERS
      const known = categories.get(name.toLowerCase())
      if (known !== undefined) return known
      if (!options.createCategories) throw invalidInput(['category'], 'There is no such category.')
      const made = await createExpenseCategory(nested, viewer, { name })
      categories.set(name.toLowerCase(), made)
      return made
    }
    const values: (typeof expenses.$inferInsert)[] = []
    for (const { line, cells, key } of rows) {
      if (exported.has(parseId(cells.id ?? '')?.uuid ?? '')) continue
      try {
        const { amount, category, ...rest } = readExpense(cells, options, currency)
        const filed = await categoryId(category)
        const source = { source: 'IMPORT' as const, importKey: key }
        values.push({ id: newId(), accountId, categoryId: filed, ...rest, ...amount, ...source })
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        for (const each of error.all) refusals.push(refusalOf(line, each))
      }
    }
    const kept =
      values.length === 0
        ? []
        : await tx.orm.insert(expenses).values(values).onConflictDoNothing().returning({ id: expenses.id })
    if (kept.length > 0) tellSummary(deps, tx, accountId)
    const known =
      values.length - kept.length + rows.filter(({ cells }) => exported.has(parseId(cells.id ?? '')?.uuid ?? '')).length
    return { kept: kept.length, known, refusals }
  },
}
