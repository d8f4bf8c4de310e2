import { and, count, eq, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, nobodyCalled, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { findBalances } from '../../db/queries/bill.ts'
import { accounts } from '../../db/tables/account.ts'
import { billGroups, billMembers } from '../../db/tables/bill.ts'
import { subjects } from '../../db/tables/subject.ts'
import { topic } from '../../live/bus.ts'
import { blocked, isBlocked } from '../chat/blocked.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, line } from '../input.ts'
import { notify, withdrawNotice, withdrawNoticesAbout } from '../notification/notify.ts'
import { tellWithdrawal } from '../subject/topics.ts'
import type { Viewer } from '../viewer.ts'
import { canSeeBills, canSeeGroup, MAX_BILL_GROUPS, MAX_BILL_MEMBERS, memberLifecycle } from './rules.ts'

const idPath = ['input', 'id']
const nameInput = z.object({ name: line('A name', 1, 80) })

/** Bills, balances or members of a group changed. */
export const billGroupChanged = (groupId: Uuid) => topic<Record<string, never>>('billGroupChanged', groupId)

export const tellGroup = (deps: Pick<Deps, 'bus'>, tx: Transaction, groupId: Uuid): void =>
  tx.afterCommit(() => deps.bus.publish(billGroupChanged(groupId), {}))

export interface LockedGroup {
  readonly id: Uuid
  readonly name: string
  readonly members: readonly (typeof billMembers.$inferSelect)[]
  /** The viewer's own. */
  readonly own: typeof billMembers.$inferSelect
}

/**
 * Locks a group that the viewer is in, so that nothing is added while somebody looks whether all is settled.
 * @throws DomainError `NOT_FOUND` for others.
 */
export async function lockGroup(
  tx: Transaction,
  viewer: Viewer,
  id: Uuid,
  path: readonly string[] = idPath,
  may: (member: typeof billMembers.$inferSelect) => boolean = canSeeBills,
): Promise<LockedGroup> {
  const [group] = await tx.orm.select().from(billGroups).where(eq(billGroups.id, id)).for('update')
  if (group === undefined) throw notFound('group', path)
  const members = await tx.orm.select().from(billMembers).where(eq(billMembers.groupId, id)).orderBy(billMembers.id)
  const own = members.find(({ accountId }) => accountId === viewer.accountId)
  if (own === undefined || !may(own)) throw notFound('group', path)
  return { id, name: group.name, members, own }
}

async function ensureRoomForGroup(tx: Transaction, accountId: Uuid): Promise<void> {
  const mine = and(eq(billMembers.accountId, accountId), ne(billMembers.status, 'LEFT'))
  const [own] = await tx.orm.select({ count: count() }).from(billMembers).where(mine)
  if (Number(own?.count ?? 0) < MAX_BILL_GROUPS) return
  const limit = MAX_BILL_GROUPS
  throw new DomainError('LIMIT_EXCEEDED', `A member is in at most ${limit} groups.`, ['input'], { limit })
}

/** @throws DomainError `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key). */
export function createBillGroup(
  deps: Deps,
  viewer: Viewer,
  input: { name: string; idempotencyKey?: string | undefined },
): Promise<Uuid> {
  const { name } = checkInput(nameInput, input)
  const { accountId } = viewer
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'createBillGroup', { ...input }, async () => {
      await ensureRoomForGroup(tx, accountId)
      const id = newId()
      await tx.orm.insert(subjects).values({ id, kind: 'BILL_GROUP' })
      await tx.orm.insert(billGroups).values({ id, name })
      await tx.orm.insert(billMembers).values({ id: newId(), groupId: id, accountId, status: 'ACTIVE' })
      return id
    }),
  )
}

