import { eq, sql } from 'drizzle-orm'
import { DomainError } from '../../core/errors.ts'
import { encodeId, type Uuid } from '../../core/ids.ts'
import { formatAmount, money, showMoney } from '../../core/money.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { availableOf } from '../../db/queries/shop/stock.ts'
import { runStatement } from '../../db/statement.ts'
import { cartItems } from '../../db/tables/shop/cart.ts'
import { products, variants } from '../../db/tables/shop/catalogue.ts'
import { stockHolds, stockLevels } from '../../db/tables/shop/stock.ts'
import type { Deps } from '../deps.ts'
import { combined } from '../input.ts'
import type { CartLine, CartProblem, OrderedLine, OrderLineKind, OrderRef, Priced } from './line-kind.ts'
import { MAX_CART_LINES, MAX_QUANTITY, SHOP_CURRENCY } from './rules.ts'
import { alertWhenLow, enterMovement, insufficientStock, lockLevels } from './stock.ts'

interface GoodsRow {
  variantId: Uuid
  quantity: number
  seenPriceMinor: number
  priceMinor: number
  isBuyable: boolean
  productName: string
  variantName: string
  available: number
}

const problem = (code: CartProblem['code'], message: string, more: Partial<CartProblem> = {}): CartProblem => ({
  code,
  message,
  available: null,
  seenPriceMinor: null,
  ...more,
})

const shown = (amountMinor: number): string => `${formatAmount(money(amountMinor, SHOP_CURRENCY))} ${SHOP_CURRENCY}`

/** What keeps goods from being bought as they are in the cart; all of it, so that nothing comes as a surprise later. */
export function goodsProblems(
  row: Pick<GoodsRow, 'quantity' | 'seenPriceMinor' | 'priceMinor' | 'isBuyable' | 'available'>,
): CartProblem[] {
  if (!row.isBuyable) return [problem('UNAVAILABLE', 'This is no longer sold.')]
  const problems: CartProblem[] = []
  if (row.available < row.quantity) {
    const available = Math.max(row.available, 0)
    const message = available === 0 ? 'There is nothing left of this.' : `There are only ${available} of this left.`
    problems.push(problem('INSUFFICIENT_STOCK', message, { available }))
  }
  if (row.priceMinor !== row.seenPriceMinor) {
    const message = `The price was ${shown(row.seenPriceMinor)} and is ${shown(row.priceMinor)} now.`
    problems.push(problem('PRICE_CHANGED', message, { seenPriceMinor: row.seenPriceMinor }))
  }
  return problems
}

async function goodsInCart(db: Executor, cartId: Uuid): Promise<CartLine[]> {
  const rows = await runStatement<GoodsRow>(
    db,
    sql`select ${cartItems.variantId} as "variantId", ${cartItems.quantity} as "quantity", ${cartItems.seenPriceMinor} as "seenPriceMinor",
      ${variants.priceMinor} as "priceMinor", (${variants.isOnSale} and ${products.status} = 'ACTIVE') as "isBuyable",
      ${products.name} as "productName", ${variants.name} as "variantName", ${availableOf(variants.id)} as "available"
      from ${cartItems} join ${variants} on ${variants.id} = ${cartItems.variantId} join ${products} on ${products.id} = ${variants.productId}
      where ${cartItems.cartId} = ${cartId}::text::uuid order by ${cartItems.createdAt}, ${cartItems.variantId}`,
  )
  return rows.map((row) => ({
    kind: 'GOODS',
    refId: row.variantId,
    quantity: row.quantity,
    title: row.productName,
    detail: row.variantName,
    unitPriceMinor: row.priceMinor,
    isTaxed: true,
    isShipped: true,
    holdId: null,
    problems: goodsProblems(row),
  }))
}

/**
 * Quantities of what is in both carts are added, up to what a cart may hold; what is only in the guest's comes along as
 * far as there is room, what was added first before the rest. @see OrderLineKind.adopt
 */
async function adoptGoods(tx: Executor, from: Uuid, to: Uuid): Promise<void> {
  await runStatement(
    tx,
    sql`insert into ${cartItems} (cart_id, variant_id, quantity, seen_price_minor, created_at)
      select ${to}::text::uuid, theirs.variant_id, theirs.quantity, theirs.seen_price_minor, theirs.created_at
      from (select guest.*, (own.variant_id is not null) as is_known, row_number() over (partition by own.variant_id is null order by guest.created_at, guest.variant_id) as place
        from ${cartItems} guest left join ${cartItems} own on own.cart_id = ${to}::text::uuid and own.variant_id = guest.variant_id
        where guest.cart_id = ${from}::text::uuid) theirs
      where theirs.is_known or theirs.place <= ${MAX_CART_LINES} - (select count(*) from ${cartItems} where ${cartItems.cartId} = ${to}::text::uuid)
      on conflict on constraint cart_items_once do update set quantity = least(${MAX_QUANTITY}, cart_items.quantity + excluded.quantity)`,
  )
}

