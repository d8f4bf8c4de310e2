import { Field, ID, Int } from 'type-graphql'
import type { BillMemberStatus as StatusName } from '../../domain/bill/rules.ts'
import type { BillSplit as SplitName } from '../../domain/bill/split.ts'
import type { BillEntry as EntryName, BillChangeKind as KindName } from '../../domain/bill/trail.ts'
import { Account } from '../account.ts'
import { Commentable } from '../comment.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { Money } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Reactable } from '../reaction.ts'
import { DateTime, JsonObject, LocalDate } from '../scalars.ts'

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

export const BillEntry = enumOf<EntryName>('BillEntry', 'What members enter in a group.', {
  BILL: 'A bill that they share.',
  SETTLEMENT: 'Money that one gave another.',
})

export const BillChangeKind = enumOf<KindName>('BillChangeKind', 'What somebody did to an entry.', {
  CREATED: 'It was entered.',
  CHANGED: 'It was changed.',
  DELETED: 'It was deleted, or taken back.',
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

@GraphObject('Who did what to a bill or a settlement. Nobody can change it.', [Node])
export class BillChange extends Node {
  @Field(() => BillChangeKind)
  kind: KindName

  @Field(() => BillEntry)
  entry: EntryName

  @Field(() => ID, { description: 'The bill or the settlement, which may be gone.' })
  entryId: string

  @Field(() => BillMember, { description: 'Who did it.' })
  actor: BillMember

  @Field(() => JsonObject, {
    nullable: true,
    description: 'The fields that changed, as they were: amounts, day, parts, …',
  })
  before: Record<string, unknown> | null

  @Field(() => JsonObject, { nullable: true, description: 'The same fields as they became.' })
  after: Record<string, unknown> | null

  @Field(() => DateTime)
  changedAt: string
}

export const { Connection: BillChangeConnection } = connectionOf(BillChange)

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
