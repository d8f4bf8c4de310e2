import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { allocate } from '../../core/money.ts'
import type { Transaction } from '../../db/database.ts'
import { orderLines, refunds } from '../../db/tables/shop/order.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
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
  HELD,
  holdRefund,
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
  /** The money of these lines went back at the gateway itself: they are only taken back, and nothing is sent. */
  isPaidBack?: boolean | undefined
  idempotencyKey?: string | undefined
}

export interface Refunded {
  readonly orderId: Uuid
  /** Null where nothing is sent. */
  readonly refundId: Uuid | null
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

/**
 * Money that went back for no line that anybody named is named now.
 * @throws DomainError `INVALID_INPUT` without lines, `LIMIT_EXCEEDED` for more than went back so.
 */
async function ensurePaidBack(
  tx: Transaction,
  order: Order,
  lines: readonly OrderLine[],
  { parts, isNamed }: { parts: readonly RefundedPart[]; isNamed: boolean },
): Promise<void> {
  if (!isNamed) throw invalidInput(['input', 'lines'], 'Name the lines that were paid back at the gateway.')
  const namedMinor = lines.reduce((sum, { refundedMinor }) => sum + refundedMinor, 0)
  const limit = Math.max(sumPromised(await refundsOf(tx, order.id)) - namedMinor, 0)
  if (parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0) <= limit) return
  throw new DomainError('LIMIT_EXCEEDED', 'Less was paid back at the gateway than these cost.', ['input', 'lines'], {
    limit,
  })
}

/** @throws DomainError `ILLEGAL_TRANSITION` while the bank decides: what is sent back then may go back twice. */
async function ensureUndisputed(tx: Transaction, order: Order, path: readonly string[] = ['input', 'id']) {
  if (!(await isDisputed(tx, order))) return
  const message = 'The buyer’s bank decides about this payment. Nothing is paid back until it has.'
  throw new DomainError('ILLEGAL_TRANSITION', message, path, { from: order.status, allowed: [] })
}

const isDisputed = async (tx: Transaction, order: Order): Promise<boolean> =>
  (await disputesOf(tx, order.id)).some(({ status }) => status === 'OPEN')

/**
 * Sends money back, for some pieces or for all that is left. The gateway is told once this is committed.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).
 */
export async function refundOrder(deps: Deps, viewer: Viewer, input: RefundInput): Promise<Refunded> {
  ensureStaff(viewer)
  const { reason } = checkInput(reasonInput, input)
  return deps.db.transaction(async (tx) => {
    const done = await once(tx, viewer.accountId, 'refundOrder', input, async (): Promise<Refunded | Uuid> => {
      const order = await lockOrder(tx, input.id)
      const lines = await linesOf(tx, order.id)
      ensureRefundable(order)
      await ensureUndisputed(tx, order)
      const parts = input.lines === undefined ? whatIsLeft(lines) : partsOf(lines, input.lines)
      const isPaidBack = input.isPaidBack === true
      if (isPaidBack) await ensurePaidBack(tx, order, lines, { parts, isNamed: input.lines !== undefined })
      const refund = { parts, restock: input.restock, reason, isPaidBack }
      return { orderId: order.id, refundId: await enterParts(deps, tx, order, lines, refund) }
    })
    // A key that was used before an update to this version has the order alone for its answer.
    return typeof done === 'string' ? { orderId: done, refundId: null } : done
  })
}

/**
 * Tries a refund again that did not go: one that the gateway could not be asked for as the same one, which it sends once;
 * one that it said has failed as a new one in its place, once, of what of it is still owed. Answers the one that is on its way.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION` (it went, is on its way, or was tried again),
 * `LIMIT_EXCEEDED` where all of the money went back in another way meanwhile.
 */
export async function retryRefund(deps: Deps, viewer: Viewer, id: Uuid): Promise<Refunded> {
  ensureStaff(viewer)
  return changeRefund(deps, id, async (tx, refund, order) => {
    await ensureUndisputed(tx, order)
    const all = await refundsOf(tx, order.id)
    const limit = order.totalMinor - sumCounted(all) - lostOf(await disputesOf(tx, order.id))
    if (refund.status !== 'FAILED') {
      // What the gateway has is on its way.
      refundLifecycle.ensure(refund.reference === null ? refund.status : 'SUCCEEDED', 'PENDING')
      // It is counted already, and goes whole or not at all.
      if (limit < 0) throw goneOtherwise(limit + refund.amountMinor)
      await tx.orm.update(refunds).set({ status: 'PENDING', failureCode: null }).where(eq(refunds.id, id))
      await deps.jobs.enqueue(tx, sendRefund, { refundId: id })
      return { orderId: order.id, refundId: id }
    }
    if (all.some(({ replaces }) => replaces === id)) refundLifecycle.ensure('FAILED', 'PENDING')
    if (limit <= 0) throw goneOtherwise(limit)
    // A part of it may have gone back in another way meanwhile, at the gateway or by the bank.
    const amountMinor = Math.min(refund.amountMinor, limit)
    const refundId = await enterRefund(deps, tx, order, { amountMinor, reason: refund.reason, replaces: id })
    return { orderId: order.id, refundId }
  })
}

