/** Who sells what the shop and the cinema sell, as receipts have to say. */
export interface Seller {
  readonly name: string
  /** Line by line, as on an envelope; may be empty. */
  readonly address: readonly string[]
  /** Its number with the tax office; null where there is none to tell. */
  readonly taxId: string | null
}

/** So that the receipts of a demonstration look like receipts; nobody lives there. */
const DEMO_ADDRESS = 'Demonstration Street 1, 10115 Berlin, Germany'

/** As the settings say it: the address stands on one line, with commas between the lines of an envelope. */
export function sellerOf(
  settings: { SELLER_NAME: string; SELLER_ADDRESS?: string | undefined; SELLER_TAX_ID?: string | undefined },
  isDemo: boolean,
): Seller {
  const address = (settings.SELLER_ADDRESS ?? (isDemo ? DEMO_ADDRESS : '')).split(',').map((line) => line.trim())
  return {
    name: settings.SELLER_NAME,
    address: address.filter((line) => line !== ''),
    taxId: settings.SELLER_TAX_ID ?? null,
  }
}
