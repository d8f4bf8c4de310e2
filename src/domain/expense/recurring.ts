import { and, count, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { daysFrom, occurrences } from '../../core/calendar.ts'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Money } from '../../core/money.ts'
import type { Transaction } from '../../db/database.ts'
import { recurringExpenses, recurringOccurrences } from '../../db/tables/expense/recurring.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { ensureCategory, lockBooks } from './category.ts'
import { findBooks } from './preference.ts'
import { rescheduled } from './reschedule.ts'
import { amount, day, description, MAX_RECURRING, note, recurringLifecycle } from './rules.ts'
import { book, type Frequency, moveOn, nextFrom, type RecurringRow, ruleOf } from './schedule.ts'

const idPath = ['input', 'id']
/** What begins further back would fill the books of years. */
const MAX_BACKLOG_DAYS = 366

const interval = z
  .int('An interval is a whole number.')
  .min(1, 'An interval is at least 1.')
  .max(1000, 'An interval is at most 1000.')
const atMost = z.int().min(1, 'There is at least one occurrence.').max(10_000, 'There are at most 10000 occurrences.')
const content = { amount, description, note: note.default('') }
const newInput = z.object({
  ...content,
  every: interval,
  startsOn: day,
  endsOn: leftOut(day),
  maxOccurrences: leftOut(atMost),
})
const changeInput = z.object({
  amount: leftOut(amount),
  description: leftOut(description),
  note: leftOut(note),
  every: leftOut(interval),
  startsOn: leftOut(day),
  endsOn: day.nullish(),
  maxOccurrences: atMost.nullish(),
})

export interface NewRecurring {
  amount: Money
  categoryId: Uuid
  description: string
  note?: string | undefined
  frequency: Frequency
  every: number
  startsOn: string
  endsOn?: string | undefined
  maxOccurrences?: number | undefined
  idempotencyKey?: string | undefined
}

/**
 * What is due already is booked at once.
 * @throws DomainError `INVALID_INPUT`, `NOT_FOUND` (category), `LIMIT_EXCEEDED`, `CONFLICT` (key).
 */
export async function createRecurringExpense(deps: Deps, viewer: Viewer, input: NewRecurring): Promise<Uuid> {
  const { accountId } = viewer
  const { amount, ...checked } = checkInput(newInput, input)
  const { categoryId, frequency } = input
  const { startsOn, endsOn } = checked
  if (endsOn !== undefined && endsOn < startsOn) throw invalidInput(['input', 'endsOn'], 'It ends before it starts.')
  const { today } = await findBooks(deps, deps.db, accountId)
  if (daysFrom(startsOn, today) > MAX_BACKLOG_DAYS) {
    throw invalidInput(['input', 'startsOn'], 'It may start a year ago at most: everything since is booked at once.')
  }
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'createRecurringExpense', { ...input }, async () => {
      await lockBooks(tx, accountId)
      await ensureCategory(tx, accountId, categoryId, ['input', 'categoryId'])
      const own = eq(recurringExpenses.accountId, accountId)
      const [{ others } = { others: 0 }] = await tx.orm.select({ others: count() }).from(recurringExpenses).where(own)
      if (Number(others) >= MAX_RECURRING) {
        const limit = { limit: MAX_RECURRING }
        throw new DomainError(
          'LIMIT_EXCEEDED',
          `A member has at most ${MAX_RECURRING} recurring expenses.`,
          ['input'],
          limit,
        )
      }
      const id = newId()
      const [row] = await tx.orm
        .insert(recurringExpenses)
        .values({ id, accountId, categoryId, frequency, ...checked, ...amount, nextOn: startsOn })
        .returning()
      if (row !== undefined) await book(deps, tx, row, today)
      return id
    }),
  )
}

async function lockOwn(tx: Transaction, viewer: Viewer, id: Uuid): Promise<RecurringRow> {
  const own = and(eq(recurringExpenses.id, id), eq(recurringExpenses.accountId, viewer.accountId))
  const [row] = await tx.orm.select().from(recurringExpenses).where(own).for('update')
  if (row === undefined) throw notFound('recurring expense', idPath)
  return row
}

export interface RecurringChange {
  id: Uuid
  categoryId?: Uuid | undefined
  amount?: Money
  description?: string
  note?: string
  frequency?: Frequency | undefined
  every?: number | undefined
  startsOn?: string | undefined
  endsOn?: string | null | undefined
  maxOccurrences?: number | null | undefined
}

/**
 * Changes what is booked from now on, and when; what is due already is booked as it was.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `ILLEGAL_TRANSITION` (it has ended).
 */
