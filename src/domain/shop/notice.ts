import { sql } from 'drizzle-orm'
import { encodeId, type Uuid } from '../../core/ids.ts'
import { currencyOf, money, showMoney } from '../../core/money.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { runStatement } from '../../db/statement.ts'
import { accounts } from '../../db/tables/account.ts'
import { products, variants } from '../../db/tables/shop/catalogue.ts'
import { orderLines, orders, refunds } from '../../db/tables/shop/order.ts'
import { stockLevels } from '../../db/tables/shop/stock.ts'
import { type OutgoingMail, sendMail } from '../../gateways/mail/outbox.ts'
import type { MailParams } from '../../gateways/mail/templates.ts'
import type { Deps } from '../deps.ts'
import { findDispute } from '../payment/dispute.ts'
import { productPath } from './rules.ts'

type StaffMail = Extract<OutgoingMail, { template: 'lowStock' | 'refundTrouble' | 'refundElsewhere' | 'dispute' }>
/** Of each kind by itself: `Omit` of a union keeps only what all have. */
type Told<Mail extends StaffMail> = Mail extends StaffMail ? Omit<Mail, 'accountId'> : never

/** Mails everybody who works in the shop. */
export async function tellStaff(deps: Pick<Deps, 'jobs'>, tx: Transaction, mail: Told<StaffMail>): Promise<void> {
  const staff = await tx.orm
    .select({ id: accounts.id })
    .from(accounts)
    .where(sql`${accounts.role} in ('STAFF', 'ADMIN')`)
  for (const { id } of staff) await deps.jobs.enqueue(tx, sendMail, { ...mail, accountId: id } as StaffMail)
}

interface Trouble {
  orderId: Uuid
  amountMinor: number
  currency: string
  code: string | null
  status: string
}

const shown = ({ orderId, amountMinor, currency, code, status }: Trouble, publicUrl: string) => {
  const { amount } = showMoney(money(amountMinor, currencyOf(currency)))
  return {
    orderId: encodeId('order', orderId),
    amount: `${amount} ${currency}`,
    code,
    status,
    shopUrl: `${publicUrl}/graphql`,
  }
}

/** What staff is told of a refund that did not go, as it is when the mail goes; null once it is tried again. */
export async function findRefundNotice(
  { db, publicUrl }: Pick<Deps, 'db' | 'publicUrl'>,
  refundId: Uuid,
): Promise<MailParams['refundTrouble'] | null> {
  const [found] = await runStatement<Trouble>(
    db,
    sql`select ${orders.id} as "orderId", ${refunds.amountMinor} as "amountMinor", ${orders.currency} as "currency", ${refunds.failureCode} as "code", ${refunds.status}::text as "status"
      from ${refunds} join ${orders} on ${orders.id} = ${refunds.orderId}
      where ${refunds.id} = ${refundId}::text::uuid and ${refunds.status} in ('FAILED', 'STALLED')
        and not exists (select 1 from ${refunds} as later where later.replaces = ${refundId}::text::uuid)`,
  )
  return found === undefined ? null : shown(found, publicUrl())
}

/** What staff is told of money that somebody sent back at the gateway itself, as the order is when the mail goes. */
export async function findElsewhereNotice(
  { db, publicUrl }: Pick<Deps, 'db' | 'publicUrl'>,
  refundId: Uuid,
): Promise<MailParams['refundElsewhere'] | null> {
  const [found] = await runStatement<Trouble & { hasGoods: boolean; hasTickets: boolean }>(
    db,
    sql`select ${orders.id} as "orderId", ${refunds.amountMinor} as "amountMinor", ${orders.currency} as "currency", null::text as "code", ${orders.status}::text as "status",
      exists (select 1 from ${orderLines} where ${orderLines.orderId} = ${orders.id} and ${orderLines.kind} = 'GOODS') as "hasGoods",
      exists (select 1 from ${orderLines} where ${orderLines.orderId} = ${orders.id} and ${orderLines.kind} = 'TICKET') as "hasTickets"
      from ${refunds} join ${orders} on ${orders.id} = ${refunds.orderId} where ${refunds.id} = ${refundId}::text::uuid and ${refunds.status} <> 'FAILED'`,
  )
  if (found === undefined) return null
  const { hasGoods, hasTickets, ...trouble } = found
  return { ...shown(trouble, publicUrl()), hasGoods, hasTickets }
}

/** What staff is told of a disputed charge, as it is when the mail goes. */
export async function findDisputeNotice(
  { db, publicUrl }: Pick<Deps, 'db' | 'publicUrl'>,
  disputeId: Uuid,
): Promise<MailParams['dispute'] | null> {
  const found = await findDispute(db, disputeId)
  return found === null ? null : shown({ ...found, code: found.reason }, publicUrl())
}

/** What staff is told of a variant that runs out, as it is when the mail goes; null once there is enough again. */
export async function findLowStockNotice(
  { db, publicUrl }: Pick<Deps, 'db' | 'publicUrl'>,
  variantId: Uuid,
): Promise<MailParams['lowStock'] | null> {
  const [found] = await runStatement<Omit<MailParams['lowStock'], 'productUrl'> & { slug: string; isDraft: boolean }>(
    db,
    sql`select ${products.name} as "productName", ${variants.name} as "variantName", ${variants.sku} as "sku", ${stockLevels.quantity} as "quantity", ${products.slug} as "slug", ${products.status} = 'DRAFT' as "isDraft"
      from ${variants} join ${products} on ${products.id} = ${variants.productId} join ${stockLevels} on ${stockLevels.variantId} = ${variants.id}
      where ${variants.id} = ${variantId}::text::uuid and ${stockLevels.quantity} <= ${variants.lowStockAt}`,
  )
  if (found === undefined) return null
  const { slug, isDraft, ...low } = found
  // The page of a draft is nobody's yet.
  return { ...low, productUrl: publicUrl() + (isDraft ? '/' : productPath(slug)) }
}

/**
 * Whom mails about an order go to, a guest too; null for a demo member's, whose address is nobody's. A guest is greeted
 * without a name: anybody may order to any address, and what they call it would be theirs to say in the shop's mail.
 */
export async function findOrderAddress(db: Executor, orderId: Uuid): Promise<{ email: string; name: string } | null> {
  const [order] = await runStatement<{ email: string; name: string }>(
    db,
    sql`select ${orders.email} as "email", case when ${orders.accountId} is null then '' else ${orders.name} end as "name" from ${orders} left join ${accounts} on ${accounts.id} = ${orders.accountId}
      where ${orders.id} = ${orderId}::text::uuid and ${orders.email} <> '' and ${accounts.isDemo} is not true`,
  )
  return order ?? null
}
