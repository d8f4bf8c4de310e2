import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import type { KeysetOrder, PageRequest } from '../keyset.ts'
import { entity, type RowOf } from '../relation.ts'
import { runStatement } from '../statement.ts'
import { exchangeRates } from '../tables/exchange-rate.ts'
import { findPage, type ListSource } from './page.ts'

const rateEntity = entity('ExchangeRate', exchangeRates, ['setById'])
export type ExchangeRateRow = RowOf<typeof exchangeRates, 'setById'>

/** The last rate of a currency until a day. */
const lastUntil = (currency: SQL, day: SQL, unless: SQL, as: string): SQL =>
  sql`left join lateral (select r.units_per_euro as units, r.rated_on from ${exchangeRates} r where r.currency = ${currency} and r.rated_on <= ${day} and not ${unless} order by r.rated_on desc limit 1) ${sql.identifier(as)} on true`

/**
 * Rates of pairs: of a relation with the columns `source`, `target` (currencies) and `day` those and `source_units`, `target_units`
 * (null where there is no rate) and `as_of`, the older of the two days that they are of.
 */
export const ratesOf = (pairs: SQL): SQL =>
  sql`select p.source, p.target, p.day,
      case when p.source = p.target or p.source = 'EUR' then 1 else s.units end as source_units,
      case when p.source = p.target or p.target = 'EUR' then 1 else t.units end as target_units,
      least(s.rated_on, t.rated_on) as as_of
    from ${pairs} p
    ${lastUntil(sql`p.source`, sql`p.day`, sql`(p.source in ('EUR', p.target))`, 's')}
    ${lastUntil(sql`p.target`, sql`p.day`, sql`(p.target in ('EUR', p.source))`, 't')}`

/** A rate older than this is stale: more than a week, as no holidays keep the bank from publishing for so long. */
export const STALE_DAYS = 7

export const isStale = (day: SQL, asOf: SQL, today: string): SQL =>
  sql`coalesce(least(${day}, ${today}::text::date) - ${asOf} > ${sql.raw(String(STALE_DAYS))}, false)`

export interface PairRate {
  readonly sourceUnits: string | null
  readonly targetUnits: string | null
  /** Null where no rate is needed. */
  readonly asOf: string | null
  readonly isStale: boolean
}

/** The rate of one pair on a day. */
export async function findRate(
  db: Executor,
  pair: { source: string; target: string; day: string; today: string },
): Promise<PairRate> {
  const { source, target, day, today } = pair
  const one = sql`(select ${source}::text as source, ${target}::text as target, ${day}::text::date as day)`
  const [row] = await runStatement<PairRate>(
    db,
    sql`with rates as (${ratesOf(one)}) select source_units::text as "sourceUnits", target_units::text as "targetUnits", as_of as "asOf", ${isStale(sql`day`, sql`as_of`, today)} as "isStale" from rates`,
  )
  return row ?? { sourceUnits: null, targetUnits: null, asOf: null, isStale: false }
}

const LATEST: KeysetOrder = {
  name: 'LATEST',
  direction: 'desc',
  keys: [
    { value: exchangeRates.ratedOn, type: 'date' },
    { value: exchangeRates.currency, type: 'text' },
  ],
}

export const knownRates = (currency: string | undefined): ListSource<ExchangeRateRow> => ({
  of: rateEntity,
  where: [currency === undefined ? undefined : sql`${exchangeRates.currency} = ${currency}`],
})

export const findKnownRates = (db: Executor, source: ListSource<ExchangeRateRow>, page: PageRequest) =>
  findPage(db, source, LATEST, page)
