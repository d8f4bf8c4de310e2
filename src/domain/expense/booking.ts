import { and, eq, sql } from 'drizzle-orm'
import { newId, type Uuid } from '../../core/ids.ts'
import { localDate } from '../../core/local-time.ts'
import type { Transaction } from '../../db/database.ts'
import { expenses } from '../../db/tables/expense/expense.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { ensureCategory } from './category.ts'
import { tellSummary } from './expense.ts'
import { findBooks } from './preference.ts'
import { LEISURE, OTHERS } from './rules.ts'

const ofSource = [expenses.accountId, expenses.source, expenses.sourceId]

/** What was paid, as far as the books of its buyer need to know it. */
export interface PaidOrder {
  readonly id: Uuid
  /** Null for a guest, who keeps no books here. */
  readonly accountId: Uuid | null
  readonly totalMinor: number
  readonly currency: string
  /** What it is called in the books: what is in it. */
  readonly description: string
  /** Nothing but tickets: it counts as leisure. */
  readonly isLeisure: boolean
}

const shortened = (text: string): string => ([...text].length > 200 ? `${[...text].slice(0, 199).join('')}…` : text)

/** Books a paid order in its buyer's expenses: once, unless they do not want it. Inside the transaction that settles it. */
export async function bookPaidOrder(deps: Deps, tx: Transaction, order: PaidOrder): Promise<void> {
  const { accountId, totalMinor, currency } = order
  if (accountId === null || totalMinor <= 0) return
  const { booksOrders, timeZone } = await findBooks(deps, tx, accountId)
  if (!booksOrders) return
  await tx.orm
    .insert(expenses)
    .values({
      ...{ id: newId(), accountId, currency, amountMinor: totalMinor, source: 'ORDER', sourceId: order.id },
      categoryId: order.isLeisure ? LEISURE : OTHERS,
      spentOn: localDate(deps.clock.now().getTime(), timeZone),
      description: shortened(order.description),
      changedByOwner: false,
    })
    .onConflictDoNothing({ target: ofSource })
  tellSummary(deps, tx, accountId)
}

/**
 * Books what came back of an order, below zero and under the order's own category; once for each refund, and only where the order
 * is in the books. The currency is the order's: that of the booked expense is its owner's to change.
 */
export async function bookRefund(
  deps: Deps,
  tx: Transaction,
  refund: { readonly id: Uuid; readonly orderId: Uuid; readonly amountMinor: number; readonly currency: string },
): Promise<void> {
  const { amountMinor, currency } = refund
  if (amountMinor <= 0) return
  const [booked] = await tx.orm
    .select()
    .from(expenses)
    .where(and(eq(expenses.source, 'ORDER'), eq(expenses.sourceId, refund.orderId)))
  if (booked === undefined) return
  const { accountId, categoryId, description } = booked
  const { timeZone } = await findBooks(deps, tx, accountId)
  await tx.orm
    .insert(expenses)
    .values({
      ...{ id: newId(), accountId, categoryId, currency, description, source: 'REFUND', sourceId: refund.id },
      amountMinor: -amountMinor,
      spentOn: localDate(deps.clock.now().getTime(), timeZone),
      changedByOwner: false,
    })
    .onConflictDoNothing({ target: ofSource })
  tellSummary(deps, tx, accountId)
}

/** The refund failed after all: what was booked for it goes, and the trail of the books says so. */
export async function unbookRefund(deps: Deps, tx: Transaction, refundId: Uuid): Promise<void> {
  const booked = and(eq(expenses.source, 'REFUND'), eq(expenses.sourceId, refundId))
  // The trail asks the row who deletes it.
  await tx.orm.update(expenses).set({ changedByOwner: false }).where(booked)
  const gone = await tx.orm.delete(expenses).where(booked).returning({ accountId: expenses.accountId })
  for (const { accountId } of gone) tellSummary(deps, tx, accountId)
}

export interface OwnPart {
  readonly billId: Uuid
  /** Where it is filed; Others for a new one, and where it is for one that is booked, unless told. */
  readonly categoryId?: Uuid | undefined
  readonly amountMinor: number
  readonly currency: string
  readonly spentOn: string
  readonly description: string
}

/** Books a member's own part of a shared bill, or brings it up to date. @throws DomainError `NOT_FOUND` (category). */
export async function bookOwnPart(deps: Deps, tx: Transaction, { accountId }: Viewer, part: OwnPart): Promise<Uuid> {
  const { billId, categoryId, ...content } = part
  if (categoryId !== undefined) await ensureCategory(tx, accountId, categoryId, ['input', 'categoryId'])
  const source = { source: 'BILL' as const, sourceId: billId }
  const [booked] = await tx.orm
    .insert(expenses)
    .values({ id: newId(), accountId, categoryId: categoryId ?? OTHERS, ...source, ...content })
    .onConflictDoUpdate({
      target: ofSource,
      set: { ...content, ...(categoryId && { categoryId }), changedByOwner: true, updatedAt: sql`now()` },
    })
    .returning({ id: expenses.id })
  tellSummary(deps, tx, accountId)
  return booked?.id ?? ''
}
