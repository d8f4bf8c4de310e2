import { eq } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { localDate } from '../../core/local-time.ts'
import { type Currency, currencyOf } from '../../core/money.ts'
import type { Executor } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { expensePreferences } from '../../db/tables/expense/budget.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { summaryChanged } from './topics.ts'

/** What a member's books are kept by. */
export interface Books {
  readonly currency: Currency
  readonly booksOrders: boolean
  readonly timeZone: string
  /** The date where the member is. */
  readonly today: string
}

export const DEFAULT_CURRENCY = currencyOf('EUR')

export async function findBooks({ clock }: Pick<Deps, 'clock'>, db: Executor, accountId: Uuid): Promise<Books> {
  const [row] = await db.orm
    .select({
      timeZone: accounts.timeZone,
      currency: expensePreferences.currency,
      booksOrders: expensePreferences.booksOrders,
    })
    .from(accounts)
    .leftJoin(expensePreferences, eq(expensePreferences.accountId, accounts.id))
    .where(eq(accounts.id, accountId))
  const timeZone = row?.timeZone ?? 'UTC'
  return {
    currency: row?.currency == null ? DEFAULT_CURRENCY : currencyOf(row.currency),
    booksOrders: row?.booksOrders ?? true,
    timeZone,
    today: localDate(clock.now().getTime(), timeZone),
  }
}

export async function updateExpensePreferences(
  deps: Deps,
  { accountId }: Viewer,
  change: { currency?: string | undefined; booksOrders?: boolean | undefined },
): Promise<Uuid> {
  await deps.db.orm
    .insert(expensePreferences)
    .values({ accountId, ...change })
    .onConflictDoUpdate({ target: expensePreferences.accountId, set: { accountId, ...change } })
  deps.bus.publish(summaryChanged(accountId), {})
  return accountId
}
