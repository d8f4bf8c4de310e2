import { isDay } from '../../core/calendar.ts'
import { invalidInput } from '../../core/errors.ts'
import { type Currency, isCurrency, type Money, parseMoney } from '../../core/money.ts'
import type { ImportOptions } from './rules.ts'

const padded = (digits: string | undefined): string => (digits ?? '').padStart(2, '0')

/** A date as tables write it. With dots it is always the day first. @throws DomainError `INVALID_INPUT`. */
export function readDay(cell: string, format: ImportOptions['dateFormat']): string {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(cell)
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(cell)
  const slashed = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(cell)
  let day = ''
  if (iso !== null) day = `${iso[1]}-${padded(iso[2])}-${padded(iso[3])}`
  else if (dotted !== null) day = `${dotted[3]}-${padded(dotted[2])}-${padded(dotted[1])}`
  else if (slashed !== null && format === 'DMY') day = `${slashed[3]}-${padded(slashed[2])}-${padded(slashed[1])}`
  else if (slashed !== null && format === 'MDY') day = `${slashed[3]}-${padded(slashed[1])}-${padded(slashed[2])}`
  if (isDay(day)) return day
  throw invalidInput(['date'], 'This is no date that can be read: write 2025-04-24, or say how dates are written.')
}

/** An amount with or without separators of thousands. @throws DomainError `INVALID_INPUT`. */
export function readAmount(
  cell: string,
  currency: Currency,
  { decimalComma }: Pick<ImportOptions, 'decimalComma'>,
): Money {
  const [thousands, point] = decimalComma ? ['.', ','] : [',', '.']
  const bare = cell.replace(/[\s\u00a0\u202f]/g, '').replace(/^\+/, '')
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
