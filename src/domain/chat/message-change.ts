import { and, count, eq, inArray, isNotNull, notInArray, sql } from 'drizzle-orm'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import { accounts } from '../../db/tables/account.ts'
import { messageAttachments, messageMentions, messages } from '../../db/tables/chat/message.ts'
import { roomMembers } from '../../db/tables/chat/room.ts'
import { countOpenReports, settleReports } from '../comment/comment.ts'
import type { Deps } from '../deps.ts'
import { markReadAbout } from '../notification/inbox.ts'
import { withdrawNoticesAbout } from '../notification/notify.ts'
import { isStaff, type Viewer } from '../viewer.ts'
import { blocked } from './blocked.ts'
import { recordEvent, tellAccount } from './events.ts'
import { mentionAccounts, mentionHandles } from './mentions.ts'
import { type Content, checkContent, type MessageContent } from './message.ts'
import { readMessages, tellReaders } from './notice.ts'
import { type LockedRoom, lockRoom, lockRoomRow } from './room.ts'
import {
  canDeleteMessage,
  EDIT_WINDOW_MINUTES,
  editWindowEnd,
  ensureMayInRoom,
  isMessageAuthor,
  MAX_PINNED_MESSAGES,
  type RoomKind,
} from './rules.ts'

const path = ['input', 'id']

const factColumns = {
  id: messages.id,
  roomId: messages.roomId,
  seq: messages.seq,
  encryption: messages.encryption,
  authorId: messages.authorId,
  createdAt: messages.createdAt,
  deletedAt: messages.deletedAt,
  pinnedAt: messages.pinnedAt,
}

const findFacts = async (tx: Transaction, id: Uuid) => {
  const [message] = await tx.orm.select(factColumns).from(messages).where(eq(messages.id, id))
  if (message === undefined) throw notFound('message', path)
  return message
}

/** Every change of a message is an event of its room, so the room is what is locked. @throws `NOT_FOUND`. */
async function lockMessage(tx: Transaction, viewer: Viewer, id: Uuid) {
  const { roomId } = await findFacts(tx, id)
  const room = await lockRoom(tx, viewer, roomId, path)
  return { room, message: await findFacts(tx, id) }
}

export interface MessageEdit extends MessageContent {
  id: Uuid
}

/**
 * Within the window that begins when it was sent. What it answers, and what is attached to it, stays.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`, `EDIT_WINDOW_OVER` with `{ endedAt }`.
 */
export async function editMessage(deps: Deps, viewer: Viewer, input: MessageEdit): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { room, message } = await lockMessage(tx, viewer, input.id)
    if (!isMessageAuthor(viewer, message)) throw forbidden('Only its author may edit a message.')
    if (room.isBlocked) throw blocked(path)
    const content = checkContent(input, await hasAttachments(tx, message.id, input))
    if (content.encryption !== room.encryption) {
      throw room.encryption === 'NONE'
        ? invalidInput(['input', 'ciphertext'], 'This room is not encrypted: send a body.')
        : invalidInput(['input', 'body'], 'This room is encrypted: send a ciphertext.')
    }
    if (message.deletedAt !== null) throw invalidInput(path, 'This message was deleted.')
    const { body, bodyHtml, ciphertext } = content
    const window = sql`${messages.createdAt} > clock_timestamp() - make_interval(mins => ${EDIT_WINDOW_MINUTES})`
    const edited = await tx.orm
      .update(messages)
      .set({ body, bodyHtml, ciphertext, editedAt: sql`clock_timestamp()` })
      .where(and(eq(messages.id, message.id), window))
      .returning({ id: messages.id })
    if (edited.length === 0) {
      const message_ = `A message can be edited for ${EDIT_WINDOW_MINUTES} minutes.`
      throw new DomainError('EDIT_WINDOW_OVER', message_, path, {
        endedAt: editWindowEnd(message.createdAt).toISOString(),
      })
    }
    const actorId = viewer.accountId
    const named = await replaceMentions(tx, message, content)
    await tellReaders(deps, tx, actorId, { messageId: message.id, roomId: room.id }, { named, otherId: null })
    await recordEvent(deps, tx, room.id, { kind: 'MESSAGE_EDITED', actorId, messageId: message.id })
    return message.id
  })
}

/** Only a plain message may do without words, and only where something is attached. */
async function hasAttachments(tx: Transaction, messageId: Uuid, input: MessageContent): Promise<boolean> {
  if (input.ciphertext !== undefined) return false
  const [one] = await tx.orm
    .select({ position: messageAttachments.position })
    .from(messageAttachments)
    .where(eq(messageAttachments.messageId, messageId))
    .limit(1)
  return one !== undefined
}

/** Answers who was not named before. */
async function replaceMentions(
  tx: Transaction,
  { id: messageId, roomId, seq }: { id: Uuid; roomId: Uuid; seq: number },
  { handles, mentionIds }: Content,
): Promise<Uuid[]> {
  const named = tx.orm
    .select({ id: accounts.id })
    .from(accounts)
    .where(mentionIds.length > 0 ? inArray(accounts.id, mentionIds) : inArray(accounts.handle, handles))
  const isOfMessage = eq(messageMentions.messageId, messageId)
  const nobody = handles.length === 0 && mentionIds.length === 0
  await tx.orm
    .delete(messageMentions)
    .where(nobody ? isOfMessage : and(isOfMessage, notInArray(messageMentions.accountId, named)))
  const message = { messageId, roomId, seq }
  return [...(await mentionHandles(tx, message, handles)), ...(await mentionAccounts(tx, message, mentionIds))]
}

