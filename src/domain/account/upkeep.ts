import { lt, or, sql } from 'drizzle-orm'
import { idempotencyKeys, refreshTokens, sessions } from '../../db/tables/account.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { IDEMPOTENCY_KEY_DAYS } from '../idempotency.ts'

/** Clears away what has lost its meaning. Nothing depends on when it runs: what is out of date is refused anyway. */
export const clearExpired = defineJob<Record<string, never>>('account.clearExpired', { retryLimit: 2 })

export async function clearExpiredRows({ db }: Pick<Deps, 'db'>): Promise<void> {
  await db.orm
    .delete(idempotencyKeys)
    .where(lt(idempotencyKeys.createdAt, sql`now() - make_interval(days => ${sql.raw(String(IDEMPOTENCY_KEY_DAYS))})`))
  // A session that is renewed for years would keep every token it ever had. Re-use of one this old is refused all the
  // same; it no longer ends the session.
  await db.orm.delete(refreshTokens).where(lt(refreshTokens.usedAt, sql`now() - interval '30 days'`))
  await db.orm
    .delete(sessions)
    .where(or(lt(sessions.expiresAt, sql`now()`), lt(sessions.revokedAt, sql`now() - interval '30 days'`)))
}