export async function updateRecurringExpense(deps: Deps, viewer: Viewer, input: RecurringChange): Promise<Uuid> {
  const { id, categoryId, frequency } = input
  const { amount, endsOn, every, startsOn, maxOccurrences, ...change } = checkInput(changeInput, input)
  const { today } = await findBooks(deps, deps.db, viewer.accountId)
  return deps.db.transaction(async (tx) => {
    const found = await lockOwn(tx, viewer, id)
    if (found.status === 'ACTIVE') await book(deps, tx, found, today)
    const row = await lockOwn(tx, viewer, id)
    if (row.nextOn === null) recurringLifecycle.ensure('ENDED', 'ACTIVE', idPath)
    const nextOn = row.nextOn ?? today
    if (categoryId !== undefined && categoryId !== row.categoryId)
      await ensureCategory(tx, viewer.accountId, categoryId, ['input', 'categoryId'])
    const asked = { frequency, every, startsOn, endsOn, maxOccurrences }
    const schedule = rescheduled({ ...row, nextOn }, asked, today)
    await tx.orm
      .update(recurringExpenses)
      .set({ ...change, ...amount, ...schedule, categoryId, updatedAt: sql`now()` })
      .where(eq(recurringExpenses.id, id))
    const changed = { ...row, ...schedule }
    const isOther = startsOn !== undefined || changed.frequency !== row.frequency || changed.every !== row.every
    const begin = changed.startsOn > today ? changed.startsOn : today
    await moveOn(tx, changed, await nextFrom(tx, changed, isOther ? begin : nextOn))
    return id
  })
}

/** What falls into a pause is not booked afterwards. @throws DomainError `NOT_FOUND`, `ILLEGAL_TRANSITION`. */
export async function setRecurringPaused(deps: Deps, viewer: Viewer, id: Uuid, isPaused: boolean): Promise<Uuid> {
  const { today } = await findBooks(deps, deps.db, viewer.accountId)
  return deps.db.transaction(async (tx) => {
    const row = await lockOwn(tx, viewer, id)
    const status = isPaused ? 'PAUSED' : 'ACTIVE'
    recurringLifecycle.ensure(row.status, status, idPath)
    // What was due before the pause and is not booked yet is still owed.
    if (isPaused) await book(deps, tx, row, today)
    const current = isPaused ? await lockOwn(tx, viewer, id) : row
    if (current.nextOn === null) return id
    const from = isPaused || current.nextOn > today ? current.nextOn : today
    await moveOn(tx, { id, status }, await nextFrom(tx, current, from))
    return id
  })
}

/**
 * Leaves one occurrence out: the next one, or that of a day.
 * @throws DomainError `NOT_FOUND`, `ILLEGAL_TRANSITION` (it has ended), `INVALID_INPUT` (nothing falls on this day), `TAKEN` (it was
 * booked or skipped), `CONFLICT` (key).
 */
export function skipRecurringExpense(
  deps: Deps,
  viewer: Viewer,
  input: { id: Uuid; on?: string | undefined; idempotencyKey?: string | undefined },
): Promise<Uuid> {
  return deps.db.transaction((tx) =>
    // Without a day a request that is repeated would leave out one more.
    once(tx, viewer.accountId, 'skipRecurringExpense', { ...input }, () => skipOne(tx, viewer, input)),
  )
}

async function skipOne(tx: Transaction, viewer: Viewer, input: { id: Uuid; on?: string | undefined }): Promise<Uuid> {
  const { id } = input
  const row = await lockOwn(tx, viewer, id)
  if (row.nextOn === null) recurringLifecycle.ensure('ENDED', 'ACTIVE', idPath)
  const on = input.on ?? row.nextOn ?? ''
  const path = ['input', 'on']
  if (occurrences(ruleOf(row), on, on).length === 0) throw invalidInput(path, 'It does not fall on this day.')
  const skipped = await tx.orm
    .insert(recurringOccurrences)
    .values({ recurringId: id, occursOn: on, outcome: 'SKIPPED' })
    .onConflictDoNothing()
    .returning({ occursOn: recurringOccurrences.occursOn })
  if (skipped.length === 0) throw new DomainError('TAKEN', 'This one was booked or skipped already.', path)
  if (row.nextOn !== null) await moveOn(tx, row, await nextFrom(tx, row, row.nextOn))
  return id
}

/** What it has booked stays. @throws DomainError `NOT_FOUND`. */
export function deleteRecurringExpense(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    await lockOwn(tx, viewer, id)
    await tx.orm.delete(recurringExpenses).where(eq(recurringExpenses.id, id))
    return id
  })
}