/**
 * Leaves an empty place, so that replies keep their context. For its author, the moderators of the room, and for staff
 * where a member has reported it. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT` for a deleted one.
 */
export async function deleteMessage(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { roomId } = await findFacts(tx, id)
    const isReported = isStaff(viewer) && (await countOpenReports(tx, id)) > 0
    const room = await (isReported ? lockAsStaff(tx, roomId) : lockRoom(tx, viewer, roomId, path))
    const message = await findFacts(tx, id)
    if (message.deletedAt !== null) throw invalidInput(path, 'This message was deleted already.')
    if (!canDeleteMessage(viewer, message, room, room.membership, isReported)) {
      throw forbidden('Only its author, or a moderator, may delete a message.')
    }
    await eraseMessages(tx, [id])
    await withdrawNoticesAbout(deps, tx, id)
    if (isReported) await settleReports(tx, viewer, id)
    await recordEvent(deps, tx, roomId, { kind: 'MESSAGE_DELETED', actorId: viewer.accountId, messageId: id })
    return id
  })
}

type RoomOfMessage = { kind: RoomKind; membership: LockedRoom['membership'] | null }

/** Staff act on what was reported without being members; being one as well they are what the room made them. */
async function lockAsStaff(tx: Transaction, roomId: Uuid): Promise<RoomOfMessage> {
  const room = await lockRoomRow(tx, roomId)
  if (room === null) throw notFound('message', path)
  return { kind: room.kind, membership: null }
}

/** Nothing of what they said is left, nor what they showed, nor whom they named. */
export async function eraseMessages(tx: Transaction, ids: readonly Uuid[]): Promise<void> {
  const which = [...ids]
  await tx.orm
    .update(messages)
    .set({
      body: null,
      bodyHtml: null,
      ciphertext: null,
      pinnedAt: null,
      pinnedById: null,
      deletedAt: sql`coalesce(${messages.deletedAt}, clock_timestamp())`,
    })
    .where(inArray(messages.id, which))
  await tx.orm.delete(messageMentions).where(inArray(messageMentions.messageId, which))
  await tx.orm.delete(messageAttachments).where(inArray(messageAttachments.messageId, which))
}

/** Pinning what is pinned changes nothing. @throws `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`, `LIMIT_EXCEEDED`. */
export function pinMessage(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { room, message } = await lockMessage(tx, viewer, id)
    ensureMayInRoom('pin', room.kind, room.membership)
    if (room.isBlocked) throw blocked(path)
    if (message.deletedAt !== null) throw invalidInput(path, 'This message was deleted.')
    if (message.pinnedAt !== null) return id
    const [pinned] = await tx.orm
      .select({ count: count() })
      .from(messages)
      .where(and(eq(messages.roomId, room.id), isNotNull(messages.pinnedAt)))
    if (Number(pinned?.count ?? 0) >= MAX_PINNED_MESSAGES) {
      const limit = MAX_PINNED_MESSAGES
      throw new DomainError('LIMIT_EXCEEDED', `A room has at most ${limit} pinned messages.`, path, { limit })
    }
    const pin = { pinnedAt: sql`clock_timestamp()`, pinnedById: viewer.accountId }
    await tx.orm.update(messages).set(pin).where(eq(messages.id, id))
    await recordEvent(deps, tx, room.id, { kind: 'MESSAGE_PINNED', actorId: viewer.accountId, messageId: id })
    return id
  })
}

/** Unpinning what is not pinned changes nothing. @throws `NOT_FOUND`, `FORBIDDEN`. */
export function unpinMessage(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { room, message } = await lockMessage(tx, viewer, id)
    ensureMayInRoom('pin', room.kind, room.membership)
    if (message.pinnedAt === null) return id
    await tx.orm.update(messages).set({ pinnedAt: null, pinnedById: null }).where(eq(messages.id, id))
    await recordEvent(deps, tx, room.id, { kind: 'MESSAGE_UNPINNED', actorId: viewer.accountId, messageId: id })
    return id
  })
}

const text = (name: string) => sql`${sql.placeholder(name)}::text`

/** Answers what it was before as well: whoever has read nothing new has nothing to tell. */
const moveMarker = statement<{ before: number; now: number }>(
  sql`with target as (
    select room_id, seq from ${messages} where room_id = ${text('roomId')}::uuid and id = ${text('messageId')}::uuid
  ), member as (
    select m.id, m.last_read_seq as before, t.seq from ${roomMembers} m join target t on t.room_id = m.room_id
    where m.account_id = ${text('accountId')}::uuid for no key update of m
  )
  update ${roomMembers} set last_read_seq = greatest(last_read_seq, member.seq) from member where ${roomMembers.id} = member.id
  returning member.before as "before", ${roomMembers.lastReadSeq} as "now"`,
)

/**
 * Everything up to this message counts as read. The marker only moves forward, whichever of several devices comes last.
 * @throws DomainError `NOT_FOUND`.
 */
export function markRoomRead(deps: Deps, viewer: Viewer, input: { roomId: Uuid; messageId: Uuid }): Promise<Uuid> {
  const { roomId, messageId } = input
  return deps.db.transaction(async (tx) => {
    const [marker] = await moveMarker.run(tx, { roomId, messageId, accountId: viewer.accountId })
    if (marker === undefined) throw notFound('message', ['input', 'messageId'])
    if (marker.now > marker.before) {
      tellAccount(deps, tx, viewer.accountId)
      await markReadAbout(deps, tx, viewer.accountId, readMessages(roomId, marker.now))
    }
    return roomId
  })
}
