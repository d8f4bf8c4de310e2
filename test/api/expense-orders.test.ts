import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import { encodeId, parseId } from '../../src/core/ids.ts'
import { bookPaidOrder, bookRefund } from '../../src/domain/expense/booking.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ExpenseClient } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkOut, pay } from '../support/shop.ts'

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

async function buy(buyer: Viewer, quantity = 2) {
  const { variants } = await client.product(staff, shelf, [{}], { name: `Cup ${++made}` })
  await client.add(buyer, variants[0] ?? '', quantity)
  const order = (await checkOut(client, buyer)).value
  return (await pay(client, buyer, order.id)).value
}

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
          await bookRefund(deps, tx, { id: refundId, orderId: id, amountMinor: 100 })
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
})
