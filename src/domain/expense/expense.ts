import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Money } from '../../core/money.ts'
import type { Transaction } from '../../db/database.ts'
import { expenses } from '../../db/tables/expense/expense.ts'
import { expenseReceipts } from '../../db/tables/expense/receipt.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut } from '../input.ts'
import { claimUploads } from '../upload/claim.ts'
import type { Viewer } from '../viewer.ts'
import { ensureCategory } from './category.ts'
import { amount, day, description, MAX_RECEIPTS, note } from './rules.ts'
import { summaryChanged } from './topics.ts'

const idPath = ['input', 'id']

export interface NewExpense {
  amount: Money
  categoryId: Uuid
  /** A calendar date. */
  spentOn: string
  description: string
  note?: string | undefined
  /** Uploads, in the order in which they are shown. */
  receiptIds?: readonly Uuid[] | undefined
  idempotencyKey?: string | undefined
}

const newExpenseInput = z.object({ amount, spentOn: day, description, note: note.default('') })
const changeInput = z.object({
  amount: leftOut(amount),
  spentOn: leftOut(day),
  description: leftOut(description),
  note: leftOut(note),
})

/** Replaces the receipts of an expense; those that are not named any more are let go of. */
async function setReceipts(
  deps: Deps,
  tx: Transaction,
  viewer: Viewer,
  expenseId: Uuid,
  ids: readonly Uuid[],
): Promise<void> {
  const argument = ['input', 'receiptIds']
  if (ids.length > MAX_RECEIPTS) throw invalidInput(argument, `An expense has at most ${MAX_RECEIPTS} receipts.`)
  const mine = eq(expenseReceipts.expenseId, expenseId)
  const present = await tx.orm.select({ id: expenseReceipts.uploadId }).from(expenseReceipts).where(mine)
  const kept = present.map(({ id }) => id)
  await claimUploads(deps, tx, viewer, { ids, use: 'RECEIPT', kept, argument })
  await tx.orm.delete(expenseReceipts).where(mine)
  if (ids.length === 0) return
  await tx.orm.insert(expenseReceipts).values(ids.map((uploadId, position) => ({ expenseId, uploadId, position })))
}

export const tellSummary = (deps: Deps, tx: Transaction, accountId: Uuid): void =>
  tx.afterCommit(() => deps.bus.publish(summaryChanged(accountId), {}))

/** @throws DomainError `INVALID_INPUT`, `NOT_FOUND` (category), `CONFLICT` (key). */
export function createExpense(deps: Deps, viewer: Viewer, input: NewExpense): Promise<Uuid> {
  const { accountId } = viewer
  const { categoryId } = input
  const { amount, ...checked } = checkInput(newExpenseInput, input)
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'createExpense', { ...input }, async () => {
      await ensureCategory(tx, accountId, categoryId, ['input', 'categoryId'])
      const id = newId()
      await tx.orm.insert(expenses).values({ id, accountId, categoryId, ...checked, ...amount })
      if (input.receiptIds !== undefined) await setReceipts(deps, tx, viewer, id, input.receiptIds)
      tellSummary(deps, tx, accountId)
      return id
    }),
  )
}

/** Locks an expense of the viewer's. @throws DomainError `NOT_FOUND`, also for another's. */
export async function lockExpense(tx: Transaction, viewer: Viewer, id: Uuid) {
  const own = and(eq(expenses.id, id), eq(expenses.accountId, viewer.accountId))
  const [expense] = await tx.orm.select().from(expenses).where(own).for('update')
  if (expense === undefined) throw notFound('expense', idPath)
  return expense
}

export interface ExpenseChange extends Partial<Omit<NewExpense, 'idempotencyKey'>> {
  id: Uuid
}

/** Fields that are left out stay as they are; what was is kept in its history. @throws DomainError `NOT_FOUND`, `INVALID_INPUT`. */
export function updateExpense(deps: Deps, viewer: Viewer, input: ExpenseChange): Promise<Uuid> {
  const { id, categoryId } = input
  const { amount, ...change } = checkInput(changeInput, input)
  return deps.db.transaction(async (tx) => {
    const expense = await lockExpense(tx, viewer, id)
    if (categoryId !== undefined && categoryId !== expense.categoryId) {
      await ensureCategory(tx, viewer.accountId, categoryId, ['input', 'categoryId'])
    }
    await tx.orm
      .update(expenses)
      // Of a refund people say how much came back; in the books it is below zero.
      .set({
        ...change,
        ...(amount && { ...amount, amountMinor: expense.amountMinor < 0 ? -amount.amountMinor : amount.amountMinor }),
        categoryId,
        changedByOwner: true,
        updatedAt: sql`now()`,
      })
      .where(eq(expenses.id, id))
    if (input.receiptIds !== undefined) await setReceipts(deps, tx, viewer, id, input.receiptIds)
    tellSummary(deps, tx, viewer.accountId)
    return id
  })
}

/** @throws DomainError `NOT_FOUND`. */
export function deleteExpense(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { changedByOwner } = await lockExpense(tx, viewer, id)
    // The trail asks the row who deletes it.
    if (!changedByOwner) await tx.orm.update(expenses).set({ changedByOwner: true }).where(eq(expenses.id, id))
    await tx.orm.delete(expenses).where(eq(expenses.id, id))
    tellSummary(deps, tx, viewer.accountId)
    return id
  })
}
