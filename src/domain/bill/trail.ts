import { newId, type Uuid } from '../../core/ids.ts'
import type { Money } from '../../core/money.ts'
import type { Transaction } from '../../db/database.ts'
import { billChanges } from '../../db/tables/bill.ts'
import type { LockedGroup } from './group.ts'
import type { BillPart, BillSplit } from './split.ts'

export type BillEntry = 'BILL' | 'SETTLEMENT'
export type BillChangeKind = 'CREATED' | 'CHANGED' | 'DELETED'

/** The fields of an entry by the names that the graph has for them; members by their ids as they are stored. */
type Told = Readonly<Record<string, unknown>>

interface BillFields {
  readonly description: string
  readonly note: string
  readonly spentOn: string
  readonly split: BillSplit
  readonly amountMinor: number
  readonly currency: string
}

export const toldOfBill = (bill: BillFields, parts: readonly BillPart[]): Told => ({
  description: bill.description,
  note: bill.note,
  spentOn: bill.spentOn,
  amountMinorUnits: bill.amountMinor,
  currency: bill.currency,
  split: bill.split,
  parts: parts.map(({ memberId, shares, owedMinor, paidMinor }) => ({
    memberId,
    shares,
    owedMinorUnits: owedMinor,
    paidMinorUnits: paidMinor,
  })),
})

export const toldOfSettlement = (settlement: {
  readonly fromId: Uuid
  readonly toId: Uuid
  readonly amountMinor: Money['amountMinor']
  readonly currency: string
  readonly settledOn: string
  readonly note: string
}): Told => ({
  fromId: settlement.fromId,
  toId: settlement.toId,
  amountMinorUnits: settlement.amountMinor,
  currency: settlement.currency,
  settledOn: settlement.settledOn,
  note: settlement.note,
})

const kindOf = (before: Told | null, after: Told | null): BillChangeKind => {
  if (before === null) return 'CREATED'
  return after === null ? 'DELETED' : 'CHANGED'
}

/**
 * Enters what somebody did to a bill or a settlement, under the group's lock: money of others hangs on it, so they can see who
 * changed what, also of what is gone. A change keeps the fields that are different; where none is, nothing is entered.
 */
export async function enterBillChange(
  tx: Transaction,
  group: Pick<LockedGroup, 'id' | 'own'>,
  entry: { readonly kind: BillEntry; readonly id: Uuid },
  before: Told | null,
  after: Told | null,
): Promise<void> {
  const kind = kindOf(before, after)
  const changed = (field: string): boolean =>
    kind !== 'CHANGED' || JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field])
  const fields = Object.keys(after ?? before ?? {}).filter(changed)
  if (fields.length === 0) return
  const only = (told: Told | null) => told && Object.fromEntries(fields.map((field) => [field, told[field]]))
  await tx.orm.insert(billChanges).values({
    ...{ id: newId(), groupId: group.id, memberId: group.own.id, entry: entry.kind, entryId: entry.id, kind },
    before: only(before),
    after: only(after),
  })
}
