import { and, asc, eq, inArray, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { messages } from '../../db/tables/chat/message.ts'
import { roomMembers, rooms } from '../../db/tables/chat/room.ts'
import { subjects } from '../../db/tables/subject.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, line, prose } from '../input.ts'
import { getSubject } from '../subject/registry.ts'
import type { SubjectRef } from '../subject/rules.ts'
import type { Viewer } from '../viewer.ts'
import { isBlocked, isRoomBlocked } from './blocked.ts'
import { recordEvent, tellMember } from './events.ts'
import { ensureMayInRoom, MAX_ROOM_MEMBERS, type RoomEncryption, type RoomKind, type RoomRole } from './rules.ts'

const title = line('A title', 1, 100)
const description = prose('A description', 0, 1_000)
const newRoomInput = z.object({ title, description: leftOut(description) })
const roomChangeInput = z.object({ title: leftOut(title), description: leftOut(description) })

export interface Member {
  id: Uuid
  accountId: Uuid
  role: RoomRole
}

export interface LockedRoom {
  id: Uuid
  kind: RoomKind
  encryption: RoomEncryption
  subjectId: Uuid | null
  memberCount: number
  eventSeq: number
  isBlocked: boolean
  /** The viewer's own membership. */
  membership: Member
  /** The memberships that were asked for beside it, by account. */
  members: ReadonlyMap<Uuid, Member>
}

const memberColumns = { id: roomMembers.id, accountId: roomMembers.accountId, role: roomMembers.role }

/** Whoever writes a message holds their membership and then waits for the room: every other lock is taken in this order. */
export const lockMembers = (tx: Transaction, roomId: Uuid, accountIds: readonly Uuid[]): Promise<Member[]> =>
  tx.orm
    .select(memberColumns)
    .from(roomMembers)
    .where(and(eq(roomMembers.roomId, roomId), inArray(roomMembers.accountId, [...accountIds])))
    .orderBy(asc(roomMembers.accountId))
    .for('update')

/** The row of the room, held until the end of the transaction. Null when there is none. */
export async function lockRoomRow(tx: Transaction, roomId: Uuid) {
  const [room] = await tx.orm
    .select({
      id: rooms.id,
      kind: rooms.kind,
      encryption: rooms.encryption,
      subjectId: rooms.subjectId,
      memberCount: rooms.memberCount,
      eventSeq: rooms.eventSeq,
      isBlocked: isRoomBlocked,
    })
    .from(rooms)
    .where(eq(rooms.id, roomId))
    .for('no key update')
  return room ?? null
}

/**
 * Locks the viewer's membership, those of `accountIds`, and the room.
 * @throws DomainError `NOT_FOUND` for who is no member: a room of others is no different from none.
 */
export async function lockRoom(
  tx: Transaction,
  viewer: Viewer,
  roomId: Uuid,
  path: readonly string[] = ['input', 'roomId'],
  accountIds: readonly Uuid[] = [],
): Promise<LockedRoom> {
  const locked = await lockMembers(tx, roomId, [viewer.accountId, ...accountIds])
  const membership = locked.find(({ accountId }) => accountId === viewer.accountId)
  const room = membership === undefined ? null : await lockRoomRow(tx, roomId)
  if (membership === undefined || room === null) throw notFound('room', path)
  const members = new Map(locked.map((member) => [member.accountId, member]))
  // Somebody may have come in while we waited for the room. From here on nobody can.
  const absent = accountIds.filter((id) => !members.has(id))
  if (absent.length > 0) {
    for (const member of await lockMembers(tx, roomId, absent)) members.set(member.accountId, member)
  }
  return { ...room, membership, members }
}

export interface NewRoom {
  title: string
  description?: string | undefined
  encryption?: RoomEncryption | undefined
  /** What it hangs on. */
  on?: SubjectRef | undefined
  idempotencyKey?: string | undefined
}

/** Its maker is its first owner. @throws DomainError `INVALID_INPUT`, `NOT_FOUND`, `FORBIDDEN`, `CONFLICT`. */
export function createRoom(deps: Deps, viewer: Viewer, input: NewRoom): Promise<Uuid> {
  const fields = checkInput(newRoomInput, input)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createRoom', input, async () => {
      if (input.on !== undefined) await ensureMayAttach(tx, viewer, input.on)
      const id = await insertRoom(tx, {
        kind: 'GROUP',
        title: fields.title,
        description: fields.description ?? '',
        encryption: input.encryption ?? 'NONE',
        subjectId: input.on?.id ?? null,
      })
      await addMember(deps, tx, id, { accountId: viewer.accountId, role: 'OWNER', actorId: viewer.accountId })
      return id
    }),
  )
}

async function ensureMayAttach(tx: Transaction, viewer: Viewer, on: SubjectRef): Promise<void> {
  const path = ['input', 'subjectId']
  const subject = await getSubject(tx, viewer, on, path)
  if (subject.kind === 'ROOM' || !subject.viewerMayAttach) {
    throw invalidInput(path, 'You cannot hang a room on this: it is for its owner to do.')
  }
}

async function insertRoom(tx: Transaction, room: Omit<typeof rooms.$inferInsert, 'id'>): Promise<Uuid> {
  const id = newId()
  await tx.orm.insert(subjects).values({ id, kind: 'ROOM' })
  await tx.orm.insert(rooms).values({ id, ...room })
  return id
}

