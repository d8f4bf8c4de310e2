import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import { encodeId, parseId } from '../../src/core/ids.ts'
import { bookPaidOrder, bookRefund } from '../../src/domain/expense/booking.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { ExpenseClient } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkOut, pay } from '../support/shop.ts'
import { buyTickets } from '../support/tickets.ts'

let server: TestServer
let client: ExpenseClient
let staff: Viewer
let shelf: Uuid
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  client = new ExpenseClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  shelf = await server.world.productCategory(staff, { name: 'Shelf' })
})
afterAll(() => server.close())

const member = (): Promise<Viewer> => server.world.person({ handle: `buyer-${++made}` })

async function buy(buyer: Viewer, quantity = 2, paymentMethod = 'pm_card_visa') {
  const { variants } = await client.product(staff, shelf, [{}], { name: `Cup ${++made}` })
  await client.add(buyer, variants[0] ?? '', quantity)
  const order = (await checkOut(client, buyer)).value
  return (await pay(client, buyer, order.id, paymentMethod)).value
}

const trailOf = async (viewer: Viewer) =>
  (await client.ask('{ expenseChanges { nodes { kind actor { handle } } } }', {}, viewer)).data.expenseChanges.nodes

describe('a paid order', () => {
  test('books its own expense, and an unpaid one does not', async () => {
    const ada = await member()
    const { variants } = await client.product(staff, shelf, [{}], { name: 'Teapot' })
    await client.add(ada, variants[0] ?? '', 2)
    const order = (await checkOut(client, ada)).value
    expect(await client.list(ada)).toEqual([])
    await pay(client, ada, order.id)
    const total = order.totals.total.minorUnits
    expect(await client.list(ada)).toMatchObject([
      {
        source: 'ORDER',
        description: '2 × Teapot',
        amount: { minorUnits: total, currency: 'EUR' },
        category: { name: 'Others' },
      },
    ])
    const { data } = await client.ask('{ expenseChanges { nodes { kind actor { handle } } } }', {}, ada)
    expect(data.expenseChanges.nodes).toEqual([{ kind: 'CREATED', actor: null }])
  })

  test('books nothing for who does not want it', async () => {
    const ada = await member()
    await client.run('updateExpensePreferences', ada, { booksOrders: false }, 'preferences { booksOrders }')
    await buy(ada)
    expect(await client.list(ada)).toEqual([])
  })

  test('is booked once, and a refund once, however often it is tried at the same time', async () => {
    const ada = await member()
    const order = await buy(ada)
    const id = parseId(order.id)?.uuid ?? ''
    const { deps } = server.running.atrium
    const again = {
      id,
      accountId: ada.accountId,
      totalMinor: 5,
      currency: 'EUR',
      description: 'Again',
      isLeisure: true,
    }
    const refundId = parseId(encodeId('refund', id))?.uuid ?? ''
    await Promise.all(
      Array.from({ length: 20 }, () =>
        deps.db.transaction(async (tx) => {
          await bookPaidOrder(deps, tx, again)
          await bookRefund(deps, tx, { id: refundId, orderId: id, amountMinor: 100, currency: 'EUR' })
        }),
      ),
    )
    const sources = (await client.list(ada)).map(({ source }: { source: string }) => source)
    expect(sources.toSorted()).toEqual(['ORDER', 'REFUND'])
  })

  test('is taken back by each refund, in part and in whole, so that the sum is what was kept', async () => {
    const ada = await member()
    const order = await buy(ada)
    const [line] = order.lines
    const refund = (lines: unknown) =>
      client.run(
        'refundOrder',
        staff,
        { id: order.id, ...(lines === undefined ? {} : { lines }) },
        'order { refunded { minorUnits } }',
      )
    const part = (await refund([{ lineId: line.id, quantity: 1 }])).value.refunded.minorUnits
    const [back] = await client.list(ada, { sources: ['REFUND'] })
    expect(back).toMatchObject({ amount: { minorUnits: -part }, description: expect.stringContaining('Cup') })
    const total = order.totals.total.minorUnits
    expect(Number((await client.summary(ada)).total.amount)).toBe((total - part) / 100)
    await refund(undefined)
    expect((await client.summary(ada)).total.amount).toBe('0.00')
    expect(await client.list(ada)).toHaveLength(3)
  })

  test('is paid back in its own currency, whatever its buyer has made of the expense', async () => {
    const ada = await member()
    const order = await buy(ada)
    const [booked] = await client.list(ada)
    await client.update(ada, { id: booked.id, amount: { amount: '9000', currency: 'JPY' } })
    await client.run('refundOrder', staff, { id: order.id }, 'order { status }')
    expect(await client.list(ada, { sources: ['REFUND'] })).toMatchObject([
      { amount: { minorUnits: -order.totals.total.minorUnits, currency: 'EUR' } },
    ])
    expect(await client.list(ada, { sources: ['ORDER'] })).toMatchObject([{ amount: { currency: 'JPY' } }])
  })
})

