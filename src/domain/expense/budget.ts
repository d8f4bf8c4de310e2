import { and, count, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Money } from '../../core/money.ts'
import { expenseBudgets } from '../../db/tables/expense/budget.ts'
import type { Deps } from '../deps.ts'
import { checkInput } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { ensureCategory, lockBooks } from './category.ts'
import { tellSummary } from './expense.ts'
import { amount, day, MAX_BUDGETS } from './rules.ts'

const budgetInput = z.object({ amount, month: day.nullable() })

/**
 * Sets what is to be spent at most in a month, or in every month; for a category or for everything. Setting it again changes it.
 * @throws DomainError `INVALID_INPUT`, `NOT_FOUND` (category), `LIMIT_EXCEEDED`.
 */
export function setExpenseBudget(
  deps: Deps,
  { accountId }: Viewer,
  input: { categoryId: Uuid | null; month: string | null; amount: Money },
): Promise<Uuid> {
  const { amount, month } = checkInput(budgetInput, input)
  const { categoryId } = input
  const firstDay = month === null ? null : `${month.slice(0, 7)}-01`
  return deps.db.transaction(async (tx) => {
    await lockBooks(tx, accountId)
    if (categoryId !== null) await ensureCategory(tx, accountId, categoryId, ['input', 'categoryId'])
    const set = { ...amount, updatedAt: sql`now()` }
    const [changed] = await tx.orm
      .update(expenseBudgets)
      .set(set)
      .where(
        and(
          eq(expenseBudgets.accountId, accountId),
          categoryId === null ? isNull(expenseBudgets.categoryId) : eq(expenseBudgets.categoryId, categoryId),
          firstDay === null ? isNull(expenseBudgets.month) : eq(expenseBudgets.month, firstDay),
        ),
      )
      .returning({ id: expenseBudgets.id })
    tellSummary(deps, tx, accountId)
    if (changed !== undefined) return changed.id
    const [own] = await tx.orm
      .select({ count: count() })
      .from(expenseBudgets)
      .where(eq(expenseBudgets.accountId, accountId))
    if (Number(own?.count ?? 0) >= MAX_BUDGETS) {
      throw new DomainError('LIMIT_EXCEEDED', `A member has at most ${MAX_BUDGETS} budgets.`, ['input'], {
        limit: MAX_BUDGETS,
      })
    }
    const id = newId()
    await tx.orm.insert(expenseBudgets).values({ id, accountId, categoryId, month: firstDay, ...amount })
    return id
  })
}

/** @throws DomainError `NOT_FOUND`. */
export async function deleteExpenseBudget(deps: Deps, { accountId }: Viewer, id: Uuid): Promise<Uuid> {
  const gone = await deps.db.orm
    .delete(expenseBudgets)
    .where(and(eq(expenseBudgets.id, id), eq(expenseBudgets.accountId, accountId)))
    .returning({ id: expenseBudgets.id })
  if (gone.length === 0) throw notFound('budget', ['input', 'id'])
  return id
}
