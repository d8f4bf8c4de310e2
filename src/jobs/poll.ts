import type { Deps } from '../domain/deps.ts'
import { tellNextVoters, tellVoters } from '../domain/poll/announcement.ts'
import { closeDue, closeDuePolls } from '../domain/poll/closing.ts'
import type { Queue } from '../gateways/queue.ts'

/** Each closing time wakes this; the clock looks once a minute as well, should a wake-up get lost. */
export function pollJobs(queue: Queue, deps: Deps): void {
  queue.work(closeDue, async () => {
    const closed = await closeDuePolls(deps)
    if (closed.length > 0) deps.log.info({ polls: closed }, 'polls closed at their time')
  })
  queue.schedule(closeDue, '* * * * *', {})
  queue.work(tellVoters, ({ data }) => tellNextVoters(deps, data), { concurrency: 2 })
}
