import { newId, type Uuid } from '../../src/core/ids.ts'
import type { Executor } from '../../src/db/database.ts'

export interface PlacedOrder {
  accountId?: Uuid | null
  email?: string
  name?: string
  status?: string
  /** Null for one that is not paid. */
  paidAt?: string | null
  createdAt?: string
  discountMinor?: number
  shippingMinor?: number
  taxMinor?: number
  lines?: { kind?: 'GOODS' | 'TICKET'; refId?: Uuid; title?: string; quantity?: number; unitPriceMinor?: number }[]
  refunds?: { amountMinor: number; at: string; status?: string }[]
}

/** Writes an order as it stands in the books, at a time of the test's choice. */
export async function place(db: Executor, order: PlacedOrder): Promise<Uuid> {
  const id = newId()
  const {
    paidAt = null,
    status = paidAt === null ? 'PENDING' : 'PAID',
    createdAt = paidAt ?? '2026-01-01T00:00:00Z',
  } = order
  const { discountMinor = 0, shippingMinor = 0, taxMinor = 0, lines = [{}], refunds = [] } = order
  const whole = lines.map(
    ({ kind = 'GOODS', refId = newId(), title = 'A thing', quantity = 1, unitPriceMinor = 1000 }) => ({
      kind,
      refId,
      title,
      quantity,
      unitPriceMinor,
    }),
  )
  const subtotal = whole.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0)
  const refunded = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  await db.query(`insert into subjects (id, kind) values ($1, 'ORDER')`, [id])
  await db.query(
    `insert into orders (id, account_id, cart_id, checkout_key, input_hash, status, email, name, street, postal_code, city, country, currency,
       subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor, refunded_minor, expires_at, created_at, paid_at)
     values ($1, $2, $1, 'key', '', $3::text::order_status, $4, $5, '', '', '', 'DE', 'EUR', $6, $7, $8, 0, $9, $10, $11, now() + interval '1 day', $12::text::timestamptz, $13::text::timestamptz)`,
    [
      id,
      order.accountId ?? null,
      status,
      order.email ?? '',
      order.name ?? '',
      subtotal,
      discountMinor,
      shippingMinor,
      taxMinor,
      subtotal - discountMinor + shippingMinor + taxMinor,
      refunded,
      createdAt,
      paidAt,
    ],
  )
  for (const [position, line] of whole.entries()) {
    await db.query(
      `insert into order_lines (id, order_id, position, kind, ref_id, title, detail, quantity, unit_price_minor, discount_minor, tax_minor, is_taxed, is_shipped)
       values (gen_random_uuid(), $1, $2, $3::text::line_kind, $4, $5, '', $6, $7, $8, 0, true, true)`,
      [
        id,
        position,
        line.kind,
        line.refId,
        line.title,
        line.quantity,
        line.unitPriceMinor,
        position === 0 ? discountMinor : 0,
      ],
    )
  }
  for (const { amountMinor, at, status = 'SUCCEEDED' } of refunds) {
    await db.query(
      `insert into refunds (id, order_id, amount_minor, status, created_at) values (gen_random_uuid(), $1, $2, $3::text::refund_status, $4::text::timestamptz)`,
      [id, amountMinor, status, at],
    )
  }
  return id
}

/** Many orders, a minute apart, every tenth of them paid the day after and with a refund. */
export const placeMany = (db: Executor, count: number): Promise<unknown> =>
  db.script(
    `insert into subjects (id, kind) select gen_random_uuid(), 'ORDER' from generate_series(1, ${count});
     insert into orders (id, cart_id, checkout_key, input_hash, status, email, name, street, postal_code, city, country, currency,
       subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor, expires_at, created_at, paid_at)
     select id, id, 'key', '', case when n % 10 = 0 then 'PAID' when n % 500 = 1 then 'FULFILLED' else 'CANCELLED' end::order_status, 'buyer' || n || '@example.com', 'Buyer ' || n,
       '', '', '', 'DE', 'EUR', 1000, 0, 0, 0, 0, 1000, now(), timestamptz '2026-06-01 00:00Z' + n * interval '10 minutes',
       case when n % 10 = 0 or n % 500 = 1 then timestamptz '2026-06-02 00:00Z' + n * interval '10 minutes' end
     from (select id, row_number() over () as n from subjects where kind = 'ORDER') numbered;
     insert into order_lines (id, order_id, position, kind, ref_id, title, detail, quantity, unit_price_minor, discount_minor, tax_minor, is_taxed, is_shipped)
     select gen_random_uuid(), id, 0, 'GOODS', gen_random_uuid(), case when name like '% 777' then 'Pangolin' else 'Thing of ' || name end, '', 1, 1000, 0, 0, true, true from orders;
     insert into refunds (id, order_id, amount_minor, status, created_at) select gen_random_uuid(), id, 100, 'SUCCEEDED', paid_at from orders where paid_at is not null;
     analyze`,
  )
