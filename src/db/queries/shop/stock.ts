import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { stockHolds, stockLevels } from '../../tables/shop/stock.ts'

/**
 * Pieces of a variant that can be bought now: those on the shelf without those that unpaid orders keep. A reading for
 * people and lists; whoever takes stock locks its level first and asks the clock behind the lock.
 */
export const availableOf = (variantId: SQLWrapper): SQL =>
  sql`((select ${stockLevels.quantity} from ${stockLevels} where ${stockLevels.variantId} = ${variantId}) - coalesce((select sum(${stockHolds.quantity})::int from ${stockHolds} where ${stockHolds.variantId} = ${variantId} and ${stockHolds.expiresAt} > clock_timestamp()), 0))`
