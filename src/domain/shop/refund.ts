import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { allocate } from '../../core/money.ts'
import type { Transaction } from '../../db/database.ts'
import { orderLines, refunds } from '../../db/tables/shop/order.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, prose } from '../input.ts'
import { disputesOf } from '../payment/dispute.ts'
import { refundLifecycle } from '../payment/rules.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import {
  changeRefund,
  countRefunds,
  enterRefund,
  refundsOf,
  sendRefund,
  sumCounted,
  sumPromised,
} from './money-back.ts'
import { eachKind, linesOf, lockOrder, type Order, type OrderLine, refOf, setOrder } from './order.ts'
import { orderLifecycle } from './order-rules.ts'

const reasonInput = z.object({ reason: prose('A reason', 0, 500).default('') })

export interface RefundInput {
  id: Uuid
  /** Which lines, and how many of each. Without it all that is left goes back, shipping included. */
  lines?: readonly { lineId: Uuid; quantity: number }[] | undefined
  /** What is refunded can be sold again. */
  restock: boolean
  reason?: string | undefined
  idempotencyKey?: string | undefined
}

export interface RefundedPart {
  readonly line: OrderLine
  readonly quantity: number
  readonly amountMinor: number
}

const paidFor = (line: OrderLine): number => line.quantity * line.unitPriceMinor - line.discountMinor + line.taxMinor

/**
 * What so many pieces of a line are worth, discount and tax shared among its pieces. Rounded on the sum of all refunds
 * of the line, so that they add up to what was paid for it and never to more.
 */
export function refundOf(line: OrderLine, quantity: number): number {
  const gone = line.refundedQuantity + quantity
  const [dueMinor = 0] = allocate(paidFor(line), [gone, line.quantity - gone])
  return Math.max(dueMinor - line.refundedMinor, 0)
}

function partsOf(lines: readonly OrderLine[], wanted: NonNullable<RefundInput['lines']>): RefundedPart[] {
  if (wanted.length === 0) throw invalidInput(['input', 'lines'], 'Say what is refunded, or leave the list out.')
  if (new Set(wanted.map(({ lineId }) => lineId)).size < wanted.length) {
    throw invalidInput(['input', 'lines'], 'A line is named twice.')
  }
  return wanted.map(({ lineId, quantity }, position) => {
    const path = ['input', 'lines', String(position)]
    const line = lines.find(({ id }) => id === lineId)
    if (line === undefined) throw notFound('line', [...path, 'lineId'])
    const left = line.quantity - line.refundedQuantity
    if (!Number.isInteger(quantity) || quantity < 1) {
      throw invalidInput([...path, 'quantity'], 'A quantity is at least 1.')
    }
    if (quantity > left) {
      throw new DomainError('LIMIT_EXCEEDED', `${left} of it can still be refunded.`, [...path, 'quantity'], {
        limit: left,
      })
    }
    return { line, quantity, amountMinor: refundOf(line, quantity) }
  })
}

const whatIsLeft = (lines: readonly OrderLine[]): RefundedPart[] =>
  lines
    .map((line) => ({ line, quantity: line.quantity - line.refundedQuantity }))
    .filter(({ quantity }) => quantity > 0)
    .map(({ line, quantity }) => ({ line, quantity, amountMinor: refundOf(line, quantity) }))

/** What the buyer's bank has taken back by itself. */
const lostOf = (disputed: Awaited<ReturnType<typeof disputesOf>>): number =>
  disputed.reduce((sum, { status, amountMinor }) => sum + (status === 'LOST' ? amountMinor : 0), 0)

/**
 * What can still be promised to the buyer of an order: not what was promised before, even where it failed and waits to be
 * tried again, and not what their bank has taken back.
 */
async function leftOf(tx: Transaction, order: Order): Promise<number> {
  const lostMinor = lostOf(await disputesOf(tx, order.id))
  return Math.max(order.totalMinor - sumPromised(await refundsOf(tx, order.id)) - lostMinor, 0)
}

/** @throws DomainError `ILLEGAL_TRANSITION` while the bank decides: what is sent back then may go back twice. */
async function ensureUndisputed(tx: Transaction, order: Order): Promise<void> {
  const disputed = await disputesOf(tx, order.id)
  if (disputed.every(({ status }) => status !== 'OPEN')) return
  const message = 'The buyer’s bank decides about this payment. Answer it there, or accept it.'
  throw new DomainError('ILLEGAL_TRANSITION', message, ['input', 'id'], { from: order.status, allowed: [] })
}

/**
 * Sends money back, for some pieces or for all that is left. The gateway is told once this is committed.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).
 */
