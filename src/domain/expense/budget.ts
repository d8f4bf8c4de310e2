import { and, count, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Money } from '../../core/money.ts'
import { type BudgetRow, findBudgets } from '../../db/queries/expense/budget.ts'
import { expenseBudgets } from '../../db/tables/expense/budget.ts'
import type { Deps } from '../deps.ts'
import { checkInput } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { ensureCategory, lockBooks } from './category.ts'
import { tellSummary } from './expense.ts'
import { findBooks } from './preference.ts'
import { amount, day, MAX_BUDGETS } from './rules.ts'
import { summaryChanged } from './topics.ts'

/** Sums above this are more than a double can hold. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER

const budgetInput = z.object({ amount, month: day.nullable() })

const firstDayOf = (day: string): string => `${day.slice(0, 7)}-01`

/**
 * Sets what is to be spent at most in a month, or in every month; for a category or for everything. Setting it again changes it.
 * `carriesOver`: what is left of a month, or overspent, goes on into the next one, from the month on in which that was set first.
 * @throws DomainError `INVALID_INPUT`, `NOT_FOUND` (category), `LIMIT_EXCEEDED`.
 */
export function setExpenseBudget(
  deps: Deps,
  { accountId }: Viewer,
  input: { categoryId: Uuid | null; month: string | null; amount: Money; carriesOver?: boolean | undefined },
): Promise<Uuid> {
  const { amount, month } = checkInput(budgetInput, input)
  const { categoryId, carriesOver } = input
  const firstDay = month === null ? null : firstDayOf(month)
  if (carriesOver === true && firstDay !== null) {
    throw invalidInput(['input', 'carriesOver'], 'A budget of one month has no next one: set it for every month.')
  }
  return deps.db.transaction(async (tx) => {
    await lockBooks(tx, accountId)
    const thisMonth = firstDayOf((await findBooks(deps, tx, accountId)).today)
    const carriesFrom = carriesOver === true ? thisMonth : null
    if (categoryId !== null) await ensureCategory(tx, accountId, categoryId, ['input', 'categoryId'])
    const set = {
      ...amount,
      ...(carriesOver === undefined
        ? {}
        : { carriesFrom: carriesOver ? sql`coalesce(${expenseBudgets.carriesFrom}, ${carriesFrom})` : null }),
      updatedAt: sql`now()`,
    }
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
    await tx.orm.insert(expenseBudgets).values({ id, accountId, categoryId, month: firstDay, carriesFrom, ...amount })
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
  deps.bus.publish(summaryChanged(accountId), {})
  return id
}

/** A budget in a month, with what is left of it. */
export interface Standing extends BudgetRow {
  readonly leftMinor: number
}

/**
 * The budgets that hold in the month of a day; this month's unless told.
 * @throws DomainError `INVALID_INPUT` (month), `LIMIT_EXCEEDED` for sums that cannot be told exactly.
 */
export async function standingBudgets(
  deps: Pick<Deps, 'clock' | 'db'>,
  accountId: Uuid,
  asked: string | null,
): Promise<Standing[]> {
  const { today } = await findBooks(deps, deps.db, accountId)
  const { month } = asked === null ? { month: today } : checkInput(z.object({ month: day }), { month: asked }, [])
  const rows = await findBudgets(deps.db, accountId, firstDayOf(month), today)
  return rows.map((row) => {
    const leftMinor = row.amountMinor + row.carriedMinor - row.spentMinor
    if ([row.spentMinor, row.carriedMinor, leftMinor].some((minor) => Math.abs(minor) > MAX_EXACT)) {
      const limit = { limit: MAX_EXACT }
      throw new DomainError('LIMIT_EXCEEDED', 'These sums are larger than can be shown exactly.', [], limit)
    }
    return { ...row, leftMinor }
  })
}
