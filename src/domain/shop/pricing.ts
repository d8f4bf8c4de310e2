import { allocate, shareOf } from '../../core/money.ts'
import { type Destination, FREE_FROM_MINOR } from './delivery.ts'
import type { Priced } from './line-kind.ts'

/** A coupon that applies, as far as it changes the price. */
export interface Discount {
  readonly couponId: string
  readonly code: string
  readonly kind: 'PERCENT' | 'FIXED'
  readonly percentBasisPoints: number | null
  readonly amountMinor: number | null
}

export interface Totals {
  /** All lines before discounts, without tax. */
  readonly subtotalMinor: number
  /** Taken off; 0 or more. */
  readonly discountMinor: number
  readonly shippingMinor: number
  readonly taxMinor: number
  /** `subtotal - discount + shipping + tax`: what is paid. */
  readonly totalMinor: number
  /** Of each line, in the given order: its part of discount and tax. They add up to the whole, but for shipping's tax. */
  readonly lines: readonly { readonly discountMinor: number; readonly taxMinor: number }[]
  readonly shippingTaxMinor: number
  /** What each coupon takes off. */
  readonly discounts: readonly { readonly couponId: string; readonly discountMinor: number }[]
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Zeros where there is nothing to share by. */
const split = (amountMinor: number, weights: readonly number[]): number[] =>
  weights.some((weight) => weight > 0) ? allocate(amountMinor, weights) : weights.map(() => 0)

/** Percentages are of the full subtotal and come first; fixed sums take what is left. Never more than there is. */
function discountsOf(
  subtotalMinor: number,
  coupons: readonly Discount[],
): { couponId: string; discountMinor: number }[] {
  const inOrder = [...coupons].sort((a, b) =>
    a.kind === b.kind ? (a.code < b.code ? -1 : 1) : a.kind === 'PERCENT' ? -1 : 1,
  )
  let leftMinor = subtotalMinor
  return inOrder.map(({ couponId, percentBasisPoints, amountMinor }) => {
    const wantedMinor = percentBasisPoints === null ? (amountMinor ?? 0) : shareOf(subtotalMinor, percentBasisPoints)
    const discountMinor = Math.min(wantedMinor, leftMinor)
    leftMinor -= discountMinor
    return { couponId, discountMinor }
  })
}

/**
 * What an order comes to. A pure function of what the database says about prices: the buyer's side has no say in it.
 * Tax is rounded once for the order (halves up) and shared among its parts by largest remainder.
 */
export function priceOrder(lines: readonly Priced[], coupons: readonly Discount[], destination: Destination): Totals {
  const grossMinor = lines.map(({ unitPriceMinor, quantity }) => unitPriceMinor * quantity)
  const subtotalMinor = sum(grossMinor)
  const discounts = discountsOf(subtotalMinor, coupons)
  const discountMinor = sum(discounts.map((each) => each.discountMinor))
  const lineDiscounts = split(discountMinor, grossMinor)
  const netMinor = grossMinor.map((gross, position) => gross - (lineDiscounts[position] ?? 0))

  const shippedMinor = sum(netMinor.filter((_, position) => lines[position]?.isShipped))
  const isShipped = lines.some((line) => line.isShipped)
  const isFree = destination.mayBeFree && shippedMinor >= FREE_FROM_MINOR
  const shippingMinor = isShipped && !isFree ? destination.shippingMinor : 0

  const taxable = [...netMinor.map((net, position) => (lines[position]?.isTaxed ? net : 0)), shippingMinor]
  const taxMinor = shareOf(sum(taxable), destination.taxBasisPoints)
  const taxes = split(taxMinor, taxable)
  return {
    subtotalMinor,
    discountMinor,
    shippingMinor,
    taxMinor,
    totalMinor: subtotalMinor - discountMinor + shippingMinor + taxMinor,
    lines: lines.map((_, position) => ({
      discountMinor: lineDiscounts[position] ?? 0,
      taxMinor: taxes[position] ?? 0,
    })),
    shippingTaxMinor: taxes.at(-1) ?? 0,
    discounts,
  }
}