export async function refundOrder(deps: Deps, viewer: Viewer, input: RefundInput): Promise<Uuid> {
  ensureStaff(viewer)
  const { reason } = checkInput(reasonInput, input)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'refundOrder', input, async () => {
      const order = await lockOrder(tx, input.id)
      const lines = await linesOf(tx, order.id)
      ensureRefundable(order)
      await ensureUndisputed(tx, order)
      const parts = input.lines === undefined ? whatIsLeft(lines) : partsOf(lines, input.lines)
      await enterParts(deps, tx, order, lines, { parts, restock: input.restock, reason })
      return order.id
    }),
  )
}

/**
 * Tries a refund again that did not go: one that the gateway could not be asked for as the same one, which it sends once;
 * one that it said has failed as a new one in its place, once. Answers the order.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION` (it went, is on its way, or was tried again),
 * `LIMIT_EXCEEDED` where the money went back in another way meanwhile.
 */
export async function retryRefund(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  ensureStaff(viewer)
  let orderId: Uuid = ''
  await changeRefund(deps, id, async (tx, refund, order) => {
    orderId = order.id
    if (refund.status !== 'FAILED') {
      // What the gateway has is on its way.
      refundLifecycle.ensure(refund.reference === null ? refund.status : 'SUCCEEDED', 'PENDING')
      await tx.orm.update(refunds).set({ status: 'PENDING', failureCode: null }).where(eq(refunds.id, id))
      await deps.jobs.enqueue(tx, sendRefund, { refundId: id })
      return
    }
    const all = await refundsOf(tx, order.id)
    if (all.some(({ replaces }) => replaces === id)) refundLifecycle.ensure('FAILED', 'PENDING')
    const limit = order.totalMinor - sumCounted(all) - lostOf(await disputesOf(tx, order.id))
    if (refund.amountMinor > limit) {
      throw new DomainError('LIMIT_EXCEEDED', 'This money has gone back in another way.', ['input', 'id'], { limit })
    }
    const { amountMinor, reason } = refund
    await enterRefund(deps, tx, { orderId: order.id, amountMinor, reason, replaces: id })
  })
  return orderId
}

/** @throws DomainError `ILLEGAL_TRANSITION` for what was never paid or has gone back as a whole. */
function ensureRefundable(order: Order): void {
  if (order.paidAt === null) orderLifecycle.ensure('PENDING', 'REFUNDED')
  orderLifecycle.ensure(order.status, 'REFUNDED')
}

/** The one way in which money goes back for lines of an order. The order is locked, and may be refunded. */
async function enterParts(
  deps: Deps,
  tx: Transaction,
  order: Order,
  lines: readonly OrderLine[],
  { parts, restock, reason }: { parts: readonly RefundedPart[]; restock: boolean; reason: string },
): Promise<void> {
  const leftMinor = await leftOf(tx, order)
  const partsMinor = parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const isWhole = parts.reduce((sum, { quantity }) => sum + quantity, 0) === countLeft(lines)
  // With the last piece the shipping goes back as well.
  const amountMinor = isWhole ? leftMinor : Math.min(partsMinor, leftMinor)
  for (const { line, quantity, amountMinor } of parts) {
    await tx.orm
      .update(orderLines)
      .set({
        refundedQuantity: line.refundedQuantity + quantity,
        refundedMinor: line.refundedMinor + amountMinor,
      })
      .where(eq(orderLines.id, line.id))
  }
  if (restock) {
    const back = parts.map(({ line, quantity }) => ({ ...line, quantity }))
    await eachKind(back, (kind, own) => kind.restore(deps, tx, refOf(order), own))
  }
  if (amountMinor > 0) await enterRefund(deps, tx, { orderId: order.id, amountMinor, reason })
  if (isWhole) await setOrder(deps, tx, order.id, { status: 'REFUNDED' })
  await countRefunds(deps, tx, order.id)
}

/**
 * A room takes back whole lines of a paid order, whoever asked for it there: what they cost goes back, with their parts of
 * discount and tax, and they can be sold again. Lines that staff had refunded before without taking them back cost
 * nothing any more, and are only taken back. The caller has locked the order and decided that it may be.
 * @throws DomainError as the kind's `restore`.
 */
export async function takeBackLines(
  deps: Deps,
  tx: Transaction,
  order: Order,
  { refIds, reason }: { refIds: ReadonlySet<Uuid>; reason: string },
): Promise<void> {
  const lines = await linesOf(tx, order.id)
  const own = lines.filter(({ refId }) => refIds.has(refId))
  const isPaidFor = (line: OrderLine): boolean => order.status !== 'REFUNDED' && line.refundedQuantity < line.quantity
  const parts = whatIsLeft(own.filter(isPaidFor))
  if (parts.length > 0) {
    ensureRefundable(order)
    await enterParts(deps, tx, order, lines, { parts, restock: true, reason })
  }
  const kept = own.filter((line) => !isPaidFor(line))
  await eachKind(kept, (kind, each) => kind.restore(deps, tx, refOf(order), each))
}

const countLeft = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, { quantity, refundedQuantity }) => sum + quantity - refundedQuantity, 0)
