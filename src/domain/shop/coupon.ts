import { eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Money } from '../../core/money.ts'
import type { Executor } from '../../db/database.ts'
import { runStatement } from '../../db/statement.ts'
import { cartCoupons, couponHolds, coupons, couponUses } from '../../db/tables/shop/cart.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, prose } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import type { CouponFacts } from './coupon-rules.ts'
import type { Discount } from './pricing.ts'
import { MAX_AMOUNT_MINOR, SHOP_CURRENCY } from './rules.ts'

/** Everything about a coupon that a price depends on. */
export interface Coupon extends CouponFacts, Discount {}

/** Codes are read in any case and with blanks around them. */
export const couponCode = (text: string): string => text.trim().toUpperCase().replaceAll('\0', '').slice(0, 100)

/** Under which a use is entered. All guests have one key, which no cap asks for. */
export const buyerKeyOf = (memberId: Uuid | null): string => (memberId === null ? 'guest' : `member:${memberId}`)

/** @param memberId null for a guest. */
const couponRows = (where: SQL, memberId: Uuid | null): SQL => {
  const buyerKey = buyerKeyOf(memberId)
  const live = sql`${couponHolds.couponId} = ${coupons.id} and ${couponHolds.expiresAt} > clock_timestamp()`
  const ofBuyer =
    memberId === null
      ? sql`null::int`
      : sql`((select count(*) from ${couponUses} where ${couponUses.couponId} = ${coupons.id} and ${couponUses.buyerKey} = ${buyerKey}) + (select count(*) from ${couponHolds} where ${live} and ${couponHolds.buyerKey} = ${buyerKey}))::int`
  return sql`select ${coupons.id} as "couponId", ${coupons.code} as "code", ${coupons.kind} as "kind",
    ${coupons.percentBasisPoints} as "percentBasisPoints", ${coupons.amountMinor} as "amountMinor", ${coupons.isActive} as "isActive",
    coalesce(${coupons.validFrom} > clock_timestamp(), false) as "isTooEarly", coalesce(${coupons.validUntil} <= clock_timestamp(), false) as "isOver",
    ${coupons.minSubtotalMinor} as "minSubtotalMinor", ${coupons.maxUses} as "maxUses", ${coupons.maxUsesPerMember} as "maxUsesPerMember",
    ${coupons.isStackable} as "isStackable", (${coupons.usedCount} + (select count(*) from ${couponHolds} where ${live}))::int as "uses",
    ${ofBuyer} as "usesByMember" from ${coupons} where ${where}`
}

export async function findCouponByCode(db: Executor, code: string, memberId: Uuid | null): Promise<Coupon | null> {
  const [coupon] = await runStatement<Coupon>(db, couponRows(sql`${coupons.code} = ${couponCode(code)}`, memberId))
  return coupon ?? null
}

/** The coupons whose codes are in the cart, in the order in which they were entered. */
export const findCartCoupons = (db: Executor, cartId: Uuid, memberId: Uuid | null): Promise<Coupon[]> =>
  runStatement<Coupon>(
    db,
    sql`${couponRows(sql`${coupons.id} in (select ${cartCoupons.couponId} from ${cartCoupons} where ${cartCoupons.cartId} = ${cartId}::text::uuid)`, memberId)} order by (select ${cartCoupons.createdAt} from ${cartCoupons} where ${cartCoupons.cartId} = ${cartId}::text::uuid and ${cartCoupons.couponId} = ${coupons.id})`,
  )

const amount = (what: string, from: number) =>
  z
    .custom<Money>()
    .refine(({ currency }) => currency === SHOP_CURRENCY, `The shop sells in ${SHOP_CURRENCY}.`)
    .refine(({ amountMinor }) => amountMinor >= from && amountMinor <= MAX_AMOUNT_MINOR, `${what} is out of range.`)

const cap = z.int().min(1, 'A cap is at least 1.').max(1_000_000_000)

const terms = {
  description: prose('A description', 0, 500),
  minSubtotal: amount('The least order', 0).nullish(),
  validFrom: z.string().nullish(),
  validUntil: z.string().nullish(),
  maxUses: cap.nullish(),
  maxUsesPerMember: cap.nullish(),
  isStackable: z.boolean(),
}

