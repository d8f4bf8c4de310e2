import { z } from 'zod'
import type { Money } from '../../core/money.ts'
import { MAX_AMOUNT_MINOR, SHOP_CURRENCY } from './rules.ts'

/** What one piece may cost. */
export const priceInput = z
  .custom<Money>()
  .refine(({ currency }) => currency === SHOP_CURRENCY, `The shop sells in ${SHOP_CURRENCY}.`)
  .refine(
    ({ amountMinor }) => amountMinor >= 1 && amountMinor <= MAX_AMOUNT_MINOR,
    'A price is from 0.01 to 999999.99.',
  )

/** Any case; kept in capitals. */
export const skuInput = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9](?:[A-Z0-9._-]{0,38}[A-Z0-9])?$/, 'A SKU has 1 to 40 letters A–Z, digits, `.`, `_` or `-`.')
