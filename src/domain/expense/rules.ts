import { z } from 'zod'
import { isDay } from '../../core/calendar.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { Money } from '../../core/money.ts'
import type { recurringStatus } from '../../db/tables/expense/recurring.ts'
import { line, prose } from '../input.ts'
import type { Viewer } from '../viewer.ts'

/** A member's own, those in the archive included. */
export const MAX_CATEGORIES = 100
export const MAX_BUDGETS = 500
/** Of one expense; the database holds it. */
export const MAX_RECEIPTS = 10
export const MAX_RECURRING = 200
/** In minor units: more money than a member spends at once, and far below what sums of many could not be exact for. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000

/** Where expenses go whose category nobody chose; see the migration. */
export const LEISURE = '01940000-0000-7000-8000-000000000002'
export const OTHERS = '01940000-0000-7000-8000-000000000007'

/** What a member spends is nobody else's business, staff's neither. */
export const ownsExpense = (viewer: Viewer | null, { accountId }: { readonly accountId: string | null }): boolean =>
  viewer !== null && viewer.accountId === accountId

export const canUseCategory = (viewer: Viewer | null, { accountId }: { readonly accountId: string | null }): boolean =>
  viewer !== null && (accountId === null || viewer.accountId === accountId)

export const amount = z
  .custom<Money>()
  .refine(({ amountMinor }) => amountMinor > 0, 'An amount is more than 0.')
  .refine(({ amountMinor }) => amountMinor <= MAX_AMOUNT_MINOR, 'This amount is too large.')

export const day = z
  .string()
  .refine(
    (text) => isDay(text) && text >= '1900-01-01' && text <= '2200-12-31',
    'A date lies in the years 1900 to 2200.',
  )

export const description = line('A description', 1, 200)
export const note = prose('A note', 0, 2000)

/** What has ended does not come back; another one is made. */
export const recurringLifecycle = lifecycle<(typeof recurringStatus.enumValues)[number]>('recurring expense', {
  ACTIVE: ['PAUSED', 'ENDED'],
  PAUSED: ['ACTIVE', 'ENDED'],
  ENDED: [],
})
