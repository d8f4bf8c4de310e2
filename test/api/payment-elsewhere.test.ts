import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import { joinWaitlist } from '../../src/domain/cinema/waitlist.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { type GatewayUnderTest, startWithGateway } from '../support/gateways.ts'
import { parseMail, untilMailsSent } from '../support/mail.ts'
import type { Letter } from '../support/post-office.ts'
import { checkOut, pay, ShopClient } from '../support/shop.ts'
import { beginsIn } from '../support/tickets.ts'

const patient = { timeout: 30_000, interval: 50 }
const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''
const ORDER = `query ($id: ID!) { order(id: $id) { status refunded { minorUnits } refunds { status amount { minorUnits } }
  lines { id kind refundedQuantity ticket { id code status } } } }`

/** Somebody refunds in the gateway's own dashboard, and the server hears of it by events. */
describe.each(['test', 'stripe'] as const)('money refunded at the gateway %s itself', (name) => {
  let gateway: GatewayUnderTest
  let cinema: CinemaClient
  let shop: ShopClient
  let staff: Viewer
  let ada: Viewer
  let shelf: Uuid
  let movieId: Uuid
  let theatreId: Uuid
  let showtimeId: Uuid
  let seats: Record<string, Uuid>
  let made = 0

  beforeAll(async () => {
    gateway = await startWithGateway(name)
    cinema = new CinemaClient(gateway.server)
    shop = new ShopClient(gateway.server)
    const { world } = gateway.server
    staff = await world.person({ handle: 'staff', role: 'STAFF' })
    shelf = await world.productCategory(staff, { name: 'Shelf' })
    movieId = await world.cinema.movie(staff, { title: 'The movie' })
    theatreId = await world.cinema.theatre(staff, { name: 'The house' })
  })
  beforeEach(async () => {
    const { world } = gateway.server
    made += 1
    ada = await world.person({ handle: `ada-${made}` })
    const screenId = await world.cinema.screen(staff, theatreId, {
      name: `Hall ${made}`,
      rows: world.cinema.rows('SSSS'),
      allowsSingleSeats: true,
    })
    const prices = { currency: 'EUR', standard: '9.00' }
    showtimeId = await world.cinema.showtime(staff, movieId, screenId, { prices })
    seats = await world.cinema.seats(screenId)
    gateway.office.forwardTo(gateway.server.url)
  })
  afterAll(() => gateway.close())

  const deps = () => gateway.server.running.atrium.deps
  const query = <Row>(text: string, values: unknown[] = []) => deps().db.query<Row>(text, values)
  const orderOf = async (id: string, viewer = staff) => (await cinema.ask(ORDER, { id }, viewer)).data.order
  const statusesOf = (order: { lines: { ticket: { status: string } | null }[] }): string[] =>
    order.lines.flatMap(({ ticket }) => ticket?.status ?? [])

  /** An order of seats and, where a cup is asked for, of goods, that waits to be paid. */
  async function placed(names: string[], withCup = false) {
    const held = await cinema.hold(
      ada,
      showtimeId,
      names.map((seat) => seats[seat]),
    )
    await shop.run('addHoldToCart', ada, { holdId: held.value.id })
    const cup = withCup ? ((await shop.product(staff, shelf, [{ quantity: 3 }])).variants[0] ?? '') : ''
    if (withCup) await shop.add(ada, cup)
    const { id, totals } = (await checkOut(shop, ada)).value
    const [payment] = await query<{ reference: string }>('select reference from payments where order_id = $1', [
      uuidOf(id),
    ])
    return { id, cup, total: totals.total.minorUnits as number, reference: payment?.reference ?? '' }
  }
  async function bought(names: string[], withCup = false) {
    const order = await placed(names, withCup)
    expect((await pay(shop, ada, order.id, gateway.card('pays'))).value).not.toBeNull()
    return order
  }
  const untilRefunded = (id: string, minorUnits: number) =>
    vi.waitFor(async () => expect(await orderOf(id)).toMatchObject({ refunded: { minorUnits } }), patient)
  const checkIn = async (code: string) => {
    await beginsIn(cinema, showtimeId, '30 minutes')
    const query = 'mutation ($code: String!) { done: checkInTicket(input: { code: $code }) { userErrors { code } } }'
    expect((await cinema.ask(query, { code }, staff)).data.done.userErrors).toEqual([])
  }
  const mailsAbout = async (template: string, orderId: string) =>
    (
      await query<{ count: number }>(
        `select count(*)::int as count from pgboss.job j where name = 'mail.send' and data->>'template' = $1
           and (data->>'refundId')::uuid in (select id from refunds where order_id = $2)`,
        [template, uuidOf(orderId)],
      )
    )[0]?.count
  /** What was written to an address, as text. */
  async function letters(to: string): Promise<string[]> {
    await untilMailsSent(gateway.server)
    const folder = join(gateway.server.dataDirectory, 'mail')
    const mails = await Promise.all(
      (await readdir(folder)).map(async (file) => parseMail(await readFile(join(folder, file), 'utf8'))),
    )
    return mails.filter(({ headers }) => headers.to?.includes(to)).map(({ parts }) => parts['text/plain'] ?? '')
  }

  test('as a whole: the order is refunded, tickets that let nobody in are void, their seats go to who waits, and buyer and staff are told', async () => {
    const { id, cup, total, reference } = await bought(['A1', 'A2', 'A3', 'A4'], true)
    const [first] = (await orderOf(id, ada)).lines.flatMap(({ ticket }: { ticket: object | null }) => ticket ?? [])
    const bob = await gateway.server.world.person({ handle: `bob-${made}` })
    await joinWaitlist(deps(), bob, { showtimeId, seatCount: 2 })
    await checkIn(first.code)
    await gateway.refundElsewhere(reference, total)
    await untilRefunded(id, total)
    const order = await orderOf(id)
    expect(order.status).toBe('REFUNDED')
    expect(statusesOf(order)).toEqual(['CHECKED_IN', 'REFUNDED', 'REFUNDED', 'REFUNDED'])
    expect(order.lines.every((line: { refundedQuantity: number }) => line.refundedQuantity === 1)).toBe(true)
    await vi.waitFor(async () => {
      const seen = Object.values(await cinema.map(showtimeId)).sort()
      expect(seen).toEqual(['FREE', 'HELD', 'HELD', 'SOLD'])
    }, patient)
    // Nobody knows where the cup is.
    const [level] = await query<{ quantity: number }>('select quantity from stock_levels where variant_id = $1', [cup])
    expect(level?.quantity).toBe(2)
    expect(await mailsAbout('refund', id)).toBe(1)
    expect(await mailsAbout('refundElsewhere', id)).toBe(1)
    const [mine] = (await letters(`ada-${made}@`)).filter((text) => text.includes('back the way it came'))
    expect(mine).toContain('3 tickets of this order are no longer valid. The other one still is.')
    const [theirs] = (await letters('staff@')).filter((text) => text.includes(id))
    expect(theirs).toContain(`${(total / 100).toFixed(2)} EUR of ${id} was refunded at the payment gateway itself`)
    expect(theirs).toContain('tickets that had let nobody in are void')
    expect(theirs).toContain('moveStock')
    const again = await shop.run('refundOrder', staff, { id, restock: true }, 'order { id }')
    expect(again.userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION' }])
  }, 90_000)

  test('in part: every ticket stays valid and staff is told, until the rest has gone as well', async () => {
    const { id, total, reference } = await bought(['A1', 'A2'])
    await gateway.refundElsewhere(reference, 900)
    await untilRefunded(id, 900)
    expect(await orderOf(id)).toMatchObject({ status: 'FULFILLED' })
    expect(statusesOf(await orderOf(id))).toEqual(['VALID', 'VALID'])
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD' })
    expect(await mailsAbout('refundElsewhere', id)).toBe(1)
    const [told] = (await letters('staff@')).filter((text) => text.includes(id))
    expect(told).toContain('Its tickets stay valid')
    expect(told).toContain('isPaidBack')
    await gateway.refundElsewhere(reference, 900)
    await untilRefunded(id, total)
    expect(await orderOf(id)).toMatchObject({ status: 'REFUNDED' })
    expect(statusesOf(await orderOf(id))).toEqual(['REFUNDED', 'REFUNDED'])
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'FREE', A2: 'FREE' })
  }, 90_000)

  test('in part, and staff knows for what: those lines are taken back, once, and nothing is sent a second time', async () => {
    const { id, cup, total, reference } = await bought(['A1', 'A2'], true)
    const { lines } = await orderOf(id)
    const [first, second] = lines.filter(({ ticket }: { ticket: object | null }) => ticket !== null)
    const take = async (line: { id: string } | undefined, more: object = {}) => {
      const input = { id, lines: line && [{ lineId: line.id, quantity: 1 }], restock: true, isPaidBack: true, ...more }
      const { userErrors, payload } = await shop.run('refundOrder', staff, input, 'order { status } refund { id }')
      return userErrors[0] ?? payload
    }
    expect(await take(first)).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 0, path: ['input', 'lines'] })
    await gateway.refundElsewhere(reference, 900)
    await untilRefunded(id, 900)
    expect(await take(undefined)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'lines'] })
    expect(statusesOf(await orderOf(id))).toEqual(['VALID', 'VALID'])
    for (let time = 0; time < 2; time++) {
      const taken = await take(first, { idempotencyKey: `taken-${name}` })
      expect(taken).toEqual({ order: { status: 'PAID' }, refund: null })
    }
    expect(statusesOf(await orderOf(id))).toEqual(['REFUNDED', 'VALID'])
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'FREE', A2: 'SOLD' })
    expect(await take(second)).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 0 })
    expect(await orderOf(id)).toMatchObject({ status: 'PAID', refunded: { minorUnits: 900 } })
    expect((await orderOf(id)).refunds).toHaveLength(1)
    // What is left goes back through the shop as ever, and in all no more than was paid.
    await shop.run('refundOrder', staff, { id, restock: true }, 'order { id }')
    await vi.waitFor(
      async () => expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [total], refundedMinor: total }),
      patient,
    )
    expect(statusesOf(await orderOf(id))).toEqual(['REFUNDED', 'REFUNDED'])
    const [level] = await query<{ quantity: number }>('select quantity from stock_levels where variant_id = $1', [cup])
    expect(level?.quantity).toBe(3)
  }, 60_000)

  test('after staff had paid a part back and left its ticket valid: that one stays, the rest is void', async () => {
    const { id, total, reference } = await bought(['A1', 'A2'])
    const [line] = (await orderOf(id)).lines
    const lines = [{ lineId: line.id, quantity: 1 }]
    await shop.run('refundOrder', staff, { id, lines, restock: false }, 'order { id }')
    await vi.waitFor(
      async () => expect(await orderOf(id)).toMatchObject({ refunds: [{ status: 'SUCCEEDED' }] }),
      patient,
    )
    await gateway.refundElsewhere(reference, total - 900)
    await untilRefunded(id, total)
    expect(statusesOf(await orderOf(id))).toEqual(['VALID', 'REFUNDED'])
  }, 60_000)

  test('is the same in every order of the events, each told twice, also where the payment is heard of last', async () => {
    const kinds = ['payment_intent.succeeded', 'refund.created', 'charge.refunded']
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      gateway.office.forwardTo(null)
      const { id, total, reference } = await placed(['A1', 'A2'])
      const { nextActionUrl } = (await pay(shop, ada, id, gateway.card('asks'))).value.payment
      await gateway.goToBank(nextActionUrl, true)
      await gateway.refundElsewhere(reference, total)
      const told = await vi.waitFor(() => {
        const own = kinds.map((type) =>
          gateway.office.letters.find((letter) => letter.type === type && letter.body.includes(reference)),
        )
        expect(own.every((letter) => letter !== undefined)).toBe(true)
        return own as Letter[]
      }, patient)
      for (const place of [...order, ...order]) {
        expect(await gateway.office.deliver(gateway.server.url, told[place] as Letter)).toBe(204)
      }
      const end = await orderOf(id)
      expect(end).toMatchObject({ status: 'REFUNDED', refunded: { minorUnits: total } })
      expect(end.refunds).toHaveLength(1)
      expect(statusesOf(end)).toEqual(['REFUNDED', 'REFUNDED'])
      expect(await cinema.map(showtimeId)).toEqual({ A1: 'FREE', A2: 'FREE', A3: 'FREE', A4: 'FREE' })
      expect([await mailsAbout('refund', id), await mailsAbout('refundElsewhere', id)]).toEqual([1, 1])
    }
  }, 120_000)

  test('while guests come in: who was let in stays, whoever comes after has a void ticket, and no seat is both', async () => {
    const names = ['A1', 'A2', 'A3', 'A4']
    const { id, total, reference } = await bought(names)
    await beginsIn(cinema, showtimeId, '30 minutes')
    const tickets: { code: string; status: string }[] = (await orderOf(id, ada)).lines.map(
      ({ ticket }: { ticket: object }) => ticket,
    )
    const door = 'mutation ($code: String!) { done: checkInTicket(input: { code: $code }) { userErrors { code } } }'
    const entered: boolean[] = []
    const comeIn = async () => {
      for (const { code } of tickets) {
        const { data } = await cinema.ask(door, { code }, staff)
        entered.push(data.done.userErrors.length === 0)
      }
    }
    await Promise.all([gateway.refundElsewhere(reference, total).then(() => untilRefunded(id, total)), comeIn()])
    const wanted = entered.map((isIn) => (isIn ? 'CHECKED_IN' : 'REFUNDED'))
    expect(statusesOf(await orderOf(id))).toEqual(wanted)
    const map = await cinema.map(showtimeId)
    expect(names.map((seat) => map[seat])).toEqual(entered.map((isIn) => (isIn ? 'SOLD' : 'FREE')))
  }, 60_000)

  test('a free ticket beside one that its buyer gave back stays: nobody paid for it elsewhere', async () => {
    await query('update showtimes set accessible_minor = 0 where id = $1', [showtimeId])
    await query(`update seats set type = 'ACCESSIBLE' where id = $1`, [seats.A4])
    const { id } = await bought(['A3', 'A4'])
    const [{ ticket }] = (await orderOf(id)).lines
    await cinema.ask(
      'mutation ($id: ID!) { cancelTickets(input: { ticketIds: [$id] }) { userErrors { code } } }',
      { id: ticket.id },
      ada,
    )
    await untilRefunded(id, 900)
    expect(await orderOf(id)).toMatchObject({ status: 'REFUNDED' })
    expect(statusesOf(await orderOf(id))).toEqual(['REFUNDED', 'VALID'])
  }, 60_000)
})
