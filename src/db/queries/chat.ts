import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Executor } from '../database.ts'
import type { KeysetOrder, PageRequest } from '../keyset.ts'
import { entity, type RowOf, selectColumns } from '../relation.ts'
import { accountEntity } from '../relations/account.ts'
import { messageEntity, roomEntity } from '../relations/chat.ts'
import { runStatement, statement } from '../statement.ts'
import { accounts } from '../tables/account.ts'
import { messageMentions, messages, roomEvents } from '../tables/chat/message.ts'
import {
  accountBlocks,
  type roomBans,
  type roomInvitations,
  type roomLinks,
  roomMembers,
  rooms,
} from '../tables/chat/room.ts'
import { notificationMutes } from '../tables/notification.ts'
import { searchQuery } from './blog.ts'
import { findPage, type ListSource } from './page.ts'

export type RoomRow = RowOf<typeof rooms>
export type RoomMemberRow = RowOf<typeof roomMembers>
export type RoomInvitationRow = RowOf<typeof roomInvitations>
export type RoomLinkRow = RowOf<typeof roomLinks>
export type RoomBanRow = RowOf<typeof roomBans>
export type RoomEventRow = RowOf<typeof roomEvents>
export type MessageRow = RowOf<typeof messages, 'bodyHtml' | 'search' | 'clientHash'> & {
  /** Only in a search: what was searched for, so that its words can be marked. */
  searchedFor?: string
  /** It was reported: who sees it need not be a member of its room, and sees nothing around it. */
  isReported?: boolean
}

/** How many rows a live stream reads at a time. */
export const ROOM_STREAM_PAGE_SIZE = 100

const roomId = sql`${sql.placeholder('roomId')}::text::uuid`
const seq = sql`${sql.placeholder('seq')}::text::integer`
const pageSize = sql.raw(String(ROOM_STREAM_PAGE_SIZE))

/** Rows of a stream know the last number with which somebody lost the room: see `domain/chat/stream`. */
export type Streamed<Row> = Row & { readonly removalSeq: number }
const removalSeq = sql`(select ${rooms.removalSeq} from ${rooms} where ${rooms.id} = ${roomId}) as "removalSeq"`

const messagesAfter = statement<Streamed<MessageRow>>(
  sql`select ${selectColumns(messageEntity)}, ${removalSeq} from ${messages} where ${messages.roomId} = ${roomId} and ${messages.seq} > ${seq} and ${messages.deletedAt} is null order by ${messages.seq} limit ${pageSize}`,
)

/** What a live reader that has number `seq` of the room is missing, oldest first; without what was deleted meanwhile. */
export async function findMessagesAfter(db: Executor, room: string, after: number): Promise<Streamed<MessageRow>[]> {
  const rows = await messagesAfter.run(db, { roomId: room, seq: String(after) })
  return rows.map((row) => Object.assign(row, { __typename: messageEntity.typename }))
}

const eventEntity = entity('RoomEvent', roomEvents)

const eventsAfter = statement<Streamed<RoomEventRow>>(
  sql`select ${selectColumns(eventEntity)}, ${removalSeq} from ${roomEvents} where ${roomEvents.roomId} = ${roomId} and ${roomEvents.seq} > ${seq} order by ${roomEvents.seq} limit ${pageSize}`,
)

export const findRoomEventsAfter = (db: Executor, room: string, after: number): Promise<Streamed<RoomEventRow>[]> =>
  eventsAfter.run(db, { roomId: room, seq: String(after) })

const newestSeq = statement<{ seq: number }>(
  sql`select ${rooms.eventSeq} as "seq" from ${rooms} where ${rooms.id} = ${roomId}`,
)

export const findNewestEventSeq = async (db: Executor, room: string): Promise<number> =>
  (await newestSeq.run(db, { roomId: room }))[0]?.seq ?? 0

const newestRemoval = statement<{ seq: number }>(
  sql`select ${rooms.removalSeq} as "seq" from ${rooms} where ${rooms.id} = ${roomId}`,
)

/** The number of the last event that took a membership away. */
export const findRemovalSeq = async (db: Executor, room: string): Promise<number> =>
  (await newestRemoval.run(db, { roomId: room }))[0]?.seq ?? 0

const removedAfter = statement<{ accountId: string }>(
  sql`select distinct ${roomEvents.accountId} as "accountId" from ${roomEvents} where ${roomEvents.roomId} = ${roomId} and ${roomEvents.seq} > ${seq} and ${roomEvents.kind} in ('MEMBER_LEFT', 'MEMBER_REMOVED') and ${roomEvents.accountId} is not null`,
)

/** Who lost the room behind the number. */
export const findRemovedAfter = async (db: Executor, room: string, after: number): Promise<string[]> =>
  (await removedAfter.run(db, { roomId: room, seq: String(after) })).map((row) => row.accountId)

const isOf = (accountId: string): SQL => sql`${roomMembers.accountId} = ${accountId}::text::uuid`

/** The rooms that an account is a member of. */
export const roomsOfMember = (accountId: string): ListSource<RoomRow> => ({
  of: roomEntity,
  joins: sql` join ${roomMembers} on ${roomMembers.roomId} = ${rooms.id}`,
  where: [isOf(accountId)],
})

const RECENTLY_ACTIVE: KeysetOrder = {
  name: 'RECENTLY_ACTIVE',
  direction: 'desc',
  keys: [
    { value: rooms.lastActivityAt, type: 'timestamptz' },
    { value: rooms.id, type: 'uuid' },
  ],
}

export const findRoomsOfMember = (db: Executor, accountId: string, page: PageRequest) =>
  findPage(db, roomsOfMember(accountId), RECENTLY_ACTIVE, page)

