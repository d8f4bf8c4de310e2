import { lt, sql } from 'drizzle-orm'
import { notifications } from '../../db/tables/notification.ts'
import { defineJob } from '../../gateways/queue/job.ts'
import type { Deps } from '../deps.ts'

const KEPT_DAYS = 180

/** Clears away notifications that nobody will look for. */
export const clearOldNotifications = defineJob<Record<string, never>>('notification.clearOld', { retryLimit: 2 })

export async function clearOld({ db }: Pick<Deps, 'db'>): Promise<void> {
  await db.orm
    .delete(notifications)
    .where(lt(notifications.updatedAt, sql`now() - make_interval(days => ${sql.raw(String(KEPT_DAYS))})`))
}
