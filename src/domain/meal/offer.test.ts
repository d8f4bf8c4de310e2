import Fraction from 'fraction.js'
import { describe, expect, test } from 'vitest'
import type { OfferRow } from '../../db/queries/meal.ts'
import { unitOf } from '../recipe/units.ts'
import { choose, packOf } from './offer.ts'

const offer = (more: Partial<OfferRow>): OfferRow => ({
  foodId: 'f',
  variantId: 'v',
  productName: 'Roasted Olive Oil',
  variantName: '',
  priceMinor: 100,
  available: 10,
  packNumerator: null,
  packDenominator: null,
  packUnit: null,
  attributes: [],
  ...more,
})

const OIL = { name: 'olive oil', plural: 'olive oil', isLiquid: true, gramsPerCup: '216' }
const need = (value: string | null, unit: string | null = 'ml') => ({
  name: 'olive oil',
  amount: value === null ? null : { value: new Fraction(value), unit: unit === null ? null : unitOf(unit) },
})
const SMALL = offer({ variantId: 'small', attributes: ['250 ml'], priceMinor: 300 })
const LARGE = offer({ variantId: 'large', variantName: '1 l', priceMinor: 900 })

describe('the shop covers a need', () => {
  test.each([
    ['by the cheaper way, one small', need('200'), [SMALL, LARGE], { variantId: 'small', packs: 1 }],
    ['by the cheaper way, one large', need('900'), [SMALL, LARGE], { variantId: 'large', packs: 1 }],
    ['by so many packs as are needed', need('1001'), [LARGE], { variantId: 'large', packs: 2 }],
    ['exactly by one', need('1000'), [LARGE], { variantId: 'large', packs: 1 }],
    ['across weight and volume, where the food is known', need('228', 'g'), [SMALL], { variantId: 'small', packs: 1 }],
    [
      'by one, where nobody knows what a pack holds',
      need('200'),
      [offer({})],
      { variantId: 'v', packs: 1, pack: null },
    ],
    ['by one, where as much as one likes is needed', need(null), [SMALL], { variantId: 'small', packs: 1 }],
    ['by one, where the units do not compare', need('2', 'can'), [SMALL], { variantId: 'small', packs: 1, pack: null }],
    [
      'by whole things, as the list says: a third of one is one',
      need('1/3', null),
      [offer({ packNumerator: 1, packDenominator: 2 })],
      { variantId: 'v', packs: 2 },
    ],
    ['by what is there', need('200'), [{ ...SMALL, available: 0 }, LARGE], { variantId: 'large', packs: 1 }],
  ])('%s', (_, wanted, offers, expected) => {
    expect(choose(wanted, OIL, offers, 99)).toMatchObject(expected)
  })

  test.each([
    [
      'nothing of that name',
      need('1'),
      [
        offer({ productName: 'Olive Oil Bottle' }),
        offer({ productName: 'Olives' }),
        offer({ productName: 'The Little Book of Olive Oil' }),
      ],
      'NO_PRODUCT',
    ],
    ['nothing at all', need('1'), [], 'NO_PRODUCT'],
    ['not enough', need('1000'), [{ ...SMALL, available: 3 }], 'OUT_OF_STOCK'],
    ['more than a cart takes', need('100000'), [LARGE], 'TOO_MUCH'],
  ])('or not: %s', (_, wanted, offers, reason) => {
    expect(choose(wanted, OIL, offers, 99)).toBe(reason)
  })

  test('what staff linked goes before what only has the name', () => {
    const linked = offer({
      variantId: 'linked',
      productName: 'House blend',
      packNumerator: 1,
      packDenominator: 2,
      packUnit: 'l',
      priceMinor: 5_000,
    })
    expect(choose(need('600'), OIL, [SMALL, linked], 99)).toMatchObject({ variantId: 'linked', packs: 2 })
  })

  test('a pack is read off what there is to read', () => {
    expect(packOf(offer({ attributes: ['Ash'], variantName: '1.5 kg' }))).toMatchObject({ unit: { code: 'kg' } })
    expect(packOf(offer({ productName: 'Mug 2' }))).toBeNull()
  })
})
