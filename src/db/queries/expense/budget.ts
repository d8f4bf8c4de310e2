import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import { runStatement } from '../../statement.ts'
import { expenseBudgets } from '../../tables/expense/budget.ts'
import { expenses } from '../../tables/expense/expense.ts'
import { isStale, ratesOf } from '../exchange-rate.ts'

/** A budget that holds in a month, and what of it is spent. */
export interface BudgetRow {
  readonly id: string
  readonly categoryId: string | null
  readonly month: string | null
  readonly amountMinor: number
  readonly currency: string
  readonly carriesFrom: string | null
  readonly spentMinor: number
  /** What the months before have left over, or below zero overspent, where the category's budget of every month goes on. */
  readonly carriedMinor: number
  /** Expenses that no rate could be found for, and budgets of months before. */
  readonly unconvertedCount: number
  /** A rate in it is older than it should be. */
  readonly isStale: boolean
}

/**
 * For each category the budget of the month (its first day), or else the one of every month; in one statement. What goes on from the
 * months before is computed anew from all of them, so that an expense of March that is entered in May is in it: for each of them the
 * budget that held, in the currency of this one, less what was spent.
 */
export function findBudgets(db: Executor, accountId: string, month: string, today: string): Promise<BudgetRow[]> {
  const first = sql`${month}::text::date`
  const own = sql`account_id = ${accountId}::text::uuid`
  const sameCategory = sql`b.category_id is not distinct from c.category_id`
  const minorOf = (minor: ReturnType<typeof sql>) =>
    sql`convert_minor(${minor}, r.source, r.source_units, r.target, r.target_units)`
  return runStatement<BudgetRow>(
    db,
    sql`with chosen as materialized (
        select distinct on (category_id) * from ${expenseBudgets}
        where ${own} and (month is null or month = ${first}) order by category_id, month nulls last
      ), carrying as materialized (
        select c.id, c.category_id, c.currency as target, b.carries_from, b.amount_minor, b.currency,
          (extract(year from age(${first}, b.carries_from)) * 12 + extract(month from age(${first}, b.carries_from)))::bigint as months
        from chosen c join ${expenseBudgets} b on b.${own} and ${sameCategory} and b.month is null and b.carries_from < ${first}
      ), single as materialized (
        select c.id, c.target, b.amount_minor, b.currency, b.month from carrying c
        join ${expenseBudgets} b on b.${own} and ${sameCategory} and b.month >= c.carries_from and b.month < ${first}
      ), held as materialized (
        select id, target, amount_minor, currency, month from single
        union all select c.id, c.target, c.amount_minor * (c.months - (select count(*) from single s where s.id = c.id)), c.currency, ${first} from carrying c
      ), own as materialized (
        select category_id, currency, spent_on, amount_minor from ${expenses}
        where ${own} and spent_on >= coalesce((select min(carries_from) from carrying), ${first}) and spent_on < (${first} + interval '1 month')
      ), moved as materialized (
        select c.id, o.currency as source, c.currency as target, o.spent_on as day, o.amount_minor as minor,
          case when o.spent_on >= ${first} then 'SPENT' else 'CARRIED' end as kind
        from chosen c left join carrying k on k.id = c.id join own o on (c.category_id is null or o.category_id = c.category_id) and o.spent_on >= coalesce(k.carries_from, ${first})
        union all select id, currency, target, month, -amount_minor, 'CARRIED' from held
      ), rates as materialized (
        ${ratesOf(sql`(select distinct source, target, day from moved)`)}
      ), told as (
        select m.id, m.kind, ${minorOf(sql`m.minor`)} as minor, ${isStale(sql`m.day`, sql`r.as_of`, today)} as stale
        from moved m join rates r on r.source = m.source and r.target = m.target and r.day = m.day
      )
      select c.id as "id", c.category_id as "categoryId", c.month as "month", c.amount_minor::float8 as "amountMinor", c.currency as "currency", c.carries_from as "carriesFrom",
        coalesce(sum(t.minor) filter (where t.kind = 'SPENT'), 0)::float8 as "spentMinor",
        coalesce(-sum(t.minor) filter (where t.kind = 'CARRIED'), 0)::float8 as "carriedMinor",
        (count(t.id) - count(t.minor))::int as "unconvertedCount", coalesce(bool_or(t.stale) filter (where t.minor is not null), false) as "isStale"
      from chosen c left join told t on t.id = c.id
      group by c.id, c.category_id, c.month, c.amount_minor, c.currency, c.carries_from order by c.category_id nulls first`,
  )
}
