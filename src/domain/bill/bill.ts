import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { formatAmount, type Money, money } from '../../core/money.ts'
import type { Transaction } from '../../db/database.ts'
import { findBalances } from '../../db/queries/bill.ts'
import { billParts, billSettlements, bills } from '../../db/tables/bill.ts'
import { subjects } from '../../db/tables/subject.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { bookOwnPart } from '../expense/booking.ts'
import { amount, day, description, note } from '../expense/rules.ts'
import { once } from '../idempotency.ts'
import { checkInput } from '../input.ts'
import { notify, withdrawNoticesAbout } from '../notification/notify.ts'
import { tellWithdrawal } from '../subject/topics.ts'
import type { Viewer } from '../viewer.ts'
import { findMembership, type LockedGroup, lockGroup, tellGroup } from './group.ts'
import { canChangeBill, canSeeBills } from './rules.ts'
import { type AskedPart, type AskedPayment, type BillPart, type BillSplit, splitBill } from './split.ts'
import { enterBillChange, toldOfBill, toldOfSettlement } from './trail.ts'

const idPath = ['input', 'id']
const content = z.object({ amount, spentOn: day, description, note: note.default('') })

export interface BillContent {
  amount: Money
  spentOn: string
  description: string
  note?: string | undefined
  split: BillSplit
  /** Without it all members share equally. */
  parts?: readonly AskedPart[] | undefined
  /** Without it the viewer has paid all of it. */
  payments?: readonly AskedPayment[] | undefined
}

/** `stayed`: who may be in it though they have left, because they were before. */
function partsOf(group: LockedGroup, input: BillContent, stayed: ReadonlySet<Uuid> = new Set()): BillPart[] {
  const active = group.members.filter(({ status }) => status === 'ACTIVE').map(({ id }) => id)
  const known = new Set([...active, ...stayed])
  if (input.parts === undefined && input.split !== 'EQUAL') {
    throw invalidInput(['input', 'parts'], 'Say who shares in it, and how.')
  }
  const parts = input.parts ?? active.map((memberId) => ({ memberId }))
  const payments = input.payments ?? [{ memberId: group.own.id, amount: input.amount }]
  for (const [field, list] of Object.entries({ parts, payments })) {
    const stranger = list.findIndex(({ memberId }) => !known.has(memberId))
    if (stranger >= 0) throw notFound('member', ['input', field, String(stranger), 'memberId'])
  }
  return splitBill(input.amount, input.split, parts, payments)
}

/**
 * What members owe is computed with numbers that are exact up to here; a group that owes more would be seen by nobody.
 * To be asked after a change, under the group's lock. @throws DomainError `LIMIT_EXCEEDED`.
 */
async function ensureExact(tx: Transaction, groupId: Uuid, path: readonly string[]): Promise<void> {
  const limit = Number.MAX_SAFE_INTEGER
  const balances = await findBalances(tx, groupId)
  if (balances.every(({ minor }) => Math.abs(minor) <= limit)) return
  throw new DomainError('LIMIT_EXCEEDED', 'With this somebody would owe more than can be told exactly.', path, {
    limit,
  })
}

const insertParts = (tx: Transaction, billId: Uuid, parts: readonly BillPart[]) =>
  tx.orm.insert(billParts).values(parts.map((part, position) => ({ billId, position, ...part })))

