import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import { type BillMemberStatusName, findGroups, groupsOf } from '../../db/queries/bill.ts'
import { countRows } from '../../db/queries/page.ts'
import type { Count, HasMany } from '../../db/relation.ts'
import { accountById } from '../../db/relations/account.ts'
import {
  type BillGroupRow,
  type BillMemberRow,
  type BillPartRow,
  type BillRow,
  type BillSettlementRow,
  billChangeCount,
  billChangeList,
  billMemberById,
  billPartList,
  groupBillCount,
  groupBillList,
  groupChangeCount,
  groupChangeList,
  groupMemberList,
  groupSettlementCount,
  groupSettlementList,
} from '../../db/relations/bill.ts'
import { canChangeBill, canSeeBills } from '../../domain/bill/rules.ts'
import { settle } from '../../domain/bill/transfers.ts'
import { balancesByGroup } from '../../loaders/bill.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import {
  Bill,
  BillBalance,
  BillChangeConnection,
  BillConnection,
  BillGroup,
  BillGroupConnection,
  BillMember,
  BillMemberStatus,
  BillPart,
  BillSettlement,
  BillSettlementConnection,
  BillTransfer,
} from '../../schema/bill/bill.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Money, toMoney } from '../../schema/money.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { billGroupNode, membershipOf } from './node.ts'

@Resolver(() => BillGroup)
export class BillGroupResolver {
  @Query(() => BillGroupConnection, { description: 'The groups that the viewer shares bills in, or is invited to.' })
  @Rule(isSignedIn)
  async billGroups(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('status', () => BillMemberStatus, {
      defaultValue: 'ACTIVE',
      description: 'INVITED for the invitations that wait for an answer.',
    })
    status: BillMemberStatusName,
  ) {
    const { db } = context.deps
    const source = groupsOf(signedIn(context).accountId, status === 'LEFT' ? 'ACTIVE' : status)
    const found = await findGroups(db, source, toPageRequest(page))
    return new Connection(found, () => countRows(db, source))
  }

  @Query(() => BillGroup, { nullable: true, description: 'One of them. `NOT_FOUND` for who is not in it.' })
  @Rule(isSignedIn)
  async billGroup(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    const group = await billGroupNode.load(context, decodeId('billgroup', id, ['id']))
    if (group === null) throw notFound('group', ['id'])
    return group
  }

  @FieldResolver(() => [BillMember])
  members(@Ctx() { loaders }: Context, @Root() { id }: BillGroupRow) {
    return loaders.many(groupMemberList, id)
  }

  @FieldResolver(() => BillMember)
  @DependsOnViewer
  async viewerMembership(@Ctx() context: Context, @Root() { id }: BillGroupRow) {
    const own = await membershipOf(context, id)
    return context.loaders.one(billMemberById, own?.id ?? null)
  }

  @FieldResolver(() => [BillBalance], { nullable: true })
  async balances(@Ctx() context: Context, @Root() { id }: BillGroupRow) {
    if (!canSeeBills(await membershipOf(context, id))) return null
    const balances = await balancesByGroup(context.loaders, id)
    return balances.map(({ memberId, currency, minor }) => ({
      member: () => context.loaders.one(billMemberById, memberId),
      amount: toMoney(minor, currency),
    }))
  }

  @FieldResolver(() => [BillTransfer], { nullable: true })
  async transfers(@Ctx() context: Context, @Root() { id }: BillGroupRow) {
    if (!canSeeBills(await membershipOf(context, id))) return null
    const balances = await balancesByGroup(context.loaders, id)
    const member = (memberId: string) => () => context.loaders.one(billMemberById, memberId)
    return [...new Set(balances.map(({ currency }) => currency))].flatMap((currency) =>
      settle(balances.filter((each) => each.currency === currency)).map(({ fromId, toId, amountMinor }) => ({
        from: member(fromId),
        to: member(toId),
        amount: toMoney(amountMinor, currency),
      })),
    )
  }

