import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { type DisputeRow, disputeEntity, type RefundRow, refundEntity } from '../../relations/shop/order.ts'
import { disputes } from '../../tables/payment.ts'
import { refunds } from '../../tables/shop/order.ts'
import { findPage, type ListSource } from '../page.ts'

/** Refunds of all orders, in one state or in any. */
export const refundsIn = (status: RefundRow['status'] | undefined): ListSource<RefundRow> => ({
  of: refundEntity,
  where: [status === undefined ? undefined : sql`${refunds.status} = ${status}::text::refund_status`],
})

const NEWEST_REFUNDS: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: refunds.createdAt, type: 'timestamptz' },
    { value: refunds.id, type: 'uuid' },
  ],
}

export const findRefunds = (db: Executor, source: ListSource<RefundRow>, page: PageRequest) =>
  findPage(db, source, NEWEST_REFUNDS, page)

/** Disputes of all orders, in one state or in any. */
export const disputesIn = (status: DisputeRow['status'] | undefined): ListSource<DisputeRow> => ({
  of: disputeEntity,
  where: [status === undefined ? undefined : sql`${disputes.status} = ${status}::text::dispute_status`],
})

const NEWEST_DISPUTES: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: disputes.createdAt, type: 'timestamptz' },
    { value: disputes.id, type: 'uuid' },
  ],
}

export const findDisputes = (db: Executor, source: ListSource<DisputeRow>, page: PageRequest) =>
  findPage(db, source, NEWEST_DISPUTES, page)
