import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, newId, type Uuid } from '../../src/core/ids.ts'
import { type Holder, memberHolder } from '../../src/domain/cinema/holder.ts'
import { openTicketCode, ticketCode } from '../../src/domain/cinema/ticket.ts'
import { putHoldInCart, ticketLines } from '../../src/domain/cinema/ticket-lines.ts'
import type { OrderedLine, OrderRef, Priced } from '../../src/domain/shop/line-kind.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { beginsIn } from '../support/tickets.ts'

let server: TestServer
let cinema: CinemaClient
let staff: Viewer
let ada: Viewer
let bob: Viewer
let movieId: Uuid
let theatreId: Uuid
let halls = 0

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
  movieId = await server.world.cinema.movie(staff, { title: 'The movie' })
  theatreId = await server.world.cinema.theatre(staff, { name: 'The house' })
})
afterAll(() => server.close())

async function hall(currency = 'EUR') {
  const world = server.world.cinema
  halls += 1
  const screenId = await world.screen(staff, theatreId, { name: `Hall ${halls}`, rows: world.rows('SSPP', 'SSSS') })
  const prices = { currency, standard: '9.00', premium: '12.50' }
  const showtimeId = await world.showtime(staff, movieId, screenId, { prices })
  const ids = await world.seats(screenId)
  const hold = (viewer: Viewer, ...names: string[]) =>
    world.hold(
      viewer,
      showtimeId,
      names.map((name) => ids[name] ?? ''),
    )
  return { showtimeId, ids, hold }
}

const db = () => server.running.atrium.deps.db
const inCart = (cartId: Uuid) => ticketLines.inCart(db(), cartId)

async function intoCart(holder: Holder, holdId: Uuid, cartId: Uuid = newId()): Promise<Uuid> {
  await db().transaction((tx) => putHoldInCart(tx, holder, holdId, cartId))
  return cartId
}

const orderOf = (viewer: Viewer | null, minutes = 30): OrderRef => ({
  id: newId(),
  accountId: viewer?.accountId ?? null,
  expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
})
const take = (order: OrderRef, cartId: Uuid) =>
  db().transaction((tx) => ticketLines.take(server.running.atrium.deps, tx, order, cartId))
const ordered = (lines: readonly Priced[]): OrderedLine[] => lines.map((line) => ({ ...line, id: newId() }))
const fulfil = (order: OrderRef, lines: readonly Priced[]) =>
  db().transaction((tx) => ticketLines.fulfil(server.running.atrium.deps, tx, order, ordered(lines)))
const release = (order: OrderRef) =>
  db().transaction((tx) => ticketLines.release(server.running.atrium.deps, tx, order))
const restore = (order: OrderRef, lines: readonly Priced[]) =>
  db().transaction((tx) => ticketLines.restore(server.running.atrium.deps, tx, order, ordered(lines)))

const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )

/** Seats that `viewer` has bought and paid for. */
async function bought(viewer: Viewer, ...names: string[]) {
  const { showtimeId, ids, hold } = await hall()
  const held = await hold(viewer, ...names)
  const order = orderOf(viewer)
  const lines = await take(order, await intoCart(memberHolder(viewer), held.id))
  await fulfil(order, lines)
  return { showtimeId, ids, hold, order, lines }
}

const statusOf = async (id: Uuid): Promise<string | undefined> =>
  (await db().query<{ status: string }>('select status from tickets where id = $1', [id]))[0]?.status

