import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import { momentOf } from '../../src/domain/payment/payment.ts'
import { payOrder } from '../../src/domain/shop/pay.ts'
import { observePayment } from '../../src/domain/shop/settlement.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type GatewayUnderTest, startWithGateway } from '../support/gateways.ts'
import type { Letter } from '../support/post-office.ts'
import { checkOut, ORDER, pay, ShopClient } from '../support/shop.ts'

const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''
const patient = { timeout: 30_000, interval: 20 }

const permutations = <T>(list: readonly T[]): T[][] =>
  list.length <= 1
    ? [[...list]]
    : list.flatMap((first, at) =>
        permutations([...list.slice(0, at), ...list.slice(at + 1)]).map((rest) => [first, ...rest]),
      )

describe.each(['test', 'stripe'] as const)('the events of one payment at the gateway %s', (name) => {
  let gateway: GatewayUnderTest
  let shop: ShopClient
  let staff: Viewer
  let shelf: Uuid
  let ada: Viewer

  beforeAll(async () => {
    gateway = await startWithGateway(name)
    shop = new ShopClient(gateway.server)
    staff = await gateway.server.world.person({ handle: 'staff', role: 'STAFF' })
    ada = await gateway.server.world.person({ handle: 'ada' })
    shelf = await gateway.server.world.productCategory(staff, { name: 'Shelf' })
    // Every event waits until a test hands it out.
    gateway.office.forwardTo(null)
  })
  afterAll(() => gateway.close())

  const query = <Row>(text: string, parameters: unknown[] = []) =>
    gateway.server.running.atrium.deps.db.query<Row>(text, parameters)

  let buyers = 0
  async function placed() {
    // Each its own: few orders of one member may wait to be paid.
    ada = await gateway.server.world.person({ handle: `buyer-${name}-${buyers++}` })
    const cup = (await shop.product(staff, shelf, [{ quantity: 1 }])).variants[0] ?? ''
    await shop.add(ada, cup)
    const { id, totals } = (await checkOut(shop, ada)).value
    const [payment] = await query<{ reference: string }>('select reference from payments where order_id = $1', [
      uuidOf(id),
    ])
    const reference = payment?.reference ?? ''
    const told = (count: number): Promise<Letter[]> =>
      vi.waitFor(() => {
        const own = gateway.office.letters.filter(({ body }) => body.includes(reference))
        expect(own).toHaveLength(count)
        return own
      }, patient)
    return { cup, id, reference, total: totals.total.minorUnits as number, told }
  }
  const hand = async (letters: readonly Letter[]): Promise<void> => {
    for (const letter of letters) expect(await gateway.office.deliver(gateway.server.url, letter)).toBe(204)
  }
  const endOf = async ({ id, cup }: { id: string; cup: Uuid }) => {
    const { order } = (await shop.ask(`query ($id: ID!) { order(id: $id) { ${ORDER} } }`, { id }, staff)).data
    const [level] = await query<{ quantity: number }>('select quantity from stock_levels where variant_id = $1', [cup])
    const refunds = order.refunds.map(({ status, amount }: { status: string; amount: { minorUnits: number } }) => [
      status,
      amount.minorUnits,
    ])
    return {
      status: order.status,
      refunded: order.refunded.minorUnits,
      refunds,
      payment: order.payment.status,
      declineCode: order.payment.declineCode,
      onShelf: level?.quantity,
    }
  }
  /** What the gateway has told after each step of a buyer: declined, asked, paid, refunded. */
  const COUNTS = name === 'test' ? [2, 3, 4, 6] : [2, 3, 5, 7]

  test('in any order, handed out at any time and any number of times, end in the same order, payment, refunds and stock', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 1_000_000 })), async (dice) => {
        const roll = (sides: number): number => Number(dice.next().value) % sides
        const shuffled = (letters: readonly Letter[]): Letter[] => {
          const order = [...letters, ...letters.filter(() => roll(2) === 0)]
          for (let at = order.length - 1; at > 0; at -= 1) {
            const other = roll(at + 1)
            ;[order[at], order[other]] = [order[other] as Letter, order[at] as Letter]
          }
          return order
        }
        const some = (letters: readonly Letter[]) => hand(shuffled(letters).filter(() => roll(3) === 0))
        const bought = await placed()
        const { id, reference, total, told } = bought
        await pay(shop, ada, id, gateway.card('isDeclined'))
        await some(await told(COUNTS[0] ?? 0))
        const { nextActionUrl } = (await pay(shop, ada, id, gateway.card('asks'))).value.payment
        await some(await told(COUNTS[1] ?? 0))
        await gateway.goToBank(nextActionUrl, true)
        await some(await told(COUNTS[2] ?? 0))
        await gateway.refundElsewhere(reference, total)
        await hand(shuffled(await told(COUNTS[3] ?? 0)))
        expect(await endOf(bought)).toEqual({
          status: 'REFUNDED',
          refunded: total,
          refunds: [['SUCCEEDED', total]],
          payment: 'SUCCEEDED',
          declineCode: null,
          onShelf: 0,
        })
      }),
      { numRuns: 12 },
    )
  }, 240_000)

  test('whoever pays while an event has the gateway asked is told their next step all the same', async () => {
    const { id, reference } = await placed()
    const { deps } = gateway.server.running.atrium
    const payments = {
      ...deps.payments,
      async confirm(...method: Parameters<typeof deps.payments.confirm>) {
        const observedAt = await momentOf(deps.db)
        const before = await deps.payments.retrieve(reference)
        if (before !== null) await observePayment(deps, before, observedAt)
        return deps.payments.confirm(...method)
      },
    }
    const input = { id: uuidOf(id), paymentMethod: gateway.card('asks') }
    await payOrder({ ...deps, payments }, { viewer: ada, token: null }, input)
    const { order } = (await shop.ask(`query ($id: ID!) { order(id: $id) { ${ORDER} } }`, { id }, ada)).data
    expect(order.payment).toMatchObject({ status: 'REQUIRES_ACTION', nextActionUrl: expect.stringContaining('http') })
  })

  test('of two moves within one second the later one is what is true, in every order of their events', async () => {
    for (const order of permutations([0, 1, 2])) {
      const bought = await placed()
      const { nextActionUrl } = (await pay(shop, ada, bought.id, gateway.card('asksInVain'))).value.payment
      await gateway.goToBank(nextActionUrl, true)
      const letters = await bought.told(3)
      await hand([...order, order[0] ?? 0].map((place) => letters[place] as Letter))
      expect(await endOf(bought)).toMatchObject({
        status: 'PENDING',
        payment: 'REQUIRES_PAYMENT_METHOD',
        declineCode: 'insufficient_funds',
      })
    }
  }, 120_000)
})
