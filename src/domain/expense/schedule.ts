import { and, eq, gt, gte, lte, sql } from 'drizzle-orm'
import { addDays, occurrenceFrom, occurrences, type Recurrence } from '../../core/calendar.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { localDate } from '../../core/local-time.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { expenses } from '../../db/tables/expense/expense.ts'
import { recurringExpenses, recurringOccurrences } from '../../db/tables/expense/recurring.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { tellSummary } from './expense.ts'

/** Books what has come due; every few minutes, because a day begins at another time for everybody. */
export const bookRecurring = defineJob<Record<string, never>>('expense.bookRecurring', { retryLimit: 2 })

/** In one transaction; the rest is booked in the next one. */
const BOOKED_AT_ONCE = 400

export type RecurringRow = typeof recurringExpenses.$inferSelect
export type Frequency = RecurringRow['frequency']

type Schedule = Pick<RecurringRow, 'frequency' | 'every' | 'startsOn' | 'endsOn' | 'maxOccurrences'>

export const ruleOf = ({ frequency, every, startsOn, endsOn, maxOccurrences }: Schedule): Recurrence => ({
  frequency,
  interval: every,
  firstDay: startsOn,
  lastDay: endsOn,
  count: maxOccurrences,
})

/** As far as the calendar of expenses goes. */
const withinCalendar = (found: string | null): string | null => (found !== null && found <= '2200-12-31' ? found : null)

/** The first day from `from` on that nothing was booked or skipped on. */
export async function nextFrom(tx: Transaction, row: Schedule & { id: Uuid }, from: string): Promise<string | null> {
  const settled = await tx.orm
    .select({ occursOn: recurringOccurrences.occursOn })
    .from(recurringOccurrences)
    .where(and(eq(recurringOccurrences.recurringId, row.id), gte(recurringOccurrences.occursOn, from)))
  const days = new Set(settled.map(({ occursOn }) => occursOn))
  let next = withinCalendar(occurrenceFrom(ruleOf(row), from))
  while (next !== null && days.has(next)) next = withinCalendar(occurrenceFrom(ruleOf(row), addDays(next, 1)))
  return next
}

/** Books what is due until a day, each occurrence once: its row in `recurring_occurrences` says that it was. */
export async function book(deps: Deps, tx: Transaction, row: RecurringRow, today: string): Promise<number> {
  const due = row.nextOn === null ? [] : occurrences(ruleOf(row), row.nextOn, today).slice(0, BOOKED_AT_ONCE)
  const last = due.at(-1)
  if (last === undefined) return 0
  const booked = await tx.orm
    .insert(recurringOccurrences)
    .values(due.map((occursOn) => ({ recurringId: row.id, occursOn, outcome: 'BOOKED' as const })))
    .onConflictDoNothing()
    .returning({ occursOn: recurringOccurrences.occursOn })
  const { accountId, categoryId, amountMinor, currency, description, note, id: recurringId } = row
  if (booked.length > 0) {
    await tx.orm.insert(expenses).values(
      booked.map(({ occursOn }) => ({
        ...{ accountId, categoryId, amountMinor, currency, description, note, recurringId },
        id: newId(),
        spentOn: occursOn,
        source: 'RECURRING' as const,
        changedByOwner: false,
      })),
    )
  }
  await moveOn(tx, row, await nextFrom(tx, row, addDays(last, 1)))
  tellSummary(deps, tx, accountId)
  return booked.length
}

export const moveOn = (tx: Transaction, { id, status }: Pick<RecurringRow, 'id' | 'status'>, nextOn: string | null) =>
  tx.orm
    .update(recurringExpenses)
    .set({ nextOn, status: nextOn === null ? 'ENDED' : status, updatedAt: sql`now()` })
    .where(eq(recurringExpenses.id, id))

/**
 * Books everything that is due where its member is, also what came due while no server ran. Two servers at once share the work.
 * Answers how many expenses.
 */
export async function bookDueRecurring(deps: Deps): Promise<number> {
  const now = deps.clock.now().getTime()
  // Nowhere is it later than this.
  const latest = localDate(now, 'Pacific/Kiritimati')
  let total = 0
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const due = await deps.db.orm
      .select({ id: recurringExpenses.id })
      .from(recurringExpenses)
      .where(
        and(
          eq(recurringExpenses.status, 'ACTIVE'),
          lte(recurringExpenses.nextOn, latest),
          gt(recurringExpenses.id, after),
        ),
      )
      .orderBy(recurringExpenses.id)
      .limit(500)
    for (const { id } of due) {
      try {
        total += await bookOne(deps, id, now)
      } catch (error) {
        // One that cannot be booked keeps nobody else's from it.
        deps.log.error({ err: error, recurringExpense: id }, 'a recurring expense could not be booked')
      }
    }
    const last = due.at(-1)
    if (last === undefined) return total
    after = last.id
  }
}

async function bookOne(deps: Deps, id: Uuid, now: number): Promise<number> {
  for (let total = 0; ; ) {
    const booked = await deps.db.transaction(async (tx) => {
      const [found] = await tx.orm
        .select({ row: recurringExpenses, timeZone: accounts.timeZone })
        .from(recurringExpenses)
        .innerJoin(accounts, eq(accounts.id, recurringExpenses.accountId))
        .where(and(eq(recurringExpenses.id, id), eq(recurringExpenses.status, 'ACTIVE')))
        .for('update', { of: recurringExpenses, skipLocked: true })
      return found === undefined ? 0 : book(deps, tx, found.row, localDate(now, found.timeZone))
    })
    total += booked
    if (booked < BOOKED_AT_ONCE) return total
  }
}

/** The days on which it will be booked next, those that are skipped left out. */
export async function upcomingOf(
  { db }: Pick<Deps, 'db'>,
  row: Schedule & Pick<RecurringRow, 'id' | 'status' | 'nextOn'>,
  first: number,
): Promise<string[]> {
  if (row.nextOn === null) return []
  const settled = await db.orm
    .select({ occursOn: recurringOccurrences.occursOn })
    .from(recurringOccurrences)
    .where(and(eq(recurringOccurrences.recurringId, row.id), gte(recurringOccurrences.occursOn, row.nextOn)))
  const skipped = new Set(settled.map(({ occursOn }) => occursOn))
  const days: string[] = []
  for (let next: string | null = row.nextOn; next !== null && days.length < first; ) {
    if (!skipped.has(next)) days.push(next)
    next = withinCalendar(occurrenceFrom(ruleOf(row), addDays(next, 1)))
  }
  return days
}
