import { Field, ID, InputType, Int } from 'type-graphql'
import type { BillSplit as SplitName } from '../../domain/bill/split.ts'
import { Expense, KEY } from '../expense/expense.ts'
import { MoneyInput } from '../money.ts'
import { LocalDate } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { Bill, BillGroup, BillSettlement, BillSplit } from './bill.ts'

@InputType()
export class CreateBillGroupInput {
  @Field(() => String, { description: '1 to 80 characters.' })
  name: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class RenameBillGroupInput {
  @Field(() => ID)
  id: string

  @Field(() => String)
  name: string
}

@InputType()
export class InviteToBillGroupInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { description: 'Of the member: `ada`.' })
  handle: string
}

@InputType()
export class WithdrawBillInvitationInput {
  @Field(() => ID)
  groupId: string

  @Field(() => ID, { description: 'The `BillMember` who is invited.' })
  memberId: string
}

@InputType({ description: 'The id of what the mutation is named after: a group, a bill, a settlement, an invitation.' })
export class BillGroupInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class BillPartInput {
  @Field(() => ID, { description: 'A `BillMember` of the group.' })
  memberId: string

  @Field(() => Int, { nullable: true, description: 'Of a bill that is split by SHARES, and of no other: 1 to 10000.' })
  shares?: number | null

  @Field(() => MoneyInput, { nullable: true, description: 'Of a bill that is split by EXACT parts, and of no other.' })
  amount?: MoneyInput | null
}

@InputType()
export class BillPaymentInput {
  @Field(() => ID, { description: 'A `BillMember` of the group.' })
  memberId: string

  @Field(() => MoneyInput)
  amount: MoneyInput
}

@InputType()
class BillContentInput {
  @Field(() => String)
  description: string

  @Field(() => String, { nullable: true })
  note?: string

  @Field(() => MoneyInput, { description: 'More than 0.' })
  amount: MoneyInput

  @Field(() => LocalDate, { nullable: true, description: 'Today where the member is, unless told.' })
  spentOn?: string | null

  @Field(() => BillSplit, { defaultValue: 'EQUAL' })
  split: SplitName

  @Field(() => [BillPartInput], { nullable: true, description: 'Who shares in it; all members equally unless told.' })
  parts?: BillPartInput[] | null

  @Field(() => [BillPaymentInput], {
    nullable: true,
    description: 'Who paid how much; the viewer all of it unless told.',
  })
  payments?: BillPaymentInput[] | null
}

@InputType()
export class AddBillInput extends BillContentInput {
  @Field(() => ID)
  groupId: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Replaces a bill as a whole.' })
export class UpdateBillInput extends BillContentInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class SettleBillsInput {
  @Field(() => ID)
  groupId: string

  @Field(() => ID, { description: 'The `BillMember` who paid.' })
  fromId: string

  @Field(() => ID, { description: 'The `BillMember` who received it.' })
  toId: string

  @Field(() => MoneyInput, { description: 'No more than is open between them; see `transfers`.' })
  amount: MoneyInput

  @Field(() => LocalDate, { nullable: true, description: 'Today where the member is, unless told.' })
  settledOn?: string | null

  @Field(() => String, { nullable: true })
  note?: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class BookBillPartInput {
  @Field(() => ID)
  id: string

  @Field(() => ID, {
    nullable: true,
    description: 'An `ExpenseCategory`. Unless told Others, or where it is filed already.',
  })
  categoryId?: string | null
}

const group = () => BillGroup
const bill = () => Bill

export const CreateBillGroupPayload = payloadOf('CreateBillGroupPayload', 'group', group, 'The new group.')
export const RenameBillGroupPayload = payloadOf('RenameBillGroupPayload', 'group', group, 'The group.')
export const InviteToBillGroupPayload = payloadOf('InviteToBillGroupPayload', 'group', group, 'With who was invited.')
export const WithdrawBillInvitationPayload = payloadOf(
  'WithdrawBillInvitationPayload',
  'group',
  group,
  'Without who was invited.',
)
export const AcceptBillInvitationPayload = payloadOf('AcceptBillInvitationPayload', 'group', group, 'The group.')
export const DeclineBillInvitationPayload = payloadOf('DeclineBillInvitationPayload', 'groupId', () => ID, 'Its id.')
export const LeaveBillGroupPayload = payloadOf('LeaveBillGroupPayload', 'groupId', () => ID, 'Its id.')
export const AddBillPayload = payloadOf('AddBillPayload', 'bill', bill, 'The new bill.')
export const UpdateBillPayload = payloadOf('UpdateBillPayload', 'bill', bill, 'The changed bill.')
export const DeleteBillPayload = payloadOf('DeleteBillPayload', 'deletedId', () => ID, 'Its id.')
export const SettleBillsPayload = payloadOf(
  'SettleBillsPayload',
  'settlement',
  () => BillSettlement,
  'What was entered.',
)
export const DeleteSettlementPayload = payloadOf('DeleteSettlementPayload', 'deletedId', () => ID, 'Its id.')
export const BookBillPartPayload = payloadOf(
  'BookBillPartPayload',
  'expense',
  () => Expense,
  'Among one’s own expenses.',
)