/** The rooms that hang on a thing. */
export const roomsOn = (subjectId: string): ListSource<RoomRow> => ({
  of: roomEntity,
  where: [sql`${rooms.subjectId} = ${subjectId}::text::uuid`],
})

const OLDEST_ROOM: KeysetOrder = {
  name: 'OLDEST',
  direction: 'asc',
  keys: [
    { value: rooms.createdAt, type: 'timestamptz' },
    { value: rooms.id, type: 'uuid' },
  ],
}

export const findRoomsOn = (db: Executor, subjectId: string, page: PageRequest) =>
  findPage(db, roomsOn(subjectId), OLDEST_ROOM, page)

const memberRoomIds = statement<{ roomId: string }>(
  sql`select ${roomMembers.roomId} as "roomId" from ${roomMembers} where ${roomMembers.accountId} = ${sql.placeholder('accountId')}::text::uuid`,
)

export const findRoomIdsOfMember = async (db: Executor, accountId: string): Promise<string[]> =>
  (await memberRoomIds.run(db, { accountId })).map((row) => row.roomId)

const shownMembers = statement<{ accountId: string }>(
  sql`select ${roomMembers.accountId} as "accountId" from ${roomMembers} join ${accounts} on ${accounts.id} = ${roomMembers.accountId} where ${roomMembers.roomId} = ${roomId} and ${accounts.showPresence} order by ${roomMembers.joinedAt}, ${roomMembers.id}`,
)

/** The members who show whether they are here, the longest first. */
export const findShownMembers = async (db: Executor, room: string): Promise<string[]> =>
  (await shownMembers.run(db, { roomId: room })).map((row) => row.accountId)

export interface MessageSearch {
  accountId: string
  text: string
  roomId?: string | undefined
}

/** Messages in the rooms of an account. What is encrypted has no words to find, and what was deleted has none left. */
export const foundMessages = ({ accountId, text, roomId: room }: MessageSearch): ListSource<MessageRow> => ({
  of: messageEntity,
  where: [
    sql`${messages.search} @@ ${searchQuery(text)}`,
    sql`${messages.roomId} in (select ${roomMembers.roomId} from ${roomMembers} where ${isOf(accountId)})`,
    room === undefined ? undefined : sql`${messages.roomId} = ${room}::text::uuid`,
  ],
  extra: sql`${text}::text as "searchedFor"`,
})

export const findMessages = (db: Executor, search: MessageSearch, page: PageRequest) =>
  findPage(
    db,
    foundMessages(search),
    {
      name: 'RELEVANCE',
      direction: 'desc',
      keys: [
        { value: sql`ts_rank(${messages.search}, ${searchQuery(search.text)}, 1)`, type: 'real' },
        { value: messages.id, type: 'uuid' },
      ],
    },
    page,
  )

export const blockedAccounts = (blockerId: string) => ({
  of: accountEntity,
  joins: sql` join ${accountBlocks} on ${accountBlocks.blockedId} = ${accounts.id}`,
  where: [sql`${accountBlocks.blockerId} = ${blockerId}::text::uuid`],
})

const LATEST_BLOCK: KeysetOrder = {
  name: 'LATEST',
  direction: 'desc',
  keys: [
    { value: accountBlocks.createdAt, type: 'timestamptz' },
    { value: accountBlocks.blockedId, type: 'uuid' },
  ],
}

export const findBlockedAccounts = (db: Executor, blockerId: string, page: PageRequest) =>
  findPage(db, blockedAccounts(blockerId), LATEST_BLOCK, page)

export interface Unread {
  unread: number
  mentions: number
}

/** For each membership of an account in `where`: what it has not read, at most so many messages, and where it is named. */
export const unreadColumns = (most: number): SQL => sql`
  (select count(*)::int from (select 1 from ${messages} where ${messages.roomId} = ${roomMembers.roomId}
    and ${messages.seq} > ${roomMembers.lastReadSeq} and ${messages.deletedAt} is null
    and ${messages.authorId} is distinct from ${roomMembers.accountId} limit ${sql.raw(String(most))}) counted) as "unread",
  (select count(*)::int from ${messageMentions} where ${messageMentions.accountId} = ${roomMembers.accountId}
    and ${messageMentions.roomId} = ${roomMembers.roomId} and ${messageMentions.seq} > ${roomMembers.lastReadSeq}) as "mentions"`

/** Over all rooms of the account; those that it muted count for their mentions only. */
export async function findUnreadTotals(db: Executor, accountId: string, most: number): Promise<Unread> {
  const [row] = await runStatement<Unread>(
    db,
    sql`select coalesce(sum("unread") filter (where not muted), 0)::int as "unread", coalesce(sum("mentions"), 0)::int as "mentions"
      from (select exists (select 1 from ${notificationMutes} where ${notificationMutes.accountId} = ${roomMembers.accountId} and ${notificationMutes.subjectId} = ${roomMembers.roomId}) as muted, ${unreadColumns(most)} from ${roomMembers} where ${isOf(accountId)}) each`,
  )
  return row ?? { unread: 0, mentions: 0 }
}

/** The subject is no room, or one that the account is a member of: whoever was shown out learns no more of it. */
export const isOutsideRoomsOfOthers = (subjectId: PgColumn, accountId: string): SQL =>
  sql`(${subjectId} is null or not exists (select 1 from ${rooms} where ${rooms.id} = ${subjectId}) or exists (select 1 from ${roomMembers} where ${roomMembers.roomId} = ${subjectId} and ${isOf(accountId)}))`
