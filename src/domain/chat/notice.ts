import { type SQL, sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { messages } from '../../db/tables/chat/message.ts'
import type { Deps } from '../deps.ts'
import { notify, withdrawNotice } from '../notification/notify.ts'

interface Readers {
  /** Whom the message names. */
  readonly named: readonly Uuid[]
  /** In a room of two: the other. */
  readonly otherId: Uuid | null
}

/** Who is named, and the other one of two, are told. What was said to a group is found in the list of rooms. */
export async function tellReaders(
  deps: Deps,
  tx: Transaction,
  actorId: Uuid,
  message: { messageId: Uuid; roomId: Uuid },
  { named, otherId }: Readers,
): Promise<void> {
  const recipients = named.filter((id) => id !== actorId)
  if (recipients.length === 0 && otherId === null) return
  const about = { actorId, subject: message.messageId, thread: message.roomId }
  await notify(
    deps,
    tx,
    { kind: 'MENTION', recipients, ...about },
    // One entry for all that was not read yet, which is about the latest.
    { kind: 'DIRECT_MESSAGE', recipients: [otherId], groupBy: message.roomId, ...about },
  )
}

/** The messages of a room up to a number, for `markReadAbout`. */
export const readMessages = (roomId: Uuid, seq: number): SQL =>
  sql`select ${messages.id} from ${messages} where ${messages.roomId} = ${roomId} and ${messages.seq} <= ${seq}`

interface Invited {
  readonly roomId: Uuid
  readonly accountId: Uuid
}

export const tellInvited = (deps: Deps, tx: Transaction, inviterId: Uuid, { roomId, accountId }: Invited) =>
  notify(deps, tx, {
    kind: 'ROOM_INVITATION',
    recipients: [accountId],
    actorId: inviterId,
    subject: roomId,
    groupBy: roomId,
  })

/** The invitation was answered or taken back: there is nothing left to tell of. */
export async function withdrawInvited(
  deps: Deps,
  tx: Transaction,
  { roomId, accountId, inviterId }: Invited & { readonly inviterId: Uuid | null },
): Promise<void> {
  if (inviterId === null) return
  const from = { kind: 'ROOM_INVITATION', recipientId: accountId, actorId: inviterId, groupBy: roomId } as const
  await withdrawNotice(deps, tx, from)
}
