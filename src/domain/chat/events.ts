import { sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import { roomEvents } from '../../db/tables/chat/message.ts'
import { rooms } from '../../db/tables/chat/room.ts'
import { type Bus, topic } from '../../live/bus.ts'
import { roomDevicesChanged } from './encryption.ts'
import type { RoomEventKind, RoomRole } from './rules.ts'

/** Something happened in the room; the number tells a listener whether it missed some. */
export const roomChanged = (roomId: Uuid) => topic<{ seq: number }>('roomChanged', roomId)

/** Somebody came or went. */
export const roomMembersChanged = (roomId: Uuid) => topic<Record<string, never>>('roomMembersChanged', roomId)

/** The account's place in the room may have changed: whoever listens for it looks whether they still may. */
export const membershipChanged = (roomId: Uuid, accountId: Uuid) =>
  topic<Record<string, never>>('membershipChanged', `${roomId}/${accountId}`)

/** The account's list of rooms changed: it joined or left one, was invited, or has read something. */
export const roomListChanged = (accountId: Uuid) => topic<Record<string, never>>('roomListChanged', accountId)

export type Publisher = { readonly bus: Bus }

export const tellRoom = ({ bus }: Publisher, tx: Transaction, roomId: Uuid, seq: number): void =>
  tx.afterCommit(() => bus.publish(roomChanged(roomId), { seq }))

export function tellMember({ bus }: Publisher, tx: Transaction, roomId: Uuid, accountId: Uuid): void {
  tx.afterCommit(() => {
    bus.publish(membershipChanged(roomId, accountId), {})
    bus.publish(roomListChanged(accountId), {})
  })
}

export const tellAccount = ({ bus }: Publisher, tx: Transaction, accountId: Uuid): void =>
  tx.afterCommit(() => bus.publish(roomListChanged(accountId), {}))

export interface NewRoomEvent {
  kind: RoomEventKind
  actorId: Uuid | null
  messageId?: Uuid | undefined
  accountId?: Uuid | undefined
  role?: RoomRole | undefined
}

const REMOVALS: ReadonlySet<RoomEventKind> = new Set<RoomEventKind>(['MEMBER_LEFT', 'MEMBER_REMOVED'])

/** After them another set of devices must be able to read. */
const MEMBERSHIPS: ReadonlySet<RoomEventKind> = new Set<RoomEventKind>([...REMOVALS, 'MEMBER_JOINED'])

const text = (name: string) => sql`${sql.placeholder(name)}::text`

const record = statement<{ seq: number }>(
  sql`with numbered as (
    update ${rooms} set event_seq = event_seq + 1, removal_seq = case when ${text('removes')} = 'yes' then event_seq + 1 else removal_seq end
    where id = ${text('roomId')}::uuid returning id, event_seq
  )
  insert into ${roomEvents} (room_id, seq, kind, actor_id, message_id, account_id, role, created_at)
  select id, event_seq, ${text('kind')}::room_event_kind, ${text('actorId')}::uuid, ${text('messageId')}::uuid, ${text('accountId')}::uuid, ${text('role')}::room_role, clock_timestamp()
  from numbered returning seq as "seq"`,
)

/**
 * Writes down what happened under the next number of the room, and tells those who listen once it is committed. Takes the
 * room's lock. Answers null when the room is gone.
 */
export async function recordEvent(
  deps: Publisher,
  tx: Transaction,
  roomId: Uuid,
  event: NewRoomEvent,
): Promise<number | null> {
  const { kind, actorId, messageId = null, accountId = null, role = null } = event
  const removes = REMOVALS.has(kind) ? 'yes' : 'no'
  const [row] = await record.run(tx, { roomId, kind, actorId, messageId, accountId, role, removes })
  if (row === undefined) return null
  tellRoom(deps, tx, roomId, row.seq)
  if (MEMBERSHIPS.has(kind)) {
    tx.afterCommit(() => {
      deps.bus.publish(roomMembersChanged(roomId), {})
      deps.bus.publish(roomDevicesChanged(roomId), {})
    })
  }
  return row.seq
}
