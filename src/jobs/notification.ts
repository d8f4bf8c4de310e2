import type { Deps } from '../domain/deps.ts'
import { clearOld, clearOldNotifications } from '../domain/notification/upkeep.ts'
import type { Queue } from '../gateways/queue.ts'

export function notificationJobs(queue: Queue, deps: Deps): void {
  queue.work(clearOldNotifications, () => clearOld(deps))
  queue.schedule(clearOldNotifications, '43 3 * * *', {})
}
