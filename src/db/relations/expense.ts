import { sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, type Entity, entity, hasMany, manyToMany, type RowOf } from '../relation.ts'
import { expenseBudgets } from '../tables/expense/budget.ts'
import { expenseCategories } from '../tables/expense/category.ts'
import { expenseChanges, expenses } from '../tables/expense/expense.ts'
import { expenseReceipts } from '../tables/expense/receipt.ts'
import { recurringExpenses } from '../tables/expense/recurring.ts'
import { uploads } from '../tables/upload.ts'
import { uploadEntity } from './upload.ts'

/** Amounts are whole numbers below 2⁵³, which a double holds exactly; a bigint would come as text. */
const withAmount = <Row>(of: Entity<Row>, table: PgTable & { amountMinor: unknown }): Entity<Row> => ({
  ...of,
  columns: { ...of.columns, amountMinor: sql`${table.amountMinor}::float8` },
})

export type ExpenseRow = RowOf<typeof expenses, 'importKey' | 'changedByOwner'>
export type ExpenseCategoryRow = RowOf<typeof expenseCategories>
export type ExpenseChangeRow = RowOf<typeof expenseChanges>
export type RecurringExpenseRow = RowOf<typeof recurringExpenses>
export type ExpenseBudgetRow = RowOf<typeof expenseBudgets>

export const expenseEntity = withAmount(entity('Expense', expenses, ['importKey', 'changedByOwner']), expenses)
export const expenseCategoryEntity = entity('ExpenseCategory', expenseCategories)
const changeEntity = entity('ExpenseChange', expenseChanges)
export const budgetEntity = withAmount(entity('ExpenseBudget', expenseBudgets), expenseBudgets)

export const recurringEntity = withAmount(entity('RecurringExpense', recurringExpenses), recurringExpenses)

export const expenseById = belongsTo(expenseEntity, expenses.id)
export const expenseCategoryById = belongsTo(expenseCategoryEntity, expenseCategories.id)
export const recurringExpenseById = belongsTo(recurringEntity, recurringExpenses.id)
export const expenseBudgetById = belongsTo(budgetEntity, expenseBudgets.id)

export const expenseChangeById = belongsTo(changeEntity, expenseChanges.id)

export const changeOrder: KeysetOrder = {
  name: 'LATEST',
  direction: 'desc',
  keys: [{ value: expenseChanges.seq, type: 'integer' }],
}

export const expenseReceiptList = manyToMany(uploadEntity, {
  key: uploads.id,
  through: expenseReceipts,
  from: expenseReceipts.expenseId,
  toKey: expenseReceipts.uploadId,
  order: { name: 'POSITION', direction: 'asc', keys: [{ value: expenseReceipts.position, type: 'integer' }] },
  limit: 10,
})

export const expenseChangeList = hasMany(changeEntity, { by: expenseChanges.expenseId, order: changeOrder })
export const expenseChangeCount = count(expenseChanges, { by: expenseChanges.expenseId })
export const expenseChangeEntity = changeEntity
