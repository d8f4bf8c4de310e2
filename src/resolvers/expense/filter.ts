import { invalidInput } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import type { AskedFilter } from '../../domain/expense/summary.ts'
import type { ExpenseFilter } from '../../schema/expense/expense.ts'
import { fromMoneyInput } from '../../schema/money.ts'

/** @throws DomainError `INVALID_INPUT` for amounts of two currencies, or the wrong way round; `NOT_FOUND` for what is no category. */
export function readExpenseFilter(filter: ExpenseFilter | null | undefined): AskedFilter {
  if (filter === null || filter === undefined) return {}
  const { amountFrom, amountTo, categoryIds, sources, currency, text, period, from, to } = filter
  const least = amountFrom ? fromMoneyInput(amountFrom, ['filter', 'amountFrom']) : undefined
  const most = amountTo ? fromMoneyInput(amountTo, ['filter', 'amountTo']) : undefined
  const currencies = new Set([currency, least?.currency, most?.currency].filter((code) => code != null))
  if (currencies.size > 1) {
    throw invalidInput(['filter', 'currency'], 'Amounts of several currencies cannot be compared: name one.')
  }
  if (least !== undefined && most !== undefined && least.amountMinor > most.amountMinor) {
    throw invalidInput(['filter', 'amountTo'], '`amountFrom` is more than `amountTo`.')
  }
  const [only] = currencies
  return {
    period,
    from,
    to,
    currency: only ?? undefined,
    sources: sources ?? undefined,
    categoryIds: categoryIds?.map((id, at) => decodeId('expensecategory', id, ['filter', 'categoryIds', String(at)])),
    amountFromMinor: least?.amountMinor,
    amountToMinor: most?.amountMinor,
    text: readText(text),
  }
}

function readText(text: string | null | undefined): string | undefined {
  const wanted = text?.normalize('NFC').trim() ?? ''
  if (wanted.length > 200) throw invalidInput(['filter', 'text'], 'A text to look for may have at most 200 characters.')
  if (/\p{Cs}|\0/u.test(wanted))
    throw invalidInput(['filter', 'text'], 'This text contains characters that no text has.')
  return wanted === '' ? undefined : wanted
}
