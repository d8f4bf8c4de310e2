import { newId, type Uuid } from '../core/ids.ts'
import { reviews } from '../db/tables/review.ts'
import { orderLines, type orderStatus, orders } from '../db/tables/shop/order.ts'
import { stockHolds } from '../db/tables/shop/stock.ts'
import { subjects } from '../db/tables/subject.ts'
import type { Deps } from '../domain/deps.ts'
import { insertPayment } from '../domain/payment/payment.ts'
import { HOME_COUNTRY } from '../domain/shop/delivery.ts'
import { SHOP_CURRENCY } from '../domain/shop/rules.ts'
import type { NamedViewer } from './regulars.ts'

type Status = (typeof orderStatus.enumValues)[number]

/** What each of the demo members has bought, the latest first; who got something says what it is like. */
export const STATES: readonly Status[] = [
  'PENDING',
  'PAID',
  'FULFILLED',
  'COMPLETED',
  'COMPLETED',
  'REFUNDED',
  'CANCELLED',
]
const LINES = 4
const DAY_MS = 86_400_000
/** How long an order of the demo waits to be paid: a visitor comes when they like. */
const PENDING_DAYS = 7
const TAX_BASIS_POINTS = 1_900

const WORDS: readonly (readonly [stars: number, text: string])[] = [
  [5, 'Exactly what I hoped for. Would buy it again.'],
  [4, 'Well made. The colour is a little darker than in the picture.'],
  [5, 'A present for my sister, who now wants a second one.'],
  [3, 'Does what it should, no more and no less.'],
  [4, 'Arrived quickly and well packed.'],
  [2, 'Smaller than I thought. Look at the measures first.'],
  [5, ''],
]

interface Piece {
  productId: Uuid
  variantId: Uuid
  title: string
  detail: string
  priceMinor: number
}

const piecesOf = (deps: Deps): Promise<Piece[]> =>
  deps.db.query<Piece>(
    `select distinct on (p.id) p.id as "productId", v.id as "variantId", p.name as title, v.name as detail, v.price_minor as "priceMinor"
     from products p join variants v on v.product_id = p.id join stock_levels l on l.variant_id = v.id and l.quantity > 9 where p.status = 'ACTIVE' order by p.id, v.position`,
  )

/** Of who comes here often: all of it arrived. */
export const REGULAR_STATES: readonly Status[] = Array<Status>(5).fill('COMPLETED')

/**
 * Orders of the past weeks, one of each member in each of these states, and reviews of what was kept, as they stand in the
 * books: nobody pays when a server starts.
 */
export async function fillOrders(
  deps: Deps,
  members: readonly NamedViewer[],
  states: readonly Status[],
): Promise<void> {
  const pieces = await piecesOf(deps)
  const placed: (typeof orders.$inferInsert)[] = []
  const lines: (typeof orderLines.$inferInsert)[] = []
  const held: (typeof stockHolds.$inferInsert)[] = []
  const written: (typeof reviews.$inferInsert)[] = []
  for (const [who, { accountId, handle, name }] of members.entries()) {
    for (const [at, status] of states.entries()) {
      const id = newId()
      const isPending = status === 'PENDING'
      const now = deps.clock.now().getTime()
      const createdAt = new Date(now - (isPending ? 0 : 2 + Math.max(at - 1, 0) * 5 + who) * DAY_MS).toISOString()
      const expiresAt = isPending ? new Date(now + PENDING_DAYS * DAY_MS).toISOString() : createdAt
      // The members' tastes overlap, so that some products have several reviews.
      const bought = Array.from({ length: LINES }, (_, n) => pieces[(at * 17 + n * 5 + who * (n % 2)) % pieces.length])
      const own = [...new Set(bought)].filter((piece) => piece !== undefined)
      const isRefunded = status === 'REFUNDED'
      const priced = own.map((piece) => ({
        ...piece,
        taxMinor: Math.round((piece.priceMinor * TAX_BASIS_POINTS) / 10_000),
      }))
      const sum = (of: 'priceMinor' | 'taxMinor'): number => priced.reduce((total, piece) => total + piece[of], 0)
      const totalMinor = sum('priceMinor') + sum('taxMinor')
      placed.push({
        id,
        accountId,
        cartId: id,
        checkoutKey: `demo-${id}`,
        inputHash: '',
        status,
        email: `${handle}@example.com`,
        name,
        street: 'Long Lane 1',
        postalCode: '10115',
        city: 'Berlin',
        country: HOME_COUNTRY,
        currency: SHOP_CURRENCY,
        subtotalMinor: sum('priceMinor'),
        discountMinor: 0,
        shippingMinor: 0,
        shippingTaxMinor: 0,
        taxBasisPoints: TAX_BASIS_POINTS,
        taxMinor: sum('taxMinor'),
        totalMinor,
        refundedMinor: isRefunded ? totalMinor : 0,
        expiresAt,
        createdAt,
        updatedAt: createdAt,
        paidAt: isPending || status === 'CANCELLED' ? null : createdAt,
      })
      for (const [position, { variantId, title, detail, priceMinor, taxMinor, productId }] of priced.entries()) {
        lines.push({
          id: newId(),
          orderId: id,
          position,
          kind: 'GOODS',
          refId: variantId,
          title,
          detail,
          quantity: 1,
          unitPriceMinor: priceMinor,
          discountMinor: 0,
          taxMinor,
          isTaxed: true,
          isShipped: true,
          refundedQuantity: isRefunded ? 1 : 0,
          refundedMinor: isRefunded ? priceMinor + taxMinor : 0,
        })
        if (isPending) held.push({ orderId: id, variantId, quantity: 1, expiresAt })
        const isReviewed = written.some((each) => each.subjectId === productId && each.authorId === accountId)
        if (status !== 'COMPLETED' || isReviewed) continue
        const [stars, text] = WORDS[(position * 3 + at + who) % WORDS.length] ?? [5, '']
        const html = text === '' ? '' : `<p>${text}</p>\n`
        written.push({ id: newId(), subjectId: productId, authorId: accountId, stars, text, textHtml: html, createdAt })
      }
    }
  }
  const { orm } = deps.db
  await orm.insert(subjects).values(placed.map(({ id, createdAt }) => ({ id, kind: 'ORDER' as const, createdAt })))
  await orm.insert(orders).values(placed)
  await orm.insert(orderLines).values(lines)
  if (held.length > 0) await orm.insert(stockHolds).values(held)
  await deps.db.transaction(async (tx) => {
    for (const { id, status, totalMinor, currency } of placed) {
      if (status === 'PENDING') await insertPayment(deps, tx, { id, totalMinor, currency })
    }
  })
  await orm.insert(subjects).values(written.map(({ id, createdAt }) => ({ id, kind: 'REVIEW' as const, createdAt })))
  await orm.insert(reviews).values(written)
}
