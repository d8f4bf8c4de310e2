import { sql } from 'drizzle-orm'
import { balancesSql, type MemberBalance } from '../db/queries/bill.ts'
import { type Batched, keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { billMembers } from '../db/tables/bill.ts'
import type { BatchLoaders } from './batch.ts'

const balances = statement<Batched<MemberBalance>>(
  sql`select group_id as "__key", member_id as "memberId", currency as "currency", minor as "minor" from (${balancesSql(sql`= any(${keysOf(billMembers.groupId)})`)}) balances order by currency, member_id`,
)

/** Who is owed and who owes in a group, batched. */
export const balancesByGroup = (loaders: BatchLoaders, groupId: string): Promise<readonly MemberBalance[]> =>
  loaders.grouped(balances, groupId, {}, (rows) => rows)

export interface OwnMembership {
  readonly id: string
  readonly groupId: string
  readonly status: 'INVITED' | 'ACTIVE' | 'LEFT'
}

const own = statement<Batched<OwnMembership>>(
  sql`select ${billMembers.groupId} as "__key", ${billMembers.id} as "id", ${billMembers.groupId} as "groupId", ${billMembers.status} as "status" from ${billMembers} where ${billMembers.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${billMembers.groupId} = any(${keysOf(billMembers.groupId)})`,
)

/** The viewer's membership of a group, batched; null for none. */
export const viewerBillMembership = (
  loaders: BatchLoaders,
  viewer: string,
  groupId: string,
): Promise<OwnMembership | null> => loaders.grouped(own, groupId, { viewer }, ([row]) => row ?? null)
