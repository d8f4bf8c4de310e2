import type { Deps } from '../domain/deps.ts'
import { bookDueRecurring, bookRecurring } from '../domain/expense/schedule.ts'
import type { Queue } from '../gateways/queue.ts'

/** A day begins at another quarter of an hour for everybody, so the clock looks often; what it missed it books later. */
export function expenseJobs(queue: Queue, deps: Deps): void {
  queue.work(bookRecurring, async () => {
    const count = await bookDueRecurring(deps)
    if (count > 0) deps.log.info({ count }, 'recurring expenses were booked')
  })
  queue.schedule(bookRecurring, '*/5 * * * *', {})
}
