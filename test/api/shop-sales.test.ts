import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import type { Database } from '../../src/db/database.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type PlacedOrder, place } from '../support/orders.ts'
import { buy } from '../support/review.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { eur, ShopClient } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let db: Database
let staff: Viewer
let shelf: Uuid

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  db = server.running.atrium.deps.db
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  shelf = await server.world.productCategory(staff, { name: 'Shelf' })
})
afterAll(() => server.close())
beforeEach(() => db.script('delete from refunds; delete from order_lines; delete from orders'))

const FIGURES = `orders gross { minorUnits } discounts { minorUnits } shipping { minorUnits } tax { minorUnits } paid { minorUnits }
  refunds { minorUnits } net { minorUnits } pieces tickets`

/** Without the nesting of money. */
const flat = (figures: Record<string, number | { minorUnits: number }>) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? value : value.minorUnits]),
  )

async function report(from: string, to: string, timeZone = 'UTC', viewer: Viewer | null = staff) {
  const { data, errors } = await shop.ask(
    `query ($from: LocalDate!, $to: LocalDate!, $timeZone: TimeZone!) { salesReport(from: $from, to: $to, timeZone: $timeZone) {
       days { day figures { ${FIGURES} } } total { ${FIGURES} } topProducts(first: 2) { product { name } pieces revenue { minorUnits } } } }`,
    { from, to, timeZone },
    viewer,
  )
  if (errors) return errors[0]?.extensions as { code: string; reason?: string }
  const { days, total, topProducts } = data.salesReport
  return {
    days: days.map(({ day, figures }: { day: string; figures: Record<string, number> }) => ({ day, ...flat(figures) })),
    total: flat(total),
    topProducts,
  }
}

const ordersByDay = async (from: string, to: string, timeZone: string) => {
  const { days } = (await report(from, to, timeZone)) as { days: { day: string; orders: number; refunds: number }[] }
  return days.map(({ day, orders, refunds }) => [day, orders, refunds])
}
const paid = (paidAt: string, more: PlacedOrder = {}) => place(db, { paidAt, ...more })

describe('a sales report', () => {
  test('adds up each day, and the days that had nothing are there', async () => {
    await paid('2026-05-01T10:00:00Z', {
      discountMinor: 200,
      shippingMinor: 490,
      taxMinor: 300,
      lines: [{ quantity: 3 }, { kind: 'TICKET', unitPriceMinor: 900 }, { kind: 'TICKET', unitPriceMinor: 900 }],
      refunds: [{ amountMinor: 1000, at: '2026-05-03T09:00:00Z' }],
    })
    await paid('2026-05-01T23:59:59.999Z')
    // None of these was ever paid, or is in the range; and what failed to go back did not.
    await place(db, { createdAt: '2026-05-01T10:00:00Z' })
    await paid('2026-05-04T00:00:00Z')
    await paid('2026-04-30T23:59:59.999Z', {
      refunds: [{ amountMinor: 500, at: '2026-05-02T09:00:00Z', status: 'FAILED' }],
    })
    const zero = {
      orders: 0,
      gross: 0,
      discounts: 0,
      shipping: 0,
      tax: 0,
      paid: 0,
      refunds: 0,
      net: 0,
      pieces: 0,
      tickets: 0,
    }
    const first = { orders: 2, gross: 5800, discounts: 200, shipping: 490, tax: 300, paid: 6390, pieces: 4, tickets: 2 }
    expect(await report('2026-05-01', '2026-05-03')).toMatchObject({
      days: [
        { day: '2026-05-01', ...first, refunds: 0, net: 6390 },
        { day: '2026-05-02', ...zero },
        { day: '2026-05-03', ...zero, refunds: 1000, net: -1000 },
      ],
      total: { ...first, refunds: 1000, net: 5390 },
    })
  })

  test('says the same as the order that a buyer paid, and names what brought in the most', async () => {
    const ada = await server.world.person({ handle: 'ada' })
    const [cheap, dear, dearest] = await Promise.all(
      [500, 3000, 9000].map((price) => shop.product(staff, shelf, [{ price: eur(price) }], { name: `For ${price}` })),
    )
    await buy(shop, ada, cheap?.variants[0] ?? '', 2)
    await buy(shop, ada, dear?.variants[0] ?? '', 4)
    await buy(shop, ada, dearest?.variants[0] ?? '', 1)
    const { data } = await shop.ask('{ viewer { orders { nodes { totals { total { minorUnits } } } } } }', {}, ada)
    const totals = data.viewer.orders.nodes.map(
      (order: { totals: { total: { minorUnits: number } } }) => order.totals.total.minorUnits,
    )
    const [{ day } = { day: '' }] = await db.query<{ day: string }>(`select to_char(now(), 'YYYY-MM-DD') as day`)
    const sum = totals.reduce((all: number, each: number) => all + each, 0)
    expect(await report(day, day)).toMatchObject({
      total: { orders: 3, pieces: 7, gross: 22_000, paid: sum, net: sum },
      topProducts: [
        { product: { name: 'For 3000' }, pieces: 4, revenue: { minorUnits: 12_000 } },
        { product: { name: 'For 9000' }, pieces: 1, revenue: { minorUnits: 9_000 } },
      ],
    })
  })
})

