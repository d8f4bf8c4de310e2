import type { Uuid } from '../core/ids.ts'
import { joinWaitlist } from '../domain/cinema/waitlist.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { CinemaWorld } from './cinema-world.ts'

/** Seats of the next days that are sold, in hundredths: enough for a map that looks alive, and room for the visitor. */
const SOLD_PERCENT = 35
const DAYS_AHEAD = 3
const SMALL_HOUSE = 60

/**
 * Invitations: orders that cost nothing, so that no money has to go back for them whatever a visitor of the demo does. One order for
 * each showtime, neighbours together, written in bulk because there are thousands of seats.
 */
const SELL = `
with shows as materialized (
  select s.*, m.title, t.name as theatre, screen.name as screen, gen_random_uuid() as order_id
  from showtimes s join movies m on m.id = s.movie_id join theatres t on t.id = s.theatre_id join screens screen on screen.id = s.screen_id
  where s.id = any($1::text::uuid[])
), chosen as materialized (
  select s.id as showtime_id, s.screen_id, s.order_id, s.title, seat.id as seat_id, gen_random_uuid() as ticket_id,
    format('Row %s, seat %s · %s, %s · %s', seat.row, seat.number, s.theatre, s.screen, to_char(s.local_starts_at, 'YYYY-MM-DD HH24:MI')) as detail,
    case seat.type when 'PREMIUM' then s.premium_minor when 'ACCESSIBLE' then s.accessible_minor when 'COUPLE' then s.couple_minor else s.standard_minor end as price,
    row_number() over (partition by s.id order by seat.row_index, seat.column_index) as position
  from shows s join seats seat on seat.screen_id = s.screen_id and not seat.is_blocked
  where case when $3::text::int = 0 then abs(hashtext(s.id::text || seat.row_index || coalesce('pair' || seat.pair, (seat.column_index / 2)::text))) % 100 < $4::text::int
    else seat.row_index = (select max(row_index) / 2 from seats where screen_id = s.screen_id) and seat.number <= $3::text::int end
    and not exists (select 1 from seat_claims c where c.showtime_id = s.id and c.seat_id = seat.id)
), sums as materialized (select order_id, sum(price)::int as total from chosen group by 1),
named as (insert into subjects (id, kind) select order_id, 'ORDER' from sums),
ordered as (
  insert into orders (id, account_id, cart_id, checkout_key, input_hash, status, email, name, street, postal_code, city, country, currency,
    subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor, expires_at, paid_at)
  select order_id, $2::text::uuid, gen_random_uuid(), 'invitation', 'invitation', 'FULFILLED', 'visitors@example.com', 'Invited', '1 Main Street', '10115', 'Berlin', 'DE', 'EUR',
    total, total, 0, 0, 0, 0, now(), now() from sums
), lines as (
  insert into order_lines (id, order_id, position, kind, ref_id, title, detail, quantity, unit_price_minor, is_taxed, is_shipped, discount_minor, tax_minor)
  select gen_random_uuid(), order_id, position, 'TICKET', ticket_id, title, detail, 1, price, false, false, price, 0 from chosen
), claimed as (
  insert into seat_claims (showtime_id, seat_id, screen_id, claim_id, hold_id, holder_id, is_guest, slot, held_at, expires_at, order_id)
  select showtime_id, seat_id, screen_id, ticket_id, order_id, ticket_id, true, 1, now(), null, order_id from chosen
)
insert into tickets (id, showtime_id, seat_id, screen_id, order_id, holder_id, account_id, status)
select ticket_id, showtime_id, seat_id, screen_id, order_id, ticket_id, $2::text::uuid, 'VALID' from chosen`

/**
 * Sells seats of the next days to nobody in particular, two of one showtime to each of these members, and all of another one,
 * in the smallest house, for which members wait.
 */
export async function inviteVisitors({ deps }: CinemaWorld, members: readonly Viewer[]): Promise<void> {
  const ahead = await deps.db.query<{ id: Uuid; seatCount: number }>(
    `select id, (select count(*)::int from seats where seats.screen_id = showtimes.screen_id) as "seatCount" from showtimes where status = 'SCHEDULED' and starts_at between now() + interval '1 hour' and now() + interval '${DAYS_AHEAD} days' order by starts_at, id`,
  )
  const ids = ahead.map(({ id }) => id)
  const invite = (showtimes: readonly Uuid[], accountId: Uuid | null, seats: number, percent = SOLD_PERCENT) =>
    deps.db.query(SELL, [`{${showtimes.join()}}`, accountId, String(seats), String(percent)])
  const soldOut = ahead.filter(({ seatCount }) => seatCount <= SMALL_HOUSE).at(-1)?.id
  if (soldOut !== undefined) await invite([soldOut], null, 0, 100)
  for (const [n, { accountId }] of members.entries()) {
    const showtime = ids[Math.floor(((n + 1) * ids.length) / (members.length + 1))]
    if (showtime !== undefined) await invite([showtime], accountId, 2)
  }
  await invite(ids, null, 0)
  if (soldOut === undefined) return
  for (const [n, member] of members.entries()) {
    await joinWaitlist(deps, member, { showtimeId: soldOut, seatCount: 1 + (n % 2) })
  }
}
