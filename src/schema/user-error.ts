import { GraphQLSafeInt } from 'graphql-scalars'
import { type ClassType, Field, ID, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import { DomainError, ERROR_CODES, type ErrorCode, unauthenticated } from '../core/errors.ts'
import { isAccountGone, isDanglingReference } from '../db/violations.ts'
import type { CouponRefusal as CouponRefusalName } from '../domain/shop/coupon-rules.ts'
import { Costs, type DeclaredCost } from './cost.ts'
import { enumOf } from './enums.ts'
import { Money } from './money.ts'
import { GraphObject } from './object.ts'
import { DateTime } from './scalars.ts'

const ErrorCodeEnum = Object.fromEntries(ERROR_CODES.map((code) => [code, code])) as { [Code in ErrorCode]: Code }
registerEnumType(ErrorCodeEnum, {
  name: 'ErrorCode',
  description: 'What went wrong, for programs. A code is never renamed.',
})

@InterfaceType({
  description: 'Something in the input keeps a mutation from being done. Nothing was changed.',
  resolveType: (error: UserError) => TYPES[error.code] ?? 'InvalidInput',
})
export abstract class UserError {
  @Field(() => ErrorCodeEnum)
  code: ErrorCode

  @Field(() => String, { description: 'A sentence for people.' })
  message: string

  @Field(() => [String], { description: 'Where in the arguments: `["input", "tags", "0"]`.' })
  path: string[]
}

@GraphObject('A value is not acceptable as it is.', [UserError])
export class InvalidInput extends UserError {}

@GraphObject('There is no such thing, or the viewer may not see it.', [UserError])
export class NotFound extends UserError {}

@GraphObject('The idempotency key was used for another request.', [UserError])
export class Conflict extends UserError {}

@GraphObject('Someone or something else has this unique value.', [UserError])
export class Taken extends UserError {}

@GraphObject('The password, or the name that it is for, is wrong.', [UserError])
export class WrongCredentials extends UserError {}

@GraphObject('The thing is not in a state from which it can take this step.', [UserError])
export class IllegalTransition extends UserError {
  @Field(() => String, { description: 'The state it is in.' })
  from: string

  @Field(() => [String], { description: 'The states it can go to from there.' })
  allowed: string[]
}

@GraphObject('There may not be more of it.', [UserError])
export class LimitExceeded extends UserError {
  @Field(() => GraphQLSafeInt, { description: 'How many there may be; of money in minor units.' })
  limit: number
}

@GraphObject('There is not so much of it.', [UserError])
export class InsufficientStock extends UserError {
  @Field(() => Int, { description: 'How many can be bought now.' })
  available: number

  @Field(() => ID, { nullable: true, description: 'Of which variant, where several are bought at once.' })
  variantId: string | null
}

export const CouponRefusal = enumOf<CouponRefusalName>('CouponRefusal', 'Why a coupon takes nothing off.', {
  UNKNOWN: 'There is no such code.',
  INACTIVE: 'It was withdrawn.',
  NOT_YET_VALID: 'Its time has not come.',
  EXPIRED: 'Its time is over.',
  MINIMUM_NOT_REACHED: 'The order is too small for it.',
  USED_UP: 'It has been used as often as it may be by all together.',
  USED_UP_BY_MEMBER: 'This buyer has used it as often as they may.',
  MEMBERS_ONLY: 'It has a cap per member, and is for those who have signed in.',
  NOT_COMBINABLE: 'It cannot be used together with another one in the cart.',
})

@GraphObject('A coupon cannot be used for this cart.', [UserError])
export class CouponNotApplicable extends UserError {
  @Field(() => CouponRefusal)
  reason: CouponRefusalName

  @Field(() => String, { description: 'Its code.' })
  coupon: string

  @Field(() => Money, {
    nullable: true,
    description: 'For `MINIMUM_NOT_REACHED`: what everything in the cart must come to before discounts.',
  })
  minimum: Money | null

  @Field(() => Money, {
    nullable: true,
    description: 'For `MINIMUM_NOT_REACHED`: how much more that is than is there.',
  })
  missing: Money | null
}

@GraphObject('What is to be paid is not what the buyer was shown.', [UserError])
export class PriceChanged extends UserError {
  @Field(() => Money, { description: 'What was shown.' })
  seen: Money

  @Field(() => Money, { description: 'What it is now.' })
  now: Money
}

@GraphObject('A message can no longer be edited.', [UserError])
export class EditWindowOver extends UserError {
  @Field(() => DateTime, { description: 'Until when it could.' })
  endedAt: string
}

@GraphObject('Only members who meet a condition may do this, and the message says which.', [UserError])
export class NotEligible extends UserError {}

@GraphObject('The viewer has voted in this poll, and each member votes once.', [UserError])
export class AlreadyVoted extends UserError {
  @Field(() => Boolean, { description: 'It can be changed with `changeVote`.' })
  mayChangeVote: boolean
}

@GraphObject('The poll takes no votes now.', [UserError])
export class PollClosed extends UserError {
  @Field(() => DateTime, { nullable: true, description: 'Null for a poll that has not been opened yet.' })
  closedAt: string | null
}

@GraphObject('Somebody has voted, so the poll stays as it is.', [UserError])
export class PollFrozen extends UserError {
  @Field(() => DateTime)
  firstVoteAt: string
}

@GraphObject('The bank declined the payment. Another card may work.', [UserError])
export class PaymentDeclined extends UserError {
  @Field(() => String, { description: 'As the gateway calls it: `insufficient_funds`.' })
  declineCode: string
}

/** Codes that are missing here are top-level errors, or carry nothing that `InvalidInput` has not. */
const TYPES: Partial<Record<ErrorCode, string>> = {
  INVALID_INPUT: 'InvalidInput',
  NOT_FOUND: 'NotFound',
  CONFLICT: 'Conflict',
  TAKEN: 'Taken',
  WRONG_CREDENTIALS: 'WrongCredentials',
  ILLEGAL_TRANSITION: 'IllegalTransition',
  LIMIT_EXCEEDED: 'LimitExceeded',
  INSUFFICIENT_STOCK: 'InsufficientStock',
  COUPON_NOT_APPLICABLE: 'CouponNotApplicable',
  PRICE_CHANGED: 'PriceChanged',
  PAYMENT_DECLINED: 'PaymentDeclined',
  EDIT_WINDOW_OVER: 'EditWindowOver',
  NOT_ELIGIBLE: 'NotEligible',
  ALREADY_VOTED: 'AlreadyVoted',
  POLL_CLOSED: 'PollClosed',
  POLL_FROZEN: 'PollFrozen',
  SCREEN_BUSY: 'ScreenBusy',
  SEATS_TAKEN: 'SeatsTaken',
  SEATS_LEFT_ALONE: 'SeatsLeftAlone',
  HOLD_LAPSED: 'HoldLapsed',
  ALREADY_CHECKED_IN: 'AlreadyCheckedIn',
  PAGE_NOT_USABLE: 'PageNotUsable',
  NOTHING_LOGGED: 'NothingLogged',
  CANCELLATION_CLOSED: 'CancellationClosed',
}

/** Implementations that no field names by itself, for the schema to include. */
export const USER_ERROR_TYPES = [
  InvalidInput,
  NotFound,
  Conflict,
  Taken,
  WrongCredentials,
  IllegalTransition,
  LimitExceeded,
  InsufficientStock,
  CouponNotApplicable,
  PriceChanged,
  PaymentDeclined,
  EditWindowOver,
  NotEligible,
  AlreadyVoted,
  PollClosed,
  PollFrozen,
] as const

const toUserError = ({ code, message, argument, details }: DomainError): UserError => ({
  ...details,
  code,
  message,
  path: [...argument],
})

/** The refusal of a write that points at what was deleted between being looked up and being pointed at. */
function deletedMeanwhile(error: unknown): DomainError | null {
  if (isAccountGone(error)) return unauthenticated('Your account has been deleted.')
  if (!isDanglingReference(error)) return null
  return new DomainError('NOT_FOUND', 'Something that this refers to was deleted at the same moment.')
}

export type Payload<Field extends string, Value> = { [F in Field]: Value | null } & { userErrors: UserError[] }

/**
 * A mutation's answer: the value in `field`, or the user errors that kept it from being done. Refusals of the caller as
 * a whole (`UNAUTHENTICATED`, `FORBIDDEN`, `RATE_LIMITED`) stay top-level errors, and everything unforeseen is masked.
 */
export async function payload<const Field extends string, Value>(
  context: { readonly loaders: { clear(): void } },
  field: Field,
  work: () => Promise<Value>,
): Promise<Payload<Field, Value>> {
  const named = async () => ({ [field]: await work() })
  return { [field]: null, ...(await payloadOfAll(context, named)) } as unknown as Payload<Field, Value>
}

/** The same for a mutation that answers several things: `work` names each of them. They are missing where there are user errors. */
export async function payloadOfAll<Values extends object>(
  context: { readonly loaders: { clear(): void } },
  work: () => Promise<Values>,
): Promise<Partial<Values> & { userErrors: UserError[] }> {
  // Mutations of one document run one after the other: each must read what the one before it wrote.
  context.loaders.clear()
  try {
    return { ...(await work()), userErrors: [] }
  } catch (error) {
    const refused = deletedMeanwhile(error) ?? error
    if (!(refused instanceof DomainError) || refused.isTopLevel) throw refused
    const none: Partial<Values> = {}
    return { ...none, userErrors: refused.all.map(toUserError) }
  }
}

/** The payload type `name` with the field `field`, null where there are user errors; a list declares its `cost`. */
export function payloadOf(
  name: string,
  field: string,
  type: () => ClassType | object,
  description: string,
  cost?: DeclaredCost,
): ClassType {
  @ObjectType(name, { simpleResolvers: true })
  class PayloadType {
    @Field(() => [UserError], { description: 'Why it was not done; empty when it was.' })
    userErrors: UserError[]
  }
  return alsoAnswers(PayloadType, field, type, description, cost)
}

/** A payload type with one more field, for a mutation that answers several things (`payloadOfAll`). */
export function alsoAnswers(
  payloadType: ClassType,
  field: string,
  type: () => ClassType | object,
  description: string,
  cost?: DeclaredCost,
): ClassType {
  Field(type as () => ClassType, { nullable: true, description })(payloadType.prototype, field)
  if (cost !== undefined) Costs(cost)(payloadType.prototype, field)
  return payloadType
}
