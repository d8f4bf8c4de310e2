import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { billChanges, billGroups, billMembers, billParts, billSettlements, bills } from '../../db/tables/bill.ts'
import type { Portability } from '../account/portability.ts'
import { abandonGroups } from './group.ts'

export const billPortability: Portability = {
  room: 'bills',
  async exportOf(tx, accountId) {
    const mine = eq(billMembers.accountId, accountId)
    const groups = await tx.orm
      .select({ id: billGroups.id, name: billGroups.name, status: billMembers.status, since: billMembers.createdAt })
      .from(billMembers)
      .innerJoin(billGroups, eq(billGroups.id, billMembers.groupId))
      .where(mine)
    const parts = await tx.orm
      .select({
        billId: bills.id,
        groupId: bills.groupId,
        description: bills.description,
        note: bills.note,
        split: bills.split,
        isAuthor: sql<boolean>`${bills.authorId} = ${billMembers.id}`,
        spentOn: bills.spentOn,
        currency: bills.currency,
        amountMinor: bills.amountMinor,
        owedMinor: billParts.owedMinor,
        paidMinor: billParts.paidMinor,
      })
      .from(billParts)
      .innerJoin(billMembers, eq(billMembers.id, billParts.memberId))
      .innerJoin(bills, eq(bills.id, billParts.billId))
      .where(mine)
    const settlementFields = {
      groupId: billSettlements.groupId,
      currency: billSettlements.currency,
      amountMinor: billSettlements.amountMinor,
      settledOn: billSettlements.settledOn,
      note: billSettlements.note,
    }
    const paid = await tx.orm
      .select(settlementFields)
      .from(billSettlements)
      .innerJoin(billMembers, eq(billMembers.id, billSettlements.fromId))
      .where(mine)
    const received = await tx.orm
      .select(settlementFields)
      .from(billSettlements)
      .innerJoin(billMembers, eq(billMembers.id, billSettlements.toId))
      .where(mine)
    const changes = await tx.orm
      .select({
        groupId: billChanges.groupId,
        entry: billChanges.entry,
        kind: billChanges.kind,
        before: billChanges.before,
        after: billChanges.after,
        changedAt: billChanges.changedAt,
      })
      .from(billChanges)
      .innerJoin(billMembers, eq(billMembers.id, billChanges.memberId))
      .where(mine)
      .orderBy(billChanges.seq)
    const withGroup = <Row extends { groupId: string }>(row: Row) => ({
      ...row,
      groupId: encodeId('billgroup', row.groupId),
    })
    return {
      groups: groups.map((group) => ({ ...group, id: encodeId('billgroup', group.id) })),
      parts: parts.map((part) => ({ ...withGroup(part), billId: encodeId('bill', part.billId) })),
      settlements: { paid: paid.map(withGroup), received: received.map(withGroup) },
      changes: changes.map(withGroup),
    }
  },
  /** What is owed stays in the others' books, without a name. */
  eraseOf: (tx, accountId, deps) => abandonGroups(deps, tx, accountId),
}
