import { type SQL, sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { selectColumns } from '../../relation.ts'
import {
  changeOrder,
  type ExpenseCategoryRow,
  type ExpenseChangeRow,
  type ExpenseRow,
  expenseCategoryEntity,
  expenseChangeEntity,
  expenseEntity,
  type RecurringExpenseRow,
  recurringEntity,
} from '../../relations/expense.ts'
import { runStatement } from '../../statement.ts'
import { expenseCategories } from '../../tables/expense/category.ts'
import { expenseChanges, type expenseSource, expenses } from '../../tables/expense/expense.ts'
import { recurringExpenses, type recurringStatus } from '../../tables/expense/recurring.ts'
import { containing } from '../containing.ts'
import { findPage, type ListSource } from '../page.ts'

export type ExpenseSource = (typeof expenseSource.enumValues)[number]
export type RecurringStatus = (typeof recurringStatus.enumValues)[number]
export type ExpenseOrderName = 'NEWEST' | 'OLDEST' | 'AMOUNT_DESC' | 'AMOUNT_ASC' | 'LAST_ENTERED'

/** Which of a member's expenses; dates are included. */
export interface ExpenseListFilter {
  readonly accountId: string
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly categoryIds?: readonly string[] | undefined
  readonly sources?: readonly ExpenseSource[] | undefined
  readonly currency?: string | undefined
  readonly amountFromMinor?: number | undefined
  readonly amountToMinor?: number | undefined
  /** Part of the description or the note. */
  readonly text?: string | undefined
}

export function expenseTerms(filter: ExpenseListFilter): SQL[] {
  const { from, to, categoryIds, sources, currency, amountFromMinor, amountToMinor, text } = filter
  const terms: SQL[] = [sql`${expenses.accountId} = ${filter.accountId}::text::uuid`]
  if (from !== undefined) terms.push(sql`${expenses.spentOn} >= ${from}::text::date`)
  if (to !== undefined) terms.push(sql`${expenses.spentOn} <= ${to}::text::date`)
  if (categoryIds !== undefined) {
    terms.push(sql`${expenses.categoryId} = any(${pgArray(categoryIds)}::text::uuid[])`)
  }
  if (sources !== undefined) terms.push(sql`${expenses.source}::text = any(${pgArray(sources)}::text::text[])`)
  if (currency !== undefined) terms.push(sql`${expenses.currency} = ${currency}`)
  if (amountFromMinor !== undefined) terms.push(sql`${expenses.amountMinor} >= ${amountFromMinor}::text::bigint`)
  if (amountToMinor !== undefined) terms.push(sql`${expenses.amountMinor} <= ${amountToMinor}::text::bigint`)
  if (text !== undefined) {
    terms.push(sql`(${expenses.description} || ' ' || ${expenses.note}) ilike ${containing(text)}`)
  }
  return terms
}

const byDay = (name: string, direction: 'asc' | 'desc'): KeysetOrder => ({
  name,
  direction,
  keys: [
    { value: expenses.spentOn, type: 'date' },
    { value: expenses.id, type: 'uuid' },
  ],
})

/** Amounts of different currencies are not compared: those of one stand together. */
const byAmount = (name: string, direction: 'asc' | 'desc'): KeysetOrder => ({
  name,
  direction,
  keys: [
    { value: expenses.currency, type: 'text' },
    { value: expenses.amountMinor, type: 'bigint' },
    { value: expenses.id, type: 'uuid' },
  ],
})

const ORDERS: Readonly<Record<ExpenseOrderName, KeysetOrder>> = {
  NEWEST: byDay('NEWEST', 'desc'),
  OLDEST: byDay('OLDEST', 'asc'),
  AMOUNT_DESC: byAmount('AMOUNT_DESC', 'desc'),
  AMOUNT_ASC: byAmount('AMOUNT_ASC', 'asc'),
  LAST_ENTERED: {
    name: 'LAST_ENTERED',
    direction: 'desc',
    keys: [
      { value: expenses.createdAt, type: 'timestamptz' },
      { value: expenses.id, type: 'uuid' },
    ],
  },
}

export const expensesOf = (filter: ExpenseListFilter): ListSource<ExpenseRow> => ({
  of: expenseEntity,
  where: expenseTerms(filter),
})

export const findExpenses = (
  db: Executor,
  source: ListSource<ExpenseRow>,
  order: ExpenseOrderName,
  page: PageRequest,
) => findPage(db, source, ORDERS[order], page)

/** What happened to all expenses of a member, those that are gone included. */
export const changesOf = (accountId: string): ListSource<ExpenseChangeRow> => ({
  of: expenseChangeEntity,
  where: [sql`${expenseChanges.accountId} = ${accountId}::text::uuid`],
})

export const findChanges = (db: Executor, source: ListSource<ExpenseChangeRow>, page: PageRequest) =>
  findPage(db, source, changeOrder, page)

/** Those that everybody has first, then the member's own by name. */
export async function findCategories(
  db: Executor,
  accountId: string,
  withArchived: boolean,
): Promise<(ExpenseCategoryRow & { __typename: string })[]> {
  const archived = withArchived ? sql`` : sql` and ${expenseCategories.archivedAt} is null`
  const rows = await runStatement<ExpenseCategoryRow>(
    db,
    sql`select ${selectColumns(expenseCategoryEntity)} from ${expenseCategories}
      where (${expenseCategories.accountId} is null or ${expenseCategories.accountId} = ${accountId}::text::uuid)${archived}
      order by ${expenseCategories.accountId} is not null, case when ${expenseCategories.accountId} is null then ${expenseCategories.id} end, lower(${expenseCategories.name})`,
  )
  return rows.map((row) => ({ ...row, __typename: 'ExpenseCategory' }))
}

const OLDEST_RECURRING: KeysetOrder = {
  name: 'OLDEST',
  direction: 'asc',
  keys: [
    { value: recurringExpenses.createdAt, type: 'timestamptz' },
    { value: recurringExpenses.id, type: 'uuid' },
  ],
}

export const recurringOf = (
  accountId: string,
  status: RecurringStatus | undefined,
): ListSource<RecurringExpenseRow> => ({
  of: recurringEntity,
  where: [
    sql`${recurringExpenses.accountId} = ${accountId}::text::uuid`,
    status === undefined ? undefined : sql`${recurringExpenses.status}::text = ${status}`,
  ],
})

export const findRecurring = (db: Executor, source: ListSource<RecurringExpenseRow>, page: PageRequest) =>
  findPage(db, source, OLDEST_RECURRING, page)
