import { createHash, randomBytes } from 'node:crypto'
import { and, count, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { availableOf } from '../../db/queries/shop/stock.ts'
import { runStatement } from '../../db/statement.ts'
import { cartItems, carts } from '../../db/tables/shop/cart.ts'
import { products, variants } from '../../db/tables/shop/catalogue.ts'
import type { Deps } from '../deps.ts'
import { checkInput } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { LINE_KINDS } from './line-kinds.ts'
import { MAX_CART_COUPONS, MAX_CART_LINES, MAX_QUANTITY } from './rules.ts'
import { insufficientStock } from './stock.ts'

/** Whose cart: a member's own, a guest's by its token. A member who still holds a guest's token brings that cart along. */
export interface CartHolder {
  readonly viewer: Viewer | null
  readonly token: string | null
}

/** A cart that the transaction has locked. `newToken` is shown once, to the guest for whom it was made. */
export interface LockedCart {
  readonly id: Uuid
  readonly newToken: string | null
}

const tokenPath = ['input', 'cartToken']

/** The form in which a guest's token is stored. */
export const hashCartToken = (token: string): string => createHash('sha256').update(token).digest('hex')

const touched = { updatedAt: sql`now()` }

async function lockOwnCart(tx: Transaction, accountId: Uuid): Promise<LockedCart> {
  await tx.orm.insert(carts).values({ id: newId(), accountId }).onConflictDoNothing()
  const [own] = await tx.orm
    .update(carts)
    .set(touched)
    .where(eq(carts.accountId, accountId))
    .returning({ id: carts.id })
  if (own === undefined) throw new Error('a cart that was just made is gone')
  return { id: own.id, newToken: null }
}

/**
 * Puts what is in the guest's cart into the member's. The two are locked lowest id first: the same token may be handed in
 * on two devices at once. A token that leads nowhere brings nothing.
 */
export async function adoptCart(tx: Transaction, accountId: Uuid, token: string): Promise<LockedCart> {
  await tx.orm.insert(carts).values({ id: newId(), accountId }).onConflictDoNothing()
  const found = await runStatement<{ id: Uuid; isOwn: boolean }>(
    tx,
    sql`select ${carts.id} as "id", ${carts.accountId} is not null as "isOwn" from ${carts} where ${carts.accountId} = ${accountId}::text::uuid or ${carts.tokenHash} = ${hashCartToken(token)} order by ${carts.id} for update`,
  )
  const own = found.find(({ isOwn }) => isOwn)
  const guest = found.find(({ isOwn }) => !isOwn)
  if (own === undefined) throw new Error('a cart that was just made is gone')
  if (guest !== undefined) {
    for (const kind of LINE_KINDS) await kind.adopt(tx, guest.id, own.id)
    // As many codes as a cart holds, the member's own before the guest's.
    await tx.query(
      `insert into cart_coupons (cart_id, coupon_id, created_at) select $1::uuid, coupon_id, created_at from cart_coupons
       where cart_id = $2::uuid and coupon_id not in (select coupon_id from cart_coupons where cart_id = $1::uuid)
       order by created_at limit greatest(0, ${MAX_CART_COUPONS} - (select count(*) from cart_coupons where cart_id = $1::uuid)) on conflict do nothing`,
      [own.id, guest.id],
    )
    // A checkout of the guest that is repeated after sign-in finds the order that it made.
    await tx.query(
      'update orders set cart_id = $1::uuid where cart_id = $2::uuid and not exists (select 1 from orders own where own.cart_id = $1::uuid and own.checkout_key = orders.checkout_key)',
      [own.id, guest.id],
    )
    await tx.orm.delete(carts).where(eq(carts.id, guest.id))
  }
  return { id: own.id, newToken: null }
}

/** The holder's cart, locked; made where there is none yet. @throws DomainError as `lockCart`. */
export async function lockOrMakeCart(tx: Transaction, holder: CartHolder): Promise<LockedCart> {
  if (holder.viewer === null && holder.token === null) {
    const newToken = randomBytes(32).toString('base64url')
    const id = newId()
    await tx.orm.insert(carts).values({ id, tokenHash: hashCartToken(newToken) })
    return { id, newToken }
  }
  return lockCart(tx, holder)
}

/** The holder's cart, locked. @throws DomainError `NOT_FOUND` for a guest without a token, or with one that leads nowhere. */
export async function lockCart(tx: Transaction, { viewer, token }: CartHolder): Promise<LockedCart> {
  if (viewer !== null) {
    return token === null ? lockOwnCart(tx, viewer.accountId) : adoptCart(tx, viewer.accountId, token)
  }
  const [guest] = await tx.orm
    .update(carts)
    .set(touched)
    .where(eq(carts.tokenHash, hashCartToken(token ?? '')))
    .returning({ id: carts.id })
  if (guest === undefined) throw new DomainError('NOT_FOUND', 'No cart with this token.', tokenPath)
  return { id: guest.id, newToken: null }
}

/** Brings a guest's cart into a member's at sign-in. */
export const adoptGuestCart = (deps: Deps, viewer: Pick<Viewer, 'accountId'>, token: string): Promise<LockedCart> =>
  deps.db.transaction((tx) => adoptCart(tx, viewer.accountId, token))

const quantity = z
  .int('A quantity is a whole number.')
  .min(1, 'A quantity is at least 1.')
  .max(MAX_QUANTITY, `A quantity is at most ${MAX_QUANTITY}.`)
const quantityInput = z.object({ quantity })

export interface CartItemInput {
  variantId: Uuid
  quantity: number
}

interface Wanted {
  priceMinor: number
  isBuyable: boolean
  productName: string
  available: number
}

/** @throws DomainError `NOT_FOUND`; `INVALID_INPUT` for what is no longer sold. */
async function getBuyable(tx: Transaction, variantId: Uuid): Promise<Wanted> {
  const path = ['input', 'variantId']
  const [wanted] = await runStatement<Wanted & { isDraft: boolean }>(
    tx,
    sql`select ${variants.priceMinor} as "priceMinor", (${variants.isOnSale} and ${products.status} = 'ACTIVE') as "isBuyable", ${products.status} = 'DRAFT' as "isDraft", ${products.name} as "productName", ${availableOf(variants.id)} as "available"
      from ${variants} join ${products} on ${products.id} = ${variants.productId} where ${variants.id} = ${variantId}::text::uuid`,
  )
  if (wanted === undefined || wanted.isDraft) throw notFound('variant', path)
  if (!wanted.isBuyable) throw invalidInput(path, 'This is no longer sold.')
  return wanted
}

const itemOf = (cartId: Uuid, variantId: Uuid) => and(eq(cartItems.cartId, cartId), eq(cartItems.variantId, variantId))

/** Cannot be said by a constraint: rows of other items would have to be counted. The cart's lock keeps it true. */
async function ensureRoom(tx: Transaction, cartId: Uuid): Promise<void> {
  const [lines] = await tx.orm.select({ count: count() }).from(cartItems).where(eq(cartItems.cartId, cartId))
  if (Number(lines?.count ?? 0) < MAX_CART_LINES) return
  throw new DomainError('LIMIT_EXCEEDED', `A cart holds at most ${MAX_CART_LINES} things.`, ['input', 'variantId'], {
    limit: MAX_CART_LINES,
  })
}

/**
 * Puts so many more into the cart. Nothing is kept for anybody before checkout.
 * @throws DomainError `NOT_FOUND` (variant, token), `INVALID_INPUT`, `LIMIT_EXCEEDED`, `INSUFFICIENT_STOCK`.
 */
export const addToCart = (deps: Deps, holder: CartHolder, input: CartItemInput): Promise<LockedCart> =>
  deps.db.transaction((tx) => putIntoCart(tx, holder, input))

/** The same as part of a transaction; what it throws has changed nothing. */
export async function putIntoCart(tx: Transaction, holder: CartHolder, input: CartItemInput): Promise<LockedCart> {
  const more = checkInput(quantityInput, input).quantity
  const { variantId } = input
  const wanted = await getBuyable(tx, variantId)
  const cart = await lockOrMakeCart(tx, holder)
  const [present] = await tx.orm
    .select({ quantity: cartItems.quantity })
    .from(cartItems)
    .where(itemOf(cart.id, variantId))
  const quantity = (present?.quantity ?? 0) + more
  if (quantity > MAX_QUANTITY) {
    const message = `A cart holds at most ${MAX_QUANTITY} of one thing.`
    throw new DomainError('LIMIT_EXCEEDED', message, ['input', 'quantity'], { limit: MAX_QUANTITY })
  }
  if (quantity > wanted.available) {
    throw insufficientStock(wanted.available, ['input', 'quantity'], wanted.productName)
  }
  if (present === undefined) await ensureRoom(tx, cart.id)
  const values = { quantity, seenPriceMinor: wanted.priceMinor }
  await tx.orm
    .insert(cartItems)
    .values({ cartId: cart.id, variantId, ...values })
    .onConflictDoUpdate({ target: [cartItems.cartId, cartItems.variantId], set: values })
  return cart
}

/** Sets how many. @throws as `addToCart`, and `NOT_FOUND` for what is not in the cart. */
export async function updateCartItem(deps: Deps, holder: CartHolder, input: CartItemInput): Promise<LockedCart> {
  const { quantity } = checkInput(quantityInput, input)
  return deps.db.transaction(async (tx) => {
    const wanted = await getBuyable(tx, input.variantId)
    const cart = await lockCart(tx, holder)
    if (quantity > wanted.available) {
      throw insufficientStock(wanted.available, ['input', 'quantity'], wanted.productName)
    }
    const changed = await tx.orm
      .update(cartItems)
      .set({ quantity })
      .where(itemOf(cart.id, input.variantId))
      .returning({ quantity: cartItems.quantity })
    if (changed.length === 0) throw notFound('item', ['input', 'variantId'])
    return cart
  })
}

/** Taking out what is not in it changes nothing. @throws DomainError `NOT_FOUND` (token). */
export const removeFromCart = (deps: Deps, holder: CartHolder, variantId: Uuid): Promise<LockedCart> =>
  deps.db.transaction(async (tx) => {
    const cart = await lockCart(tx, holder)
    await tx.orm.delete(cartItems).where(itemOf(cart.id, variantId))
    return cart
  })

/** The buyer has seen today's prices. @throws DomainError `NOT_FOUND` (token). */
export const acceptCartPrices = (deps: Deps, holder: CartHolder): Promise<LockedCart> =>
  deps.db.transaction(async (tx) => {
    const cart = await lockCart(tx, holder)
    await tx.query(
      `update cart_items set seen_price_minor = variants.price_minor from variants
       where cart_id = $1 and variants.id = variant_id and seen_price_minor <> variants.price_minor`,
      [cart.id],
    )
    return cart
  })
