import { and, count, eq, isNull, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { expenseBudgets } from '../../db/tables/expense/budget.ts'
import { expenseCategories } from '../../db/tables/expense/category.ts'
import { expenses } from '../../db/tables/expense/expense.ts'
import { recurringExpenses } from '../../db/tables/expense/recurring.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, line } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { canUseCategory, MAX_CATEGORIES } from './rules.ts'
import { summaryChanged } from './topics.ts'

const nameInput = z.object({ name: line('A name', 1, 40) })
const idPath = ['input', 'id']

/** One at a time, so that two of a name, or one too many, do not slip in together. */
export const lockBooks = (tx: Transaction, accountId: Uuid): Promise<unknown> =>
  tx.orm.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for('no key update')

async function ensureNameFree(tx: Executor, accountId: Uuid, name: string, except: Uuid | null): Promise<void> {
  const [same] = await tx.orm
    .select({ id: expenseCategories.id })
    .from(expenseCategories)
    .where(
      and(
        sql`lower(${expenseCategories.name}) = lower(${name})`,
        or(isNull(expenseCategories.accountId), eq(expenseCategories.accountId, accountId)),
        except === null ? undefined : sql`${expenseCategories.id} <> ${except}`,
      ),
    )
  if (same !== undefined) throw new DomainError('TAKEN', 'There is a category with this name.', ['input', 'name'])
}

/** A category that the viewer may file under. @throws DomainError `NOT_FOUND`; `INVALID_INPUT` for one in the archive. */
export async function ensureCategory(
  tx: Executor,
  accountId: Uuid,
  id: Uuid,
  path: readonly string[],
  mayBeArchived = false,
): Promise<void> {
  const [category] = await tx.orm
    .select({ accountId: expenseCategories.accountId, archivedAt: expenseCategories.archivedAt })
    .from(expenseCategories)
    .where(eq(expenseCategories.id, id))
    .for('key share')
  if (category === undefined || (category.accountId !== null && category.accountId !== accountId)) {
    throw notFound('category', path)
  }
  if (category.archivedAt !== null && !mayBeArchived) {
    throw invalidInput(path, 'This category is in the archive. Take it out again, or choose another one.')
  }
}

/** @throws DomainError `INVALID_INPUT`, `TAKEN` (name), `LIMIT_EXCEEDED`, `CONFLICT` (key). */
export function createExpenseCategory(
  deps: Deps,
  viewer: Viewer,
  input: { name: string; idempotencyKey?: string | undefined },
): Promise<Uuid> {
  const { name } = checkInput(nameInput, input)
  const { accountId } = viewer
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'createExpenseCategory', { ...input }, async () => {
      await lockBooks(tx, accountId)
      await ensureNameFree(tx, accountId, name, null)
      const [own] = await tx.orm
        .select({ count: count() })
        .from(expenseCategories)
        .where(eq(expenseCategories.accountId, accountId))
      if (Number(own?.count ?? 0) >= MAX_CATEGORIES) {
        throw new DomainError(
          'LIMIT_EXCEEDED',
          `A member has at most ${MAX_CATEGORIES} categories.`,
          ['input', 'name'],
          {
            limit: MAX_CATEGORIES,
          },
        )
      }
      const id = newId()
      await tx.orm.insert(expenseCategories).values({ id, accountId, name })
      return id
    }),
  )
}

/** Locks a category of the viewer's own. @throws DomainError `NOT_FOUND`, `FORBIDDEN` for one that everybody has. */
async function lockOwn(tx: Transaction, viewer: Viewer, id: Uuid, path: readonly string[]) {
  const [category] = await tx.orm.select().from(expenseCategories).where(eq(expenseCategories.id, id)).for('update')
  if (category === undefined || !canUseCategory(viewer, category)) throw notFound('category', path)
  if (category.accountId === null) throw forbidden('This category belongs to everybody, and stays as it is.')
  return category
}

/** A new name, or into the archive and out of it. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`, `TAKEN`. */
export function updateExpenseCategory(
  deps: Deps,
  viewer: Viewer,
  input: { id: Uuid; name?: string | null | undefined; isArchived?: boolean | null | undefined },
): Promise<Uuid> {
  const { id } = input
  const name = (input.name ?? undefined) === undefined ? undefined : checkInput(nameInput, input).name
  return deps.db.transaction(async (tx) => {
    await lockBooks(tx, viewer.accountId)
    const category = await lockOwn(tx, viewer, id, idPath)
    if (name !== undefined) await ensureNameFree(tx, viewer.accountId, name, id)
    const archivedAt = input.isArchived === true ? (category.archivedAt ?? sql`now()`) : null
    await tx.orm
      .update(expenseCategories)
      .set({
        name: name ?? category.name,
        ...(input.isArchived === undefined || input.isArchived === null ? {} : { archivedAt }),
      })
      .where(eq(expenseCategories.id, id))
    // A summary names it.
    tx.afterCommit(() => deps.bus.publish(summaryChanged(viewer.accountId), {}))
    return id
  })
}

/**
 * Deletes a category of one's own. What is filed under it moves to another one; where nothing is, none has to be named.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT` (it is in use and `moveToId` is missing).
 */
export async function deleteExpenseCategory(
  deps: Deps,
  viewer: Viewer,
  input: { id: Uuid; moveToId?: Uuid | undefined },
): Promise<Uuid> {
  const { id, moveToId } = input
  const movePath = ['input', 'moveToId']
  if (moveToId === id) throw invalidInput(movePath, 'Name another category than the one that goes.')
  const { accountId } = viewer
  try {
    await deps.db.transaction(async (tx) => {
      await lockOwn(tx, viewer, id, idPath)
      if (moveToId !== undefined) {
        await ensureCategory(tx, accountId, moveToId, movePath)
        const to = { categoryId: moveToId }
        await tx.orm
          .update(expenses)
          .set({ ...to, changedByOwner: true, updatedAt: sql`now()` })
          .where(eq(expenses.categoryId, id))
        await tx.orm.update(recurringExpenses).set(to).where(eq(recurringExpenses.categoryId, id))
      }
      // A budget of what no longer exists means nothing; its target keeps its own.
      await tx.orm.delete(expenseBudgets).where(eq(expenseBudgets.categoryId, id))
      await tx.orm.delete(expenseCategories).where(eq(expenseCategories.id, id))
      tx.afterCommit(() => deps.bus.publish(summaryChanged(accountId), {}))
    })
  } catch (error) {
    if (!/_category_id_expense_categories_id_fk$/.test(violatedConstraint(error) ?? '')) throw error
    throw invalidInput(
      movePath,
      'Expenses are filed under it. Say where they go, or put the category into the archive.',
    )
  }
  return id
}
