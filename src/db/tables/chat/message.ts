import { type SQL, sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, pgEnum, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { instant, tsvector } from '../columns.ts'
import { subjects } from '../subject.ts'
import { uploads } from '../upload.ts'
import { roomEncryption, roomRole, rooms } from './room.ts'

export const roomEventKind = pgEnum('room_event_kind', [
  'MESSAGE_ADDED',
  'MESSAGE_EDITED',
  'MESSAGE_DELETED',
  'MESSAGE_PINNED',
  'MESSAGE_UNPINNED',
  'REACTIONS_CHANGED',
  'POLL_POSTED',
  'MEMBER_JOINED',
  'MEMBER_LEFT',
  'MEMBER_REMOVED',
  'ROLE_CHANGED',
  'ROOM_CHANGED',
])

export const messages = pgTable(
  'messages',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    roomId: uuid()
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    /** The number of the event that it came with: its place in the room and in the live stream. */
    seq: integer().notNull(),
    encryption: roomEncryption().notNull(),
    /** Null once the author's account is deleted. */
    authorId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    /** The client's own name for the message: sent twice, it is one message. */
    clientId: text(),
    /** SHA-256 of what was sent under the client's name, in hex. */
    clientHash: text(),
    replyToId: uuid(),
    /** Markdown. Null in an encrypted room and for a deleted message. */
    body: text(),
    bodyHtml: text(),
    /** Base64 that only the members can read. */
    ciphertext: text(),
    createdAt: instant().notNull().defaultNow(),
    editedAt: instant(),
    deletedAt: instant(),
    pinnedAt: instant(),
    pinnedById: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    search: tsvector().generatedAlwaysAs((): SQL => sql`to_tsvector('english', ${messages.body})`),
  },
  (t) => [
    unique('messages_seq').on(t.roomId, t.seq),
    unique('messages_same_room').on(t.id, t.roomId),
    unique('messages_client_id_once').on(t.roomId, t.authorId, t.clientId),
    foreignKey({
      name: 'messages_reply_in_same_room',
      columns: [t.replyToId, t.roomId],
      foreignColumns: [t.id, t.roomId],
    }),
    foreignKey({
      name: 'messages_encrypted_as_room',
      columns: [t.roomId, t.encryption],
      foreignColumns: [rooms.id, rooms.encryption],
    }).onDelete('cascade'),
    // With the author, so that what is unread is counted in the index alone.
    index('messages_unread').on(t.roomId, t.seq, t.authorId).where(sql`${t.deletedAt} is null`),
    index('messages_pinned').on(t.roomId, t.pinnedAt, t.id).where(sql`${t.pinnedAt} is not null`),
    index('messages_by_author').on(t.authorId, t.createdAt),
    index('messages_by_reply').on(t.replyToId).where(sql`${t.replyToId} is not null`),
    // Writing comes first here: new words wait in a list, which is kept short because every search reads it.
    index('messages_search').using('gin', t.search).with({ gin_pending_list_limit: 256 }),
    check(
      'messages_readable_by_members_only',
      sql`case when ${t.deletedAt} is not null then ${t.body} is null and ${t.bodyHtml} is null and ${t.ciphertext} is null
        when ${t.encryption} = 'END_TO_END' then ${t.body} is null and ${t.bodyHtml} is null and ${t.ciphertext} is not null
        else ${t.body} is not null and ${t.bodyHtml} is not null and ${t.ciphertext} is null end`,
    ),
    check('messages_body_length', sql`char_length(${t.body}) <= 4000`),
    check(
      'messages_ciphertext_form',
      sql`${t.ciphertext} ~ '^[A-Za-z0-9+/]+={0,2}$' and length(${t.ciphertext}) <= 65536`,
    ),
    check('messages_tombstone_not_pinned', sql`${t.deletedAt} is null or ${t.pinnedAt} is null`),
  ],
)

/** Which members a message names. The room and number are the message's: unread mentions are counted without it. */
export const messageMentions = pgTable(
  'message_mentions',
  {
    messageId: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    roomId: uuid().notNull(),
    seq: integer().notNull(),
  },
  (t) => [
    primaryKey({ name: 'message_mentions_once', columns: [t.messageId, t.accountId] }),
    index('message_mentions_unread').on(t.accountId, t.roomId, t.seq),
  ],
)

/** What a message shows beside its text: a thing of the graph, an address elsewhere, or a file. */
export const messageAttachments = pgTable(
  'message_attachments',
  {
    messageId: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    /** Null once the thing is deleted. */
    subjectId: uuid().references(() => subjects.id, { onDelete: 'set null' }),
    url: text(),
    uploadId: uuid()
      .unique('message_attachments_upload_once')
      .references(() => uploads.id),
    /** What an uploaded picture shows. */
    alt: text(),
  },
  (t) => [
    primaryKey({ name: 'message_attachments_places', columns: [t.messageId, t.position] }),
    index('message_attachments_by_subject').on(t.subjectId).where(sql`${t.subjectId} is not null`),
    check('message_attachments_one_thing', sql`num_nonnulls(${t.subjectId}, ${t.url}, ${t.uploadId}) <= 1`),
    check('message_attachments_alt', sql`${t.alt} is null or ${t.uploadId} is not null`),
    check('message_attachments_at_most', sql`${t.position} between 0 and 9`),
  ],
)

/** Everything that happened in a room, in order of commit. */
export const roomEvents = pgTable(
  'room_events',
  {
    roomId: uuid()
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    kind: roomEventKind().notNull(),
    /** Who did it; null once their account is deleted. */
    actorId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    messageId: uuid().references(() => messages.id, { onDelete: 'cascade' }),
    /** Whom it happened to. */
    accountId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    role: roomRole(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'room_events_seq', columns: [t.roomId, t.seq] }),
    index('room_events_by_message').on(t.messageId).where(sql`${t.messageId} is not null`),
    index('room_events_by_actor').on(t.actorId),
    index('room_events_by_account').on(t.accountId).where(sql`${t.accountId} is not null`),
  ],
)
