import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import type { Deps } from '../deps.ts'
import type { CartLine, CartProblem, OrderedLine, OrderLineKind, OrderRef, Priced } from '../shop/line-kind.ts'
import { seatMapChanged } from './claim.ts'
import { tooManySeats } from './decide.ts'
import type { Holder } from './holder.ts'
import { MAX_SEATS_PER_HOLDER, TICKET_CURRENCY, type TicketStatus, ticketLifecycle } from './rules.ts'
import { ensureTakesPlace, lockShowtimes } from './showtime-lock.ts'
import { waitlistChanged, wakeWaitlist } from './waitlist-offer.ts'

interface SeatInCart {
  claimId: Uuid
  holdId: Uuid
  showtimeId: Uuid
  seatId: Uuid
  title: string
  detail: string
  priceMinor: number
  currency: string
  isLive: boolean
  isOnSale: boolean
}

/** Each seat is a line of its own, so that each can be given back. Read again under lock when it is taken. */
const seatsInCart = (db: Executor, cartId: Uuid): Promise<SeatInCart[]> =>
  db.query<SeatInCart>(
    `select c.claim_id as "claimId", c.hold_id as "holdId", c.showtime_id as "showtimeId", c.seat_id as "seatId", m.title,
       format('Row %s, seat %s · %s, %s · %s', seat.row, seat.number, t.name, screen.name, to_char(s.local_starts_at, 'YYYY-MM-DD HH24:MI')) as detail,
       case seat.type when 'PREMIUM' then s.premium_minor when 'ACCESSIBLE' then s.accessible_minor when 'COUPLE' then s.couple_minor else s.standard_minor end as "priceMinor",
       s.currency, c.expires_at > clock_timestamp() as "isLive", s.status = 'SCHEDULED' and s.starts_at > clock_timestamp() as "isOnSale"
     from seat_claims c join showtimes s on s.id = c.showtime_id join movies m on m.id = s.movie_id
       join seats seat on seat.id = c.seat_id join screens screen on screen.id = s.screen_id join theatres t on t.id = s.theatre_id
     where c.cart_id = $1::text::uuid order by c.held_at, c.showtime_id, seat.row_index, seat.column_index`,
    [cartId],
  )

const priced = (seat: SeatInCart): Priced => ({
  refId: seat.claimId,
  quantity: 1,
  title: seat.title,
  detail: seat.detail,
  unitPriceMinor: seat.priceMinor,
  isTaxed: false,
  isShipped: false,
})

/** Why a seat cannot be paid for as it stands; null where it can. */
function trouble(seat: SeatInCart): DomainError | null {
  if (!seat.isLive)
    return new DomainError('HOLD_LAPSED', `${seat.title}, ${seat.detail}: the time for this seat is up.`)
  const refuse = (why: string) => new DomainError('INVALID_INPUT', `${seat.title}, ${seat.detail}: ${why}`)
  if (!seat.isOnSale) return refuse('this showtime is not on sale any more.')
  if (seat.currency !== TICKET_CURRENCY) return refuse(`tickets in ${seat.currency} are sold at the theatre.`)
  return null
}

const problemsOf = (seat: SeatInCart): CartProblem[] => {
  const found = trouble(seat)
  if (found === null) return []
  return [{ code: 'UNAVAILABLE', message: found.message, available: null, seenPriceMinor: null }]
}

function tell(deps: Deps, tx: Transaction, showtimeIds: readonly Uuid[]): void {
  for (const id of new Set(showtimeIds)) tx.afterCommit(() => deps.bus.publish(seatMapChanged(id), {}))
}

/** Puts the seats of a hold into a cart that the caller has locked. @throws DomainError `HOLD_LAPSED`. */
export async function putHoldInCart(tx: Transaction, holder: Holder, holdId: Uuid, cartId: Uuid): Promise<void> {
  const rows = await tx.query(
    `with held as (select showtime_id, seat_id from seat_claims
       where holder_id = $1::text::uuid and hold_id = $2::text::uuid and expires_at > clock_timestamp() and order_id is null order by seat_id for update)
     update seat_claims c set cart_id = $3::text::uuid from held where c.showtime_id = held.showtime_id and c.seat_id = held.seat_id returning c.seat_id`,
    [holder.holderId, holdId, cartId],
  )
  if (rows.length > 0) return
  throw new DomainError('HOLD_LAPSED', 'The time for these seats is up. Choose seats again.', ['input', 'holdId'])
}

/** Takes the seats of a hold out of a cart that the caller has locked, whoever holds them and whether they still do. */
export const takeHoldOutOfCart = (tx: Transaction, holdId: Uuid, cartId: Uuid) =>
  tx.query(
    `with theirs as (select showtime_id, seat_id from seat_claims where cart_id = $1::text::uuid and hold_id = $2::text::uuid order by seat_id for update)
     update seat_claims c set cart_id = null from theirs where c.showtime_id = theirs.showtime_id and c.seat_id = theirs.seat_id`,
    [cartId, holdId],
  )