describe('seats in a cart', () => {
  test('are a line each, with what they cost and where they are, and nothing that is sent or taxed here', async () => {
    const { hold } = await hall()
    const cartId = await intoCart(memberHolder(ada), (await hold(ada, 'A1', 'A2', 'A3', 'A4')).id)
    const lines = await inCart(cartId)
    expect(lines.map(({ unitPriceMinor, quantity }) => [unitPriceMinor, quantity])).toEqual([
      [900, 1],
      [900, 1],
      [1250, 1],
      [1250, 1],
    ])
    expect(lines[0]).toMatchObject({
      kind: 'TICKET',
      title: 'The movie',
      isTaxed: false,
      isShipped: false,
      problems: [],
    })
    expect(lines[0]?.detail).toMatch(/^Row A, seat 1 · The house, Hall \d+ · \d{4}-\d\d-\d\d 20:30$/)
  })

  test('are only one’s own, and only while they are held', async () => {
    const { hold } = await hall()
    const held = await hold(ada, 'A1', 'A2')
    expect(await outcomeOf(intoCart(memberHolder(bob), held.id))).toBe('HOLD_LAPSED')
    await server.world.cinema.lapse(held.id)
    expect(await outcomeOf(intoCart(memberHolder(ada), held.id))).toBe('HOLD_LAPSED')
  })

  test('tell in the cart why they cannot be bought, and are not taken', async () => {
    const lapsed = await hall()
    const held = await lapsed.hold(ada, 'A1', 'A2')
    const first = await intoCart(memberHolder(ada), held.id)
    await server.world.cinema.lapse(held.id)
    const begun = await hall()
    const second = await intoCart(memberHolder(ada), (await begun.hold(ada, 'A1', 'A2')).id)
    await server.world.cinema.begin(begun.showtimeId)
    const foreign = await hall('CHF')
    const third = await intoCart(memberHolder(ada), (await foreign.hold(ada, 'A1', 'A2')).id)
    for (const [cartId, code] of [
      [first, 'HOLD_LAPSED'],
      [second, 'INVALID_INPUT'],
      [third, 'INVALID_INPUT'],
    ] as const) {
      expect((await inCart(cartId)).map(({ problems }) => problems[0]?.code)).toEqual(['UNAVAILABLE', 'UNAVAILABLE'])
      expect(await outcomeOf(take(orderOf(ada), cartId))).toBe(code)
    }
  })

  test('come along when a guest’s cart becomes a member’s', async () => {
    const { hold } = await hall()
    const from = await intoCart(memberHolder(ada), (await hold(ada, 'A1', 'A2')).id)
    const to = newId()
    await db().transaction((tx) => ticketLines.adopt(tx, from, to))
    expect(await inCart(from)).toEqual([])
    expect(await inCart(to)).toHaveLength(2)
  })
})

