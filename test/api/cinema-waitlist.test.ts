import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeId, newId, parseId, type Uuid } from '../../src/core/ids.ts'
import { askForSeats } from '../../src/domain/cinema/desk.ts'
import { type Holder, memberHolder } from '../../src/domain/cinema/holder.ts'
import { clearOldWaits } from '../../src/domain/cinema/waitlist.ts'
import { serveEveryLine, serveWaitlist } from '../../src/domain/cinema/waitlist-offer.ts'
import type { Deps } from '../../src/domain/deps.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ShopClient } from '../support/shop.ts'
import { buyTickets, payFor } from '../support/tickets.ts'

let server: TestServer
let other: TestServer
let cinema: CinemaClient
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let movieId: Uuid
let theatreId: Uuid
let showtimeId: Uuid
let seats: Record<string, Uuid>
let halls = 0
let people = 0

beforeAll(async () => {
  server = await startTestServer()
  other = await startTestServer({ databaseUrl: server.databaseUrl })
  cinema = new CinemaClient(server)
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  movieId = await server.world.cinema.movie(staff, { title: 'The movie' })
  theatreId = await server.world.cinema.theatre(staff, { name: 'The house' })
})
afterAll(async () => {
  await other.close()
  await server.close()
})

const person = () => server.world.person({ handle: `person-${++people}` })
const db = () => server.running.atrium.deps.db
const deps = (): Deps => server.running.atrium.deps

async function hall(rows = ['SSSS'], allowsSingleSeats = true) {
  const world = server.world.cinema
  halls += 1
  const plan = world.rows(...rows)
  const screenId = await world.screen(staff, theatreId, { name: `Hall ${halls}`, rows: plan, allowsSingleSeats })
  showtimeId = await world.showtime(staff, movieId, screenId, { prices: { currency: 'EUR', standard: '9.00' } })
  seats = await world.seats(screenId)
}
beforeEach(() => hall())

/** Somebody holds these seats, for as long as a hold lasts. */
const occupy = (names = Object.keys(seats), holder: Viewer | Holder = ada) =>
  server.world.cinema.hold(
    holder,
    showtimeId,
    names.map((name) => seats[name] ?? ''),
  )