/** @throws DomainError `NOT_FOUND`, `INVALID_INPUT`. */
export function renameBillGroup(deps: Deps, viewer: Viewer, input: { id: Uuid; name: string }): Promise<Uuid> {
  const { name } = checkInput(nameInput, input)
  return deps.db.transaction(async (tx) => {
    const { id } = await lockGroup(tx, viewer, input.id)
    await tx.orm.update(billGroups).set({ name }).where(eq(billGroups.id, id))
    tellGroup(deps, tx, id)
    return id
  })
}

/**
 * @throws DomainError `NOT_FOUND` (group, handle), `INVALID_INPUT` where one has blocked the other, `TAKEN` for who is in it or
 * invited, `LIMIT_EXCEEDED`.
 */
export function inviteToBillGroup(deps: Deps, viewer: Viewer, input: { id: Uuid; handle: string }): Promise<Uuid> {
  const path = ['input', 'handle']
  return deps.db.transaction(async (tx) => {
    const group = await lockGroup(tx, viewer, input.id)
    const handle = input.handle.trim().replace(/^@/, '').toLowerCase()
    const [account] = await tx.orm.select({ id: accounts.id }).from(accounts).where(eq(accounts.handle, handle))
    if (account === undefined) throw nobodyCalled(handle, path)
    if (await isBlocked(tx, viewer.accountId, account.id)) throw blocked(path)
    const known = group.members.find(({ accountId }) => accountId === account.id)
    if (known !== undefined && known.status !== 'LEFT') {
      throw new DomainError(
        'TAKEN',
        known.status === 'ACTIVE' ? 'They share in it.' : 'They are invited already.',
        path,
      )
    }
    if (group.members.filter(({ status }) => status !== 'LEFT').length >= MAX_BILL_MEMBERS) {
      const limit = MAX_BILL_MEMBERS
      throw new DomainError('LIMIT_EXCEEDED', `A group has at most ${limit} members.`, path, { limit })
    }
    const invited = { status: 'INVITED' as const, invitedById: viewer.accountId }
    if (known === undefined) {
      await tx.orm.insert(billMembers).values({ id: newId(), groupId: group.id, accountId: account.id, ...invited })
    } else {
      memberLifecycle.ensure(known.status, 'INVITED')
      await tx.orm
        .update(billMembers)
        .set({ ...invited, createdAt: sql`now()` })
        .where(eq(billMembers.id, known.id))
    }
    await notify(deps, tx, {
      kind: 'BILL_GROUP_INVITATION',
      recipients: [account.id],
      actorId: viewer.accountId,
      subject: group.id,
      groupBy: group.id,
    })
    tellGroup(deps, tx, group.id)
    return group.id
  })
}

/** Comes in, or does not want to. @throws DomainError `NOT_FOUND` for who is not invited, `LIMIT_EXCEEDED`. */
export function answerBillInvitation(deps: Deps, viewer: Viewer, id: Uuid, accepts: boolean): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const group = await lockGroup(tx, viewer, id, idPath, ({ status }) => status === 'INVITED')
    const status = accepts ? 'ACTIVE' : 'LEFT'
    memberLifecycle.ensure(group.own.status, status)
    await tx.orm.update(billMembers).set({ status }).where(eq(billMembers.id, group.own.id))
    tellGroup(deps, tx, id)
    if (!accepts) tellWithdrawal(deps, tx, id)
    return id
  })
}

/**
 * Takes back an invitation that waits for an answer; every member may, as each may invite.
 * @throws DomainError `NOT_FOUND` (group, member), `ILLEGAL_TRANSITION` for who has come in.
 */
