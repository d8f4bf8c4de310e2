import type { Deps } from '../domain/deps.ts'
import { fillAllRepeats, fillRepeats } from '../domain/workout/repeat.ts'
import type { Queue } from '../gateways/queue.ts'

/** Once an hour, so that every time zone's new day is planned soon after it came within the horizon. */
export function workoutJobs(queue: Queue, deps: Deps): void {
  queue.work(fillRepeats, async () => {
    await fillAllRepeats(deps)
  })
  queue.schedule(fillRepeats, '23 * * * *', {})
}
