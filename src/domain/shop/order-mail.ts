import { eq } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { currencyOf, money, showMoney } from '../../core/money.ts'
import { orders, refunds } from '../../db/tables/shop/order.ts'
import type { MailParams } from '../../gateways/mail/templates.ts'
import type { Deps } from '../deps.ts'
import { findReceiptOf, receiptUrl } from './receipt.ts'

type Needs = Pick<Deps, 'db' | 'jwtSecret' | 'publicUrl'>

/** More lines than anybody reads in a mail; the receipt has all of them. */
const SHOWN_LINES = 20

/** What the buyer of a paid order is told, but for the tickets in it; null for one that is not paid. */
export async function findReceiptMail(
  deps: Needs & Pick<Deps, 'seller'>,
  orderId: Uuid,
): Promise<Omit<MailParams['receipt'], 'ticketsUrl'> | null> {
  const receipt = await findReceiptOf(deps, orderId)
  if (receipt === null) return null
  const { lines, sums, total, paidOn, seller } = receipt
  const bought = lines.map(({ title, quantity, total: price }) => `${quantity} × ${title}: ${price}`)
  const more = bought.length > SHOWN_LINES ? [`and ${bought.length - SHOWN_LINES} more`] : []
  return {
    items: [...bought.slice(0, SHOWN_LINES), ...more],
    sums: [...sums.map(([name, amount]) => `${name}: ${amount}`), `Total: ${total}`],
    total,
    paidOn,
    seller,
    receiptUrl: receiptUrl(deps, orderId),
  }
}

/** What the buyer is told of money that goes back, but for the tickets; null where it did not go after all. */
export async function findRefundMail(
  deps: Needs,
  refundId: Uuid,
): Promise<Omit<MailParams['refund'], 'tickets'> | null> {
  const [refund] = await deps.db.orm
    .select({
      orderId: refunds.orderId,
      amountMinor: refunds.amountMinor,
      status: refunds.status,
      reason: refunds.reason,
      currency: orders.currency,
    })
    .from(refunds)
    .innerJoin(orders, eq(orders.id, refunds.orderId))
    .where(eq(refunds.id, refundId))
  if (refund === undefined || refund.status === 'FAILED') return null
  const { amount, currency } = showMoney(money(refund.amountMinor, currencyOf(refund.currency)))
  return { amount: `${amount} ${currency}`, reason: refund.reason, receiptUrl: receiptUrl(deps, refund.orderId) }
}
