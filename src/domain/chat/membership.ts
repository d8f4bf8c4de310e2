import { and, asc, desc, eq, sql } from 'drizzle-orm'
import { forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { roomBans, roomInvitations, roomMembers, rooms } from '../../db/tables/chat/room.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { Deps } from '../deps.ts'
import { findSubject } from '../subject/registry.ts'
import type { Viewer } from '../viewer.ts'
import { type Publisher, recordEvent, tellMember } from './events.ts'
import { withdrawInvited } from './notice.ts'
import { addMember, deleteRoomRows, type LockedRoom, lockMembers, lockRoom, lockRoomRow, type Member } from './room.ts'
import { canRemoveMember, ensureMayInRoom, type RoomRole } from './rules.ts'

const ofRoom = (roomId: Uuid) => eq(roomMembers.roomId, roomId)

/**
 * Joins a room that hangs on something that the viewer sees. Joining twice is joining once.
 * @throws DomainError `NOT_FOUND` for any other room and for who is banned, `LIMIT_EXCEEDED`.
 */
export function joinRoom(deps: Deps, viewer: Viewer, roomId: Uuid): Promise<Uuid> {
  const path = ['input', 'roomId']
  return deps.db.transaction(async (tx) => {
    const room = await lockRoomRow(tx, roomId)
    if (room === null) throw notFound('room', path)
    if (await isMember(tx, roomId, viewer.accountId)) return roomId
    if (room.subjectId === null || !(await seesSubject(tx, viewer, room.subjectId))) throw notFound('room', path)
    await letIn(deps, tx, roomId, viewer, path)
    return roomId
  })
}

async function seesSubject(tx: Transaction, viewer: Viewer, id: Uuid): Promise<boolean> {
  const [on] = await tx.orm.select({ id: subjects.id, kind: subjects.kind }).from(subjects).where(eq(subjects.id, id))
  return on !== undefined && (await findSubject(tx, viewer, on)) !== null
}

export async function isMember(tx: Transaction, roomId: Uuid, accountId: Uuid): Promise<boolean> {
  const [member] = await tx.orm
    .select({ id: roomMembers.id })
    .from(roomMembers)
    .where(and(ofRoom(roomId), eq(roomMembers.accountId, accountId)))
  return member !== undefined
}

export async function isBanned(tx: Transaction, roomId: Uuid, accountId: Uuid): Promise<boolean> {
  const [ban] = await tx.orm
    .select({ id: roomBans.id })
    .from(roomBans)
    .where(and(eq(roomBans.roomId, roomId), eq(roomBans.accountId, accountId)))
  return ban !== undefined
}

/** The viewer comes in on their own feet, into a room whose row is locked. An invitation that waits is thereby answered. */
export async function letIn(
  deps: Deps,
  tx: Transaction,
  roomId: Uuid,
  viewer: Viewer,
  path: readonly string[],
): Promise<void> {
  const { accountId } = viewer
  if (await isBanned(tx, roomId, accountId)) throw notFound('room', path)
  const [answered] = await tx.orm
    .delete(roomInvitations)
    .where(and(eq(roomInvitations.roomId, roomId), eq(roomInvitations.accountId, accountId)))
    .returning()
  if (answered !== undefined) await withdrawInvited(deps, tx, answered)
  await addMember(deps, tx, roomId, { accountId, role: 'MEMBER', actorId: accountId })
}

async function removeMembership(tx: Transaction, roomId: Uuid, member: Member): Promise<void> {
  await tx.orm.delete(roomMembers).where(eq(roomMembers.id, member.id))
  const counted = sql`${rooms.memberCount} - 1`
  await tx.orm.update(rooms).set({ memberCount: counted }).where(eq(rooms.id, roomId))
}

/**
 * Leaves a group. Its last owner leaves it to the oldest moderator, or else the oldest member; the last member takes the
 * room along. @throws DomainError `NOT_FOUND`, `INVALID_INPUT` for a one-to-one room.
 */
export function leaveRoom(deps: Deps, viewer: Viewer, roomId: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const room = await lockRoom(tx, viewer, roomId)
    if (room.kind === 'DIRECT') {
      throw invalidInput(['input', 'roomId'], 'A one-to-one room cannot be left. Mute it, or block the other.')
    }
    await leave(deps, tx, room)
    return roomId
  })
}

async function leave(deps: Publisher, tx: Transaction, room: Pick<LockedRoom, 'id' | 'membership'>): Promise<void> {
  const { id, membership } = room
  const { accountId } = membership
  await removeMembership(tx, id, membership)
  tellMember(deps, tx, id, accountId)
  const others = await tx.orm.select({ id: roomMembers.id }).from(roomMembers).where(ofRoom(id)).limit(1)
  if (others.length === 0) return deleteRoomRows(tx, id)
  await recordEvent(deps, tx, id, { kind: 'MEMBER_LEFT', actorId: accountId, accountId })
  if (membership.role === 'OWNER') await ensureOwner(deps, tx, id)
}

/** A group without an owner is one that nobody can mend. */
async function ensureOwner(deps: Publisher, tx: Transaction, roomId: Uuid): Promise<void> {
  const owners = await countOwners(tx, roomId)
  if (owners > 0) return
  const next = (await findSuccessor(tx, roomId, 'skip')) ?? (await findSuccessor(tx, roomId, 'wait'))
  if (next === undefined) return
  await setRole(deps, tx, roomId, null, next.accountId, 'OWNER')
}

