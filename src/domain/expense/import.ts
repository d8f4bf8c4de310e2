import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { newId, parseId, type Uuid } from '../../core/ids.ts'
import { currencyOf, exponentOf, type Money, money } from '../../core/money.ts'
import { pgArray } from '../../db/array.ts'
import type { Transaction } from '../../db/database.ts'
import { expenseCategories } from '../../db/tables/expense/category.ts'
import { expenses } from '../../db/tables/expense/expense.ts'
import { type Deps, within } from '../deps.ts'
import { readAmount, readCurrency, readDay } from '../import/cell.ts'
import { type ImportOptions, type ImportReader, type ImportRow, type Refusal, refusalOf } from '../import/rules.ts'
import { hashOf } from '../import/table.ts'
import { checkInput } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { createExpenseCategory } from './category.ts'
import { tellSummary } from './expense.ts'
import { DEFAULT_CURRENCY, findBooks } from './preference.ts'
import { amount, day, description, note, OTHERS } from './rules.ts'

const rowInput = z.object({ amount, date: day, description, note })

interface ReadExpense {
  readonly amount: Money
  readonly spentOn: string
  readonly description: string
  readonly note: string
  readonly category: string
}

/** What was read for telling rows apart is booked afterwards: reading takes most of the time of an import. */
const read = new WeakMap<ImportRow['cells'], ReadExpense>()

/** @throws DomainError `INVALID_INPUT` whose last part of the path is the field. */
function readExpense(cells: ImportRow['cells'], options: ImportOptions): ReadExpense {
  const known = read.get(cells)
  if (known !== undefined) return known
  const unsaid = options.currency ?? options.fallbackCurrency ?? DEFAULT_CURRENCY
  const currency = readCurrency(cells.currency ?? '', currencyOf(unsaid))
  const asWritten = readAmount(cells.amount ?? '', currency, options)
  const signed = options.isNegated && asWritten.amountMinor !== 0 ? money(-asWritten.amountMinor, currency) : asWritten
  const text = (cells.description ?? '').replace(/\s+/g, ' ')
  const checked = checkInput(
    rowInput,
    { amount: signed, date: readDay(cells.date ?? '', options.dateFormat), description: text, note: cells.note ?? '' },
    [],
  )
  const { date: spentOn, ...rest } = checked
  const expense = { ...rest, spentOn, category: (cells.category ?? '').normalize('NFC') }
  read.set(cells, expense)
  return expense
}

/** With the currency, or, where neither the row nor who sent it has named one, in thousandths without it. */
function keyText({ amount, spentOn, description, note, category }: ReadExpense, isNamed: boolean): string {
  const minor = isNamed ? amount.amountMinor : amount.amountMinor * 10 ** (3 - exponentOf(amount.currency))
  return JSON.stringify([spentOn, minor, isNamed ? amount.currency : '', description, note, category.toLowerCase()])
}

const isNamed = (cells: ImportRow['cells'], options: ImportOptions): boolean =>
  (cells.currency ?? '') !== '' || options.currency != null

/**
 * How the row would be known had its currency been named and was not, or the other way round: the same file may come once with the
 * currency told and once without.
 */
const otherKey = ({ cells, key }: ImportRow, options: ImportOptions, expense: ReadExpense): string | null =>
  key && `${hashOf(keyText(expense, !isNamed(cells, options)))}:${key.split(':')[1]}`

interface OwnCategory {
  readonly id: Uuid
  readonly isArchived: boolean
}

/** The member's own, and those that everybody has, by their names in lower case. */
async function categoriesOf(tx: Transaction, accountId: Uuid): Promise<Map<string, OwnCategory>> {
  const rows = await tx.orm
    .select({ id: expenseCategories.id, name: expenseCategories.name, archivedAt: expenseCategories.archivedAt })
    .from(expenseCategories)
    .where(or(isNull(expenseCategories.accountId), eq(expenseCategories.accountId, accountId)))
  return new Map(rows.map(({ id, name, archivedAt }) => [name.toLowerCase(), { id, isArchived: archivedAt !== null }]))
}

