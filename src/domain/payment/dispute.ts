import { eq } from 'drizzle-orm'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { disputes, payments } from '../../db/tables/payment.ts'
import type { DisputeSnapshot } from '../../gateways/payment/gateway.ts'
import type { Payment } from './payment.ts'
import { mergeDispute } from './rules.ts'

/** Takes in what the gateway says of a dispute, behind the lock of its order. Answers its id where that was news. */
export async function learnDispute(tx: Transaction, payment: Payment, told: DisputeSnapshot): Promise<Uuid | null> {
  const { reference, amountMinor, reason } = told
  const [known] = await tx.orm.select().from(disputes).where(eq(disputes.reference, reference))
  if (known === undefined) {
    const id = newId()
    const { currency } = payment
    await tx.orm
      .insert(disputes)
      .values({ id, paymentId: payment.id, reference, status: told.status, amountMinor, currency, reason })
    return id
  }
  const status = mergeDispute(known.status, told.status)
  if (status === known.status) return null
  await tx.orm.update(disputes).set({ status }).where(eq(disputes.id, known.id))
  return known.id
}

/** Of an order; behind its lock what they say stands still. */
export const disputesOf = (tx: Transaction, orderId: Uuid) =>
  tx.orm
    .select({ status: disputes.status, amountMinor: disputes.amountMinor })
    .from(disputes)
    .innerJoin(payments, eq(payments.id, disputes.paymentId))
    .where(eq(payments.orderId, orderId))

export async function findDispute(db: Executor, id: Uuid) {
  const { status, amountMinor, currency, reason } = disputes
  const [found] = await db.orm
    .select({ orderId: payments.orderId, status, amountMinor, currency, reason })
    .from(disputes)
    .innerJoin(payments, eq(payments.id, disputes.paymentId))
    .where(eq(disputes.id, id))
  return found ?? null
}
