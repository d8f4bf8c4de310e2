import { addDays } from '../core/calendar.ts'
import { newId, type Uuid } from '../core/ids.ts'
import { localDate } from '../core/local-time.ts'
import { seatClaims, tickets } from '../db/tables/cinema/booking.ts'
import { showtimes } from '../db/tables/cinema/programme.ts'
import { reviews } from '../db/tables/review.ts'
import { orderLines, orders } from '../db/tables/shop/order.ts'
import { subjects } from '../db/tables/subject.ts'
import { plan } from '../domain/cinema/showtime.ts'
import type { Deps } from '../domain/deps.ts'
import { HOME_COUNTRY } from '../domain/shop/delivery.ts'
import { SHOP_CURRENCY } from '../domain/shop/rules.ts'
import type { NamedViewer } from './regulars.ts'

/** Each movie that was out by then was shown twice in the last week. */
const SHOWINGS = 2
const TIMES = ['20:45', '17:30'] as const
/** From two days ago on back, so that nothing is still running and what was said of it lies in the past. */
const FIRST_DAYS_AGO = 2
const DAYS = 6
const DAY_MS = 86_400_000
const PRICE_MINOR = 900

/** What the house as a whole makes of a movie, and what who is hard to please makes of it. */
const STARS = [5, 4, 3, 5, 4, 2, 4, 5, 3, 4] as const
const WORDS: Readonly<Record<number, readonly string[]>> = {
  5: ['Went twice.', 'Nobody left before the credits were over.', 'The best that I have seen here this year.'],
  4: ['A quarter of an hour too long, and I did not mind.', 'Worth the late bus home.', ''],
  3: ['Fine. The second half knows it is one.', 'Good faces, a thin story.'],
  2: ['The trailer had all of it.', 'I liked the music.'],
  1: ['The popcorn was warm.'],
}

interface Movie {
  id: Uuid
  title: string
  runningTimeMinutes: number
  releaseDay: string
}

interface Screen {
  screenId: Uuid
  theatreId: Uuid
  name: string
  theatre: string
  timeZone: string
  cleaningMinutes: number
}

interface Seat {
  id: Uuid
  screenId: Uuid
  row: string
  number: number
}

/** Circles of taste that overlap: whoever liked one movie of theirs is likely to like the next. */
const went = (who: number, movie: number): boolean => (movie + who) % 3 === 0 || (movie * 7 + who * 5) % 11 === 0

const wrote = (who: number, movie: number): boolean => (who * 3 + movie) % 4 !== 0

const starsOf = (who: number, movie: number): number =>
  Math.max((STARS[movie % STARS.length] ?? 4) - ((who + 2 * movie) % 3 === 0 ? 1 : 0), 1)

/**
 * The programme of the last week, who went to see it, and what they say: invitations, for which no money has to go back
 * whatever a visitor of the demo does. Written as it stands in the books, all at once: nobody can buy what is over.
 */