/** First whom nobody is removing at this moment: they would wait for this room, and this room for them. */
async function findSuccessor(tx: Transaction, roomId: Uuid, locked: 'skip' | 'wait') {
  const [next] = await tx.orm
    .select({ accountId: roomMembers.accountId })
    .from(roomMembers)
    .where(ofRoom(roomId))
    .orderBy(desc(eq(roomMembers.role, 'MODERATOR')), asc(roomMembers.joinedAt), asc(roomMembers.id))
    .limit(1)
    .for('no key update', locked === 'skip' ? { skipLocked: true } : {})
  return next
}

async function countOwners(tx: Transaction, roomId: Uuid): Promise<number> {
  const owners = await tx.orm
    .select({ id: roomMembers.id })
    .from(roomMembers)
    .where(and(ofRoom(roomId), eq(roomMembers.role, 'OWNER')))
  return owners.length
}

async function setRole(
  deps: Publisher,
  tx: Transaction,
  roomId: Uuid,
  actorId: Uuid | null,
  accountId: Uuid,
  role: RoomRole,
): Promise<void> {
  const whose = and(ofRoom(roomId), eq(roomMembers.accountId, accountId))
  await tx.orm.update(roomMembers).set({ role }).where(whose)
  await recordEvent(deps, tx, roomId, { kind: 'ROLE_CHANGED', actorId, accountId, role })
  tellMember(deps, tx, roomId, accountId)
}

/**
 * Takes somebody out, for good when they are banned. A ban also reaches who has left, or was only invited.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT` for oneself.
 */
export function removeMember(
  deps: Deps,
  viewer: Viewer,
  input: { roomId: Uuid; accountId: Uuid; ban: boolean },
): Promise<Uuid> {
  const { roomId, accountId, ban } = input
  const path = ['input', 'accountId']
  return deps.db.transaction(async (tx) => {
    const room = await lockRoom(tx, viewer, roomId, undefined, [accountId])
    ensureMayInRoom('removeMembers', room.kind, room.membership)
    if (accountId === viewer.accountId) throw invalidInput(path, 'You cannot remove yourself; you can leave.')
    const member = room.members.get(accountId)
    if (member === undefined && !ban) throw notFound('member', path)
    if (member !== undefined) {
      if (!canRemoveMember(room.kind, room.membership, member)) {
        throw forbidden('Moderators may remove members, and owners may remove moderators as well.')
      }
      await removeMembership(tx, roomId, member)
      await recordEvent(deps, tx, roomId, { kind: 'MEMBER_REMOVED', actorId: viewer.accountId, accountId })
    }
    if (ban) {
      await tx.orm
        .insert(roomBans)
        .values({ id: newId(), roomId, accountId, bannedById: viewer.accountId })
        .onConflictDoNothing()
      await tx.orm
        .delete(roomInvitations)
        .where(and(eq(roomInvitations.roomId, roomId), eq(roomInvitations.accountId, accountId)))
    }
    tellMember(deps, tx, roomId, accountId)
    return roomId
  })
}

/** Lifting a ban that is not there changes nothing. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function liftBan(deps: Deps, viewer: Viewer, input: { roomId: Uuid; accountId: Uuid }): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const room = await lockRoom(tx, viewer, input.roomId)
    ensureMayInRoom('removeMembers', room.kind, room.membership)
    await tx.orm.delete(roomBans).where(and(eq(roomBans.roomId, input.roomId), eq(roomBans.accountId, input.accountId)))
    return room.id
  })
}

/**
 * Owners give and take every role, theirs included, as long as an owner is left.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`.
 */
export function setMemberRole(
  deps: Deps,
  viewer: Viewer,
  input: { roomId: Uuid; accountId: Uuid; role: RoomRole },
): Promise<Uuid> {
  const { roomId, accountId, role } = input
  return deps.db.transaction(async (tx) => {
    const room = await lockRoom(tx, viewer, roomId, undefined, [accountId])
    ensureMayInRoom('setRoles', room.kind, room.membership)
    const member = room.members.get(accountId)
    if (member === undefined) throw notFound('member', ['input', 'accountId'])
    if (member.role === role) return roomId
    if (member.role === 'OWNER' && (await countOwners(tx, roomId)) === 1) {
      throw invalidInput(['input', 'role'], 'A room needs an owner: make somebody else one first.')
    }
    await setRole(deps, tx, roomId, viewer.accountId, accountId, role)
    return roomId
  })
}

/** For the deletion of an account: out of every room, also those of two. */
export async function leaveAllRooms(deps: Publisher, tx: Transaction, accountId: Uuid): Promise<void> {
  const own = await tx.orm
    .select({ roomId: roomMembers.roomId })
    .from(roomMembers)
    .where(eq(roomMembers.accountId, accountId))
    .orderBy(asc(roomMembers.roomId))
  for (const { roomId } of own) {
    const [membership] = await lockMembers(tx, roomId, [accountId])
    const room = membership === undefined ? null : await lockRoomRow(tx, roomId)
    if (membership !== undefined && room !== null) await leave(deps, tx, { id: roomId, membership })
  }
}
