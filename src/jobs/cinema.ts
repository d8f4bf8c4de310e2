import { clearLapsedClaims } from '../domain/cinema/hold.ts'
import { fillAllSchedules, fillSchedules } from '../domain/cinema/schedule.ts'
import { refundShowtime } from '../domain/cinema/showtime.ts'
import { findUnrefunded, refundCancelledShowtime, refundForgotten } from '../domain/cinema/showtime-end.ts'
import { clearOldWaits } from '../domain/cinema/waitlist.ts'
import { serveEveryLine, serveLine, serveLines, serveWaitlist } from '../domain/cinema/waitlist-offer.ts'
import type { Deps } from '../domain/deps.ts'
import type { Queue } from '../gateways/queue.ts'

/** Once an hour, so that every time zone's new day is planned soon after it came within the horizon. */
export function cinemaJobs(queue: Queue, deps: Deps): void {
  queue.work(fillSchedules, async () => {
    await fillAllSchedules(deps)
    await clearLapsedClaims(deps)
    await clearOldWaits(deps)
  })
  queue.schedule(fillSchedules, '7 * * * *', {})
  queue.work(refundShowtime, async ({ data: { showtimeId } }) => {
    if (await refundCancelledShowtime(deps, showtimeId))
      await deps.jobs.enqueue(deps.db, refundShowtime, { showtimeId })
  })
  queue.work(findUnrefunded, () => refundForgotten(deps))
  queue.work(serveLine, async ({ data }) => void (await serveWaitlist(deps, data.showtimeId)))
  queue.work(serveLines, () => serveEveryLine(deps))
  queue.schedule(serveLines, '* * * * *', {})
  queue.schedule(findUnrefunded, '*/10 * * * *', {})
}
