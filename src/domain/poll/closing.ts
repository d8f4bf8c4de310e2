import { and, eq, lte, sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { polls } from '../../db/tables/poll.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Bus } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { announceClosing } from './announcement.ts'
import { pollChanged } from './topics.ts'

/** Wakes the closing of polls whose time has come. It carries nothing: which they are is read from the table. */
export const closeDue = defineJob<Record<string, never>>('poll.closeDue', { retryLimit: 5, retryDelaySeconds: 2 })

/** In the transaction that gives an open poll its closing time. */
export async function closeAtItsTime(deps: Deps, tx: Transaction, closesAt: string | null): Promise<void> {
  if (closesAt !== null) await deps.jobs.enqueue(tx, closeDue, {}, { startAfter: new Date(closesAt) })
}

/** Writes down that the time of polls has come, and tells who watches or took part. Votes were refused from then on anyway. */
export function closeDuePolls(deps: Pick<Deps, 'db' | 'bus' | 'jobs'>): Promise<Uuid[]> {
  return deps.db.transaction(async (tx) => {
    const closed = await tx.orm
      .update(polls)
      .set({ state: 'CLOSED', closedAt: sql`${polls.closesAt}`, updatedAt: sql`now()` })
      .where(and(eq(polls.state, 'OPEN'), lte(polls.closesAt, sql`now()`)))
      .returning({ id: polls.id })
    for (const { id } of closed) {
      await announceClosing(deps, tx, id, null)
      tx.afterCommit(() => deps.bus.publish(pollChanged(id), {}))
    }
    return closed.map(({ id }) => id)
  })
}

/** Further ahead it is not worth a timer: who watches looks again before that. */
const WATCH_AHEAD_MS = 120_000
/** The database's clock decides, and may be a little behind ours. */
const AGAIN_MS = 50

const timers = new WeakMap<Bus, Map<Uuid, { timer: NodeJS.Timeout; closesAt: string }>>()

/**
 * The queue looks every few seconds; whoever watches a poll hears of its end in the moment it comes. One timer for each
 * poll and process, however many watch.
 */
export function closeWhileWatched(
  deps: Pick<Deps, 'db' | 'bus' | 'jobs' | 'clock' | 'log'>,
  { id, state, closesAt }: { id: Uuid; state: string; closesAt: string | null },
): void {
  const armed = timers.get(deps.bus) ?? new Map<Uuid, { timer: NodeJS.Timeout; closesAt: string }>()
  timers.set(deps.bus, armed)
  const before = armed.get(id)
  if (before !== undefined && before.closesAt === closesAt && state === 'OPEN') return
  clearTimeout(before?.timer)
  armed.delete(id)
  if (state !== 'OPEN' || closesAt === null) return
  const leftMs = new Date(closesAt).getTime() - deps.clock.now().getTime()
  if (leftMs > WATCH_AHEAD_MS) return
  const close = async (): Promise<void> => {
    armed.delete(id)
    try {
      await closeDuePolls(deps)
      // Still open by the database's clock: whoever watches reads it again, and that arms the next timer.
      deps.bus.publish(pollChanged(id), {})
    } catch (error) {
      deps.log.warn({ err: error }, 'A watched poll could not be closed at its time; the queue will')
    }
  }
  const timer = setTimeout(() => void close(), Math.max(leftMs, 0) + AGAIN_MS).unref()
  armed.set(id, { timer, closesAt })
}
