import { isDay } from '../../core/calendar.ts'
import { isRate } from '../../gateways/exchange-rate/rates.ts'
import type { ImportReader, Refusal } from '../import/rules.ts'
import { ensureStaff } from '../viewer.ts'
import { keepRates } from './exchange-rate.ts'

/** The bank's own table of rates: a column for the day, and one for each currency. */
export const exchangeRateReader: ImportReader = {
  fields: { date: ['date'] },
  required: ['date'],
  isOpen: true,
  rowsAtOnce: 500,
  ensureMay: ensureStaff,
  async take(_deps, tx, _viewer, rows) {
    const refusals: Refusal[] = []
    const perRow = rows.map(({ line, cells: { date = '', ...units } }) => {
      const rates = Object.entries(units)
        .filter(([currency, value]) => isRate(currency, value))
        .map(([currency, unitsPerEuro]) => ({ currency, ratedOn: date, unitsPerEuro }))
      if (isDay(date) && rates.length > 0) return rates
      const message = isDay(date) ? 'There is no rate in this row.' : 'This is no date such as 2025-04-24.'
      refusals.push({ line, column: isDay(date) ? '' : 'date', message })
      return []
    })
    const changed = await keepRates(tx, perRow.flat())
    const good = perRow.filter((rates) => rates.length > 0).length
    return changed === 0 ? { kept: 0, known: good, refusals } : { kept: good, known: 0, refusals }
  },
}