interface Newcomer {
  accountId: Uuid
  role: RoomRole
  /** Who let them in. */
  actorId: Uuid
}

/**
 * Lets somebody in whom the rules allow. What was said before they came counts as read.
 * @throws DomainError `LIMIT_EXCEEDED` when the room is full, `TAKEN` for a member.
 */
export async function addMember(deps: Deps, tx: Transaction, roomId: Uuid, newcomer: Newcomer): Promise<void> {
  const { accountId, role, actorId } = newcomer
  try {
    const counted = sql`${rooms.memberCount} + 1`
    await tx.orm.update(rooms).set({ memberCount: counted, lastActivityAt: sql`now()` }).where(eq(rooms.id, roomId))
  } catch (error) {
    throw violatedConstraint(error) === 'rooms_size' ? roomIsFull() : error
  }
  const seq = await recordEvent(deps, tx, roomId, { kind: 'MEMBER_JOINED', actorId, accountId, role })
  if (seq === null) throw notFound('room', ['input', 'roomId'])
  await tx.orm.insert(roomMembers).values({ id: newId(), roomId, accountId, role, lastReadSeq: seq })
  tellMember(deps, tx, roomId, accountId)
}

const roomIsFull = () =>
  new DomainError('LIMIT_EXCEEDED', `A room has at most ${MAX_ROOM_MEMBERS} members.`, ['input'], {
    limit: MAX_ROOM_MEMBERS,
  })

/**
 * The room of the viewer and another, made if there is none yet: each pair has one, and one more that is encrypted.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT` for oneself, or where one of the two has blocked the other.
 */
export async function openDirectRoom(
  deps: Deps,
  viewer: Viewer,
  input: { accountId: Uuid; encryption?: RoomEncryption | undefined },
): Promise<Uuid> {
  const path = ['input', 'accountId']
  const { accountId, encryption = 'NONE' } = input
  if (accountId === viewer.accountId) throw invalidInput(path, 'A one-to-one room needs somebody else.')
  const [directLowId = '', directHighId = ''] = [accountId, viewer.accountId].sort()
  const pair = { directLowId, directHighId, encryption }
  try {
    return await deps.db.transaction(async (tx) => {
      const found = await findDirectRoom(tx, pair)
      if (found !== null) return found
      const [other] = await tx.orm.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId))
      if (other === undefined) throw notFound('account', path)
      if (await isBlocked(tx, viewer.accountId, accountId)) {
        throw invalidInput(path, 'One of you has blocked the other.')
      }
      const id = await insertRoom(tx, { kind: 'DIRECT', ...pair, memberCount: 2 })
      await tx.orm.insert(roomMembers).values([
        { id: newId(), roomId: id, accountId: directLowId },
        { id: newId(), roomId: id, accountId: directHighId },
      ])
      for (const each of [directLowId, directHighId]) tellMember(deps, tx, id, each)
      return id
    })
  } catch (error) {
    // Both opened it at once: the constraint let one of them.
    const first = violatedConstraint(error) === 'rooms_one_per_pair' ? await findDirectRoom(deps.db, pair) : null
    if (first === null) throw error
    return first
  }
}

type Pair = { directLowId: Uuid; directHighId: Uuid; encryption: RoomEncryption }

async function findDirectRoom(db: Executor, { directLowId, directHighId, encryption }: Pair): Promise<Uuid | null> {
  const [room] = await db.orm
    .select({ id: rooms.id })
    .from(rooms)
    .where(
      and(eq(rooms.directLowId, directLowId), eq(rooms.directHighId, directHighId), eq(rooms.encryption, encryption)),
    )
  return room?.id ?? null
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`. */
export async function updateRoom(
  deps: Deps,
  viewer: Viewer,
  input: { id: Uuid; title?: string | undefined; description?: string | undefined },
): Promise<Uuid> {
  const change = checkInput(roomChangeInput, input)
  return deps.db.transaction(async (tx) => {
    const room = await lockRoom(tx, viewer, input.id, ['input', 'id'])
    ensureMayInRoom('changeRoom', room.kind, room.membership)
    if (change.title === undefined && change.description === undefined) return room.id
    await tx.orm.update(rooms).set(change).where(eq(rooms.id, room.id))
    await recordEvent(deps, tx, room.id, { kind: 'ROOM_CHANGED', actorId: viewer.accountId })
    return room.id
  })
}

/** With everything that was said in it. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export async function deleteRoom(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const room = await lockRoom(tx, viewer, id, ['input', 'id'])
    ensureMayInRoom('deleteRoom', room.kind, room.membership)
    const members = await tx.orm.select(memberColumns).from(roomMembers).where(eq(roomMembers.roomId, id))
    await deleteRoomRows(tx, id)
    for (const { accountId } of members) tellMember(deps, tx, id, accountId)
    return id
  })
}

/** Messages are subjects of their own: deleting the room alone would leave what is said about them pointing at nothing. */
export async function deleteRoomRows(tx: Transaction, id: Uuid): Promise<void> {
  const said = tx.orm.select({ id: messages.id }).from(messages).where(eq(messages.roomId, id))
  await tx.orm.delete(subjects).where(or(eq(subjects.id, id), inArray(subjects.id, said)))
}
