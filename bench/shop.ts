import { DomainError } from '../src/core/errors.ts'
import { newId, type Uuid } from '../src/core/ids.ts'
import { currencyOf, money } from '../src/core/money.ts'
import { addToCart, type CartHolder } from '../src/domain/shop/cart.ts'
import { applyCoupon, findCartId, readCart, removeCoupon, totalsOf } from '../src/domain/shop/cart-view.ts'
import { checkout } from '../src/domain/shop/checkout.ts'
import { findDestination, HOME_COUNTRY } from '../src/domain/shop/delivery.ts'
import { payOrder } from '../src/domain/shop/pay.ts'
import { SHOP_CURRENCY } from '../src/domain/shop/rules.ts'
import type { Client } from './client.ts'
import type { Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'

const BUYERS = 500
const PIECES = 100
const USES = 50
const CODE = 'THE-RUSH'
const PRICE_MINOR = 2_000

const ADDRESS = { name: 'A Buyer', street: 'Long Lane 1', postalCode: '10115', city: 'Berlin', country: HOME_COUNTRY }

/** What may refuse a buyer in a rush; anything else is a fault and ends the run. */
const FORESEEN = new Set(['INSUFFICIENT_STOCK', 'COUPON_NOT_APPLICABLE', 'PRICE_CHANGED'])

interface Rush {
  refusals: Map<string, number>
  /** From an entered cart to a paid order, or to the news that there is nothing left. */
  milliseconds: number[]
  seconds: number
}

/** A guest with a cart of one piece and the coupon, who tries until the piece is paid for or gone. */
async function buy({ running }: BenchServer, number: number, holder: CartHolder, rush: Rush): Promise<Uuid | null> {
  const { deps } = running.atrium
  const destination = findDestination(HOME_COUNTRY)
  if (destination === undefined) throw new Error('the shop does not deliver at home')
  const email = `buyer-${number}@example.com`
  for (let attempt = 0; ; attempt += 1) {
    try {
      const cartId = await findCartId(deps.db, holder)
      if (cartId === null) throw new Error('the cart is gone')
      const { totalMinor } = totalsOf(await readCart(deps.db, cartId, null), destination)
      const expectedTotal = money(totalMinor, SHOP_CURRENCY)
      const wish = { idempotencyKey: `rush-${number}-${attempt}`, address: ADDRESS, email, expectedTotal }
      const id = await checkout(deps, holder, wish)
      return await payOrder(deps, holder, { id, paymentMethod: 'pm_card_visa' })
    } catch (error) {
      if (!(error instanceof DomainError) || !FORESEEN.has(error.code)) throw error
      rush.refusals.set(error.code, (rush.refusals.get(error.code) ?? 0) + 1)
      if (error.code === 'INSUFFICIENT_STOCK') return null
      // The coupon is used up: the buyer takes it out, and pays the full price.
      if (error.code === 'COUPON_NOT_APPLICABLE') await removeCoupon(deps, holder, CODE)
    }
  }
}

/** Half a thousand guests at once for a hundred pieces and fifty uses of a coupon, from the cart to the payment. */
async function rushForPieces(server: BenchServer): Promise<Verdict[]> {
  const { world, running } = server
  const { deps } = running.atrium
  const staff = await world.person({ handle: 'staff-of-the-shop', role: 'STAFF' })
  const categoryId = await world.productCategory(staff, { name: 'The rush' })
  const productId = await world.product(staff, {
    name: 'The last hundred',
    categoryId,
    variants: [{ sku: 'RUSH-1', price: money(PRICE_MINOR, currencyOf('EUR')), quantity: PIECES }],
  })
  const [variant] = await deps.db.query<{ id: Uuid }>('select id from variants where product_id = $1', [productId])
  await world.coupon(staff, { code: CODE, amount: money(500, currencyOf('EUR')), maxUses: USES })
  const holders: CartHolder[] = []
  for (let number = 0; number < BUYERS; number += 1) {
    const { newToken } = await addToCart(
      deps,
      { viewer: null, token: null },
      { variantId: variant?.id ?? newId(), quantity: 1 },
    )
    const holder = { viewer: null, token: newToken }
    await applyCoupon(deps, holder, { code: CODE })
    holders.push(holder)
  }
  const deadlocks = async (): Promise<number> => {
    const [row] = await deps.db.query<{ count: number }>(
      'select deadlocks::int as count from pg_stat_database where datname = current_database()',
    )
    return row?.count ?? 0
  }
  const before = await deadlocks()
  const rush: Rush = { refusals: new Map(), milliseconds: [], seconds: 0 }
  const startedAtMs = performance.now()
  const bought = await Promise.all(holders.map((holder, number) => buy(server, number, holder, rush)))
  const seconds = (performance.now() - startedAtMs) / 1000
  const [books] = await deps.db.query<{ sold: number; left: number; uses: number; used: number; paid: number }>(
    `select (select coalesce(-sum(quantity), 0)::int from stock_movements where variant_id = $1 and kind = 'OUT') as sold,
       (select quantity from stock_levels where variant_id = $1) as left, (select used_count from coupons where code = $2) as uses,
       (select count(*)::int from coupon_uses u join coupons c on c.id = u.coupon_id where c.code = $2) as used,
       (select count(*)::int from orders o join order_lines l on l.order_id = o.id where l.ref_id = $1 and o.paid_at is not null) as paid`,
    [variant?.id, CODE],
  )
  if (books === undefined) throw new Error('the books are gone')
  const orders = bought.filter((order) => order !== null).length
  const told = [...rush.refusals].map(([code, count]) => `${count} × ${code}`).join(', ')
  // What is exactly so much is measured by how far from it the books are.
  const off = (...values: number[]): number => values.reduce((sum, value) => sum + Math.abs(value), 0)
  return [
    {
      what: `Pieces sold beside ${PIECES}, ${BUYERS} buyers at once`,
      value: off(books.sold - PIECES, books.left, books.paid - PIECES, orders - PIECES),
      limit: 0,
      unit: 'pieces',
      detail: `${books.sold} sold, ${books.left} left, ${books.paid} orders paid in ${seconds.toFixed(1)} s (${(BUYERS / seconds).toFixed(0)} buyers/s); refused: ${told}`,
    },
    {
      what: `Uses of a coupon beside ${USES} among them`,
      value: off(books.uses - USES, books.used - USES),
      limit: 0,
      unit: 'uses',
      detail: `${books.uses} uses, each by a paid order`,
    },
    {
      what: 'Deadlocks among these buyers',
      value: (await deadlocks()) - before,
      limit: 0,
      unit: 'statements',
      detail: `${BUYERS} carts, ${told === '' ? 'nobody refused' : 'typed refusals only'}`,
    },
  ]
}

const PRODUCTS_QUERY = `query ($first: Int!) { products(first: $first) { nodes {
  name description fromPrice { amount } averageRating reviewCount category { name } images { url } variants { sku price { amount } available attributes { name value } } } } }`
/** products, texts, ratings, categories, images, variants, stock, attributes */
const RELATIONS = 8
const TIMES = 10

/** A page of fifty products costs as many statements as one of five, and no relation more than one. */
async function countStatements(server: BenchServer, client: Client): Promise<Verdict> {
  const staff = await server.world.person({ handle: 'staff-of-the-shelves', role: 'STAFF' })
  const categoryId = await server.world.productCategory(staff, { name: 'Shelves' })
  for (let number = 0; number < 50; number += 1) {
    const variants = [1, 2].map((size) => ({
      sku: `SHELF-${number}-${size}`,
      price: money(PRICE_MINOR + number, currencyOf('EUR')),
      attributes: [{ name: 'size', value: String(size) }],
      quantity: 5,
    }))
    await server.world.product(staff, { name: `Thing ${number}`, categoryId, variants })
  }
  const fewest = async (first: number): Promise<number> => {
    let least = Number.POSITIVE_INFINITY
    for (let time = 0; time < TIMES; time += 1) {
      const before = server.statements.length
      await client.ask(PRODUCTS_QUERY, { first })
      least = Math.min(least, server.statements.length - before)
    }
    return least
  }
  const few = await fewest(5)
  return {
    what: 'Statements for 50 products with variants, stock, stars',
    value: await fewest(50),
    limit: RELATIONS,
    unit: 'statements',
    detail: `5 products: ${few}`,
  }
}

/** The shop under a rush, and what a page of it costs. */
export async function measureShop(server: BenchServer, client: Client): Promise<Verdict[]> {
  return [await countStatements(server, client), ...(await rushForPieces(server))]
}
