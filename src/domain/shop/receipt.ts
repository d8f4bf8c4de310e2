import { createHmac, timingSafeEqual } from 'node:crypto'
import { encodeId, parseId, type Uuid } from '../../core/ids.ts'
import { localDate } from '../../core/local-time.ts'
import { type Currency, currencyOf, money, writeMoney } from '../../core/money.ts'
import { findReceiptRows, type ReceiptRows } from '../../db/queries/shop/receipt.ts'
import type { Deps } from '../deps.ts'
import { HOME_TIME_ZONE } from './delivery.ts'

type Secret = Pick<Deps, 'jwtSecret'>

/** Only who was given the address of a receipt knows its key: ids stand in logs and in other addresses. */
const keyOf = ({ jwtSecret }: Secret, orderId: Uuid): Buffer =>
  createHmac('sha256', jwtSecret).update('atrium receipt').update(orderId).digest()

const FORM_OF_KEY = /^[A-Za-z0-9_-]{43}$/

/** Where the receipt of an order is read and printed, for whoever has the address. */
export const receiptUrl = (deps: Secret & Pick<Deps, 'publicUrl'>, orderId: Uuid): string =>
  `${deps.publicUrl()}/orders/${encodeId('order', orderId)}/receipt?key=${keyOf(deps, orderId).toString('base64url')}`

const priced =
  (currency: Currency) =>
  (amountMinor: number): string =>
    writeMoney(money(amountMinor, currency))

const dated = (instant: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${localDate(instant, HOME_TIME_ZONE)}T00:00:00Z`),
  )

/** As envelopes say it: `Germany`. Nothing where the person is gone, and their address with them. */
const countryName = (code: string): string =>
  code === '' ? '' : (new Intl.DisplayNames('en-GB', { type: 'region' }).of(code) ?? code)

/** `19 %`, `25.5 %` */
const percent = (basisPoints: number): string => `${basisPoints / 100} %`

export interface ReceiptLine {
  readonly title: string
  readonly detail: string
  readonly quantity: number
  readonly unitPrice: string
  readonly total: string
}

/** What a receipt says, as it is shown: amounts and dates are texts. */
export interface Receipt {
  /** The order’s id. */
  readonly number: string
  readonly paidOn: string
  /** Who sold it, line by line: name, address and tax number, as far as there are any. */
  readonly seller: readonly string[]
  readonly address: readonly string[]
  readonly lines: readonly ReceiptLine[]
  /** What leads to the total, in order. */
  readonly sums: readonly (readonly [name: string, amount: string])[]
  readonly total: string
  /** By rate: what was taxed, and the tax that is part of the total. */
  readonly taxes: readonly { readonly rate: string; readonly net: string; readonly tax: string }[]
  readonly refunds: readonly { readonly on: string; readonly amount: string; readonly reason: string }[]
  /** What is left of the total; null where nothing went back. */
  readonly kept: string | null
}

/** What each rate is a part of, discounts taken off: goods and shipping have the order's rate, tickets none of their own. */
function taxesOf({ order, lines }: ReceiptRows, price: (amountMinor: number) => string): Receipt['taxes'] {
  const net = (isTaxed: boolean): number =>
    lines
      .filter((line) => line.isTaxed === isTaxed)
      .reduce((sum, { quantity, unitPriceMinor, discountMinor }) => sum + quantity * unitPriceMinor - discountMinor, 0)
  const taxedMinor = net(true) + order.shippingMinor
  const freeMinor = net(false)
  const rate = order.taxBasisPoints
  const rates = [
    { rate, netMinor: rate === 0 ? taxedMinor + freeMinor : taxedMinor, taxMinor: order.taxMinor },
    { rate: 0, netMinor: rate === 0 ? 0 : freeMinor, taxMinor: 0 },
  ]
  return rates
    .filter(({ netMinor }) => netMinor > 0)
    .map(({ rate, netMinor, taxMinor }) => ({ rate: percent(rate), net: price(netMinor), tax: price(taxMinor) }))
}

const sellerLines = ({ name, address, taxId }: Deps['seller']): string[] => [
  name,
  ...address,
  ...(taxId === null ? [] : [`Tax ID ${taxId}`]),
]

function write({ order, lines, coupons, refunds }: ReceiptRows, seller: Deps['seller']): Receipt {
  const price = priced(currencyOf(order.currency))
  const { name, street, postalCode, city, country } = order
  const refundedMinor = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const sums: (readonly [string, number])[] = [
    ['Subtotal', order.subtotalMinor],
    ...coupons.map(({ code, discountMinor }) => [`Coupon ${code}`, -discountMinor] as const),
    ['Shipping', order.shippingMinor],
    [`Tax ${percent(order.taxBasisPoints)}`, order.taxMinor],
  ]
  return {
    number: encodeId('order', order.id),
    paidOn: dated(order.paidAt),
    seller: sellerLines(seller),
    address: [name, street, `${postalCode} ${city}`.trim(), countryName(country)].filter((part) => part !== ''),
    lines: lines.map(({ title, detail, quantity, unitPriceMinor }) => ({
      title,
      detail,
      quantity,
      unitPrice: price(unitPriceMinor),
      total: price(quantity * unitPriceMinor),
    })),
    // Money that is not there needs no line, but the subtotal and the tax are told in any case.
    sums: sums
      .filter(([, amountMinor], at) => at === 0 || at === sums.length - 1 || amountMinor !== 0)
      .map(([label, amountMinor]) => [label, price(amountMinor)]),
    total: price(order.totalMinor),
    taxes: taxesOf({ order, lines, coupons, refunds }, price),
    refunds: refunds.map(({ createdAt, amountMinor, reason }) => ({
      on: dated(createdAt),
      amount: price(-amountMinor),
      reason,
    })),
    kept: refundedMinor === 0 ? null : price(order.totalMinor - refundedMinor),
  }
}

/** The receipt of a paid order; null for one that is not paid. */
export async function findReceiptOf(
  { db, seller }: Pick<Deps, 'db' | 'seller'>,
  orderId: Uuid,
): Promise<Receipt | null> {
  const rows = await findReceiptRows(db, orderId)
  return rows === null ? null : write(rows, seller)
}

/** The receipt of an address; null where the key is not that of the order, or it is not paid. */
export async function findReceipt(
  deps: Secret & Pick<Deps, 'db' | 'seller'>,
  { number, key }: { number: string; key: string },
): Promise<Receipt | null> {
  const order = parseId(number)
  if (order?.prefix !== 'order' || !FORM_OF_KEY.test(key)) return null
  if (!timingSafeEqual(Buffer.from(key, 'base64url'), keyOf(deps, order.uuid))) return null
  return findReceiptOf(deps, order.uuid)
}
