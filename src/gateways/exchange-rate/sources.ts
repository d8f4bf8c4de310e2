import { readFile } from 'node:fs/promises'
import { type RateSource, readRateTable, readRateXml } from './rates.ts'

/** Beside `src` as well as beside `dist`. */
const SHIPPED = new URL('../../../catalogue/exchange-rates/ecb.csv', import.meta.url)

/** The rates that come with Atrium; see the README beside them. */
export const shippedRates: RateSource = {
  fetch: async () => readRateTable(await readFile(SHIPPED, 'utf8')),
}

const TIMEOUT_MS = 30_000
/** The bank's whole history has less than a tenth of it. */
const MAX_BYTES = 20_000_000

/** The bank's XML or table at an address that the operator has set. */
export const fetchedRates = (url: string): RateSource => ({
  async fetch() {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`)
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.length > MAX_BYTES) throw new Error(`${new URL(url).host} answered more than a table of rates`)
    }
    return text.trimStart().startsWith('<') ? readRateXml(text) : readRateTable(text)
  },
})