const FIELDS = 'id status seatCount aheadCount hold { id expiresAt seats { row number } }'
const ERRORS = 'userErrors { code path ... on IllegalTransition { from allowed } ... on LimitExceeded { limit } }'
async function run(mutation: 'joinWaitlist' | 'leaveWaitlist', viewer: Viewer | null, input: object) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { entry { ${FIELDS} } ${ERRORS} } }`
  const { data, errors } = await cinema.ask(query, { input }, viewer)
  const error = data?.done?.userErrors[0] ?? null
  return { entry: data?.done?.entry ?? null, error, outcome: errors?.[0]?.extensions.code ?? error?.code ?? 'ok' }
}
const join = (viewer: Viewer | null, seatCount = 1, more: object = {}) =>
  run('joinWaitlist', viewer, { showtimeId: encodeId('showtime', showtimeId), seatCount, ...more })
const leave = (viewer: Viewer | null, id: string) => run('leaveWaitlist', viewer, { id })
const see = async (viewer: Viewer | null, id: string) => {
  const { data, errors } = await cinema.ask(
    `query ($id: ID!) { node(id: $id) { ... on WaitlistEntry { ${FIELDS} } } }`,
    { id },
    viewer,
  )
  return errors?.[0]?.extensions.code ?? data.node
}
const until = (viewer: Viewer, id: string, status: string) =>
  vi.waitFor(async () => expect(await see(viewer, id)).toMatchObject({ status }), { timeout: 15_000, interval: 50 })
/** As if the time of a hold had passed while nobody looked. */
const lapseOf = async (id: string) => server.world.cinema.lapse(parseId(id)?.uuid ?? '')

describe('joining', () => {
  test('is for who finds no seats left, and answers the place in the line', async () => {
    expect((await join(ada, 2)).outcome).toBe('INVALID_INPUT')
    await occupy()
    const [first, second] = [await person(), await person()]
    const one = await join(first, 2)
    expect(one).toMatchObject({ outcome: 'ok', entry: { status: 'WAITING', seatCount: 2, aheadCount: 0, hold: null } })
    expect((await join(second, 1)).entry).toMatchObject({ aheadCount: 1 })
    expect((await join(first, 2)).entry.id).toBe(one.entry.id)
    expect((await join(first, 1)).outcome).toBe('TAKEN')
    const { data } = await cinema.ask('query ($id: ID!) { node(id: $id) { ... on Showtime { waitingCount } } }', {
      id: encodeId('showtime', showtimeId),
    })
    expect(data.node.waitingCount).toBe(2)
  })

  test.each([
    ['no seats', { seatCount: 0 }, 'INVALID_INPUT'],
    ['more seats than anybody may have', { seatCount: 11 }, 'LIMIT_EXCEEDED'],
    ['more seats than the screen has', { seatCount: 5 }, 'INVALID_INPUT'],
    ['wheelchair places where there are none', { seatType: 'ACCESSIBLE' }, 'INVALID_INPUT'],
    ['half a sofa', { seatType: 'COUPLE' }, 'INVALID_INPUT'],
    ['a showtime that does not exist', { showtimeId: 'showtime_01h455vb4pex5vsknk084sn02q' }, 'NOT_FOUND'],
  ])('%s is refused', async (_, more, expected) => {
    await occupy()
    expect((await join(await person(), 1, more)).outcome).toBe(expected)
  })

  test('is for members, of showtimes that are ahead', async () => {
    await occupy()
    expect((await join(null)).outcome).toBe('UNAUTHENTICATED')
    await server.world.cinema.begin(showtimeId)
    expect((await join(await person())).outcome).toBe('INVALID_INPUT')
  })

  test('of twenty requests at once makes one place, and nobody waits in more than ten lines', async () => {
    await occupy()
    const eager = await person()
    const done = await Promise.all(Array.from({ length: 20 }, () => join(eager)))
    expect(new Set(done.map(({ entry }) => entry.id)).size).toBe(1)
    for (let line = 1; line < 10; line++) {
      await hall(['S'])
      await occupy(['A1'])
      expect((await join(eager)).outcome).toBe('ok')
    }
    await hall(['S'])
    await occupy(['A1'])
    expect((await join(eager)).error).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 10 })
  })

  test('is nobody else’s business', async () => {
    await occupy()
    const waiting = await person()
    const { entry } = await join(waiting)
    for (const viewer of [await person(), staff, null]) {
      expect(await see(viewer, entry.id)).toBe('NOT_FOUND')
      expect((await leave(viewer, entry.id)).outcome).toBe(viewer === null ? 'UNAUTHENTICATED' : 'NOT_FOUND')
    }
    const { data } = await cinema.ask('{ viewer { waitlistEntries(first: 5) { nodes { id } } } }', {}, waiting)
    expect(data.viewer.waitlistEntries.nodes).toEqual([{ id: entry.id }])
  })
})

describe('when seats are free again', () => {
  test('the first whose wish fits has them held, is told and pays; the others stay in line', async () => {
    const hold = await occupy(['A1', 'A2'])
    await occupy(['A3', 'A4'], await person())
    const [family, couple, single] = [await person(), await person(), await person()]
    const [four, two, one] = [await join(family, 3), await join(couple, 2), await join(single, 1)]
    await cinema.run('releaseHold', ada, { id: encodeId('hold', hold.id) })
    await until(couple, two.entry.id, 'OFFERED')
    expect((await see(family, four.entry.id)).status).toBe('WAITING')
    expect((await see(single, one.entry.id)).status).toBe('WAITING')
    const offered = await see(couple, two.entry.id)
    expect(offered.hold.seats).toEqual([
      { row: 'A', number: 1 },
      { row: 'A', number: 2 },
    ])
    const minutes = (Date.parse(offered.hold.expiresAt) - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(28)
    expect(minutes).toBeLessThan(31)
    // To extend it makes it no shorter.
    expect((await cinema.run('extendHold', couple, { id: offered.hold.id })).outcome).toBe('LIMIT_EXCEEDED')
    const { data } = await cinema.ask('{ notifications(first: 1) { nodes { kind subject { id } } } }', {}, couple)
    expect(data.notifications.nodes).toEqual([
      { kind: 'SEATS_OFFERED', subject: { id: encodeId('showtime', showtimeId) } },
    ])
    const mails = await db().query<{ data: { entryId: Uuid } }>(
      `select data from pgboss.job where name = 'mail.send' and data->>'template' = 'seatsOffered'`,
    )
    expect(mails.map((mail) => mail.data.entryId)).toContain(parseId(two.entry.id)?.uuid)
    await payFor(cinema, shop, couple, offered.hold)
    expect(await see(couple, two.entry.id)).toMatchObject({ status: 'BOOKED', hold: null })
  })

  test.each([
    [
      'given back by their buyer',
      async (id: string) => {
        const query = 'mutation ($id: ID!) { cancelTickets(input: { ticketIds: [$id] }) { userErrors { code } } }'
        await cinema.ask(query, { id }, ada)
      },
    ],
    [
      'paid back by staff',
      async (_id: string, orderId: string) => {
        const query = 'mutation ($id: ID!) { refundOrder(input: { id: $id, restock: true }) { userErrors { code } } }'
        await cinema.ask(query, { id: orderId }, staff)
      },
    ],
  ] as const)('that were sold and %s', async (_, free) => {
    await hall(['S'])
    const bought = await buyTickets(cinema, shop, ada, showtimeId, [seats.A1])
    const waiting = await person()
    const { entry } = await join(waiting)
    await free(bought.tickets[0]?.id ?? '', bought.orderId)
    await until(waiting, entry.id, 'OFFERED')
  })

  test('because a hold lapsed while nobody looked, the clock finds out', async () => {
    await hall(['S'])
    const hold = await occupy(['A1'])
    const waiting = await person()
    const { entry } = await join(waiting)
    await until(waiting, entry.id, 'WAITING')
    await server.world.cinema.lapse(hold.id)
    await serveEveryLine(deps())
    expect((await see(waiting, entry.id)).status).toBe('OFFERED')
  })

  test('who comes by does not get them before those who wait', async () => {
    await hall(['S'])
    const hold = await occupy(['A1'])
    const waiting = await person()
    const { entry } = await join(waiting)
    await server.world.cinema.lapse(hold.id)
    expect((await cinema.hold(await person(), showtimeId, [seats.A1])).outcome).toBe('SEATS_TAKEN')
    expect((await see(waiting, entry.id)).status).toBe('OFFERED')
  })

  test('that fit nobody in the line, whoever comes by may have them', async () => {
    const hold = await occupy(['A1'])
    await occupy(['A2', 'A3', 'A4'], await person())
    const { entry } = await join(await person(), 2)
    await server.world.cinema.lapse(hold.id)
    expect((await cinema.hold(await person(), showtimeId, [seats.A1])).outcome).toBe('ok')
    expect(entry.status).toBe('WAITING')
  })

  test('in the very moment in which the line is served, they are not for who comes by in that moment', async () => {
    const hold = await occupy(['A1', 'A2'])
    await occupy(['A3'], await person())
    const waiting = await person()
    const { entry } = await join(waiting, 2)
    let isServed = false
    const meanwhile: Deps = {
      ...deps(),
      db: {
        ...db(),
        async transaction(work, options) {
          const done = await db().transaction(work, options)
          // A4 fits nobody. Now two seats are given back that would.
          if (!isServed) await db().query('delete from seat_claims where hold_id = $1', [hold.id])
          isServed = true
          return done
        },
      },
    }
    const ask = (viewer: Viewer, name: string) =>
      askForSeats(meanwhile, showtimeId, {
        holder: memberHolder(viewer),
        holdId: newId(),
        seatIds: [seats[name] ?? ''],
      }).then(
        () => 'ok',
        ({ code }) => code,
      )
    // The first is served at once; the others have come meanwhile, and are served together.
    const people = await Promise.all([person(), person(), person()])
    const [before, one, two] = people.map((each, at) => ask(each, ['A3', 'A4', 'A1'][at] ?? ''))
    expect(await Promise.all([before, one, two])).toEqual(['SEATS_TAKEN', 'ok', 'SEATS_TAKEN'])
    expect(isServed).toBe(true)
    expect((await see(waiting, entry.id)).hold.seats).toEqual([
      { row: 'A', number: 1 },
      { row: 'A', number: 2 },
    ])
  })

  test('of a kind that nobody asked for, they stay free: wheelchair places are for who waits for them', async () => {
    await hall(['SA'])
    const hold = await occupy(['A1', 'A2'])
    const [walking, rolling] = [await person(), await person()]
    const first = await join(walking, 1)
    const second = await join(rolling, 1, { seatType: 'ACCESSIBLE' })
    await db().query(
      `update seat_claims set expires_at = now() - interval '1 second' where hold_id = $1 and seat_id = $2`,
      [hold.id, seats.A2 ?? ''],
    )
    await serveWaitlist(deps(), showtimeId)
    expect((await see(walking, first.entry.id)).status).toBe('WAITING')
    expect((await see(rolling, second.entry.id)).hold.seats).toEqual([{ row: 'A', number: 2 }])
  })
})

describe('an offer', () => {
  async function offered() {
    await hall(['S'])
    const hold = await occupy(['A1'])
    const [first, second] = [await person(), await person()]
    const one = await join(first)
    const two = await join(second)
    await cinema.run('releaseHold', ada, { id: encodeId('hold', hold.id) })
    await until(first, one.entry.id, 'OFFERED')
    return { first, second, one: one.entry.id as string, two: two.entry.id as string }
  }

  test('that runs out goes to the next', async () => {
    const { first, second, one, two } = await offered()
    await lapseOf((await see(first, one)).hold.id)
    await serveEveryLine(deps())
    expect(await see(first, one)).toMatchObject({ status: 'EXPIRED', hold: null })
    expect((await see(second, two)).status).toBe('OFFERED')
    // At the end of the line, and no longer refused.
    expect((await join(first)).entry.aheadCount).toBe(0)
  })

  test('that is declined goes to the next', async () => {
    const { first, second, one, two } = await offered()
    expect((await leave(first, one)).entry.status).toBe('LEFT')
    await until(second, two, 'OFFERED')
    expect((await leave(first, one)).error).toMatchObject({ code: 'ILLEGAL_TRANSITION', from: 'LEFT', allowed: [] })
  })

  test('is told live, with the seats and until when, and so is its end', async () => {
    await hall(['S'])
    const hold = await occupy(['A1'])
    const waiting = await person()
    const { entry } = await join(waiting)
    const client = server.socket(await server.tokenOf(waiting))
    const seen: { status: string; hold: { expiresAt: string } | null }[] = []
    const query = `subscription ($id: ID!) { waitlistEntryUpdated(id: $id) { status hold { expiresAt seats { number } } } }`
    client.subscribe<{ waitlistEntryUpdated: (typeof seen)[number] }>(
      { query, variables: { id: entry.id } },
      { next: ({ data }) => void (data && seen.push(data.waitlistEntryUpdated)), error: () => {}, complete: () => {} },
    )
    await vi.waitFor(() => expect(seen.at(-1)?.status).toBe('WAITING'), 15_000)
    await cinema.run('releaseHold', ada, { id: encodeId('hold', hold.id) })
    await vi.waitFor(
      () => expect(seen.at(-1)).toMatchObject({ status: 'OFFERED', hold: { seats: [{ number: 1 }] } }),
      15_000,
    )
    await leave(waiting, entry.id)
    await vi.waitFor(() => expect(seen.at(-1)?.status).toBe('LEFT'), 15_000)
  })

  test('is shown live to its member only', async () => {
    await occupy()
    const { entry } = await join(await person())
    const client = server.socket(await server.tokenOf(ada))
    const refused = new Promise<string>((resolve) => {
      client.subscribe(
        { query: `subscription { waitlistEntryUpdated(id: "${entry.id}") { status } }` },
        {
          next: ({ errors }) => resolve(String(errors?.[0]?.extensions?.code)),
          error: (errors) => resolve(String((errors as { extensions: { code: string } }[])[0]?.extensions.code)),
          complete: () => resolve('complete'),
        },
      )
    })
    expect(await refused).toBe('NOT_FOUND')
  })
})

describe('those who wait for a showtime', () => {
  test('that is cancelled are told, and wait no more', async () => {
    await occupy()
    const waiting = await person()
    const { entry } = await join(waiting)
    await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', showtimeId) })
    await until(waiting, entry.id, 'EXPIRED')
    const { data } = await cinema.ask('{ notifications(first: 1) { nodes { kind } } }', {}, waiting)
    expect(data.notifications.nodes).toEqual([{ kind: 'SHOWTIME_CANCELLED' }])
    const mails = await db().query(
      `select 1 from pgboss.job where name = 'mail.send' and data->>'template' = 'waitlistEnded' and data->>'entryId' = $1`,
      [parseId(entry.id)?.uuid ?? ''],
    )
    expect(mails).toHaveLength(1)
  })

  test('that has begun wait no more', async () => {
    await occupy()
    const waiting = await person()
    const { entry } = await join(waiting)
    await server.world.cinema.begin(showtimeId)
    await serveEveryLine(deps())
    expect((await see(waiting, entry.id)).status).toBe('EXPIRED')
  })
})

test('fifty wait, seats come back one by one at two servers while strangers try: each goes to one, in the order of the line', async () => {
  await hall(['SSSSSSSSSS', 'SSSSSSSSSS'])
  const holds: { id: Uuid; holder: Viewer }[] = []
  for (const name of Object.keys(seats)) {
    const holder = await person()
    holds.push({ holder, id: (await occupy([name], holder)).id })
  }
  const line: { viewer: Viewer; id: string }[] = []
  for (let n = 0; n < 50; n++) {
    const viewer = await person()
    line.push({ viewer, id: (await join(viewer)).entry.id })
  }
  const clients = [cinema, new CinemaClient(other)]
  const strangers = await Promise.all(Array.from({ length: 10 }, () => person()))
  const releases = holds.map(({ holder, id }, n) =>
    clients[n % 2]?.run('releaseHold', holder, { id: encodeId('hold', id) }),
  )
  const tries = strangers.map((stranger, n) => clients[n % 2]?.hold(stranger, showtimeId, [seats[`A${n + 1}`]]))
  const serving = Array.from({ length: 6 }, (_, n) =>
    serveWaitlist((n % 2 === 0 ? server : other).running.atrium.deps, showtimeId),
  )
  const [outcomes] = await Promise.all([Promise.all(tries), Promise.all(releases), Promise.all(serving)])
  expect(outcomes.map((done) => done?.outcome)).toEqual(Array(10).fill('SEATS_TAKEN'))
  await vi.waitFor(
    async () => {
      await serveWaitlist(deps(), showtimeId)
      const rows = await db().query<{ id: Uuid }>(
        `select id from waitlist_entries where showtime_id = $1 and status = 'OFFERED' order by place`,
        [showtimeId],
      )
      // Twenty seats: the first twenty of the line, and nobody behind them.
      expect(rows.map(({ id }) => id)).toEqual(line.slice(0, 20).map(({ id }) => parseId(id)?.uuid))
    },
    { timeout: 20_000, interval: 100 },
  )
  const claims = await db().query<{ holder: Uuid; count: number }>(
    `select holder_id as holder, count(*)::int as count from seat_claims where showtime_id = $1 and expires_at > now() group by 1`,
    [showtimeId],
  )
  expect(claims.map(({ count }) => count)).toEqual(Array(20).fill(1))
  expect(claims.map(({ holder }) => holder).sort()).toEqual(
    line
      .slice(0, 20)
      .map(({ viewer }) => memberHolder(viewer).holderId)
      .sort(),
  )
})

test('so many places that are over are forgotten at once, and none that somebody is busy with', async () => {
  const { accountId } = await person()
  await db().query(
    `insert into waitlist_entries (id, showtime_id, account_id, seat_count, status, created_at, updated_at)
     select gen_random_uuid(), $1::text::uuid, $2::text::uuid, 1, 'LEFT', now() - interval '90 days', now() - interval '90 days' from generate_series(1, 10005)`,
    [showtimeId, accountId],
  )
  const left = async () => {
    const [row] = await db().query<{ count: number }>(
      'select count(*)::int as count from waitlist_entries where account_id = $1',
      [accountId],
    )
    return row?.count
  }
  await clearOldWaits(deps())
  expect(await left()).toBe(5)
  await db().transaction(async (tx) => {
    await tx.query('select from waitlist_entries where account_id = $1 order by id limit 2 for update', [accountId])
    await clearOldWaits(deps())
    expect(await left()).toBe(2)
  })
  await clearOldWaits(deps())
  expect(await left()).toBe(0)
})

test('places that are over are forgotten a month later, and those of who still waits are kept', async () => {
  const enter = async (status: string, days: number): Promise<string> => {
    const id = newId()
    const hold = status === 'OFFERED' || status === 'BOOKED' ? newId() : null
    await db().query(
      `insert into waitlist_entries (id, showtime_id, account_id, seat_count, status, hold_id, offered_at, created_at, updated_at)
       values ($1, $2, $3, 1, $4, $5::text::uuid, case when $5::text is null then null else now() end, now() - interval '90 days', now() - make_interval(days => $6::text::int))`,
      [id, showtimeId, (await person()).accountId, status, hold, String(days)],
    )
    return id
  }
  const left = async (ids: string[]) => {
    // As the job does that the clock calls.
    await clearOldWaits(deps())
    const rows = await db().query<{ id: string }>('select id from waitlist_entries where showtime_id = $1', [
      showtimeId,
    ])
    return ids.filter((id) => rows.some((row) => row.id === id))
  }
  // Nobody serves this line: they wait for a house that is full.
  await occupy()
  const open = [await enter('WAITING', 40)]
  const fresh = [await enter('LEFT', 29), await enter('EXPIRED', 29), await enter('BOOKED', 29)]
  const over = [await enter('LEFT', 31), await enter('EXPIRED', 31), await enter('BOOKED', 31)]
  expect(await left([...open, ...fresh, ...over])).toEqual([...open, ...fresh])
  const beganDaysAgo = (days: number) =>
    db().query(
      `update showtimes set starts_at = now() - make_interval(days => $2::text::int), ends_at = now() - make_interval(days => $2::text::int) + interval '100 minutes',
         cleared_at = now() - make_interval(days => $2::text::int) + interval '2 hours' where id = $1`,
      [showtimeId, String(days)],
    )
  await beganDaysAgo(29)
  expect(await left([...open, ...fresh])).toEqual([...open, ...fresh])
  await beganDaysAgo(31)
  expect(await left([...open, ...fresh])).toEqual([])
})