/** @throws DomainError `NOT_FOUND` (group, members), `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key). */
export function addBill(
  deps: Deps,
  viewer: Viewer,
  input: BillContent & { groupId: Uuid; idempotencyKey?: string | undefined },
): Promise<Uuid> {
  const { amount, ...checked } = checkInput(content, input)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'addBill', { ...input }, async () => {
      const group = await lockGroup(tx, viewer, input.groupId, ['input', 'groupId'])
      const parts = partsOf(group, input)
      const id = newId()
      await tx.orm.insert(subjects).values({ id, kind: 'BILL' })
      await tx.orm
        .insert(bills)
        .values({ id, groupId: group.id, authorId: group.own.id, split: input.split, ...checked, ...amount })
      await insertParts(tx, id, parts)
      await ensureExact(tx, group.id, ['input', 'amount'])
      const told = toldOfBill({ split: input.split, ...checked, ...amount }, parts)
      await enterBillChange(tx, group, { kind: 'BILL', id }, null, told)
      const named = new Set(parts.map(({ memberId }) => memberId))
      const recipients = group.members.filter((member) => named.has(member.id)).map(({ accountId }) => accountId)
      await notify(deps, tx, {
        kind: 'BILL_ADDED',
        recipients,
        actorId: viewer.accountId,
        subject: id,
        thread: group.id,
      })
      tellGroup(deps, tx, group.id)
      return id
    }),
  )
}

/** The bill and its group, both locked. @throws DomainError `NOT_FOUND`, `FORBIDDEN` for who neither entered nor paid it. */
async function lockBill(tx: Transaction, viewer: Viewer, id: Uuid) {
  const [found] = await tx.orm.select({ groupId: bills.groupId }).from(bills).where(eq(bills.id, id))
  if (found === undefined) throw notFound('bill', idPath)
  const group = await lockGroup(tx, viewer, found.groupId)
  const [bill] = await tx.orm.select().from(bills).where(eq(bills.id, id)).for('update')
  if (bill === undefined) throw notFound('bill', idPath)
  const parts = await tx.orm.select().from(billParts).where(eq(billParts.billId, id)).orderBy(billParts.position)
  const payerIds = parts.filter(({ paidMinor }) => paidMinor > 0).map(({ memberId }) => memberId)
  if (!canChangeBill(group.own, { authorId: bill.authorId, payerIds })) {
    throw forbidden('Only who entered a bill, or paid for it, may change it.')
  }
  return { group, bill, parts }
}

/** Replaces a bill and its parts. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`, `LIMIT_EXCEEDED`. */
export function updateBill(deps: Deps, viewer: Viewer, input: BillContent & { id: Uuid }): Promise<Uuid> {
  const { amount, ...checked } = checkInput(content, input)
  const { id } = input
  return deps.db.transaction(async (tx) => {
    const { group, bill, parts: before } = await lockBill(tx, viewer, id)
    const parts = partsOf(group, input, new Set(before.map(({ memberId }) => memberId)))
    const changed = { ...checked, ...amount, split: input.split }
    await tx.orm.delete(billParts).where(eq(billParts.billId, id))
    await tx.orm
      .update(bills)
      .set({ ...changed, updatedAt: sql`now()` })
      .where(eq(bills.id, id))
    await insertParts(tx, id, parts)
    await enterBillChange(tx, group, { kind: 'BILL', id }, toldOfBill(bill, before), toldOfBill(changed, parts))
    await ensureExact(tx, group.id, ['input', 'amount'])
    tellGroup(deps, tx, group.id)
    return id
  })
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function deleteBill(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { group, bill, parts } = await lockBill(tx, viewer, id)
    await enterBillChange(tx, group, { kind: 'BILL', id }, toldOfBill(bill, parts), null)
    await withdrawNoticesAbout(deps, tx, id)
    await deleteSubjects(tx, sql`(select ${id}::text::uuid)`)
    await ensureExact(tx, group.id, idPath)
    tellWithdrawal(deps, tx, id)
    tellGroup(deps, tx, group.id)
    return id
  })
}

const settlementInput = z.object({ amount, settledOn: day, note: note.default('') })

/**
 * Enters that one member gave another money. No more than the one owes and the other is owed, so that two who enter the same
 * do not turn the debt around.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED` (more than is open), `CONFLICT` (key).
 */
