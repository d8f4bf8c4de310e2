import { sql } from 'drizzle-orm'
import { isStale, ratesOf } from '../db/queries/exchange-rate.ts'
import { keysOf } from '../db/relation.ts'
import { type Statement, statement } from '../db/statement.ts'
import { expenses } from '../db/tables/expense/expense.ts'
import type { BatchLoaders } from './batch.ts'

export interface ConversionRow {
  readonly __key: string
  /** Null where there is no rate. */
  readonly minor: number | null
  readonly sourceUnits: string
  readonly targetUnits: string
  readonly asOf: string | null
  readonly isStale: boolean
}

/** By the target currency and the day: loaders know a statement by its identity. */
const byTarget = new Map<string, Statement<ConversionRow>>()
const MAX_KEPT = 400

function conversionTo(currency: string, today: string): Statement<ConversionRow> {
  const name = `${currency} ${today}`
  const known = byTarget.get(name)
  if (known !== undefined) return known
  const days = sql`(select distinct currency as source, ${currency}::text as target, spent_on as day from own)`
  const made = statement<ConversionRow>(
    sql`with own as (select id, currency, spent_on, amount_minor from ${expenses} where ${expenses.id} = any(${keysOf(expenses.id)})), rates as (${ratesOf(days)})
      select own.id as "__key", convert_minor(own.amount_minor, r.source, r.source_units, r.target, r.target_units)::float8 as "minor",
        r.source_units::text as "sourceUnits", r.target_units::text as "targetUnits", r.as_of as "asOf", ${isStale(sql`own.spent_on`, sql`r.as_of`, today)} as "isStale"
      from own join rates r on r.source = own.currency and r.day = own.spent_on`,
  )
  if (byTarget.size >= MAX_KEPT) byTarget.clear()
  byTarget.set(name, made)
  return made
}

/** An expense in another currency, with the last rates until its day; null where there are none. */
export const conversionByExpense = (
  loaders: BatchLoaders,
  expenseId: string,
  currency: string,
  today: string,
): Promise<ConversionRow | null> =>
  loaders.grouped(conversionTo(currency, today), expenseId, {}, ([row]) => (row?.minor == null ? null : row))
