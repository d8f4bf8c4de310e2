import { clearExpired, clearExpiredRows } from '../domain/account/upkeep.ts'
import type { Deps } from '../domain/deps.ts'
import type { Queue } from '../gateways/queue.ts'

export function accountJobs(queue: Queue, deps: Deps): void {
  queue.work(clearExpired, () => clearExpiredRows(deps))
  queue.schedule(clearExpired, '17 3 * * *', {})
}
