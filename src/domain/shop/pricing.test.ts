import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Destination } from './delivery.ts'
import type { Priced } from './line-kind.ts'
import { type Discount, priceOrder } from './pricing.ts'

const HOME: Destination = { taxBasisPoints: 1_900, shippingMinor: 490, mayBeFree: true }
const ABROAD: Destination = { taxBasisPoints: 0, shippingMinor: 1_990, mayBeFree: false }

const goods = (unitPriceMinor: number, quantity = 1): Priced => ({
  refId: 'goods',
  quantity,
  title: 'Goods',
  detail: '',
  unitPriceMinor,
  isTaxed: true,
  isShipped: true,
})
const ticket = (unitPriceMinor: number): Priced => ({ ...goods(unitPriceMinor), isTaxed: false, isShipped: false })

const percent = (basisPoints: number, code = 'P'): Discount => ({
  couponId: code,
  code,
  kind: 'PERCENT',
  percentBasisPoints: basisPoints,
  amountMinor: null,
})
const fixed = (amountMinor: number, code = 'F'): Discount => ({
  couponId: code,
  code,
  kind: 'FIXED',
  percentBasisPoints: null,
  amountMinor,
})

const sums = ({ subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor }: ReturnType<typeof priceOrder>) => [
  subtotalMinor,
  discountMinor,
  shippingMinor,
  taxMinor,
  totalMinor,
]

describe('what an order comes to', () => {
  test.each([
    ['goods, shipping and the tax on both', [goods(1_000, 2)], [], HOME, [2_000, 0, 490, 473, 2_963]],
    ['a large order travels free', [goods(7_500)], [], HOME, [7_500, 0, 0, 1_425, 8_925]],
    ['but not where discounts make it a small one', [goods(7_500)], [fixed(1)], HOME, [7_500, 1, 490, 1_518, 9_507]],
    ['abroad: no tax, and never free', [goods(10_000)], [], ABROAD, [10_000, 0, 1_990, 0, 11_990]],
    ['tickets alone: nothing to send, their tax is in the price', [ticket(1_200)], [], HOME, [1_200, 0, 0, 0, 1_200]],
    ['tickets do not make goods travel free', [goods(1_000), ticket(9_000)], [], HOME, [10_000, 0, 490, 283, 10_773]],
    ['a percentage', [goods(999)], [percent(1_250)], HOME, [999, 125, 490, 259, 1_623]],
    [
      'percentages are all of the subtotal',
      [ticket(1_000)],
      [percent(1_000), percent(2_000, 'Q')],
      HOME,
      [1_000, 300, 0, 0, 700],
    ],
    [
      'a fixed sum takes what is left at most',
      [ticket(1_000)],
      [fixed(900), percent(5_000)],
      HOME,
      [1_000, 1_000, 0, 0, 0],
    ],
    ['nothing at all', [], [fixed(900)], HOME, [0, 0, 0, 0, 0]],
  ] as const)('%s', (_, lines, coupons, destination, expected) => {
    expect(sums(priceOrder(lines, coupons, destination))).toEqual(expected)
  })

  const anyLine = fc
    .record({
      price: fc.integer({ min: 1, max: 100_000 }),
      quantity: fc.integer({ min: 1, max: 99 }),
      isTicket: fc.boolean(),
    })
    .map(({ price, quantity, isTicket }) => (isTicket ? ticket(price) : goods(price, quantity)))
  const anyCoupon = fc.oneof(
    fc.integer({ min: 1, max: 10_000 }).map((points) => percent(points, `P${points}`)),
    fc.integer({ min: 1, max: 1_000_000 }).map((amount) => fixed(amount, `F${amount}`)),
  )

  test('the parts of the lines add up to the whole exactly, and nothing is ever below nothing', () => {
    const any = [
      fc.array(anyLine, { maxLength: 20 }),
      fc.array(anyCoupon, { maxLength: 4 }),
      fc.constantFrom(HOME, ABROAD),
    ] as const
    fc.assert(
      fc.property(...any, (lines, coupons, destination) => {
        const priced = priceOrder(lines, coupons, destination)
        const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
        expect(sum(priced.lines.map(({ discountMinor }) => discountMinor))).toBe(priced.discountMinor)
        expect(sum(priced.lines.map(({ taxMinor }) => taxMinor)) + priced.shippingTaxMinor).toBe(priced.taxMinor)
        expect(sum(priced.discounts.map(({ discountMinor }) => discountMinor))).toBe(priced.discountMinor)
        expect(priced.totalMinor).toBe(
          priced.subtotalMinor - priced.discountMinor + priced.shippingMinor + priced.taxMinor,
        )
        for (const [position, { discountMinor, taxMinor }] of priced.lines.entries()) {
          const { unitPriceMinor, quantity } = lines[position] as Priced
          expect(discountMinor).toBeGreaterThanOrEqual(0)
          expect(discountMinor).toBeLessThanOrEqual(unitPriceMinor * quantity)
          expect(taxMinor).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})
