import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { ExpenseListFilter } from '../../db/queries/expense/list.ts'
import { findSummary, type SummaryRow } from '../../db/queries/expense/summary.ts'
import type { Deps } from '../deps.ts'
import { type AskedPeriod, type DayRange, periodBefore, rangeOf, sameDayBefore } from './period.ts'
import { findBooks } from './preference.ts'

export interface Summary extends DayRange {
  readonly currency: string
  readonly totalMinor: number
  readonly count: number
  /** Null where the period is open. */
  readonly previousMinor: number | null
  /** Until today. */
  readonly toDateMinor: number
  /** Of the period before, as far into it as today is into this one; null where it has not begun, and without one before. */
  readonly previousToDateMinor: number | null
  /** Expenses of the period before that no rate is known for. */
  readonly previousUnconverted: number
  readonly categories: readonly { categoryId: Uuid; totalMinor: number; count: number; previousMinor: number | null }[]
  readonly months: readonly { month: string; totalMinor: number; count: number }[]
  readonly unconverted: readonly { currency: string; totalMinor: number; count: number }[]
  readonly oldestRateOn: string | null
  readonly isStale: boolean
}

export type AskedFilter = AskedPeriod & Omit<ExpenseListFilter, 'accountId' | 'from' | 'to'>

const MAX_MONTHS = 120

/** What a filter asks for, with its period as the days that it means. @throws DomainError `INVALID_INPUT`. */
export async function readFilter(
  deps: Pick<Deps, 'clock' | 'db'>,
  accountId: Uuid,
  asked: AskedFilter,
  path: readonly string[],
) {
  const { period, from, to, ...rest } = asked
  const books = await findBooks(deps, deps.db, accountId)
  const range = rangeOf({ period, from, to }, books.today, path)
  const filter: ExpenseListFilter = { ...rest, accountId, from: range.from ?? undefined, to: range.to ?? undefined }
  return { books, range, filter }
}

/** Sums above this are more than a double can hold. */
function ensureExact(rows: readonly SummaryRow[]): void {
  const limit = Number.MAX_SAFE_INTEGER
  if (rows.every(({ totalMinor }) => Math.abs(totalMinor) <= limit)) return
  throw new DomainError('LIMIT_EXCEEDED', 'These sums are larger than can be shown exactly.', [], { limit })
}

/** @throws DomainError `INVALID_INPUT` for a period that is none. */
export async function summarise(
  deps: Pick<Deps, 'clock' | 'db'>,
  accountId: Uuid,
  asked: AskedFilter,
  path: readonly string[] = ['filter'],
): Promise<Summary> {
  const { books, range, filter } = await readFilter(deps, accountId, asked, path)
  const before = periodBefore(range, asked.period)
  const { currency, today } = books
  const { from, to } = range
  const reached = before && from !== null && to !== null ? sameDayBefore({ from, to }, before, today) : null
  const rows = await findSummary(deps.db, { filter, before, sameDayBefore: reached, currency, today })
  ensureExact(rows)
  const of = (level: SummaryRow['level'], isCurrent: boolean) =>
    rows.filter((row) => row.level === level && row.isCurrent === isCurrent)
  const [total] = of('TOTAL', true)
  const [previous] = of('TOTAL', false)
  const previousByCategory = new Map(of('CATEGORY', false).map((row) => [row.categoryId, row.totalMinor]))
  return {
    ...range,
    currency,
    totalMinor: total?.totalMinor ?? 0,
    count: total?.count ?? 0,
    previousMinor: before === null ? null : (previous?.totalMinor ?? 0),
    toDateMinor: total?.toDateMinor ?? 0,
    previousToDateMinor: reached === null ? null : (previous?.toDateMinor ?? 0),
    previousUnconverted: of('UNCONVERTED', false).reduce(
      (all, row) => all + (row.currency === null ? 0 : row.count),
      0,
    ),
    categories: of('CATEGORY', true)
      .filter(({ count }) => count > 0)
      .flatMap(({ categoryId, totalMinor, count }) => {
        if (categoryId === null) return []
        const previousMinor = before === null ? null : (previousByCategory.get(categoryId) ?? 0)
        return [{ categoryId, totalMinor, count, previousMinor }]
      })
      .sort((a, b) => b.totalMinor - a.totalMinor || (a.categoryId < b.categoryId ? -1 : 1)),
    months: of('MONTH', true)
      .filter(({ count }) => count > 0)
      .flatMap(({ month, totalMinor, count }) => (month === null ? [] : [{ month, totalMinor, count }]))
      .sort((a, b) => (a.month < b.month ? -1 : 1))
      .slice(-MAX_MONTHS),
    unconverted: of('UNCONVERTED', true)
      .flatMap(({ currency, totalMinor, count }) => (currency === null ? [] : [{ currency, totalMinor, count }]))
      .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    oldestRateOn: total?.oldestRateOn ?? null,
    isStale: total?.isStale ?? false,
  }
}