/** Which of these keys rows were booked under, with the currency of those. */
async function findBooked(tx: Transaction, accountId: Uuid, keys: readonly string[]): Promise<Map<string, string>> {
  const found = await tx.query<{ key: string; currency: string }>(
    `select e.import_key as key, e.currency from unnest($2::text[]) wanted(key)
       join expenses e on e.account_id = $1 and e.import_key = wanted.key`,
    [accountId, pgArray(keys)],
  )
  return new Map(found.map(({ key, currency }) => [key, currency]))
}

/** Makes a category for a row. @throws DomainError that names the column. */
async function makeCategory(deps: Deps, tx: Transaction, viewer: Viewer, name: string): Promise<Uuid> {
  try {
    return await createExpenseCategory(within(deps, tx), viewer, { name })
  } catch (error) {
    if (error instanceof DomainError) throw new DomainError(error.code, error.message, ['category'], error.details)
    throw error
  }
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
    date: ['date', 'spent on', 'day', 'booking date', 'transaction date', 'datum', 'buchungstag', 'buchungsdatum'],
    amount: [
      ...['amount', 'value', 'sum', 'total', 'betrag', 'umsatz'],
      // Of tables with one column for what goes out and one for what comes in; rows of the latter are refused.
      ...['outflow', 'debit', 'debit amount', 'paid out', 'money out', 'withdrawal', 'soll'],
    ],
    currency: ['currency', 'währung'],
    category: ['category', 'kategorie'],
    description: ['description', 'text', 'payee', 'merchant', 'name', 'memo', 'verwendungszweck', 'empfänger'],
    note: ['note', 'notes', 'comment', 'notiz'],
  },
  required: ['date', 'amount', 'description'],
  rowsAtOnce: 500,
  ensureMay() {},
  async settle(deps, db, accountId, options) {
    if (options.fallbackCurrency !== undefined) return options
    return { ...options, fallbackCurrency: (await findBooks(deps, db, accountId)).currency }
  },
  keyOf(cells, options) {
    try {
      return keyText(readExpense(cells, options), isNamed(cells, options))
    } catch {
      return null
    }
  },
  async take(deps: Deps, tx: Transaction, viewer: Viewer, rows, options) {
    const { accountId } = viewer
    const refusals: Refusal[] = []
    const categories = await categoriesOf(tx, accountId)
    const exported = await findExported(tx, accountId, rows)
    const categoryId = async (name: string): Promise<Uuid> => {
      if (name === '') return OTHERS
      const known = categories.get(name.toLowerCase())
      if (known?.isArchived) throw invalidInput(['category'], 'This category is in the archive. Take it out again.')
      if (known !== undefined) return known.id
      if (!options.createCategories) throw invalidInput(['category'], 'There is no such category.')
      const id = await makeCategory(deps, tx, viewer, name)
      categories.set(name.toLowerCase(), { id, isArchived: false })
      return id
    }
    const isExported = ({ cells }: ImportRow): boolean => exported.has(parseId(cells.id ?? '')?.uuid ?? '')
    const readable: { row: ImportRow; expense: ReadExpense; other: string | null }[] = []
    for (const row of rows) {
      if (isExported(row)) continue
      try {
        const expense = readExpense(row.cells, options)
        readable.push({ row, expense, other: otherKey(row, options, expense) })
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        for (const each of error.all) refusals.push(refusalOf(row.line, each))
      }
    }
    const otherKeys = readable.flatMap(({ other }) => other ?? [])
    const booked = await findBooked(tx, accountId, otherKeys)
    const values: (typeof expenses.$inferInsert)[] = []
    let known = rows.filter(isExported).length
    for (const { row, expense, other } of readable) {
      const { amount, category, ...rest } = expense
      if (other !== null && booked.get(other) === amount.currency) {
        known += 1
        continue
      }
      try {
        const filed = await categoryId(category)
        const source = { source: 'IMPORT' as const, importKey: row.key }
        values.push({ id: newId(), accountId, categoryId: filed, ...rest, ...amount, ...source })
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        for (const each of error.all) refusals.push(refusalOf(row.line, each))
      }
    }
    const kept =
      values.length === 0
        ? []
        : await tx.orm.insert(expenses).values(values).onConflictDoNothing().returning({ id: expenses.id })
    if (kept.length > 0) tellSummary(deps, tx, accountId)
    return { kept: kept.length, known: known + values.length - kept.length, refusals }
  },
}
