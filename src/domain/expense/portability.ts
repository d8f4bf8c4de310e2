import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { expenseBudgets, expensePreferences } from '../../db/tables/expense/budget.ts'
import { expenseCategories } from '../../db/tables/expense/category.ts'
import { expenseChanges, expenses } from '../../db/tables/expense/expense.ts'
import { recurringExpenses } from '../../db/tables/expense/recurring.ts'
import type { Portability } from '../account/portability.ts'

/** drizzle leaves table names out where it selects from one table, so they are written here. */
const categoryOf = (table: string) =>
  sql<string | null>`(select name from ${expenseCategories} c where c.id = ${sql.raw(table)}.category_id)`

export const expensePortability: Portability = {
  room: 'expenses',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        id: expenses.id,
        spentOn: expenses.spentOn,
        amountMinor: expenses.amountMinor,
        currency: expenses.currency,
        category: categoryOf('expenses'),
        description: expenses.description,
        note: expenses.note,
        source: expenses.source,
        createdAt: expenses.createdAt,
      })
      .from(expenses)
      .where(eq(expenses.accountId, accountId))
      .orderBy(expenses.spentOn, expenses.id)
    const categories = await tx.orm
      .select({ name: expenseCategories.name, archivedAt: expenseCategories.archivedAt })
      .from(expenseCategories)
      .where(eq(expenseCategories.accountId, accountId))
    const budgets = await tx.orm
      .select({
        category: categoryOf('expense_budgets'),
        month: expenseBudgets.month,
        amountMinor: expenseBudgets.amountMinor,
        currency: expenseBudgets.currency,
        carriesFrom: expenseBudgets.carriesFrom,
      })
      .from(expenseBudgets)
      .where(eq(expenseBudgets.accountId, accountId))
    const recurring = await tx.orm
      .select({
        description: recurringExpenses.description,
        note: recurringExpenses.note,
        category: categoryOf('recurring_expenses'),
        amountMinor: recurringExpenses.amountMinor,
        currency: recurringExpenses.currency,
        frequency: recurringExpenses.frequency,
        every: recurringExpenses.every,
        startsOn: recurringExpenses.startsOn,
        endsOn: recurringExpenses.endsOn,
        maxOccurrences: recurringExpenses.maxOccurrences,
        status: recurringExpenses.status,
      })
      .from(recurringExpenses)
      .where(eq(recurringExpenses.accountId, accountId))
    const changes = await tx.orm
      .select({
        expenseId: expenseChanges.expenseId,
        kind: expenseChanges.kind,
        before: expenseChanges.before,
        after: expenseChanges.after,
        changedAt: expenseChanges.changedAt,
      })
      .from(expenseChanges)
      .where(eq(expenseChanges.accountId, accountId))
      .orderBy(expenseChanges.seq)
    const [preferences = null] = await tx.orm
      .select({ currency: expensePreferences.currency, booksOrders: expensePreferences.booksOrders })
      .from(expensePreferences)
      .where(eq(expensePreferences.accountId, accountId))
    return {
      preferences,
      categories,
      budgets,
      recurring,
      expenses: rows.map((row) => ({ ...row, id: encodeId('expense', row.id) })),
      changes: changes.map((row) => ({ ...row, expenseId: encodeId('expense', row.expenseId) })),
    }
  },
  /** Everything goes with the account (see the foreign keys): a member's books are nobody else's. */
  async eraseOf() {},
}
