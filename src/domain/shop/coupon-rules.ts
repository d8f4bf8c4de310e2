import { DomainError } from '../../core/errors.ts'
import { money, showMoney, writeMoney } from '../../core/money.ts'
import { SHOP_CURRENCY } from './rules.ts'

/** Why a coupon cannot be used for a cart. */
export const COUPON_REFUSALS = [
  'UNKNOWN',
  'INACTIVE',
  'NOT_YET_VALID',
  'EXPIRED',
  'MINIMUM_NOT_REACHED',
  'USED_UP',
  'USED_UP_BY_MEMBER',
  'MEMBERS_ONLY',
  'NOT_COMBINABLE',
] as const
export type CouponRefusal = (typeof COUPON_REFUSALS)[number]

/** What the database says about a coupon at one moment. */
export interface CouponFacts {
  readonly isActive: boolean
  readonly isTooEarly: boolean
  readonly isOver: boolean
  readonly minSubtotalMinor: number
  readonly maxUses: number | null
  readonly maxUsesPerMember: number | null
  /** By paid orders, and by unpaid ones whose time is not over. */
  readonly uses: number
  /** The same for this member; null for a guest, for whom nothing that is capped per member is. */
  readonly usesByMember: number | null
  readonly isStackable: boolean
}

/** A guest is a new one at will, so a cap per member is only kept by members. */
export function capRefusal({
  maxUsesPerMember,
  usesByMember,
}: Pick<CouponFacts, 'maxUsesPerMember' | 'usesByMember'>): CouponRefusal | null {
  if (maxUsesPerMember === null) return null
  if (usesByMember === null) return 'MEMBERS_ONLY'
  return usesByMember >= maxUsesPerMember ? 'USED_UP_BY_MEMBER' : null
}

/** The first reason against using it for goods of so much beside `others`; null where there is none. */
export function couponRefusal(
  coupon: CouponFacts,
  subtotalMinor: number,
  others: readonly { readonly isStackable: boolean }[],
): CouponRefusal | null {
  if (!coupon.isActive) return 'INACTIVE'
  if (coupon.isTooEarly) return 'NOT_YET_VALID'
  if (coupon.isOver) return 'EXPIRED'
  if (coupon.maxUses !== null && coupon.uses >= coupon.maxUses) return 'USED_UP'
  const capped = capRefusal(coupon)
  if (capped !== null) return capped
  if (others.length > 0 && !(coupon.isStackable && others.every((other) => other.isStackable))) return 'NOT_COMBINABLE'
  if (subtotalMinor < coupon.minSubtotalMinor) return 'MINIMUM_NOT_REACHED'
  return null
}

const SENTENCES: Readonly<Record<CouponRefusal, string>> = {
  UNKNOWN: 'There is no such coupon.',
  INACTIVE: 'This coupon is no longer in use.',
  NOT_YET_VALID: 'This coupon is not valid yet.',
  EXPIRED: 'This coupon is no longer valid.',
  MINIMUM_NOT_REACHED: 'What is in the cart costs less than this coupon asks for.',
  USED_UP: 'This coupon has been used up.',
  USED_UP_BY_MEMBER: 'You have used this coupon as often as you may.',
  MEMBERS_ONLY: 'This coupon is for members: sign in to use it.',
  NOT_COMBINABLE: 'This coupon cannot be used together with another one.',
}

/** An order that a coupon was judged for. */
interface JudgedOrder {
  readonly minSubtotalMinor: number
  readonly subtotalMinor: number
}

/** How much more has to be in the cart for the coupon to take something off, in minor units. */
export const missingMinor = ({ minSubtotalMinor, subtotalMinor }: JudgedOrder): number =>
  Math.max(minSubtotalMinor - subtotalMinor, 0)

/** @param order for `MINIMUM_NOT_REACHED`, to say how much is missing. */
export function couponNotApplicable(
  reason: CouponRefusal,
  coupon: string,
  path: readonly string[],
  order?: JudgedOrder,
): DomainError {
  if (order === undefined || reason !== 'MINIMUM_NOT_REACHED') {
    return new DomainError('COUPON_NOT_APPLICABLE', SENTENCES[reason], path, { reason, coupon })
  }
  const minimum = money(order.minSubtotalMinor, SHOP_CURRENCY)
  const missing = money(missingMinor(order), SHOP_CURRENCY)
  const message = `This coupon is for orders of ${writeMoney(minimum)} and more: add ${writeMoney(missing)} to use it.`
  const amounts = { minimum: showMoney(minimum), missing: showMoney(missing) }
  return new DomainError('COUPON_NOT_APPLICABLE', message, path, { reason, coupon, ...amounts })
}
