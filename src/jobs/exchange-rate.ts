import type { Deps } from '../domain/deps.ts'
import { bringRates, fetchExchangeRates } from '../domain/exchange-rate/exchange-rate.ts'
import { fetchedRates } from '../gateways/exchange-rate/sources.ts'
import type { Queue } from '../gateways/queue.ts'

/** Asks nobody for rates unless the operator has said whom. The bank publishes at about 16:00 in Frankfurt. */
export function exchangeRateJobs(queue: Queue, deps: Deps, url: string | null): void {
  if (url === null) return
  queue.work(fetchExchangeRates, async () => {
    const count = await bringRates(deps, fetchedRates(url))
    deps.log.info({ count }, 'exchange rates were brought up to date')
  })
  queue.schedule(fetchExchangeRates, '30 16 * * *', {})
}