export async function fillPastWeek(deps: Deps, people: readonly NamedViewer[]): Promise<void> {
  const { db } = deps
  const now = deps.clock.now().getTime()
  const shown = await db.query<Movie>(
    `select id, title, running_time_minutes as "runningTimeMinutes", release_day::text as "releaseDay" from movies order by id`,
  )
  const screens = await db.query<Screen>(
    `select s.id as "screenId", t.id as "theatreId", s.name, t.name as theatre, t.time_zone as "timeZone", s.cleaning_minutes as "cleaningMinutes"
     from screens s join theatres t on t.id = s.theatre_id order by s.id`,
  )
  const seats = await db.query<Seat>(
    `select id, screen_id as "screenId", "row", number from seats where not is_blocked and row_index = 2 order by column_index`,
  )
  const oldest = addDays(localDate(now, 'UTC'), -(FIRST_DAYS_AGO + DAYS))
  const movies = shown.filter(({ releaseDay }) => releaseDay <= oldest)
  const rows = {
    showtimes: [] as (typeof showtimes.$inferInsert)[],
    orders: [] as (typeof orders.$inferInsert)[],
    lines: [] as (typeof orderLines.$inferInsert)[],
    tickets: [] as (typeof tickets.$inferInsert)[],
    claims: [] as (typeof seatClaims.$inferInsert)[],
    reviews: [] as (typeof reviews.$inferInsert)[],
  }
  for (const [at, movie] of movies.entries()) {
    const audience = people.map((person, who) => ({ person, who })).filter(({ who }) => went(who, at))
    for (let showing = 0; showing < SHOWINGS; showing += 1) {
      // Each showing has a screen, a day and a time of its own.
      const slot = showing * movies.length + at
      const screen = screens[slot % screens.length]
      const time = TIMES[Math.floor(slot / (screens.length * DAYS))]
      if (screen === undefined || time === undefined) continue
      const daysAgo = FIRST_DAYS_AGO + (Math.floor(slot / screens.length) % DAYS)
      const day = addDays(localDate(now, screen.timeZone), -daysAgo)
      const { isSkipped: _, ...times } = plan({ ...movie, ...screen, movieId: movie.id, lastDay: null }, day, time)
      const id = newId()
      const createdAt = new Date(Date.parse(times.startsAt) - 7 * DAY_MS).toISOString()
      rows.showtimes.push({
        id,
        movieId: movie.id,
        screenId: screen.screenId,
        theatreId: screen.theatreId,
        startsAt: times.startsAt,
        endsAt: times.endsAt,
        clearedAt: times.clearedAt,
        localStartsAt: `${day}T${time}`,
        localDay: day,
        currency: SHOP_CURRENCY,
        standardMinor: PRICE_MINOR,
        premiumMinor: PRICE_MINOR,
        accessibleMinor: PRICE_MINOR,
        coupleMinor: PRICE_MINOR,
        createdAt,
      })
      const free = seats.filter(({ screenId }) => screenId === screen.screenId)
      for (const [place, { person, who }] of audience.entries()) {
        const seat = free[place]
        if (seat === undefined || who % SHOWINGS !== showing) continue
        visit(rows, { showtimeId: id, startsAt: times.startsAt, day, time, movie, screen, seat, person })
        if (!wrote(who, at)) continue
        const stars = starsOf(who, at)
        const words = WORDS[stars] ?? []
        const text = words[(who + at) % words.length] ?? ''
        rows.reviews.push({
          id: newId(),
          subjectId: movie.id,
          authorId: person.accountId,
          stars,
          text,
          textHtml: text === '' ? '' : `<p>${text}</p>\n`,
          createdAt: new Date(Date.parse(times.endsAt) + (2 + who) * 3_600_000).toISOString(),
        })
      }
    }
  }
  const { orm } = db
  const kinds = { SHOWTIME: rows.showtimes, ORDER: rows.orders, REVIEW: rows.reviews } as const
  for (const kind of ['SHOWTIME', 'ORDER', 'REVIEW'] as const) {
    await orm.insert(subjects).values(kinds[kind].map(({ id, createdAt }) => ({ id, kind, createdAt })))
  }
  await orm.insert(showtimes).values(rows.showtimes)
  await orm.insert(orders).values(rows.orders)
  await orm.insert(orderLines).values(rows.lines)
  await orm.insert(tickets).values(rows.tickets)
  await orm.insert(seatClaims).values(rows.claims)
  await orm.insert(reviews).values(rows.reviews)
}

interface Visit {
  showtimeId: Uuid
  startsAt: string
  day: string
  time: string
  movie: Movie
  screen: Screen
  seat: Seat
  person: NamedViewer
}

/** One seat that was booked two days before and used. */
function visit(
  rows: {
    orders: (typeof orders.$inferInsert)[]
    lines: (typeof orderLines.$inferInsert)[]
    tickets: (typeof tickets.$inferInsert)[]
    claims: (typeof seatClaims.$inferInsert)[]
  },
  { showtimeId, startsAt, day, time, movie, screen, seat, person }: Visit,
): void {
  const orderId = newId()
  const ticketId = newId()
  const { accountId, handle, name } = person
  const bookedAt = new Date(Date.parse(startsAt) - 2 * DAY_MS).toISOString()
  const place = { showtimeId, seatId: seat.id, screenId: screen.screenId, orderId, holderId: accountId }
  rows.orders.push({
    id: orderId,
    accountId,
    cartId: orderId,
    checkoutKey: `demo-${orderId}`,
    inputHash: '',
    status: 'FULFILLED',
    email: `${handle}@example.com`,
    name,
    street: 'Long Lane 1',
    postalCode: '10115',
    city: 'Berlin',
    country: HOME_COUNTRY,
    currency: SHOP_CURRENCY,
    subtotalMinor: PRICE_MINOR,
    discountMinor: PRICE_MINOR,
    shippingMinor: 0,
    shippingTaxMinor: 0,
    taxMinor: 0,
    totalMinor: 0,
    expiresAt: bookedAt,
    createdAt: bookedAt,
    updatedAt: bookedAt,
    paidAt: bookedAt,
  })
  rows.lines.push({
    id: newId(),
    orderId,
    position: 0,
    kind: 'TICKET',
    refId: ticketId,
    title: movie.title,
    detail: `Row ${seat.row}, seat ${seat.number} · ${screen.theatre}, ${screen.name} · ${day} ${time}`,
    quantity: 1,
    unitPriceMinor: PRICE_MINOR,
    discountMinor: PRICE_MINOR,
    taxMinor: 0,
    isTaxed: false,
    isShipped: false,
  })
  const checkedInAt = new Date(Date.parse(startsAt) - 600_000).toISOString()
  rows.tickets.push({ id: ticketId, ...place, accountId, status: 'CHECKED_IN', checkedInAt, createdAt: bookedAt })
  rows.claims.push({ ...place, claimId: ticketId, holdId: orderId, isGuest: false, slot: 1, heldAt: bookedAt })
}
