import { invalidInput } from '../../core/errors.ts'
import { currencyOf, isCurrency, parseMoney } from '../../core/money.ts'
import { checkAll } from '../input.ts'

/** What a seat costs, by its type; what is not given costs as much as a standard seat. Decimals such as `9.50`. */
export interface PricesInput {
  currency: string
  standard: string
  premium?: string | undefined
  accessible?: string | undefined
  /** Of one of the two seats. */
  couple?: string | undefined
}

export interface PriceColumns {
  currency: string
  standardMinor: number
  premiumMinor: number
  accessibleMinor: number
  coupleMinor: number
}

/** In minor units; the column holds 2³¹ − 1, and no ticket costs a tenth of it. */
const MAX_PRICE_MINOR = 100_000_000

/** @throws DomainError `INVALID_INPUT` naming each price that is none. */
export async function checkPrices(input: PricesInput, path = ['input', 'prices']): Promise<PriceColumns> {
  if (!isCurrency(input.currency)) throw invalidInput([...path, 'currency'], 'This is no currency of ISO 4217.')
  const currency = currencyOf(input.currency)
  const price = (field: 'standard' | 'premium' | 'accessible' | 'couple') => (): number | null => {
    const given = input[field]
    if (given === undefined || given === null) return null
    const at = [...path, field]
    const { amountMinor } = parseMoney(given, currency, at)
    if (amountMinor < 0) throw invalidInput(at, 'A price is not negative.')
    if (amountMinor > MAX_PRICE_MINOR) throw invalidInput(at, 'This price is too high.')
    return amountMinor
  }
  type Minor = number | null
  const [standard, premium, accessible, couple] = await checkAll<[Minor, Minor, Minor, Minor]>(
    price('standard'),
    price('premium'),
    price('accessible'),
    price('couple'),
  )
  const standardMinor = standard ?? 0
  return {
    currency,
    standardMinor,
    premiumMinor: premium ?? standardMinor,
    accessibleMinor: accessible ?? standardMinor,
    coupleMinor: couple ?? standardMinor,
  }
}