export function settleBills(
  deps: Deps,
  viewer: Viewer,
  input: {
    groupId: Uuid
    fromId: Uuid
    toId: Uuid
    amount: Money
    settledOn: string
    note?: string | undefined
    idempotencyKey?: string | undefined
  },
): Promise<Uuid> {
  const { amount, ...checked } = checkInput(settlementInput, input)
  const { fromId, toId } = input
  if (fromId === toId) throw invalidInput(['input', 'toId'], 'Nobody owes themselves anything.')
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'settleBills', { ...input }, async () => {
      const group = await lockGroup(tx, viewer, input.groupId, ['input', 'groupId'])
      for (const field of ['fromId', 'toId'] as const) {
        if (!group.members.some(({ id }) => id === input[field])) throw notFound('member', ['input', field])
      }
      const balances = await findBalances(tx, group.id)
      const of = (memberId: Uuid) =>
        balances.find((each) => each.memberId === memberId && each.currency === amount.currency)?.minor ?? 0
      const limit = Math.max(Math.min(-of(fromId), of(toId)), 0)
      if (amount.amountMinor > limit) {
        const open = formatAmount(money(limit, amount.currency))
        const path = ['input', 'amount']
        throw new DomainError('LIMIT_EXCEEDED', `${open} ${amount.currency} can be settled between them.`, path, {
          limit,
        })
      }
      const id = newId()
      await tx.orm
        .insert(billSettlements)
        .values({ id, groupId: group.id, fromId, toId, authorId: group.own.id, ...checked, ...amount })
      const told = toldOfSettlement({ fromId, toId, ...checked, ...amount })
      await enterBillChange(tx, group, { kind: 'SETTLEMENT', id }, null, told)
      const recipients = group.members
        .filter(({ id }) => id === fromId || id === toId)
        .map(({ accountId }) => accountId)
      await notify(deps, tx, { kind: 'BILL_SETTLED', recipients, actorId: viewer.accountId, subject: group.id })
      tellGroup(deps, tx, group.id)
      return id
    }),
  )
}

/** For who entered it, and for who is said to have paid or received. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function deleteSettlement(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const [found] = await tx.orm.select().from(billSettlements).where(eq(billSettlements.id, id))
    if (found === undefined) throw notFound('settlement', idPath)
    const group = await lockGroup(tx, viewer, found.groupId)
    if (![found.authorId, found.fromId, found.toId].includes(group.own.id)) {
      throw forbidden('Only those whom it concerns may take it back.')
    }
    const gone = await tx.orm
      .delete(billSettlements)
      .where(eq(billSettlements.id, id))
      .returning({ id: billSettlements.id })
    if (gone.length === 0) throw notFound('settlement', idPath)
    await enterBillChange(tx, group, { kind: 'SETTLEMENT', id }, toldOfSettlement(found), null)
    await ensureExact(tx, group.id, idPath)
    tellGroup(deps, tx, group.id)
    return id
  })
}

/**
 * Enters the viewer's own part of a bill among their expenses; again after the bill was changed, and it is brought up to date.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT` for who shares nothing of it.
 */
export function bookBillPart(
  deps: Deps,
  viewer: Viewer,
  input: { id: Uuid; categoryId?: Uuid | undefined },
): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const [bill] = await tx.orm.select().from(bills).where(eq(bills.id, input.id)).for('share')
    const own = bill === undefined ? null : await findMembership(tx, viewer.accountId, bill.groupId)
    if (bill === undefined || own === null || !canSeeBills(own)) throw notFound('bill', idPath)
    const mine = and(eq(billParts.billId, bill.id), eq(billParts.memberId, own.id))
    const [part] = await tx.orm.select({ owedMinor: billParts.owedMinor }).from(billParts).where(mine)
    if (part === undefined || part.owedMinor === 0) throw invalidInput(idPath, 'You share nothing of this bill.')
    const { currency, spentOn, description } = bill
    return bookOwnPart(deps, tx, viewer, {
      billId: bill.id,
      categoryId: input.categoryId,
      amountMinor: part.owedMinor,
      ...{ currency, spentOn, description },
    })
  })
}