const priceOf = (amountMinor: number) => showMoney(money(amountMinor, SHOP_CURRENCY))

/** The cart as a whole is to blame, not an argument of it. */
const CART: readonly string[] = []

/** The first trouble of each line, so that the buyer sees all of it at once. */
function troubles(lines: readonly CartLine[]): DomainError[] {
  return lines.flatMap(({ refId, title, unitPriceMinor, problems }) => {
    const [first] = problems
    if (first === undefined) return []
    const variantId = encodeId('variant', refId)
    if (first.code === 'INSUFFICIENT_STOCK') {
      return [insufficientStock(first.available ?? 0, CART, title, { variantId })]
    }
    if (first.code === 'UNAVAILABLE') return [new DomainError('INVALID_INPUT', `${title}: ${first.message}`, CART)]
    const details = { seen: priceOf(first.seenPriceMinor ?? unitPriceMinor), now: priceOf(unitPriceMinor) }
    return [new DomainError('PRICE_CHANGED', `${title}: ${first.message}`, CART, details)]
  })
}

async function takeGoods(_deps: Deps, tx: Transaction, order: OrderRef, cartId: Uuid): Promise<Priced[]> {
  await runStatement(
    tx,
    sql`select 1 from ${stockLevels} where ${stockLevels.variantId} in (select ${cartItems.variantId} from ${cartItems} where ${cartItems.cartId} = ${cartId}::text::uuid) order by ${stockLevels.variantId} for update`,
  )
  // A second statement: the first one's snapshot is older than the locks that it waited for.
  const lines = await goodsInCart(tx, cartId)
  if (lines.length === 0) return []
  const missing = troubles(lines)
  if (missing.length > 0) throw combined(missing)
  await runStatement(
    tx,
    sql`with taken as (delete from ${cartItems} where ${cartItems.cartId} = ${cartId}::text::uuid returning variant_id, quantity)
      insert into ${stockHolds} (order_id, variant_id, quantity, expires_at) select ${order.id}::text::uuid, variant_id, quantity, ${order.expiresAt}::text::timestamptz from taken`,
  )
  return lines.map(({ kind: _, holdId: __, problems: ___, ...priced }) => priced)
}

async function fulfilGoods(deps: Deps, tx: Transaction, order: OrderRef, lines: readonly OrderedLine[]): Promise<void> {
  const levels = await lockLevels(
    tx,
    lines.map(({ refId }) => refId),
  )
  const gone = await tx.query<{ variantId: Uuid; quantity: number; isLive: boolean }>(
    'delete from stock_holds where order_id = $1 returning variant_id as "variantId", quantity, expires_at > clock_timestamp() as "isLive"',
    [order.id],
  )
  const own = new Map(gone.filter(({ isLive }) => isLive).map(({ variantId, quantity }) => [variantId, quantity]))
  const changes = lines.map(({ refId, quantity, title }) => {
    const { onShelf = 0, held = 0 } = levels.get(refId) ?? {}
    // What others keep is not ours to give, even where our own time is over and theirs is not.
    const free = onShelf - (held - (own.get(refId) ?? 0))
    if (free < quantity) throw insufficientStock(free, CART, title, { variantId: encodeId('variant', refId) })
    return { variantId: refId, before: onShelf, after: onShelf - quantity }
  })
  for (const { refId, quantity } of lines) {
    await enterMovement(tx, { variantId: refId, kind: 'OUT', quantity: -quantity, note: noteOf(order), actorId: null })
  }
  await alertWhenLow(deps, tx, changes)
}

const noteOf = (order: OrderRef): string => encodeId('order', order.id)

/** What the shop itself sells: pieces from the shelf. */
export const goodsLines: OrderLineKind = {
  kind: 'GOODS',
  inCart: goodsInCart,
  adopt: adoptGoods,
  take: takeGoods,
  async release(_deps, tx, order) {
    await tx.orm.delete(stockHolds).where(eq(stockHolds.orderId, order.id))
  },
  fulfil: fulfilGoods,
  async restore(_deps, tx, order, lines) {
    await lockLevels(
      tx,
      lines.map(({ refId }) => refId),
    )
    for (const { refId, quantity } of lines) {
      await enterMovement(tx, { variantId: refId, kind: 'IN', quantity, note: noteOf(order), actorId: null })
    }
  },
  async revoke() {},
}
