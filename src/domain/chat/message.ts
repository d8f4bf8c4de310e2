import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { renderComment } from '../../core/markdown/markdown.ts'
import type { Transaction } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import { messages, roomEvents } from '../../db/tables/chat/message.ts'
import { accountBlocks, roomMembers, rooms } from '../../db/tables/chat/room.ts'
import { subjects } from '../../db/tables/subject.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { mentionedHandles } from '../account/mention.ts'
import type { Deps } from '../deps.ts'
import { checkInput, prose } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { type Attachment, attach, checkAttachments } from './attachment.ts'
import { blocked } from './blocked.ts'
import { tellRoom } from './events.ts'
import { mentionAccounts, mentionHandles } from './mentions.ts'
import { tellReaders } from './notice.ts'
import { MAX_CIPHERTEXT_CHARACTERS, MAX_MESSAGE_CHARACTERS } from './rules.ts'

const body = prose('A message', 0, MAX_MESSAGE_CHARACTERS)
const ciphertext = z
  .string()
  .max(MAX_CIPHERTEXT_CHARACTERS, `A ciphertext has at most ${MAX_CIPHERTEXT_CHARACTERS} characters.`)
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'A ciphertext is base64.')
  .min(1, 'A ciphertext must not be empty.')
const clientId = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'A client id has 1 to 100 printable ASCII characters.')

export interface MessageContent {
  body?: string | undefined
  /** Instead of a body, in an encrypted room. */
  ciphertext?: string | undefined
  /** Whom the message is for, where the server cannot read it. */
  mentionIds?: Uuid[] | undefined
}

export interface NewMessage extends MessageContent {
  roomId: Uuid
  replyToId?: Uuid | undefined
  attachments?: Attachment[] | undefined
  clientId?: string | undefined
}

export interface Content {
  encryption: 'NONE' | 'END_TO_END'
  body: string | null
  bodyHtml: string | null
  ciphertext: string | null
  handles: string[]
  mentionIds: Uuid[]
}

/** @throws DomainError `INVALID_INPUT` for what is neither one text nor one ciphertext, or empty. */
export function checkContent(input: MessageContent, hasAttachments: boolean, areSealed = true): Content {
  if (input.ciphertext !== undefined) {
    if (input.body !== undefined) throw invalidInput(['input', 'body'], 'Send a body or a ciphertext, not both.')
    if (hasAttachments && !areSealed) {
      throw invalidInput(
        ['input', 'attachments'],
        'In an encrypted room, attach sealed uploads, or inside the ciphertext.',
      )
    }
    const sealed = checkInput(z.object({ ciphertext }), input).ciphertext
    const mentionIds = input.mentionIds ?? []
    return { encryption: 'END_TO_END', body: null, bodyHtml: null, ciphertext: sealed, handles: [], mentionIds }
  }
  if (input.mentionIds !== undefined && input.mentionIds.length > 0) {
    throw invalidInput(['input', 'mentionIds'], 'Mentions are read from the body; only a ciphertext needs them told.')
  }
  const text = checkInput(z.object({ body }), { body: input.body ?? '' }).body
  if (text.trim() === '' && !hasAttachments) {
    throw invalidInput(['input', 'body'], `A message must have 1 to ${MAX_MESSAGE_CHARACTERS} characters.`)
  }
  const bodyHtml = renderComment(text)
  const handles = mentionedHandles(text)
  return { encryption: 'NONE', body: text, bodyHtml, ciphertext: null, handles, mentionIds: [] }
}

const text = (name: string) => sql`${sql.placeholder(name)}::text`
const id = (name: string) => sql`${text(name)}::uuid`

/**
 * One statement from the look at the membership to the event, so that the room is locked for as short as can be. It
 * locks the sender's membership, then the room: whoever takes the membership away does so in the same order, and either
 * comes first as a whole. The time is taken under the lock, so that it grows with the number.
 */
