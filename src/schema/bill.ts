import { Field, ID, InputType, Int } from 'type-graphql'
import type { BillMemberStatus as StatusName } from '../domain/bill/rules.ts'
import type { BillSplit as SplitName } from '../domain/bill/split.ts'
import { Account } from './account.ts'
import { Commentable } from './comment.ts'
import { connectionOf } from './connection.ts'
import { Costs } from './cost.ts'
import { enumOf } from './enums.ts'
import { Expense, KEY } from './expense/expense.ts'
import { Money, MoneyInput } from './money.ts'
import { Node } from './node.ts'
import { GraphObject } from './object.ts'
import { Reactable } from './reaction.ts'
import { DateTime, LocalDate } from './scalars.ts'
import { payloadOf } from './user-error.ts'

export const BillMemberStatus = enumOf<StatusName>('BillMemberStatus', 'Whether somebody shares in a group.', {
  INVITED: 'Not yet: they were invited.',
  ACTIVE: 'They do.',
  LEFT: 'They did.',
})

export const BillSplit = enumOf<SplitName>('BillSplit', 'How a bill is split. Parts always add up to it exactly.', {
  EQUAL: 'Everybody the same; cents that are left over go to those who are named first.',
  SHARES: 'By whole numbers of shares, rounded by the largest remainder.',
  EXACT: 'By amounts, which must add up to the bill.',
})

@GraphObject('Somebody who shares bills in a group.', [Node])
export class BillMember extends Node {
  @Field(() => Account, { nullable: true, description: 'Null once the account is deleted; what they owe stays.' })
  account: Account | null

  @Field(() => BillMemberStatus)
  status: StatusName
}

@GraphObject('What somebody owes of a bill, and has paid of it.')
export class BillPart {
  @Field(() => BillMember)
  member: BillMember

  @Field(() => Int, { nullable: true, description: 'Of a bill that is split by shares.' })
  shares: number | null

  @Field(() => Money)
  owed: Money

  @Field(() => Money)
  paid: Money
}

@GraphObject('What several members share. They talk about it in its comments.', [Commentable, Reactable, Node])
export class Bill extends Commentable {
  @Field(() => ID)
  override id: string

  @Field(() => String)
  description: string

  @Field(() => String)
  note: string

  @Field(() => Money)
  amount: Money

  @Field(() => LocalDate)
  spentOn: string

  @Field(() => BillSplit)
  split: SplitName

  @Field(() => BillMember, { description: 'Who entered it.' })
  author: BillMember

  @Costs({ atMost: 60 })
  @Field(() => [BillPart])
  parts: BillPart[]

  @Field(() => Boolean, { description: 'The viewer entered it, or paid for it.' })
  viewerCanChange: boolean

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime)
  updatedAt: string
}

export const { Connection: BillConnection } = connectionOf(Bill)

@GraphObject('What somebody has too much, or owes, in one currency. Amounts of several currencies stay apart.')
export class BillBalance {
  @Field(() => BillMember)
  member: BillMember

  @Field(() => Money, { description: 'Above zero: they are owed it. Below zero: they owe it.' })
  amount: Money
}

@GraphObject('Money that would settle something.')
export class BillTransfer {
  @Field(() => BillMember)
  from: BillMember

  @Field(() => BillMember)
  to: BillMember

  @Field(() => Money)
  amount: Money
}

@GraphObject('Money that one member gave another.', [Node])
export class BillSettlement extends Node {
  @Field(() => BillMember)
  from: BillMember

  @Field(() => BillMember)
  to: BillMember

  @Field(() => Money)
  amount: Money

  @Field(() => LocalDate)
  settledOn: string

  @Field(() => String)
  note: string

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: BillSettlementConnection } = connectionOf(BillSettlement)

@GraphObject('Members who share bills. For everybody else there is no such group.', [Node])
export class BillGroup extends Node {
  @Field(() => String)
  name: string

  @Costs({ atMost: 50 })
  @Field(() => [BillMember], { description: 'Those who share in it, and those who are invited.' })
  members: BillMember[]

  @Field(() => BillMember, { description: 'The viewer’s own membership.' })
  viewerMembership: BillMember

  @Costs({ atMost: 100 })
  @Field(() => [BillBalance], {
    nullable: true,
    description:
      'Who is owed, and who owes; those who are even are left out. Null for who is only invited, as are the fields below.',
  })
  balances: BillBalance[] | null

  @Costs({ atMost: 100 })
  @Field(() => [BillTransfer], {
    nullable: true,
    description:
      'Transfers that settle everything: the fewest there can be for up to 14 people who owe or are owed, and for more of them never more than one fewer than there are people.',
  })
  transfers: BillTransfer[] | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: BillGroupConnection } = connectionOf(BillGroup)

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
export class BillGroupInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class BillPartInput {
  @Field(() => ID, { description: 'A `BillMember` of the group.' })
  memberId: string

  @Field(() => Int, { nullable: true, description: 'Of a bill that is split by SHARES: 1 to 10000.' })
  shares?: number | null

  @Field(() => MoneyInput, { nullable: true, description: 'Of a bill that is split by EXACT parts.' })
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

  @Field(() => ID, { nullable: true, description: 'An `ExpenseCategory`; Others unless told.' })
  categoryId?: string | null
}

const group = () => BillGroup
const bill = () => Bill

export const CreateBillGroupPayload = payloadOf('CreateBillGroupPayload', 'group', group, 'The new group.')
export const RenameBillGroupPayload = payloadOf('RenameBillGroupPayload', 'group', group, 'The group.')
export const InviteToBillGroupPayload = payloadOf('InviteToBillGroupPayload', 'group', group, 'With who was invited.')
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