const newCouponInput = z
  .object({
    ...terms,
    description: terms.description.default(''),
    isStackable: terms.isStackable.default(false),
    code: z
      .string()
      .transform(couponCode)
      .refine((code) => /^[A-Z0-9][A-Z0-9-]{2,29}$/.test(code), 'A code has 3 to 30 letters A–Z, digits or `-`.'),
    percentBasisPoints: leftOut(z.int().min(1, 'A percentage is above 0.').max(10_000, 'A percentage is at most 100.')),
    amount: leftOut(amount('The amount', 1)),
  })
  .refine(({ percentBasisPoints, amount }) => (percentBasisPoints === undefined) !== (amount === undefined), {
    path: ['amount'],
    error: 'A coupon takes off either a percentage or an amount.',
  })

const changeInput = z.object({
  ...terms,
  description: leftOut(terms.description),
  isStackable: leftOut(terms.isStackable),
  isActive: leftOut(z.boolean()),
})

export interface CouponTerms {
  description?: string | undefined
  /** What the goods must come to before discounts. */
  minSubtotal?: Money | null | undefined
  validFrom?: string | null | undefined
  validUntil?: string | null | undefined
  maxUses?: number | null | undefined
  maxUsesPerMember?: number | null | undefined
  isStackable?: boolean | null | undefined
}

export interface NewCoupon extends CouponTerms {
  code: string
  percentBasisPoints?: number | null | undefined
  amount?: Money | null | undefined
  idempotencyKey?: string | undefined
}

const REFUSALS: Readonly<Record<string, () => DomainError>> = {
  coupons_code_taken: () => new DomainError('TAKEN', 'There is already a coupon with this code.', ['input', 'code']),
  coupons_validity: () => invalidInput(['input', 'validUntil'], 'A coupon ends after it begins.'),
  coupons_not_used_too_often: () => invalidInput(['input', 'maxUses'], 'It has been used more often than that.'),
}

async function write<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const refusal = REFUSALS[violatedConstraint(error) ?? '']
    throw refusal === undefined ? error : refusal()
  }
}

const columnsOf = (
  terms: Pick<CouponTerms, 'minSubtotal' | 'validFrom' | 'validUntil' | 'maxUses' | 'maxUsesPerMember'>,
) => ({
  minSubtotalMinor: terms.minSubtotal === undefined ? undefined : (terms.minSubtotal?.amountMinor ?? 0),
  validFrom: terms.validFrom,
  validUntil: terms.validUntil,
  maxUses: terms.maxUses,
  maxUsesPerMember: terms.maxUsesPerMember,
})

/** @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `TAKEN` (code), `CONFLICT` (key). */
export async function createCoupon(deps: Deps, viewer: Viewer, input: NewCoupon): Promise<Uuid> {
  ensureStaff(viewer)
  const { code, description, percentBasisPoints, amount, isStackable, ...terms } = checkInput(newCouponInput, input)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createCoupon', input, async () => {
      const id = newId()
      await write(
        tx.orm.insert(coupons).values({
          id,
          code,
          description,
          kind: percentBasisPoints === undefined ? 'FIXED' : 'PERCENT',
          percentBasisPoints: percentBasisPoints ?? null,
          amountMinor: amount?.amountMinor ?? null,
          currency: SHOP_CURRENCY,
          isStackable,
          ...columnsOf(terms),
        }),
      )
      return id
    }),
  )
}

/**
 * Changes the terms; what it takes off stays. Fields that are left out stay as they are, null takes a limit away.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT`.
 */
export async function updateCoupon(
  deps: Deps,
  viewer: Viewer,
  input: CouponTerms & { id: Uuid; isActive?: boolean | null | undefined },
): Promise<Uuid> {
  ensureStaff(viewer)
  const { description, isStackable, isActive, ...terms } = checkInput(changeInput, input)
  const changed = await write(
    deps.db.orm
      .update(coupons)
      .set({ description, isStackable, isActive, ...columnsOf(terms), updatedAt: sql`now()` })
      .where(eq(coupons.id, input.id))
      .returning({ id: coupons.id }),
  )
  if (changed.length === 0) throw notFound('coupon', ['input', 'id'])
  return input.id
}