describe('the trail of what an order booked', () => {
  test('says that nobody took a refund out of the books again which the bank sent back, until it has gone through', async () => {
    const ada = await member()
    const order = await buy(ada, 2, 'pm_card_refundFail')
    await client.run('refundOrder', staff, { id: order.id }, 'order { status }')
    await vi.waitFor(async () => expect(await client.list(ada)).toHaveLength(1), { timeout: 60_000, interval: 50 })
    expect(await client.list(ada)).toMatchObject([{ source: 'ORDER' }])
    const house = (kind: string) => ({ kind, actor: null })
    expect(await trailOf(ada)).toEqual([house('DELETED'), house('CREATED'), house('CREATED')])
  }, 90_000)

  test('says that its owner deleted it, and a refund of it then books nothing', async () => {
    const ada = await member()
    const order = await buy(ada)
    const [booked] = await client.list(ada)
    await client.delete(ada, booked.id)
    expect(await trailOf(ada)).toEqual([
      { kind: 'DELETED', actor: { handle: ada.handle } },
      { kind: 'CREATED', actor: null },
    ])
    await client.run('refundOrder', staff, { id: order.id }, 'order { status }')
    expect(await client.list(ada)).toEqual([])
  })
})

describe('seats', () => {
  test('are leisure, goods with seats are one expense under Others, and a refund of the seats takes back theirs', async () => {
    const [ada, bob] = [await member(), await member()]
    const cinema = new CinemaClient(server)
    const world = server.world.cinema
    const movieId = await world.movie(staff, { title: 'The movie' })
    const theatreId = await world.theatre(staff, { name: 'The house' })
    const screenId = await world.screen(staff, theatreId, { rows: world.rows('SSSSSSSS'), allowsSingleSeats: true })
    const showtimeId = await world.showtime(staff, movieId, screenId, { prices: { currency: 'EUR', standard: '9.00' } })
    const seats = await world.seats(screenId)
    await buyTickets(cinema, client, ada, showtimeId, [seats.A1, seats.A2])
    const [evening] = await client.list(ada)
    expect(evening).toMatchObject({
      source: 'ORDER',
      category: { name: 'Leisure' },
      amount: { minorUnits: 1800, currency: 'EUR' },
      description: expect.stringContaining('The movie'),
    })
    const { variants } = await client.product(staff, shelf, [{}], { name: 'Popcorn bowl' })
    await client.add(bob, variants[0] ?? '', 1)
    const { tickets } = await buyTickets(cinema, client, bob, showtimeId, [seats.A4])
    const [both, ...more] = await client.list(bob)
    expect(more).toEqual([])
    expect(both).toMatchObject({ category: { name: 'Others' }, description: expect.stringContaining('Popcorn bowl') })
    expect(both.description).toContain('The movie')
    await client.ask(
      'mutation ($id: ID!) { cancelTickets(input: { ticketIds: [$id] }) { userErrors { code } } }',
      { id: tickets[0]?.id },
      bob,
    )
    const [back] = await client.list(bob, { sources: ['REFUND'] })
    expect(back).toMatchObject({ amount: { minorUnits: -900 }, category: { name: 'Others' } })
    const left = (both.amount.minorUnits - 900) / 100
    expect((await client.summary(bob)).total.amount).toBe(left.toFixed(2))
  })
})
