import { sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Transaction } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import { accounts } from '../../db/tables/account.ts'
import { messageMentions } from '../../db/tables/chat/message.ts'
import { roomMembers } from '../../db/tables/chat/room.ts'
import { MAX_MENTIONS } from '../account/mention.ts'

export interface MentioningMessage {
  messageId: Uuid
  roomId: Uuid
  seq: number
}

const text = (name: string) => sql`${sql.placeholder(name)}::text`

const insertFor = (who: ReturnType<typeof sql>) =>
  statement<{ accountId: string }>(
    sql`insert into ${messageMentions} (message_id, account_id, room_id, seq)
      select ${text('messageId')}::uuid, ${roomMembers.accountId}, ${roomMembers.roomId}, ${text('seq')}::integer
      from ${roomMembers} join ${accounts} on ${accounts.id} = ${roomMembers.accountId}
      where ${roomMembers.roomId} = ${text('roomId')}::uuid and ${who}
      order by ${roomMembers.accountId} limit ${sql.raw(String(MAX_MENTIONS))}
      on conflict do nothing returning account_id as "accountId"`,
  )

const byHandle = insertFor(sql`${accounts.handle} = any(${text('who')}::text[])`)
const byAccount = insertFor(sql`${accounts.id} = any(${text('who')}::uuid[])`)

async function mention(
  tx: Transaction,
  { messageId, roomId, seq }: MentioningMessage,
  statementFor: typeof byHandle,
  who: readonly string[],
): Promise<Uuid[]> {
  if (who.length === 0) return []
  const rows = await statementFor.run(tx, { messageId, roomId, seq: String(seq), who: pgArray(who) })
  return rows.map(({ accountId }) => accountId)
}

/** Names the members who have these handles. Others are not told that they were talked about. Answers who is new. */
export const mentionHandles = (tx: Transaction, message: MentioningMessage, handles: readonly string[]) =>
  mention(tx, message, byHandle, handles)

/** As `mentionHandles`, by the ids of accounts. */
export const mentionAccounts = (tx: Transaction, message: MentioningMessage, ids: readonly Uuid[]) =>
  mention(tx, message, byAccount, ids)
