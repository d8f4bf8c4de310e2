/**
 * Tax and shipping, kept simple and stated here. Prices of goods are without tax. The standard rate of the country that
 * they go to is added to goods and shipping; to countries outside the European Union they go without (their buyers pay
 * the duties of their country). Shipping costs a flat sum by zone and nothing from `FREE_FROM_MINOR` on within the Union.
 */
interface Destination {
  readonly taxBasisPoints: number
  readonly shippingMinor: number
  /** Whether an order that is worth it travels free. */
  readonly mayBeFree: boolean
}

export const FREE_FROM_MINOR = 7_500

const HOME_SHIPPING_MINOR = 490
const UNION_SHIPPING_MINOR = 990
const WORLD_SHIPPING_MINOR = 1_990

const within = (taxBasisPoints: number, shippingMinor = UNION_SHIPPING_MINOR): Destination => ({
  taxBasisPoints,
  shippingMinor,
  mayBeFree: true,
})
const abroad: Destination = { taxBasisPoints: 0, shippingMinor: WORLD_SHIPPING_MINOR, mayBeFree: false }

/** Where the shop delivers to (ISO 3166-1). Standard rates of 2026. */
const DESTINATIONS: Readonly<Record<string, Destination>> = {
  AT: within(2_000),
  BE: within(2_100),
  CH: abroad,
  DE: within(1_900, HOME_SHIPPING_MINOR),
  DK: within(2_500),
  ES: within(2_100),
  FI: within(2_550),
  FR: within(2_000),
  GB: abroad,
  IE: within(2_300),
  IT: within(2_200),
  JP: abroad,
  LU: within(1_700),
  NL: within(2_100),
  NO: abroad,
  PL: within(2_300),
  PT: within(2_300),
  SE: within(2_500),
  US: abroad,
}

export const HOME_COUNTRY = 'DE'
/** Days on receipts are those of the shop. */
export const HOME_TIME_ZONE = 'Europe/Berlin'

export const DELIVERY_COUNTRIES: readonly string[] = Object.keys(DESTINATIONS)

/** Undefined for a country that the shop does not deliver to. */
export const findDestination = (country: string): Destination | undefined =>
  Object.hasOwn(DESTINATIONS, country) ? DESTINATIONS[country] : undefined

export type { Destination }
