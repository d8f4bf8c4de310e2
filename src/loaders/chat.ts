import { sql } from 'drizzle-orm'
import { HIGHLIGHT_END, HIGHLIGHT_START, searchQuery } from '../db/queries/blog.ts'
import type { MessageRow, RoomInvitationRow, RoomMemberRow, Unread } from '../db/queries/chat.ts'
import { unreadColumns } from '../db/queries/chat.ts'
import { keysOf, selectColumns } from '../db/relation.ts'
import { messageEntity, roomInvitationEntity, roomMemberEntity } from '../db/relations/chat.ts'
import { statement } from '../db/statement.ts'
import { messageAttachments, messageMentions, messages } from '../db/tables/chat/message.ts'
import { roomBans, roomInvitations, roomMembers } from '../db/tables/chat/room.ts'
import { subjects } from '../db/tables/subject.ts'
import type { BatchLoaders, Typed } from './batch.ts'

const viewerId = sql`${sql.placeholder('viewer')}::text::uuid`
const typed = <Row extends object>(row: Row | undefined, __typename: string): Typed<Row> | null =>
  row === undefined ? null : Object.assign(row, { __typename })

const own = statement<RoomMemberRow & { __key: string }>(
  sql`select ${roomMembers.roomId} as "__key", ${selectColumns(roomMemberEntity)} from ${roomMembers} where ${roomMembers.accountId} = ${viewerId} and ${roomMembers.roomId} = any(${keysOf(roomMembers.roomId)})`,
)

/** The account's place in the room; null for who is no member. */
export const membershipOf = (loaders: BatchLoaders, accountId: string, roomId: string) =>
  loaders.grouped(own, roomId, { viewer: accountId }, ([row]) => typed<RoomMemberRow>(row, roomMemberEntity.typename))

const invited = statement<RoomInvitationRow & { __key: string }>(
  sql`select ${roomInvitations.roomId} as "__key", ${selectColumns(roomInvitationEntity)} from ${roomInvitations} where ${roomInvitations.accountId} = ${viewerId} and ${roomInvitations.roomId} = any(${keysOf(roomInvitations.roomId)})`,
)

/** The invitation into the room that waits for the account's answer. */
export const invitationOf = (loaders: BatchLoaders, accountId: string, roomId: string) =>
  loaders.grouped(invited, roomId, { viewer: accountId }, ([row]) =>
    typed<RoomInvitationRow>(row, roomInvitationEntity.typename),
  )

const shared = statement<{ __key: string }>(
  sql`select distinct other.account_id as "__key" from room_members own join room_members other on other.room_id = own.room_id where own.account_id = ${viewerId} and other.account_id = any(${keysOf(roomMembers.accountId)})`,
)

/** Whether there is a room that both are in, batched. */
export const shareRoom = (loaders: BatchLoaders, viewer: string, accountId: string): Promise<boolean> =>
  loaders.grouped(shared, accountId, { viewer }, (rows) => rows.length > 0)

const banned = statement<{ __key: string }>(
  sql`select ${roomBans.roomId} as "__key" from ${roomBans} where ${roomBans.accountId} = ${viewerId} and ${roomBans.roomId} = any(${keysOf(roomBans.roomId)})`,
)

export const isBannedFrom = (loaders: BatchLoaders, accountId: string, roomId: string): Promise<boolean> =>
  loaders.grouped(banned, roomId, { viewer: accountId }, (rows) => rows.length > 0)

const NOTHING: Unread = { unread: 0, mentions: 0 }

/** `most` is the same number in every call: a statement of its own would have to be made for another. */
export const createUnreadOf = (most: number) => {
  const counts = statement<Unread & { __key: string }>(
    sql`select ${roomMembers.roomId} as "__key", ${unreadColumns(most)} from ${roomMembers} where ${roomMembers.accountId} = ${viewerId} and ${roomMembers.roomId} = any(${keysOf(roomMembers.roomId)})`,
  )
  return (loaders: BatchLoaders, accountId: string, roomId: string): Promise<Unread> =>
    loaders.grouped(counts, roomId, { viewer: accountId }, ([row]) => row ?? NOTHING)
}

const last = statement<MessageRow & { __key: string }>(
  sql`select parent.key as "__key", said.* from unnest(${keysOf(messages.roomId)}) as parent(key) cross join lateral (select ${selectColumns(messageEntity)} from ${messages} where ${messages.roomId} = parent.key and ${messages.deletedAt} is null order by ${messages.seq} desc limit 1) said`,
)

/** The newest message of the room that was not deleted. */
export const lastMessageOf = (loaders: BatchLoaders, roomId: string) =>
  loaders.grouped(last, roomId, {}, ([row]) => typed<MessageRow>(row, messageEntity.typename))

export interface AttachmentRow {
  position: number
  url: string | null
  uploadId: string | null
  alt: string | null
  on: { kind: (typeof subjects.$inferSelect)['kind']; id: string } | null
}

interface AttachmentColumns {
  __key: string
  position: number
  url: string | null
  uploadId: string | null
  alt: string | null
  subjectId: string | null
  kind: (typeof subjects.$inferSelect)['kind'] | null
}

const attached = statement<AttachmentColumns>(
  sql`select ${messageAttachments.messageId} as "__key", ${messageAttachments.position} as "position", ${messageAttachments.url} as "url", ${messageAttachments.uploadId} as "uploadId", ${messageAttachments.alt} as "alt", ${messageAttachments.subjectId} as "subjectId", ${subjects.kind} as "kind" from ${messageAttachments} left join ${subjects} on ${subjects.id} = ${messageAttachments.subjectId} where ${messageAttachments.messageId} = any(${keysOf(messageAttachments.messageId)}) order by 2`,
)

export const attachmentsOf = (loaders: BatchLoaders, messageId: string): Promise<AttachmentRow[]> =>
  loaders.grouped(attached, messageId, {}, (rows) =>
    rows.map(({ position, url, uploadId, alt, subjectId, kind }) => ({
      position,
      url,
      uploadId,
      alt,
      on: subjectId === null || kind === null ? null : { kind, id: subjectId },
    })),
  )

const named = statement<{ __key: string; accountId: string }>(
  sql`select ${messageMentions.messageId} as "__key", ${messageMentions.accountId} as "accountId" from ${messageMentions} where ${messageMentions.messageId} = any(${keysOf(messageMentions.messageId)}) order by 2`,
)

/** The accounts that the message names. */
export const mentionedIn = (loaders: BatchLoaders, messageId: string): Promise<string[]> =>
  loaders.grouped(named, messageId, {}, (rows) => rows.map(({ accountId }) => accountId))

const OPTIONS = `StartSel=${HIGHLIGHT_START}, StopSel=${HIGHLIGHT_END}, MaxFragments=2, MaxWords=30, MinWords=10, FragmentDelimiter=" … "`

const highlights = statement<{ __key: string; marked: string }>(
  sql`select ${messages.id} as "__key", ts_headline('english', ${messages.body}, ${searchQuery(sql`${sql.placeholder('text')}::text`)}, ${OPTIONS}) as "marked" from ${messages} where ${messages.body} is not null and ${messages.id} = any(${keysOf(messages.id)})`,
)

/** The words around the matches of a search in a message, marked as `domain/blog/highlight` expects them. */
export const messageHighlight = (loaders: BatchLoaders, messageId: string, text: string): Promise<string | null> =>
  loaders.grouped(highlights, messageId, { text }, ([row]) => row?.marked ?? null)