describe('a day is the zone’s', () => {
  test('and begins at its midnight', async () => {
    await paid('2026-05-01T14:59:59Z')
    await paid('2026-05-01T15:00:00Z')
    expect(await ordersByDay('2026-05-01', '2026-05-02', 'Asia/Tokyo')).toEqual([
      ['2026-05-01', 1, 0],
      ['2026-05-02', 1, 0],
    ])
    expect(await ordersByDay('2026-05-01', '2026-05-02', 'UTC')).toEqual([
      ['2026-05-01', 2, 0],
      ['2026-05-02', 0, 0],
    ])
  })

  test('of 23 hours where the clocks go forward', async () => {
    // Berlin: midnight is 23:00 UTC before, and 22:00 UTC after the night.
    for (const at of ['2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z']) {
      await paid(at, { refunds: [{ amountMinor: 100, at }] })
    }
    expect(await ordersByDay('2026-03-28', '2026-03-30', 'Europe/Berlin')).toEqual([
      ['2026-03-28', 1, 100],
      ['2026-03-29', 2, 200],
      ['2026-03-30', 1, 100],
    ])
  })

  test('of 25 hours where they go back', async () => {
    for (const at of ['2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z']) {
      await paid(at)
    }
    expect(await ordersByDay('2026-10-24', '2026-10-26', 'Europe/Berlin')).toEqual([
      ['2026-10-24', 1, 0],
      ['2026-10-25', 2, 0],
      ['2026-10-26', 1, 0],
    ])
  })

  test('without a midnight where they go forward then', async () => {
    // Beirut, 29 March 2026: the clock goes from 00:00 to 01:00.
    await paid('2026-03-28T21:59:59Z')
    await paid('2026-03-28T22:00:00Z')
    expect(await ordersByDay('2026-03-28', '2026-03-29', 'Asia/Beirut')).toEqual([
      ['2026-03-28', 1, 0],
      ['2026-03-29', 1, 0],
    ])
  })
})

describe('a range', () => {
  test.each([
    ['2026-05-02', '2026-05-01', 'INVALID_INPUT'],
    ['1969-12-31', '1970-01-01', 'INVALID_INPUT'],
    ['9999-12-31', '9999-12-31', 'INVALID_INPUT'],
    ['2026-01-01', '2027-01-02', 'LIMIT_EXCEEDED'],
  ])('from %s to %s is refused: %s', async (from, to, reason) => {
    expect(await report(from, to)).toMatchObject({ reason })
  })

  test('of a year is told', async () => {
    expect(await report('2098-01-01', '2098-12-31')).toMatchObject({ total: { orders: 0 } })
  })

  test('is told to staff only', async () => {
    expect(await report('2026-05-01', '2026-05-02', 'UTC', null)).toMatchObject({ code: 'UNAUTHENTICATED' })
    const member = await server.world.person({ handle: 'curious' })
    expect(await report('2026-05-01', '2026-05-02', 'UTC', member)).toMatchObject({ code: 'FORBIDDEN' })
  })
})
