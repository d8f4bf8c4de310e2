import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import { runStatement } from '../../statement.ts'
import { expenses } from '../../tables/expense/expense.ts'
import { isStale, ratesOf } from '../exchange-rate.ts'
import { type ExpenseListFilter, expenseTerms } from './list.ts'

/** One sum of a summary. Which one `level` says: of everything, of a category, a month, or a currency without a rate. */
export interface SummaryRow {
  readonly level: 'TOTAL' | 'CATEGORY' | 'MONTH' | 'UNCONVERTED'
  /** False for the period before, which the trend is measured against. */
  readonly isCurrent: boolean
  readonly categoryId: string | null
  /** Its first day. */
  readonly month: string | null
  readonly currency: string | null
  readonly totalMinor: number
  /** Of the total: until today, and in the period before as far into it as today is into this one. */
  readonly toDateMinor: number
  readonly count: number
  readonly oldestRateOn: string | null
  readonly isStale: boolean
}

export interface SummaryQuestion {
  readonly filter: ExpenseListFilter
  /** The period before, both days included; null for none. */
  readonly before: { readonly from: string; readonly to: string } | null
  /** The day of the period before that is as far into it as today is into this one; null for none. */
  readonly sameDayBefore: string | null
  readonly currency: string
  readonly today: string
}

/**
 * All sums of a summary in one statement. Each expense is converted by itself, with the last rate until its own day, so that
 * categories and months add up to the total exactly.
 */
export function findSummary(db: Executor, question: SummaryQuestion): Promise<SummaryRow[]> {
  const { filter, before, sameDayBefore, currency, today } = question
  const own = sql.join(expenseTerms({ ...filter, from: before?.from ?? filter.from }), sql` and `)
  const isCurrent = before === null ? sql`true` : sql`${expenses.spentOn} > ${before.to}::text::date`
  const isToDate = sql`spent_on <= case when is_current then ${today}::text::date else ${sameDayBefore}::text::date end`
  const days = sql`(select distinct currency as source, ${currency}::text as target, spent_on as day from own)`
  return runStatement<SummaryRow>(
    db,
    sql`with own as materialized (
        select category_id, currency, spent_on, amount_minor, ${isCurrent} as is_current from ${expenses} where ${own}
      ), rates as materialized (${ratesOf(days)}), converted as materialized (
        select own.*, date_trunc('month', own.spent_on)::date as month, r.as_of, ${isStale(sql`own.spent_on`, sql`r.as_of`, today)} as stale,
          convert_minor(own.amount_minor, r.source, r.source_units, r.target, r.target_units) as minor
        from own join rates r on r.source = own.currency and r.day = own.spent_on
      ), told as (
        select *, case when minor is null then currency end as lacking from converted
      )
      select case grouping(category_id, month, lacking) when 3 then 'CATEGORY' when 5 then 'MONTH' when 6 then 'UNCONVERTED' else 'TOTAL' end as "level",
        is_current as "isCurrent", category_id as "categoryId", month as "month", lacking as "currency",
        coalesce(case when grouping(category_id, month, lacking) = 6 then sum(amount_minor) else sum(minor) end, 0)::float8 as "totalMinor",
        coalesce(sum(minor) filter (where ${isToDate}), 0)::float8 as "toDateMinor",
        (case when grouping(category_id, month, lacking) = 6 then count(*) else count(minor) end)::int as "count",
        min(as_of) filter (where minor is not null) as "oldestRateOn", coalesce(bool_or(stale) filter (where minor is not null), false) as "isStale"
      from told group by grouping sets ((is_current), (is_current, category_id), (is_current, month), (is_current, lacking))
      order by 2 desc, 4, 6 desc, 3`,
  )
}