describe('an order', () => {
  test('keeps its seats until its own time is over, out of the cart and out of reach of the hold', async () => {
    const { showtimeId, hold } = await hall()
    const held = await hold(ada, 'A1', 'A2')
    const cartId = await intoCart(memberHolder(ada), held.id)
    const order = orderOf(ada)
    const lines = await take(order, cartId)
    expect(await inCart(cartId)).toEqual([])
    expect(await take(orderOf(ada), cartId)).toEqual([])
    await cinema.run('releaseHold', ada, { id: encodeId('hold', held.id) })
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'HELD', A2: 'HELD' })
    expect((await cinema.run('extendHold', ada, { id: encodeId('hold', held.id) })).outcome).toBe('HOLD_LAPSED')
    expect(await statusOf(lines[0]?.refId ?? '')).toBe('RESERVED')
    expect(await outcomeOf(hold(ada, 'A1', 'A2'))).toBe('SEATS_TAKEN')
  })

  test('that is given up frees its seats at once', async () => {
    const { showtimeId, hold } = await hall()
    const order = orderOf(ada)
    const lines = await take(order, await intoCart(memberHolder(ada), (await hold(ada, 'A1', 'A2')).id))
    await release(order)
    expect(Object.values(await cinema.map(showtimeId))).not.toContain('HELD')
    expect(await statusOf(lines[0]?.refId ?? '')).toBe('RELEASED')
    expect(await outcomeOf(hold(bob, 'A1', 'A2'))).toBe('ok')
  })

  test('that is paid makes the seats sold, for good, and the tickets the buyer’s', async () => {
    const { showtimeId, order, lines } = await bought(ada, 'A1', 'A2')
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD', A3: 'FREE' })
    await fulfil(order, lines)
    await release(order)
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD' })
    const { data } = await cinema.ask(
      '{ viewer { tickets(first: 2) { nodes { status seat { row number } showtime { id } code } } } }',
      {},
      ada,
    )
    expect(data.viewer.tickets.nodes).toHaveLength(2)
    expect(data.viewer.tickets.nodes[0]).toMatchObject({
      status: 'VALID',
      showtime: { id: encodeId('showtime', showtimeId) },
    })
  })

  test('that is paid too late gets its seats if they are still free, and nothing if one is not', async () => {
    const lateOrder = async () => {
      const { showtimeId, hold, ids } = await hall()
      const order = orderOf(ada)
      const lines = await take(order, await intoCart(memberHolder(ada), (await hold(ada, 'A1', 'A2')).id))
      await db().query(`update seat_claims set expires_at = now() - interval '1 second' where order_id = $1`, [
        order.id,
      ])
      return { showtimeId, hold, ids, order, lines }
    }
    const free = await lateOrder()
    expect(await outcomeOf(fulfil(free.order, free.lines))).toBe('ok')
    const swept = await lateOrder()
    await db().query('delete from seat_claims where order_id = $1', [swept.order.id])
    expect(await outcomeOf(fulfil(swept.order, swept.lines))).toBe('ok')
    expect(await cinema.map(swept.showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD' })
    const taken = await lateOrder()
    await server.world.cinema.hold(bob, taken.showtimeId, [taken.ids.A1 ?? '', taken.ids.A2 ?? ''])
    expect(await outcomeOf(fulfil(taken.order, taken.lines))).toBe('SEATS_TAKEN')
    expect(await cinema.map(taken.showtimeId)).toMatchObject({ A1: 'HELD', A2: 'HELD' })
    expect(await statusOf(taken.lines[0]?.refId ?? '')).toBe('RESERVED')
  })

  test('that is paid for a showtime that was cancelled meanwhile is refused, so that the payment goes back', async () => {
    const { showtimeId, hold } = await hall()
    const order = orderOf(ada)
    const lines = await take(order, await intoCart(memberHolder(ada), (await hold(ada, 'A1', 'A2')).id))
    await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', showtimeId) })
    expect(await outcomeOf(fulfil(order, lines))).toBe('INVALID_INPUT')
  })

  test.each([
    ['is on, and the order’s time is not over', '-1 hour', 30, 'ok'],
    ['is on, but the order’s time is over', '-1 minute', -1, 'INVALID_INPUT'],
    ['is over', '-3 hours', 30, 'INVALID_INPUT'],
    ['is ahead, and the order’s time is over', '1 hour', -1, 'ok'],
  ])('that is paid for a showtime that %s: %s', async (_, from, minutes, expected) => {
    const { showtimeId, hold } = await hall()
    const lasting = orderOf(ada)
    const lines = await take(lasting, await intoCart(memberHolder(ada), (await hold(ada, 'A1', 'A2')).id))
    const order = { ...lasting, expiresAt: new Date(Date.now() + minutes * 60_000).toISOString() }
    await db().query('update seat_claims set expires_at = $2::text::timestamptz where order_id = $1::text::uuid', [
      order.id,
      order.expiresAt,
    ])
    await beginsIn(cinema, showtimeId, from)
    expect(await outcomeOf(fulfil(order, lines))).toBe(expected)
    expect(await statusOf(lines[0]?.refId ?? '')).toBe(expected === 'ok' ? 'VALID' : 'RESERVED')
  })

  test('that is paid back frees the seats of those lines and no others', async () => {
    const { showtimeId, order, lines } = await bought(ada, 'A1', 'A2', 'A3', 'A4')
    await restore(order, lines.slice(0, 2))
    await restore(order, lines.slice(0, 2))
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'FREE', A2: 'FREE', A3: 'SOLD', A4: 'SOLD' })
    expect(await statusOf(lines[0]?.refId ?? '')).toBe('REFUNDED')
  })

  test('of one of five late payers gets the seats, and nobody gets them twice', async () => {
    const { showtimeId, hold } = await hall()
    const orders: { order: OrderRef; lines: Priced[] }[] = []
    for (let buyer = 0; buyer < 5; buyer++) {
      const order = orderOf(buyer % 2 === 0 ? ada : bob)
      const held = await hold(buyer % 2 === 0 ? ada : bob, 'A1', 'A2')
      orders.push({
        order,
        lines: await take(order, await intoCart(memberHolder(buyer % 2 === 0 ? ada : bob), held.id)),
      })
      await db().query(`update seat_claims set expires_at = now() - interval '1 second' where order_id = $1`, [
        order.id,
      ])
    }
    const outcomes = await Promise.all(orders.map(({ order, lines }) => outcomeOf(fulfil(order, lines))))
    expect(outcomes.sort()).toEqual(['SEATS_TAKEN', 'SEATS_TAKEN', 'SEATS_TAKEN', 'SEATS_TAKEN', 'ok'])
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD' })
  })
})