const goneOtherwise = (limit: number): DomainError =>
  new DomainError('LIMIT_EXCEEDED', 'This money has gone back in another way.', ['input', 'id'], {
    limit: Math.max(limit, 0),
  })

/**
 * Sends what was held while the buyer's bank decided, once it has decided for the shop. The caller has locked the order
 * and counts its refunds anew.
 */
export async function sendHeld(deps: Deps, tx: Transaction, order: Order): Promise<void> {
  if (await isDisputed(tx, order)) return
  const lostMinor = lostOf(await disputesOf(tx, order.id))
  const all = await refundsOf(tx, order.id)
  const isHeld = ({ id, failureCode }: (typeof all)[number]): boolean =>
    failureCode === HELD && all.every(({ replaces }) => replaces !== id)
  let left = order.totalMinor - sumCounted(all) - lostMinor
  for (const { id, reason, ...held } of all.filter(isHeld)) {
    const amountMinor = Math.min(held.amountMinor, left)
    if (amountMinor <= 0) return
    left -= amountMinor
    const refundId = await enterRefund(deps, tx, order, { amountMinor, reason, replaces: id })
    // Nobody has told the buyer yet.
    await deps.jobs.enqueue(tx, sendMail, { template: 'refund', orderId: order.id, refundId })
  }
}

/** @throws DomainError `ILLEGAL_TRANSITION` for what was never paid or has gone back as a whole. */
function ensureRefundable(order: Order): void {
  if (order.paidAt === null) orderLifecycle.ensure('PENDING', 'REFUNDED')
  orderLifecycle.ensure(order.status, 'REFUNDED')
}

interface PartsToEnter {
  parts: readonly RefundedPart[]
  restock: boolean
  reason: string
  isPaidBack?: boolean
}

/**
 * The one way in which money goes back for lines of an order. The order is locked, and may be refunded. While the buyer's
 * bank decides about the payment the money is held. Answers the refund; null where nothing is owed.
 */
async function enterParts(
  deps: Deps,
  tx: Transaction,
  order: Order,
  lines: readonly OrderLine[],
  { parts, restock, reason, isPaidBack = false }: PartsToEnter,
): Promise<Uuid | null> {
  const leftMinor = await leftOf(tx, order)
  const partsMinor = parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const isWhole = parts.reduce((sum, { quantity }) => sum + quantity, 0) === countLeft(lines)
  // With the last piece the shipping goes back as well.
  const amountMinor = isPaidBack ? 0 : isWhole ? leftMinor : Math.min(partsMinor, leftMinor)
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
  const owed = { amountMinor, reason, orderId: order.id }
  const enter = async () => ((await isDisputed(tx, order)) ? holdRefund(tx, owed) : enterRefund(deps, tx, order, owed))
  const refundId = amountMinor > 0 ? await enter() : null
  // Where its lines were paid back elsewhere, shipping may not have been.
  if (isWhole && !isPaidBack) await setOrder(deps, tx, order.id, { status: 'REFUNDED' })
  await countRefunds(deps, tx, order.id)
  return refundId
}

/**
 * A room takes back whole lines of a paid order, whoever asked for it there: what they cost goes back, with their parts of
 * discount and tax, and they can be sold again. Lines that staff had refunded before without taking them back cost
 * nothing any more, and are only taken back. The caller has locked the order and decided that it may be. While the buyer's
 * bank decides about the payment, what somebody asks for (`askedAt`, the path of it) is refused; what happens whether they
 * want it or not takes the lines back, and the money waits for the bank (`sendHeld`). Answers the refund, if there is one.
 * @throws DomainError `ILLEGAL_TRANSITION`, and as the kind's `restore`.
 */
export async function takeBackLines(
  deps: Deps,
  tx: Transaction,
  order: Order,
  { refIds, reason, askedAt }: { refIds: ReadonlySet<Uuid>; reason: string; askedAt?: readonly string[] },
): Promise<Uuid | null> {
  const lines = await linesOf(tx, order.id)
  const own = lines.filter(({ refId }) => refIds.has(refId))
  const isPaidFor = (line: OrderLine): boolean => order.status !== 'REFUNDED' && line.refundedQuantity < line.quantity
  const parts = whatIsLeft(own.filter(isPaidFor))
  let refundId: Uuid | null = null
  if (parts.length > 0) {
    ensureRefundable(order)
    if (askedAt !== undefined) await ensureUndisputed(tx, order, askedAt)
    refundId = await enterParts(deps, tx, order, lines, { parts, restock: true, reason })
  }
  const kept = own.filter((line) => !isPaidFor(line))
  await eachKind(kept, (kind, each) => kind.restore(deps, tx, refOf(order), each))
  return refundId
}

const countLeft = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, { quantity, refundedQuantity }) => sum + quantity - refundedQuantity, 0)