async function take(deps: Deps, tx: Transaction, order: OrderRef, cartId: Uuid): Promise<Priced[]> {
  const before = await seatsInCart(tx, cartId)
  if (before.length === 0) return []
  await lockShowtimes(
    tx,
    before.map(({ showtimeId }) => showtimeId),
  )
  await tx.query('select 1 from seat_claims where cart_id = $1::text::uuid order by seat_id for update', [cartId])
  // Read again: the first look is older than the locks that it waited for.
  const seats = await seatsInCart(tx, cartId)
  for (const seat of seats) {
    const found = trouble(seat)
    if (found !== null) throw found
  }
  const most = Math.max(
    ...seats.map(({ showtimeId: id }) => seats.filter(({ showtimeId }) => showtimeId === id).length),
  )
  // A guest's cart that became a member's may bring more than either could hold.
  if (most > MAX_SEATS_PER_HOLDER) throw tooManySeats([])
  await tx.query(
    `with taken as (
       update seat_claims set order_id = $2::text::uuid, cart_id = null, expires_at = $3::text::timestamptz
       where cart_id = $1::text::uuid returning claim_id, showtime_id, seat_id, screen_id, holder_id
     )
     insert into tickets (id, showtime_id, seat_id, screen_id, holder_id, order_id, account_id)
     select claim_id, showtime_id, seat_id, screen_id, holder_id, $2::text::uuid, $4::text::uuid from taken`,
    [cartId, order.id, order.expiresAt, order.accountId],
  )
  tell(
    deps,
    tx,
    seats.map(({ showtimeId }) => showtimeId),
  )
  return seats.map(priced)
}

interface TicketSeat {
  id: Uuid
  showtimeId: Uuid
  seatId: Uuid
}

/** Gives seats back that belong to these tickets, in the order in which seats are locked. */
async function free(deps: Deps, tx: Transaction, tickets: readonly TicketSeat[]): Promise<void> {
  await tx.query(
    `delete from seat_claims where (showtime_id, seat_id) in (
       select showtime_id, seat_id from seat_claims where (showtime_id, seat_id, claim_id) in (
         select showtime_id, seat_id, id from tickets where id = any($1::text::uuid[]))
       order by seat_id for update)`,
    [pgArray(tickets.map(({ id }) => id))],
  )
  const showtimeIds = tickets.map(({ showtimeId }) => showtimeId)
  await wakeWaitlist(deps, tx, showtimeIds)
  tell(deps, tx, showtimeIds)
}

const TICKET = 'id, showtime_id as "showtimeId", seat_id as "seatId"'

async function release(deps: Deps, tx: Transaction, order: OrderRef): Promise<void> {
  const released = await tx.query<TicketSeat>(
    `update tickets set status = 'RELEASED' where order_id = $1::text::uuid and status = 'RESERVED' returning ${TICKET}`,
    [order.id],
  )
  if (released.length > 0) await free(deps, tx, released)
}

/**
 * The seats become sold. Where the order's time was over and somebody swept or took them, they are taken anew if they are
 * free: a claim that has not lapsed is left as it is, and then the answer is short of a row.
 */
