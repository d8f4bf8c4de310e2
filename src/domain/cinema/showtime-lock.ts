import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Transaction } from '../../db/database.ts'
import type { OrderRef } from '../shop/line-kind.ts'

interface LockedShowtime {
  id: Uuid
  isOn: boolean
  startsAt: string
  endsAt: string
}

/**
 * Showtimes before seats, each in the order of their ids, as everybody locks them: then nobody waits in a circle, and a
 * showtime is not cancelled between the look and the end of the transaction.
 */
export const lockShowtimes = (tx: Transaction, ids: readonly Uuid[]): Promise<LockedShowtime[]> =>
  tx.query<LockedShowtime>(
    `select id, status <> 'CANCELLED' as "isOn", starts_at::text as "startsAt", ends_at::text as "endsAt"
     from showtimes where id = any($1::text::uuid[]) order by id for share`,
    [pgArray([...new Set(ids)])],
  )

/**
 * What was kept until it was paid is the buyer's until the end of the showing. After the order's time the seats are taken
 * anew, as everybody takes them: before it begins. @throws DomainError `INVALID_INPUT`.
 */
export async function ensureTakesPlace(
  tx: Transaction,
  order: OrderRef,
  showtimes: readonly LockedShowtime[],
): Promise<void> {
  if (showtimes.some(({ isOn }) => !isOn)) throw new DomainError('INVALID_INPUT', 'This showtime was cancelled.')
  // Behind the locks: whoever waited for them may have waited for long.
  const [late] = await tx.query<{ isLate: boolean }>(
    `select exists (select 1 from unnest($2::text::timestamptz[], $3::text::timestamptz[]) as showing(starts_at, ends_at)
       where ends_at <= clock_timestamp() or $1::text::timestamptz <= clock_timestamp() and starts_at <= clock_timestamp()) as "isLate"`,
    [
      order.expiresAt,
      pgArray(showtimes.map(({ startsAt }) => startsAt)),
      pgArray(showtimes.map(({ endsAt }) => endsAt)),
    ],
  )
  if (late?.isLate === true) throw new DomainError('INVALID_INPUT', 'This showing had begun when the payment came.')
}