describe('at the door', () => {
  const checkIn = (viewer: Viewer | null, code: string) => {
    const query = `mutation ($code: String!) { done: checkInTicket(input: { code: $code }) { ticket { status checkedInAt code } userErrors { code path ... on AlreadyCheckedIn { checkedInAt } } } }`
    return cinema.ask(query, { code }, viewer)
  }
  const outcome = async (viewer: Viewer | null, code: string): Promise<string> => {
    const { data, errors } = await checkIn(viewer, code)
    return errors?.[0]?.extensions.code ?? data.done.userErrors[0]?.code ?? 'ok'
  }
  const soon = (showtimeId: Uuid, from: string) =>
    db().query(
      `update showtimes set starts_at = now() + $2::text::interval, ends_at = now() + $2::text::interval + interval '100 minutes', cleared_at = now() + $2::text::interval + interval '2 hours' where id = $1`,
      [showtimeId, from],
    )
  const codeOf = (id: Uuid): string => ticketCode(server.running.atrium.deps, id)

  test('a ticket lets in once, however many doors read it at the same moment', async () => {
    const { showtimeId, lines } = await bought(ada, 'A1', 'A2')
    await soon(showtimeId, '30 minutes')
    const code = codeOf(lines[0]?.refId ?? '')
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(staff, code)))
    expect(outcomes.sort()).toEqual([...Array(19).fill('ALREADY_CHECKED_IN'), 'ok'])
    const { data } = await checkIn(staff, code)
    expect(Date.parse(data.done.userErrors[0].checkedInAt)).not.toBeNaN()
    expect(await outcome(staff, codeOf(lines[1]?.refId ?? ''))).toBe('ok')
  })

  test.each([
    ['before the doors open', '3 hours', 'INVALID_INPUT'],
    ['when the doors are open', '119 minutes', 'ok'],
    ['while the movie runs', '-1 hour', 'ok'],
    ['after the end', '-101 minutes', 'INVALID_INPUT'],
  ])('%s: %s: %s', async (_, from, expected) => {
    const { showtimeId, lines } = await bought(ada, 'A1', 'A2')
    await soon(showtimeId, from)
    expect(await outcome(staff, codeOf(lines[0]?.refId ?? ''))).toBe(expected)
  })

  test.each([
    ['nobody', 'UNAUTHENTICATED'],
    ['ada', 'FORBIDDEN'],
    ['staff', 'ok'],
  ])('is %s: %s', async (who, expected) => {
    const { showtimeId, lines } = await bought(ada, 'A1', 'A2')
    await soon(showtimeId, '30 minutes')
    expect(await outcome({ ada, staff }[who as 'ada'] ?? null, codeOf(lines[0]?.refId ?? ''))).toBe(expected)
  })

  test('a ticket of another showtime is refused where the door is of one, and is not used up by that', async () => {
    const mine = await bought(ada, 'A1', 'A2')
    const next = await bought(ada, 'A1', 'A2')
    for (const { showtimeId } of [mine, next]) await soon(showtimeId, '30 minutes')
    const code = codeOf(mine.lines[0]?.refId ?? '')
    const at = async (showtimeId: Uuid) => {
      const query = `mutation ($input: CheckInTicketInput!) { done: checkInTicket(input: $input) { ticket { status } userErrors { code path } } }`
      const { data } = await cinema.ask(query, { input: { code, showtimeId: encodeId('showtime', showtimeId) } }, staff)
      return data.done.ticket?.status ?? data.done.userErrors
    }
    const refused = [{ code: 'INVALID_INPUT', path: ['input', 'showtimeId'] }]
    expect(await at(next.showtimeId)).toEqual(refused)
    expect(await at(mine.showtimeId)).toBe('CHECKED_IN')
    expect(await at(next.showtimeId)).toEqual(refused)
    expect(await outcome(staff, codeOf(next.lines[0]?.refId ?? ''))).toBe('ok')
  })

  test('what is not paid, was paid back or was cancelled does not let in', async () => {
    const { hold } = await hall()
    const unpaid = await take(orderOf(ada), await intoCart(memberHolder(ada), (await hold(ada, 'A1', 'A2')).id))
    expect(await outcome(staff, codeOf(unpaid[0]?.refId ?? ''))).toBe('ILLEGAL_TRANSITION')
    const { order, lines, showtimeId } = await bought(ada, 'A1', 'A2', 'A3', 'A4')
    await soon(showtimeId, '30 minutes')
    await restore(order, lines.slice(0, 2))
    expect(await outcome(staff, codeOf(lines[0]?.refId ?? ''))).toBe('ILLEGAL_TRANSITION')
    await outcome(staff, codeOf(lines[2]?.refId ?? ''))
    expect(await outcomeOf(restore(order, lines.slice(2)))).toBe('ILLEGAL_TRANSITION')
    expect(await statusOf(lines[3]?.refId ?? '')).toBe('VALID')
    await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', showtimeId) })
    expect(await outcome(staff, codeOf(lines[3]?.refId ?? ''))).toBe('INVALID_INPUT')
  })

  test('a code is sealed: an id alone, another server’s seal or a changed letter is none', async () => {
    const { lines } = await bought(ada, 'A1', 'A2')
    const id = lines[0]?.refId ?? ''
    const code = codeOf(id)
    expect(openTicketCode(server.running.atrium.deps, code)).toBe(id)
    const others = [
      id,
      encodeId('ticket', id),
      ticketCode({ jwtSecret: new TextEncoder().encode('another secret of another server, 32 long') }, id),
      `${code.startsWith('A') ? 'B' : 'A'}${code.slice(1)}`,
      codeOf(newId()),
      '',
    ]
    for (const each of others) expect(await outcome(staff, each)).toBe('NOT_FOUND')
  })

  test('its code is shown to its holder only, and the ticket to nobody else but staff', async () => {
    const { lines } = await bought(ada, 'A1', 'A2')
    const id = encodeId('ticket', lines[0]?.refId ?? '')
    const see = async (viewer: Viewer | null) => {
      const { data, errors } = await cinema.ask(
        'query ($id: ID!) { node(id: $id) { ... on Ticket { code } } }',
        { id },
        viewer,
      )
      return errors?.[0]?.extensions.code ?? data.node.code
    }
    expect(await see(ada)).toBe(codeOf(lines[0]?.refId ?? ''))
    expect(await see(staff)).toBeNull()
    expect(await see(bob)).toBe('NOT_FOUND')
    expect(await see(null)).toBe('NOT_FOUND')
  })
})