async function fulfil(deps: Deps, tx: Transaction, order: OrderRef, lines: readonly OrderedLine[]): Promise<void> {
  if (lines.length === 0) return
  const ids = pgArray(lines.map(({ refId }) => refId))
  const tickets = await tx.query<TicketSeat>(
    `select ${TICKET} from tickets where id = any($1::text::uuid[]) and order_id = $2::text::uuid order by id for update`,
    [ids, order.id],
  )
  const showtimeIds = tickets.map(({ showtimeId }) => showtimeId)
  await ensureTakesPlace(tx, order, await lockShowtimes(tx, showtimeIds))
  // Before the seats, as whoever serves a line locks its entries first.
  const served = await tx.query(
    `update waitlist_entries w set status = 'BOOKED', updated_at = now()
     from tickets t join seat_claims c on c.showtime_id = t.showtime_id and c.seat_id = t.seat_id and c.claim_id = t.id
     where t.id = any($1::text::uuid[]) and w.showtime_id = c.showtime_id and w.hold_id = c.hold_id and w.status = 'OFFERED' returning w.id`,
    [ids],
  )
  if (served.length > 0) {
    for (const id of new Set(showtimeIds)) tx.afterCommit(() => deps.bus.publish(waitlistChanged(id), {}))
  }
  const sold = await tx.query<{ seatId: Uuid }>(
    `insert into seat_claims (showtime_id, seat_id, screen_id, claim_id, hold_id, holder_id, is_guest, slot, held_at, expires_at, order_id)
     select t.showtime_id, t.seat_id, t.screen_id, t.id, t.order_id, t.order_id, true, row_number() over (partition by t.showtime_id order by t.seat_id), now(), null, t.order_id
     from tickets t where t.id = any($1::text::uuid[]) and t.order_id = $2::text::uuid order by t.seat_id
     on conflict (showtime_id, seat_id) do update set expires_at = null, order_id = excluded.order_id, claim_id = excluded.claim_id,
       hold_id = case when seat_claims.claim_id = excluded.claim_id then seat_claims.hold_id else excluded.hold_id end,
       holder_id = case when seat_claims.claim_id = excluded.claim_id then seat_claims.holder_id else excluded.holder_id end,
       is_guest = case when seat_claims.claim_id = excluded.claim_id then seat_claims.is_guest else excluded.is_guest end, cart_id = null,
       slot = case when seat_claims.claim_id = excluded.claim_id then seat_claims.slot else excluded.slot end
     where seat_claims.claim_id = excluded.claim_id or seat_claims.expires_at <= clock_timestamp()
     returning seat_id as "seatId"`,
    [ids, order.id],
  )
  if (sold.length < lines.length) {
    const has = new Set(sold.map(({ seatId }) => seatId))
    const gone = tickets.filter(({ seatId }) => !has.has(seatId))
    throw new DomainError('SEATS_TAKEN', 'The payment came too late: somebody else has these seats.', [], {
      showtimeId: gone[0]?.showtimeId ?? null,
      seatIds: gone.map(({ seatId }) => seatId),
      wantedIds: tickets.map(({ seatId }) => seatId),
    })
  }
  await tx.query(
    `update tickets set status = 'VALID', account_id = $3::text::uuid where id = any($1::text::uuid[]) and order_id = $2::text::uuid and status in ('RESERVED', 'RELEASED')`,
    [ids, order.id, order.accountId],
  )
  tell(deps, tx, showtimeIds)
}

type Ticket = TicketSeat & { status: TicketStatus }

const lockTickets = (tx: Transaction, order: OrderRef, lines: readonly OrderedLine[]): Promise<Ticket[]> =>
  tx.query<Ticket>(
    `select ${TICKET}, status from tickets where id = any($1::text::uuid[]) and order_id = $2::text::uuid order by id for update`,
    [pgArray(lines.map(({ refId }) => refId)), order.id],
  )

/** They let nobody in any more, and their seats are free. The caller has locked them. */
async function takeBack(deps: Deps, tx: Transaction, tickets: readonly Ticket[]): Promise<void> {
  const back = tickets.filter(({ status }) => ticketLifecycle.can(status, 'REFUNDED'))
  if (back.length === 0) return
  await tx.query(`update tickets set status = 'REFUNDED' where id = any($1::text::uuid[])`, [
    pgArray(back.map(({ id }) => id)),
  ])
  await free(deps, tx, back)
}

/** @throws DomainError `ILLEGAL_TRANSITION` for a ticket that was used, unless its showtime was cancelled. */
async function restore(deps: Deps, tx: Transaction, order: OrderRef, lines: readonly OrderedLine[]): Promise<void> {
  const tickets = await lockTickets(tx, order, lines)
  const used = tickets.filter(({ status }) => status === 'CHECKED_IN')
  const showtimes = await lockShowtimes(
    tx,
    used.map(({ showtimeId }) => showtimeId),
  )
  if (showtimes.some(({ isOn }) => isOn)) {
    throw new DomainError('ILLEGAL_TRANSITION', 'A ticket that was used is not paid back.', [], {
      from: 'CHECKED_IN',
      allowed: [],
    })
  }
  await takeBack(deps, tx, tickets)
}

/** Who was let in has seen the movie: that ticket stays what it is. */
async function revoke(deps: Deps, tx: Transaction, order: OrderRef, lines: readonly OrderedLine[]): Promise<void> {
  const tickets = await lockTickets(tx, order, lines)
  await takeBack(
    deps,
    tx,
    tickets.filter(({ status }) => status !== 'CHECKED_IN'),
  )
}

/** Seats as lines of a cart and an order: see `domain/shop/line-kind`. */
export const ticketLines: OrderLineKind = {
  kind: 'TICKET',
  async inCart(db, cartId): Promise<CartLine[]> {
    const seats = await seatsInCart(db, cartId)
    return seats.map((seat) => ({ kind: 'TICKET', ...priced(seat), holdId: seat.holdId, problems: problemsOf(seat) }))
  },
  async adopt(tx, from, to) {
    await tx.query(
      `with theirs as (select showtime_id, seat_id from seat_claims where cart_id = $1::text::uuid order by seat_id for update)
       update seat_claims c set cart_id = $2::text::uuid from theirs where c.showtime_id = theirs.showtime_id and c.seat_id = theirs.seat_id`,
      [from, to],
    )
  },
  take,
  release,
  fulfil,
  restore,
  revoke,
}
