import {
  type BillGroupRow,
  type BillRow,
  billById,
  billChangeById,
  billGroupById,
  billMemberById,
  billSettlementById,
} from '../../db/relations/bill.ts'
import { canSeeBills, canSeeGroup } from '../../domain/bill/rules.ts'
import { type OwnMembership, viewerBillMembership } from '../../loaders/bill.ts'
import type { Context } from '../../schema/context.ts'
import type { NodeType } from '../node-type.ts'

export const membershipOf = async ({ loaders, viewer }: Context, groupId: string): Promise<OwnMembership | null> =>
  viewer === null ? null : viewerBillMembership(loaders, viewer.accountId, groupId)

type Found<Row> = (Row & { readonly __typename: string }) | null

export const billGroupNode: NodeType & { load(context: Context, id: string): Promise<Found<BillGroupRow>> } = {
  typename: 'BillGroup',
  prefix: 'billgroup',
  async load(context, id) {
    const group = await context.loaders.one(billGroupById, id)
    return group !== null && canSeeGroup(await membershipOf(context, id)) ? group : null
  },
}

export const billMemberNode: NodeType = {
  typename: 'BillMember',
  prefix: 'billmember',
  async load(context, id) {
    const member = await context.loaders.one(billMemberById, id)
    return member !== null && canSeeGroup(await membershipOf(context, member.groupId)) ? member : null
  },
}

export const billNode: NodeType & { load(context: Context, id: string): Promise<Found<BillRow>> } = {
  typename: 'Bill',
  prefix: 'bill',
  async load(context, id) {
    const bill = await context.loaders.one(billById, id)
    return bill !== null && canSeeBills(await membershipOf(context, bill.groupId)) ? bill : null
  },
}

export const billSettlementNode: NodeType = {
  typename: 'BillSettlement',
  prefix: 'settlement',
  async load(context, id) {
    const settlement = await context.loaders.one(billSettlementById, id)
    return settlement !== null && canSeeBills(await membershipOf(context, settlement.groupId)) ? settlement : null
  },
}

export const billChangeNode: NodeType = {
  typename: 'BillChange',
  prefix: 'billchange',
  async load(context, id) {
    const change = await context.loaders.one(billChangeById, id)
    return change !== null && canSeeBills(await membershipOf(context, change.groupId)) ? change : null
  },
}

export const BILL_NODES: readonly NodeType[] = [
  billGroupNode,
  billMemberNode,
  billNode,
  billSettlementNode,
  billChangeNode,
]