  @FieldResolver(() => BillConnection, { nullable: true, description: 'By the day, the latest first.' })
  bills(@Ctx() context: Context, @Root() group: BillGroupRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return shownToMembers(context, group, groupBillList, groupBillCount, page)
  }

  @FieldResolver(() => BillSettlementConnection, { nullable: true, description: 'The latest first.' })
  settlements(@Ctx() context: Context, @Root() group: BillGroupRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return shownToMembers(context, group, groupSettlementList, groupSettlementCount, page)
  }

  @FieldResolver(() => BillChangeConnection, {
    nullable: true,
    description: 'Who entered, changed and took back what, the latest first; also of what is gone.',
  })
  changes(@Ctx() context: Context, @Root() group: BillGroupRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return shownToMembers(context, group, groupChangeList, groupChangeCount, page)
  }
}

/** A list of a group; null for who does not see its bills. */
async function shownToMembers<Row extends object>(
  context: Context,
  { id }: BillGroupRow,
  relation: HasMany<Row>,
  count: Count,
  page: ConnectionArgs,
) {
  const request = toPageRequest(page)
  if (!canSeeBills(await membershipOf(context, id))) return null
  const { loaders } = context
  return new Connection(await loaders.page(relation, id, request), () => loaders.count(count, id))
}

@Resolver(() => BillMember)
export class BillMemberResolver {
  @FieldResolver(() => Account, { nullable: true })
  account(@Ctx() { loaders }: Context, @Root() { accountId }: BillMemberRow) {
    return loaders.one(accountById, accountId)
  }
}

type PartValue = BillPartRow & { readonly currency: string }

@Resolver(() => Bill)
export class BillResolver {
  @FieldResolver(() => Money)
  amount(@Root() { amountMinor, currency }: BillRow) {
    return toMoney(amountMinor, currency)
  }

  @FieldResolver(() => BillMember)
  author(@Ctx() { loaders }: Context, @Root() { authorId }: BillRow) {
    return loaders.one(billMemberById, authorId)
  }

  @FieldResolver(() => [BillPart])
  async parts(@Ctx() { loaders }: Context, @Root() { id, currency }: BillRow): Promise<PartValue[]> {
    return (await loaders.many(billPartList, id)).map((part) => ({ ...part, currency }))
  }

  @FieldResolver(() => BillChangeConnection, { description: 'Who entered and changed it, the latest first.' })
  async changes(
    @Ctx() { loaders }: Context,
    @Root() { id }: BillRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(billChangeList, id, toPageRequest(page))
    return new Connection(found, () => loaders.count(billChangeCount, id))
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanChange(@Ctx() context: Context, @Root() { id, groupId, authorId }: BillRow) {
    const own = await membershipOf(context, groupId)
    const parts = await context.loaders.many(billPartList, id)
    const payerIds = parts.filter(({ paidMinor }) => paidMinor > 0).map(({ memberId }) => memberId)
    return canChangeBill(own, { authorId, payerIds })
  }
}

@Resolver(() => BillPart)
export class BillPartResolver {
  @FieldResolver(() => BillMember)
  member(@Ctx() { loaders }: Context, @Root() { memberId }: PartValue) {
    return loaders.one(billMemberById, memberId)
  }

  @FieldResolver(() => Money)
  owed(@Root() { owedMinor, currency }: PartValue) {
    return toMoney(owedMinor, currency)
  }

  @FieldResolver(() => Money)
  paid(@Root() { paidMinor, currency }: PartValue) {
    return toMoney(paidMinor, currency)
  }
}

@Resolver(() => BillSettlement)
export class BillSettlementResolver {
  @FieldResolver(() => BillMember)
  from(@Ctx() { loaders }: Context, @Root() { fromId }: BillSettlementRow) {
    return loaders.one(billMemberById, fromId)
  }

  @FieldResolver(() => BillMember)
  to(@Ctx() { loaders }: Context, @Root() { toId }: BillSettlementRow) {
    return loaders.one(billMemberById, toId)
  }

  @FieldResolver(() => Money)
  amount(@Root() { amountMinor, currency }: BillSettlementRow) {
    return toMoney(amountMinor, currency)
  }
}
