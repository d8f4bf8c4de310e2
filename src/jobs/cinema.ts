import { clearLapsedClaims } from '../domain/cinema/hold.ts'
import { fillAllSchedules, fillSchedules } from '../domain/cinema/schedule.ts'
import type { Deps } from '../domain/deps.ts'
import type { Queue } from '../gateways/queue.ts'

/** Once an hour, so that every time zone's new day is planned soon after it came within the horizon. */
export function cinemaJobs(queue: Queue, deps: Deps): void {
  queue.work(fillSchedules, async () => {
    await fillAllSchedules(deps)
    await clearLapsedClaims(deps)
  })
  queue.schedule(fillSchedules, '7 * * * *', {})
}
