import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import type { KeysetOrder, PageRequest } from '../keyset.ts'
import { selectColumns } from '../relation.ts'
import { type BillGroupRow, billGroupEntity } from '../relations/bill.ts'
import { runStatement } from '../statement.ts'
import { billGroups, billMembers, billParts, billSettlements, bills } from '../tables/bill.ts'
import { findPage, type ListSource } from './page.ts'

export type BillMemberStatusName = 'INVITED' | 'ACTIVE' | 'LEFT'

/** Sums of who has too much (above zero) and who owes, of the groups that `isOf` says; those that are nothing are left out. */
export const balancesSql = (groupId: SQL): SQL =>
  sql`select moved.group_id, moved.member_id, moved.currency, sum(moved.minor)::float8 as minor from (
      select b.group_id, p.member_id, b.currency, p.paid_minor - p.owed_minor as minor from ${bills} b join ${billParts} p on p.bill_id = b.id where b.group_id ${groupId}
      union all select group_id, from_id, currency, amount_minor from ${billSettlements} where group_id ${groupId}
      union all select group_id, to_id, currency, -amount_minor from ${billSettlements} where group_id ${groupId}
    ) moved group by 1, 2, 3 having sum(moved.minor) <> 0`

export interface MemberBalance {
  readonly memberId: string
  readonly currency: string
  readonly minor: number
}

export const findBalances = (db: Executor, groupId: string): Promise<MemberBalance[]> =>
  runStatement(
    db,
    sql`select member_id as "memberId", currency as "currency", minor as "minor" from (${balancesSql(sql`= ${groupId}::text::uuid`)}) balances order by 2, 1`,
  )

const NEWEST_GROUP: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: billMembers.createdAt, type: 'timestamptz' },
    { value: billMembers.groupId, type: 'uuid' },
  ],
}

/** The groups that an account is in, or is invited to. */
export const groupsOf = (accountId: string, status: BillMemberStatusName): ListSource<BillGroupRow> => ({
  of: billGroupEntity,
  joins: sql` join ${billMembers} on ${billMembers.groupId} = ${billGroups.id}`,
  where: [
    sql`${billMembers.accountId} = ${accountId}::text::uuid`,
    sql`${billMembers.status} = ${status}::text::bill_member_status`,
  ],
})

export const findGroups = (db: Executor, source: ListSource<BillGroupRow>, page: PageRequest) =>
  findPage(db, source, NEWEST_GROUP, page)

export async function findGroup(db: Executor, id: string): Promise<BillGroupRow | null> {
  const [group] = await runStatement<BillGroupRow>(
    db,
    sql`select ${selectColumns(billGroupEntity)} from ${billGroups} where ${billGroups.id} = ${id}::text::uuid`,
  )
  return group ?? null
}
