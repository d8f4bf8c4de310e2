import { describe, expect, test } from 'vitest'
import { goodsProblems } from './goods.ts'
import { type ProductStatus, productLifecycle } from './rules.ts'

const STATES: readonly ProductStatus[] = ['DRAFT', 'ACTIVE', 'ARCHIVED']

/** Row: from; column: to, in the order of `STATES`. */
const MAY: Readonly<Record<ProductStatus, string>> = {
  DRAFT: '- yes yes',
  ACTIVE: '- - yes',
  ARCHIVED: '- yes -',
}

const pairs = STATES.flatMap((from) =>
  MAY[from].split(' ').map((cell, column) => [from, STATES[column] as ProductStatus, cell === 'yes'] as const),
)

describe('the life of a product', () => {
  test('has three states', () => expect(productLifecycle.states).toEqual(STATES))

  test.each(pairs)('%s to %s: %s', (from, to, may) => {
    expect(productLifecycle.can(from, to)).toBe(may)
  })
})

describe('goods in a cart', () => {
  const fine = { quantity: 2, available: 2, seenPriceMinor: 500, priceMinor: 500, isBuyable: true }

  test.each([
    ['just enough at the price that was seen', {}, []],
    ['one too few', { available: 1 }, ['INSUFFICIENT_STOCK']],
    ['fewer than none, after a correction', { available: -3 }, ['INSUFFICIENT_STOCK']],
    ['dearer', { priceMinor: 501 }, ['PRICE_CHANGED']],
    ['cheaper', { priceMinor: 499 }, ['PRICE_CHANGED']],
    ['both', { available: 0, priceMinor: 501 }, ['INSUFFICIENT_STOCK', 'PRICE_CHANGED']],
    ['no longer sold, whatever else', { isBuyable: false, available: 0, priceMinor: 501 }, ['UNAVAILABLE']],
  ])('%s', (_, facts, codes) => {
    expect(goodsProblems({ ...fine, ...facts }).map(({ code }) => code)).toEqual(codes)
  })

  test('what there is left is told, and never as less than nothing', () => {
    expect(goodsProblems({ ...fine, available: -3 })[0]).toMatchObject({ available: 0 })
    expect(goodsProblems({ ...fine, available: 1 })[0]).toMatchObject({ available: 1 })
    expect(goodsProblems({ ...fine, priceMinor: 501 })[0]).toMatchObject({ seenPriceMinor: 500 })
  })
})
