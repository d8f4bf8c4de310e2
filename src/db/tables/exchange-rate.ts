import { sql } from 'drizzle-orm'
import { check, date, index, numeric, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { instant } from './columns.ts'

export const rateSource = pgEnum('rate_source', ['ECB', 'STAFF'])

/** So many units of a currency for one euro on a day. Two other currencies are converted by way of the euro. */
export const exchangeRates = pgTable(
  'exchange_rates',
  {
    currency: text().notNull(),
    ratedOn: date({ mode: 'string' }).notNull(),
    unitsPerEuro: numeric({ precision: 20, scale: 8 }).notNull(),
    source: rateSource().notNull(),
    /** Who of staff set it last. */
    setById: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'exchange_rates_one_a_day', columns: [t.currency, t.ratedOn] }),
    index('exchange_rates_latest').on(t.ratedOn, t.currency),
    check('exchange_rates_positive', sql`${t.unitsPerEuro} > 0`),
    check('exchange_rates_not_of_euro', sql`${t.currency} <> 'EUR' and ${t.currency} ~ '^[A-Z]{3}$'`),
  ],
)
