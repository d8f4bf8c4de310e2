import { invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { allocate, formatAmount, type Money, money } from '../../core/money.ts'

export type BillSplit = 'EQUAL' | 'SHARES' | 'EXACT'

export interface AskedPart {
  readonly memberId: Uuid
  readonly shares?: number | undefined
  readonly amount?: Money | undefined
}

export interface AskedPayment {
  readonly memberId: Uuid
  readonly amount: Money
}

/** What a member owes of a bill and has paid of it. */
export interface BillPart {
  readonly memberId: Uuid
  readonly shares: number | null
  readonly owedMinor: number
  readonly paidMinor: number
}

const MAX_SHARES = 10_000

function ensureOnce(ids: readonly Uuid[], field: string): void {
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at)
  if (twice >= 0) throw invalidInput(['input', field, String(twice), 'memberId'], 'This member is named twice.')
}

function ensureSum(total: Money, amounts: readonly Money[], field: string): void {
  for (const [at, { currency, amountMinor }] of amounts.entries()) {
    const path = ['input', field, String(at), 'amount']
    if (currency !== total.currency) throw invalidInput(path, `This bill is in ${total.currency}.`)
    if (amountMinor < 0 || amountMinor > total.amountMinor) throw invalidInput(path, 'This is no part of the bill.')
  }
  const sum = amounts.reduce((all, { amountMinor }) => all + amountMinor, 0)
  if (sum === total.amountMinor) return
  const off = formatAmount(money(Math.abs(total.amountMinor - sum), total.currency))
  const direction = sum < total.amountMinor ? 'less' : 'more'
  throw invalidInput(['input', field], `They add up to ${off} ${total.currency} ${direction} than the bill.`)
}

function sharesOf(part: AskedPart, at: number): number {
  const { shares = 0 } = part
  if (Number.isSafeInteger(shares) && shares >= 1 && shares <= MAX_SHARES) return shares
  throw invalidInput(['input', 'parts', String(at), 'shares'], `Shares are a whole number from 1 to ${MAX_SHARES}.`)
}

/** Shares of a bill that is split equally would be heard by nobody, and somebody would pay for it. */
function ensureHeard(split: BillSplit, parts: readonly AskedPart[]): void {
  for (const [at, { shares, amount }] of parts.entries()) {
    const path = (field: string) => ['input', 'parts', String(at), field]
    if (shares !== undefined && split !== 'SHARES')
      throw invalidInput(path('shares'), `Shares are of a bill that is split by SHARES; this one is split ${split}.`)
    if (amount !== undefined && split !== 'EXACT')
      throw invalidInput(path('amount'), `Amounts are of a bill that is split EXACT; this one is split ${split}.`)
  }
}

function owedBy(total: Money, split: BillSplit, parts: readonly AskedPart[]): number[] {
  if (split === 'EXACT') {
    const amounts = parts.map(({ amount }, at) => {
      if (amount !== undefined) return amount
      throw invalidInput(['input', 'parts', String(at), 'amount'], 'Say how much of the bill it is.')
    })
    ensureSum(total, amounts, 'parts')
    return amounts.map(({ amountMinor }) => amountMinor)
  }
  const weights = split === 'EQUAL' ? parts.map(() => 1) : parts.map(sharesOf)
  return allocate(total.amountMinor, weights)
}

/**
 * The parts of a bill. They add up to it exactly: what rounding leaves over goes to the largest remainders, the first named first.
 * @throws DomainError `INVALID_INPUT` for parts or payments that do not add up, of another currency, of one member twice, or with what
 * belongs to another way of splitting.
 */
export function splitBill(
  total: Money,
  split: BillSplit,
  parts: readonly AskedPart[],
  payments: readonly AskedPayment[],
): BillPart[] {
  if (parts.length === 0) throw invalidInput(['input', 'parts'], 'Somebody has to share in it.')
  ensureHeard(split, parts)
  ensureOnce(
    parts.map(({ memberId }) => memberId),
    'parts',
  )
  ensureOnce(
    payments.map(({ memberId }) => memberId),
    'payments',
  )
  ensureSum(
    total,
    payments.map(({ amount }) => amount),
    'payments',
  )
  const owed = owedBy(total, split, parts)
  const paid = new Map(payments.map(({ memberId, amount }) => [memberId, amount.amountMinor]))
  const sharing = parts.map(({ memberId, shares }, at) => ({
    memberId,
    shares: split === 'SHARES' ? (shares ?? null) : null,
    owedMinor: owed[at] ?? 0,
    paidMinor: paid.get(memberId) ?? 0,
  }))
  const named = new Set(parts.map(({ memberId }) => memberId))
  const paying = payments
    .filter(({ memberId }) => !named.has(memberId))
    .map(({ memberId, amount }) => ({ memberId, shares: null, owedMinor: 0, paidMinor: amount.amountMinor }))
  return [...sharing, ...paying].filter(({ owedMinor, paidMinor }) => owedMinor > 0 || paidMinor > 0)
}
