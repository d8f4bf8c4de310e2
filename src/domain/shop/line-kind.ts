import type { Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import type { Deps } from '../deps.ts'

/** What can be in a cart and on an order. Each kind is a room of its own and exports an `OrderLineKind`. */
export type LineKindName = 'GOODS' | 'TICKET'

/** What one line is about. `refId` is the kind's own: the variant of goods, the hold of a ticket. */
export interface Priced {
  readonly refId: Uuid
  readonly quantity: number
  /** What the receipt says: `Rye bread`, and `Sliced, 500 g`. */
  readonly title: string
  readonly detail: string
  /** In the shop's currency, as it is today; on an order as it was when it was placed. */
  readonly unitPriceMinor: number
  /** The tax of the buyer's country is added to it. Tickets are taxed where the venue is: their price has it already. */
  readonly isTaxed: boolean
  /** It has to be sent, which costs. */
  readonly isShipped: boolean
}

export type CartProblemCode = 'PRICE_CHANGED' | 'INSUFFICIENT_STOCK' | 'UNAVAILABLE'

/** Why a line cannot be bought as it stands. */
export interface CartProblem {
  readonly code: CartProblemCode
  /** A sentence for people. */
  readonly message: string
  /** How many there are, where there are not enough. */
  readonly available: number | null
  /** What was shown before, where the price has changed. */
  readonly seenPriceMinor: number | null
}

export interface CartLine extends Priced {
  readonly kind: LineKindName
  /** The hold that the seat of a ticket belongs to, which is taken out as a whole. */
  readonly holdId: Uuid | null
  readonly problems: readonly CartProblem[]
}

/** An order as far as a kind needs to know it. */
export interface OrderRef {
  readonly id: Uuid
  /** Null for a guest's. */
  readonly accountId: Uuid | null
  /** Until when what it takes is kept for it, as the database printed it. */
  readonly expiresAt: string
}

/** A line as it stands on an order; `quantity` of a refund says how many go back. */
export interface OrderedLine extends Priced {
  readonly id: Uuid
}

/**
 * What a room says about its kind of line. All of it runs inside the transaction of the order, whose row is locked. A
 * kind locks its own rows in the order of their ids, and asks `clock_timestamp()` (not `now()`, which stands still while
 * the transaction waits for a lock) what has lapsed. Goods come before tickets, so two checkouts never wait in a circle.
 */
export interface OrderLineKind {
  readonly kind: LineKindName
  /** What of this kind is in the cart, at today's prices, in the order in which it was added. */
  inCart(db: Executor, cartId: Uuid): Promise<CartLine[]>
  /** Takes what a guest put into the cart `from` over into the member's cart `to`. Both are locked. */
  adopt(tx: Transaction, from: Uuid, to: Uuid): Promise<void>
  /**
   * Keeps what the cart has of this kind for the order until `order.expiresAt`, and takes it out of the cart.
   * @throws DomainError that says what is missing, such as `INSUFFICIENT_STOCK`.
   */
  take(deps: Deps, tx: Transaction, order: OrderRef, cartId: Uuid): Promise<Priced[]>
  /** The order was cancelled before it was paid: what it kept is free again. */
  release(deps: Deps, tx: Transaction, order: OrderRef): Promise<void>
  /**
   * The order was paid: what it keeps becomes the buyer's for good. Where its time was over and another took it, it is
   * taken anew if it is still there. @throws DomainError when it is gone: the payment then goes back.
   */
  fulfil(deps: Deps, tx: Transaction, order: OrderRef, lines: readonly OrderedLine[]): Promise<void>
  /** So much of the lines was refunded and is to be sold again: goods go back on the shelf, seats are free. */
  restore(deps: Deps, tx: Transaction, order: OrderRef, lines: readonly OrderedLine[]): Promise<void>
  /**
   * All money of the order went back and nobody said what comes back to us for it: somebody refunded it at the gateway
   * itself. What is good for something only until it is taken back is: tickets that have let nobody in yet. Goods may be
   * anywhere, and stay off the shelf until staff has them in hand.
   */
  revoke(deps: Deps, tx: Transaction, order: OrderRef, lines: readonly OrderedLine[]): Promise<void>
}
