import type { Uuid } from '../../core/ids.ts'
import { topic } from '../../live/bus.ts'

/** Something in a member's books changed. */
export const summaryChanged = (accountId: Uuid) => topic<Record<string, never>>('expenseSummaryChanged', accountId)
