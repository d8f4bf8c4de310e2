import { addDays, daysBetween } from '../../core/calendar.ts'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { instantOf } from '../../core/local-time.ts'
import { findSales, type SalesRange, type SalesRow } from '../../db/queries/shop/sales.ts'
import type { Deps } from '../deps.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'

/** A leap year. */
export const MAX_REPORT_DAYS = 366

/** No shop has sold anything outside of these, and not every year can be written as an instant. */
const FIRST_DAY = '1970-01-01'
const LAST_DAY = '2999-12-31'

export type SalesFigures = Omit<SalesRow, 'day'>

export interface SalesDay {
  /** `2026-03-29` */
  readonly day: string
  readonly figures: SalesFigures
}

export interface SalesReport {
  readonly range: SalesRange
  /** Every day of the range in order, those without sales included. */
  readonly days: readonly SalesDay[]
  readonly total: SalesFigures
}

const NOTHING: SalesFigures = {
  orders: 0,
  grossMinor: 0,
  discountMinor: 0,
  shippingMinor: 0,
  taxMinor: 0,
  refundMinor: 0,
  pieces: 0,
  tickets: 0,
}

const NAMES = Object.keys(NOTHING) as (keyof SalesFigures)[]

const sumOf = (all: readonly SalesFigures[]): SalesFigures =>
  Object.fromEntries(
    NAMES.map((name) => [name, all.reduce((sum, each) => sum + each[name], 0)]),
  ) as unknown as SalesFigures

export interface ReportedRange {
  /** Calendar dates, both included. */
  readonly from: string
  readonly to: string
  /** IANA: a day begins at midnight of this zone, and has 23 or 25 hours when the clocks change. */
  readonly timeZone: string
}

/** @throws DomainError `INVALID_INPUT` for days in the wrong order, `LIMIT_EXCEEDED` for too many. */
function rangeOf({ from, to, timeZone }: ReportedRange): { days: readonly string[]; range: SalesRange } {
  if (from < FIRST_DAY || to > LAST_DAY) throw invalidInput(['from'], `Days are from ${FIRST_DAY} to ${LAST_DAY}.`)
  if (from > to) throw invalidInput(['to'], 'The last day is before the first.')
  if (addDays(from, MAX_REPORT_DAYS) <= to) {
    throw new DomainError('LIMIT_EXCEEDED', `A report covers at most ${MAX_REPORT_DAYS} days.`, ['to'], {
      limit: MAX_REPORT_DAYS,
    })
  }
  const days = daysBetween(from, to)
  const startOf = (day: string): string => instantOf(`${day}T00:00:00`, timeZone).instant
  return { days, range: { starts: days.map(startOf), end: startOf(addDays(to, 1)) } }
}

/**
 * What was sold by day: an order counts on the day it was paid, a refund on the day it was entered.
 * @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `LIMIT_EXCEEDED`.
 */
export async function reportSales(
  deps: Pick<Deps, 'db'>,
  viewer: Viewer,
  reported: ReportedRange,
): Promise<SalesReport> {
  ensureStaff(viewer)
  const { days, range } = rangeOf(reported)
  const rows = await findSales(deps.db, range)
  const byPlace = new Map(rows.map(({ day, ...figures }) => [day, figures]))
  return {
    range,
    days: days.map((day, place) => ({ day, figures: byPlace.get(place + 1) ?? NOTHING })),
    total: sumOf([...byPlace.values()]),
  }
}
