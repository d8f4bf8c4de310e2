import { Field, ID, InputType, Int } from 'type-graphql'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Money, MoneyInput } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { KEY } from './staff.ts'

export const CouponKind = enumOf<'PERCENT' | 'FIXED'>('CouponKind', 'What a coupon takes off.', {
  PERCENT: 'A share of the subtotal.',
  FIXED: 'An amount, at most what the order comes to.',
})

@GraphObject('A code that makes an order cheaper, as staff sees it.', [Node])
export class Coupon extends Node {
  @Field(() => String, { description: 'In capitals; buyers may write it as they like.' })
  code: string

  @Field(() => String)
  description: string

  @Field(() => CouponKind)
  kind: 'PERCENT' | 'FIXED'

  @Field(() => Int, { nullable: true, description: 'Hundredths of a percent: 1250 takes off 12.5 %.' })
  percentBasisPoints: number | null

  @Field(() => Money, { nullable: true })
  amount: Money | null

  @Field(() => Money, { description: 'What an order must come to before discounts.' })
  minSubtotal: Money

  @Field(() => DateTime, { nullable: true })
  validFrom: string | null

  @Field(() => DateTime, { nullable: true })
  validUntil: string | null

  @Field(() => Int, { nullable: true, description: 'How often it may be used by all together; null for no cap.' })
  maxUses: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'How often one member may use it, which then guests may not; null for no cap.',
  })
  maxUsesPerMember: number | null

  @Field(() => Boolean, { description: 'May be used together with others that also may.' })
  isStackable: boolean

  @Field(() => Boolean)
  isActive: boolean

  @Field(() => Int, { description: 'How often it was used by orders that were paid.' })
  usedCount: number
}

export const CouponState = enumOf<'USABLE' | 'UPCOMING' | 'OVER' | 'OFF'>(
  'CouponState',
  'Where a coupon is in its time.',
  {
    USABLE: 'Buyers may use it now.',
    UPCOMING: 'Its time has not come.',
    OVER: 'Its time is over, or it was used as often as it may be.',
    OFF: 'Staff has switched it off.',
  },
)

export const CouponOrder = enumOf<'NEWEST' | 'CODE'>('CouponOrder', 'In which order coupons are listed.', {
  NEWEST: 'The latest one first.',
  CODE: 'From A to Z.',
})

@InputType({ description: 'Coupons must meet every condition that is given.' })
export class CouponFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Part of the code, or of what staff wrote about it; 3 to 100 characters.',
  })
  text?: string

  @Field(() => CouponState, { nullable: true })
  state?: 'USABLE' | 'UPCOMING' | 'OVER' | 'OFF'
}

export const { Connection: CouponConnection } = connectionOf(Coupon)

@InputType()
class CouponTermsInput {
  @Field(() => String, { nullable: true })
  description?: string

  @Field(() => MoneyInput, { nullable: true, description: 'What an order must come to before discounts.' })
  minSubtotal?: MoneyInput | null

  @Field(() => DateTime, { nullable: true })
  validFrom?: string | null

  @Field(() => DateTime, { nullable: true })
  validUntil?: string | null

  @Field(() => Int, { nullable: true, description: 'By all together; null for no cap.' })
  maxUses?: number | null

  @Field(() => Int, { nullable: true, description: 'By one buyer; null for no cap.' })
  maxUsesPerMember?: number | null

  @Field(() => Boolean, { nullable: true, description: 'May be used together with others that also may.' })
  isStackable?: boolean | null
}

@InputType({ description: 'Takes off either `percentBasisPoints` or `amount`.' })
export class CreateCouponInput extends CouponTermsInput {
  @Field(() => String, { description: '3 to 30 letters A–Z, digits or `-`, in any case.' })
  code: string

  @Field(() => Int, { nullable: true, description: 'Hundredths of a percent: 1250 takes off 12.5 %.' })
  percentBasisPoints?: number | null

  @Field(() => MoneyInput, { nullable: true })
  amount?: MoneyInput | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are. What it takes off stays in any case.' })
export class UpdateCouponInput extends CouponTermsInput {
  @Field(() => ID)
  id: string

  @Field(() => Boolean, { nullable: true, description: 'False withdraws it.' })
  isActive?: boolean | null
}

export const CreateCouponPayload = payloadOf('CreateCouponPayload', 'coupon', () => Coupon, 'The new coupon.')
export const UpdateCouponPayload = payloadOf('UpdateCouponPayload', 'coupon', () => Coupon, 'The changed coupon.')