const insertMessage = statement<{ seq: number; otherId: Uuid | null }>(
  sql`with sender as materialized (
    select room_id from ${roomMembers} where room_id = ${id('roomId')} and account_id = ${id('authorId')} for key share
  ), numbered as (
    update ${rooms} set event_seq = event_seq + 1, last_activity_at = clock_timestamp() from sender
    where ${rooms.id} = sender.room_id and (${rooms.kind} = 'GROUP' or not exists (
      select 1 from ${accountBlocks} where (blocker_id, blocked_id) in ((direct_low_id, direct_high_id), (direct_high_id, direct_low_id))))
    returning ${rooms.id} as room_id, event_seq as seq, last_activity_at as at,
      case when direct_low_id = ${id('authorId')} then direct_high_id else direct_low_id end as other_id
  ), subject as (
    insert into ${subjects} (id, kind) select ${id('id')}, 'MESSAGE' from numbered
  ), message as (
    insert into ${messages} (id, room_id, seq, encryption, author_id, client_id, client_hash, reply_to_id, body, body_html, ciphertext, created_at)
    select ${id('id')}, room_id, seq, ${text('encryption')}::room_encryption, ${id('authorId')}, ${text('clientId')}, ${text('clientHash')}, ${id('replyToId')}, ${text('body')}, ${text('bodyHtml')}, ${text('ciphertext')}, at
    from numbered
  )
  insert into ${roomEvents} (room_id, seq, kind, actor_id, message_id, created_at)
  select room_id, seq, ${text('kind')}::room_event_kind, ${id('authorId')}, ${id('id')}, at from numbered
  returning seq as "seq", (select other_id from numbered) as "otherId"`,
)

/**
 * Sends a message. Under one `clientId` there is one message, however often and however fast it is sent.
 * @throws DomainError `NOT_FOUND` (room, replied-to message, attachment), `INVALID_INPUT`, `CONFLICT`.
 */
export async function sendMessage(deps: Deps, viewer: Viewer, input: NewMessage): Promise<Uuid> {
  const attachments = input.attachments ?? []
  const areSealed = attachments.every((each) => 'uploadId' in each && each.alt === undefined)
  const content = checkContent(input, attachments.length > 0, areSealed)
  const client = input.clientId === undefined ? null : checkInput(z.object({ clientId }), input).clientId
  const clientHash = client === null ? null : hashOf(input)
  const { encryption, body, bodyHtml, ciphertext } = content
  const messageId = newId()
  try {
    await deps.db.transaction(async (tx) => {
      const checked = await checkAttachments(tx, viewer, attachments)
      const [row] = await insertMessage.run(tx, {
        id: messageId,
        roomId: input.roomId,
        authorId: viewer.accountId,
        encryption,
        clientId: client,
        clientHash,
        replyToId: input.replyToId ?? null,
        body,
        bodyHtml,
        ciphertext,
        kind: checked.hasPoll ? 'POLL_POSTED' : 'MESSAGE_ADDED',
      })
      if (row === undefined) throw await whyNot(tx, viewer, input.roomId)
      const message = { messageId, roomId: input.roomId, seq: row.seq }
      await attach(deps, tx, viewer, { messageId, isSealed: encryption === 'END_TO_END' }, checked)
      const named = [
        ...(await mentionHandles(tx, message, content.handles)),
        ...(await mentionAccounts(tx, message, content.mentionIds)),
      ]
      await tellReaders(deps, tx, viewer.accountId, message, { named, otherId: row.otherId })
      tellRoom(deps, tx, input.roomId, row.seq)
    })
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'messages_client_id_once':
        return firstUnder(deps, viewer, input.roomId, client ?? '', clientHash ?? '')
      case 'messages_reply_in_same_room':
        throw notFound('message', ['input', 'replyToId'])
      case 'messages_encrypted_as_room':
        throw body === null
          ? invalidInput(['input', 'ciphertext'], 'This room is not encrypted: send a body.')
          : invalidInput(['input', 'body'], 'This room is encrypted: send a ciphertext.')
      default:
        throw error
    }
  }
  return messageId
}

const hashOf = ({ body, ciphertext, replyToId, attachments = [], mentionIds = [] }: NewMessage): string =>
  createHash('sha256')
    .update(JSON.stringify([body ?? null, ciphertext ?? null, replyToId ?? null, attachments, mentionIds]))
    .digest('hex')

async function whyNot(tx: Transaction, viewer: Viewer, roomId: Uuid): Promise<DomainError> {
  const [member] = await tx.orm
    .select({ id: roomMembers.id })
    .from(roomMembers)
    .where(and(eq(roomMembers.roomId, roomId), eq(roomMembers.accountId, viewer.accountId)))
  return member === undefined ? notFound('room', ['input', 'roomId']) : blocked(['input', 'roomId'])
}

async function firstUnder(deps: Deps, viewer: Viewer, roomId: Uuid, client: string, hash: string): Promise<Uuid> {
  const [first] = await deps.db.orm
    .select({ id: messages.id, clientHash: messages.clientHash })
    .from(messages)
    .where(and(eq(messages.roomId, roomId), eq(messages.authorId, viewer.accountId), eq(messages.clientId, client)))
  if (first?.clientHash !== hash) {
    throw new DomainError('CONFLICT', 'This client id was used for another message.', ['input', 'clientId'])
  }
  return first.id
}