export function withdrawBillInvitation(
  deps: Deps,
  viewer: Viewer,
  input: { groupId: Uuid; memberId: Uuid },
): Promise<Uuid> {
  const path = ['input', 'memberId']
  return deps.db.transaction(async (tx) => {
    const group = await lockGroup(tx, viewer, input.groupId, ['input', 'groupId'])
    const invited = group.members.find(({ id, status }) => id === input.memberId && status !== 'LEFT')
    if (invited === undefined) throw notFound('member', path)
    if (invited.status !== 'INVITED') {
      const details = { from: invited.status, allowed: [] }
      throw new DomainError('ILLEGAL_TRANSITION', 'They share in it: only they themselves can leave.', path, details)
    }
    memberLifecycle.ensure(invited.status, 'LEFT')
    await tx.orm.update(billMembers).set({ status: 'LEFT' }).where(eq(billMembers.id, invited.id))
    const { accountId: recipientId, invitedById: actorId } = invited
    const notice = { kind: 'BILL_GROUP_INVITATION', recipientId, groupBy: group.id } as const
    if (actorId !== null) await withdrawNotice(deps, tx, { ...notice, actorId })
    tellWithdrawal(deps, tx, group.id)
    tellGroup(deps, tx, group.id)
    return group.id
  })
}

/**
 * Leaves a group when everything is settled. With the last member the group goes.
 * @throws DomainError `NOT_FOUND`, `ILLEGAL_TRANSITION` for who owes or is owed.
 */
export function leaveBillGroup(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const group = await lockGroup(tx, viewer, id)
    const open = (await findBalances(tx, id)).filter(({ memberId }) => memberId === group.own.id)
    if (open.length > 0) {
      const currencies = open.map(({ currency }) => currency).join(', ')
      throw new DomainError('ILLEGAL_TRANSITION', `Settle what is open in ${currencies} first.`, idPath, {
        from: 'ACTIVE',
        allowed: [],
      })
    }
    memberLifecycle.ensure(group.own.status, 'LEFT')
    await tx.orm.update(billMembers).set({ status: 'LEFT' }).where(eq(billMembers.id, group.own.id))
    tellWithdrawal(deps, tx, id)
    const isEmpty = group.members.every(({ id, status }) => status !== 'ACTIVE' || id === group.own.id)
    if (isEmpty) await deleteGroup(deps, tx, id)
    else tellGroup(deps, tx, id)
    return id
  })
}

/** With its bills and what was said about them. */
async function deleteGroup(deps: Pick<Deps, 'bus'>, tx: Transaction, id: Uuid): Promise<void> {
  await withdrawNoticesAbout(deps, tx, id)
  await deleteSubjects(
    tx,
    sql`(select ${id}::text::uuid union all select id from bills where group_id = ${id}::text::uuid)`,
  )
}

/** Leaves groups to those who are still in them; those of nobody else go. For an account that is deleted. */
export async function abandonGroups(deps: Pick<Deps, 'bus'>, tx: Transaction, accountId: Uuid): Promise<void> {
  // In one order, and one after the other: of the last two who go at once neither would see that the other one is gone.
  await tx.query(
    `select 1 from bill_groups where id in (select group_id from bill_members where account_id = $1) order by id for update`,
    [accountId],
  )
  const mine = await tx.orm
    .update(billMembers)
    .set({ status: 'LEFT' })
    .where(eq(billMembers.accountId, accountId))
    .returning({ groupId: billMembers.groupId })
  for (const { groupId } of mine) {
    const [{ active } = { active: 0 }] = await tx.orm
      .select({ active: count() })
      .from(billMembers)
      .where(and(eq(billMembers.groupId, groupId), eq(billMembers.status, 'ACTIVE')))
    if (Number(active) === 0) await deleteGroup(deps, tx, groupId)
    else tellGroup(deps, tx, groupId)
  }
}

/** The viewer's membership of a group; null for none. */
export async function findMembership(
  db: Pick<Transaction, 'orm'>,
  accountId: Uuid,
  groupId: Uuid,
): Promise<typeof billMembers.$inferSelect | null> {
  const [member] = await db.orm
    .select()
    .from(billMembers)
    .where(and(eq(billMembers.groupId, groupId), eq(billMembers.accountId, accountId)))
  return member !== undefined && canSeeGroup(member) ? member : null
}
