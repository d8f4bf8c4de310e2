import { isDay } from '../../core/calendar.ts'
import { invalidInput } from '../../core/errors.ts'
import { type Currency, isCurrency, type Money, parseMoney } from '../../core/money.ts'
import type { ImportOptions } from './rules.ts'

const padded = (digits: string | undefined): string => (digits ?? '').padStart(2, '0')

/** Two digits of a year mean what POSIX says they do: 69 to 99 are of the last century. */
const yearOf = (digits = ''): string => {
  if (digits.length !== 2) return digits
  return `${digits >= '69' ? '19' : '20'}${digits}`
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthOf = (name = ''): string => String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1)

const YEAR = String.raw`(\d{4}|\d{2})`
const NAME = String.raw`([a-z]{3})[a-z]*\.?`
/** Banks write when it was behind the day. */
const TIME = String.raw`(?:(?:T|,? )\d{1,2}:\d{2}.*)?$`
const form = (day: string): RegExp => new RegExp(`^${day}${TIME}`, 'i')

type Order = (first?: string, second?: string, third?: string) => readonly [year?: string, month?: string, day?: string]
const dayFirst: Order = (day, month, year) => [year, month, day]
const monthFirst: Order = (month, day, year) => [year, month, day]

const SLASHED = form(String.raw`(\d{1,2})[/-](\d{1,2})[/-]${YEAR}`)
/** What can be read in one way only. With dots it is always the day first. */
const FORMS: readonly (readonly [RegExp, Order])[] = [
  [/^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/, (year, month, day) => [year, month, day]],
  [form(String.raw`(\d{4})[/.](\d{1,2})[/.](\d{1,2})\.?`), (year, month, day) => [year, month, day]],
  [/^((?:19|20|21)\d{2})(\d{2})(\d{2})$/, (year, month, day) => [year, month, day]],
  [form(String.raw`(\d{1,2})\. ?(\d{1,2})\. ?${YEAR}`), dayFirst],
  [form(String.raw`(\d{1,2})[ -]${NAME},?[ -]${YEAR}`), (day, month, year) => [year, monthOf(month), day]],
  [form(String.raw`${NAME} (\d{1,2}),? (\d{4})`), (month, day, year) => [year, monthOf(month), day]],
]

/** A date as tables write it. @throws DomainError `INVALID_INPUT`. */
export function readDay(cell: string, format: ImportOptions['dateFormat']): string {
  const slashed: typeof FORMS = format === 'ISO' ? [] : [[SLASHED, format === 'DMY' ? dayFirst : monthFirst]]
  for (const [pattern, order] of [...FORMS, ...slashed]) {
    const [matched, ...groups] = pattern.exec(cell) ?? []
    if (matched === undefined) continue
    const [year, month, date] = order(...groups)
    const day = `${yearOf(year)}-${padded(month)}-${padded(date)}`
    if (isDay(day)) return day
  }
  throw invalidInput(['date'], 'This is no date that can be read: write 2025-04-24, or say how dates are written.')
}

/** How amounts are marked beside the code; a sign of several currencies is taken for the one that the row is in. */
const SIGNS: Readonly<Record<string, string>> = {
  ...{ EUR: '€', GBP: '£', JPY: '¥', CNY: '¥', INR: '₹', KRW: '₩', PLN: 'zł', CHF: 'Fr.' },
  ...Object.fromEntries(['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN'].map((code) => [code, '$'])),
  ...Object.fromEntries(['SEK', 'NOK', 'DKK', 'ISK'].map((code) => [code, 'kr'])),
}

/** Without the name of its own currency before or behind it; that of another one stays, and is no amount. */
function withoutCurrency(text: string, currency: Currency): string {
  for (const name of [currency, SIGNS[currency]].filter((each) => each !== undefined)) {
    const bare = text.replace(/^[-(]/, '')
    const sign = text.slice(0, text.length - bare.length)
    if (bare.toUpperCase().startsWith(name.toUpperCase())) return sign + bare.slice(name.length)
    if (text.toUpperCase().endsWith(name.toUpperCase())) return text.slice(0, -name.length)
  }
  return text
}

/** Below zero people write -5, −5, 5- and, in books, (5). */
function withSign(text: string): string {
  const inBrackets = /^\((.+)\)$/.exec(text)?.[1]
  const behind = /^(.*\d)-$/.exec(text)?.[1]
  return inBrackets === undefined && behind === undefined ? text : `-${inBrackets ?? behind}`
}

/**
 * An amount as tables write it: with or without separators of thousands, a sign before or behind it, and the name of its own currency.
 * @throws DomainError `INVALID_INPUT`.
 */
export function readAmount(
  cell: string,
  currency: Currency,
  { decimalComma }: Pick<ImportOptions, 'decimalComma'>,
): Money {
  const [thousands, point] = decimalComma ? ['.', ','] : [',', '.']
  const plain = cell
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(/['’](?=\d{3}(?!\d))/g, '')
    .replace(/[−–]/g, '-')
    .replace(/^\+/, '')
  const bare = withSign(withoutCurrency(withSign(plain), currency))
  const [whole = '', ...rest] = bare.split(point)
  const grouped = whole.split(thousands)
  const isGrouped = grouped.length === 1 || grouped.slice(1).every((group) => group.length === 3)
  if (!isGrouped || rest.length > 1)
    throw invalidInput(['amount'], 'This is no amount that can be read, such as 1234.50.')
  return parseMoney([grouped.join(''), ...rest].join('.'), currency, ['amount'])
}

/** @throws DomainError `INVALID_INPUT`. */
export function readCurrency(cell: string, fallback: Currency): Currency {
  const code = cell.toUpperCase()
  if (code === '') return fallback
  if (isCurrency(code)) return code
  throw invalidInput(['currency'], 'This is no currency of ISO 4217.')
}