test('who deletes their account with an order that was paid late, seats of it taken anew, can do so', async () => {
  const eve = await server.world.person({ handle: 'eve-late' })
  const { showtimeId, ids, hold } = await hall()
  // Numbered in the order in which they were chosen, and anew in the order of their ids.
  const [first = '', second = ''] = [ids.A1 ?? '', ids.A2 ?? ''].sort()
  const held = await server.world.cinema.hold(eve, showtimeId, [second, first])
  const order = orderOf(eve)
  const lines = await take(order, await intoCart(memberHolder(eve), held.id))
  await db().query('delete from seat_claims where showtime_id = $1 and seat_id = $2', [showtimeId, first])
  await fulfil(order, lines)
  await hold(eve, 'B1', 'B2')
  const { data, errors } = await cinema.ask(
    'mutation { deleteAccount(input: { password: "a passphrase for this world" }) { deletedId userErrors { code } } }',
    {},
    eve,
  )
  expect(errors).toBeUndefined()
  expect(data.deleteAccount.userErrors).toEqual([])
  expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD', B1: 'FREE', B2: 'FREE' })
  const owners = await db().query('select distinct holder_id as "id" from seat_claims where showtime_id = $1', [
    showtimeId,
  ])
  expect(owners).toEqual([{ id: order.id }])
})

test('who deletes their account gives up what they hold; what they bought stays sold, in nobody’s name', async () => {
  const eve = await server.world.person({ handle: 'eve' })
  const { showtimeId, hold, lines } = await bought(eve, 'A1', 'A2')
  await hold(eve, 'B1', 'B2')
  const exported = await cinema.ask('{ viewer { export } }', {}, eve)
  expect(exported.data.viewer.export.seats).toHaveLength(4)
  const { data } = await cinema.ask(
    'mutation { deleteAccount(input: { password: "a passphrase for this world" }) { deletedId userErrors { code } } }',
    {},
    eve,
  )
  expect(data.deleteAccount.userErrors).toEqual([])
  expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD', B1: 'FREE', B2: 'FREE' })
  expect(await statusOf(lines[0]?.refId ?? '')).toBe('VALID')
  for (const table of ['seat_claims', 'tickets']) {
    const rows = await db().query<{ row: string }>(`select ${table}::text as row from ${table}`)
    expect(rows.map(({ row }) => row).join()).not.toContain(eve.accountId)
  }
})
