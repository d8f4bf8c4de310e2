import { parse } from 'csv-parse/sync'
import { isCurrency } from '../../core/money.ts'

/** So many units of a currency for one euro on a day. */
export interface DatedRate {
  readonly currency: string
  readonly ratedOn: string
  /** A positive decimal with at most eight digits behind the point. */
  readonly unitsPerEuro: string
}

/** Where dated rates come from. */
export interface RateSource {
  /** All that it has; those that are known already do no harm. @throws Error when it cannot be reached or read. */
  fetch(): Promise<DatedRate[]>
}

const DECIMAL = /^\d{1,12}(?:\.\d{1,8})?$/
const DAY = /^\d{4}-\d\d-\d\d$/

/** What the bank quotes beside currencies of today: those that are gone, and `N/A`. */
export const isRate = (currency: string, units: string): boolean =>
  isCurrency(currency) && currency !== 'EUR' && DECIMAL.test(units) && Number(units) > 0

/**
 * Reads a table of the European Central Bank (`eurofxref-hist.csv`): a column `Date` and one for each currency.
 * @throws Error for what is none.
 */
export function readRateTable(csv: string): DatedRate[] {
  const rows = parse(csv, {
    columns: true,
    trim: true,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // What is shipped says on top where it comes from.
    comment: '#',
    comment_no_infix: true,
  })
  const rates = (rows as Record<string, string>[]).flatMap(({ Date: ratedOn = '', ...units }) => {
    if (!DAY.test(ratedOn)) throw new Error(`${ratedOn.slice(0, 20)} is no date of a table of rates`)
    return Object.entries(units)
      .filter(([currency, value]) => isRate(currency, value))
      .map(([currency, unitsPerEuro]) => ({ currency, ratedOn, unitsPerEuro }))
  })
  if (rates.length === 0) throw new Error('there is no rate in this table')
  return rates
}

/**
 * Reads the bank's XML (`eurofxref-daily.xml`, `-hist-90d.xml`): `<Cube time='…'>` around `<Cube currency='…' rate='…'/>`.
 * @throws Error for what is none.
 */
export function readRateXml(xml: string): DatedRate[] {
  const rates: DatedRate[] = []
  let ratedOn: string | null = null
  for (const [, attributes = ''] of xml.matchAll(/<Cube\s([^<>]*)>/g)) {
    const named = new Map(
      [...attributes.matchAll(/(\w+)=(["'])([^"'<>]*)\2/g)].map(([, name, , value]) => [name, value]),
    )
    const time = named.get('time')
    if (time !== undefined) ratedOn = DAY.test(time) ? time : null
    const [currency = '', unitsPerEuro = ''] = [named.get('currency'), named.get('rate')]
    if (ratedOn !== null && isRate(currency, unitsPerEuro)) rates.push({ currency, ratedOn, unitsPerEuro })
  }
  if (rates.length === 0) throw new Error('there is no rate in this document')
  return rates
}
