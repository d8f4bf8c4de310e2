import { eq } from 'drizzle-orm'
import { exchangeRates } from '../../db/tables/exchange-rate.ts'
import type { Portability } from '../account/portability.ts'

/** Of staff: the rates that they set. They stay, without the name. */
export const exchangeRatePortability: Portability = {
  room: 'exchangeRates',
  exportOf: (tx, accountId) =>
    tx.orm
      .select({
        currency: exchangeRates.currency,
        ratedOn: exchangeRates.ratedOn,
        unitsPerEuro: exchangeRates.unitsPerEuro,
        updatedAt: exchangeRates.updatedAt,
      })
      .from(exchangeRates)
      .where(eq(exchangeRates.setById, accountId))
      .orderBy(exchangeRates.ratedOn, exchangeRates.currency),
  async eraseOf() {},
}
