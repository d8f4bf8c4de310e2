import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany, type RowOf } from '../relation.ts'
import { billChanges, billGroups, billMembers, billParts, billSettlements, bills } from '../tables/bill.ts'

export const billGroupEntity = entity('BillGroup', billGroups)
const memberEntity = entity('BillMember', billMembers)
const billBase = entity('Bill', bills)
/** Whole numbers below 2⁵³, which a double holds exactly; a bigint would come as text. */
const billEntity = { ...billBase, columns: { ...billBase.columns, amountMinor: sql`${bills.amountMinor}::float8` } }
const partBase = entity('BillPart', billParts)
const partEntity = {
  ...partBase,
  columns: {
    ...partBase.columns,
    owedMinor: sql`${billParts.owedMinor}::float8`,
    paidMinor: sql`${billParts.paidMinor}::float8`,
  },
}
const settlementBase = entity('BillSettlement', billSettlements)
const settlementEntity = {
  ...settlementBase,
  columns: { ...settlementBase.columns, amountMinor: sql`${billSettlements.amountMinor}::float8` },
}

const changeEntity = entity('BillChange', billChanges)

export type BillGroupRow = RowOf<typeof billGroups>
export type BillMemberRow = RowOf<typeof billMembers>
export type BillRow = RowOf<typeof bills>
export type BillPartRow = RowOf<typeof billParts>
export type BillSettlementRow = RowOf<typeof billSettlements>
export type BillChangeRow = RowOf<typeof billChanges>

export const billGroupById = belongsTo(billGroupEntity, billGroups.id)
export const billMemberById = belongsTo(memberEntity, billMembers.id)
export const billById = belongsTo(billEntity, bills.id)
export const billSettlementById = belongsTo(settlementEntity, billSettlements.id)
export const billChangeById = belongsTo(changeEntity, billChanges.id)

export const groupMemberList = hasMany(memberEntity, {
  by: billMembers.groupId,
  where: sql`${billMembers.status} <> 'LEFT'`,
  order: { name: 'OLDEST', direction: 'asc', keys: [{ value: billMembers.id, type: 'uuid' }] },
  limit: 50,
})

const newest: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: bills.spentOn, type: 'date' },
    { value: bills.id, type: 'uuid' },
  ],
}

export const groupBillList = hasMany(billEntity, { by: bills.groupId, order: newest })
export const groupBillCount = count(bills, { by: bills.groupId })

export const groupSettlementList = hasMany(settlementEntity, {
  by: billSettlements.groupId,
  order: {
    name: 'NEWEST',
    direction: 'desc',
    keys: [
      { value: billSettlements.createdAt, type: 'timestamptz' },
      { value: billSettlements.id, type: 'uuid' },
    ],
  },
})
export const groupSettlementCount = count(billSettlements, { by: billSettlements.groupId })

export const billPartList = hasMany(partEntity, {
  by: billParts.billId,
  order: { name: 'POSITION', direction: 'asc', keys: [{ value: billParts.position, type: 'integer' }] },
  limit: 100,
})

const latest: KeysetOrder = {
  name: 'LATEST',
  direction: 'desc',
  keys: [{ value: billChanges.seq, type: 'integer' }],
}

export const groupChangeList = hasMany(changeEntity, { by: billChanges.groupId, order: latest })
export const groupChangeCount = count(billChanges, { by: billChanges.groupId })
/** Of one bill. */
export const billChangeList = hasMany(changeEntity, { by: billChanges.entryId, order: latest })
export const billChangeCount = count(billChanges, { by: billChanges.entryId })
