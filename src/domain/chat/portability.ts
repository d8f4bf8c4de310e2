import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { accounts } from '../../db/tables/account.ts'
import { messages } from '../../db/tables/chat/message.ts'
import { accountBlocks, roomBans, roomInvitations, roomMembers, rooms } from '../../db/tables/chat/room.ts'
import type { Portability } from '../account/portability.ts'
import { leaveAllRooms } from './membership.ts'
import { eraseMessages } from './message-change.ts'

export const chatPortability: Portability = {
  room: 'chat',
  async exportOf(tx, accountId) {
    const memberships = await tx.orm
      .select({
        room: rooms.id,
        title: rooms.title,
        kind: rooms.kind,
        encryption: rooms.encryption,
        role: roomMembers.role,
        joinedAt: roomMembers.joinedAt,
      })
      .from(roomMembers)
      .innerJoin(rooms, eq(rooms.id, roomMembers.roomId))
      .where(eq(roomMembers.accountId, accountId))
      .orderBy(roomMembers.joinedAt)
    const said = await tx.orm
      .select({
        id: messages.id,
        room: messages.roomId,
        replyTo: messages.replyToId,
        body: messages.body,
        ciphertext: messages.ciphertext,
        createdAt: messages.createdAt,
        editedAt: messages.editedAt,
        deletedAt: messages.deletedAt,
      })
      .from(messages)
      .where(eq(messages.authorId, accountId))
      .orderBy(messages.createdAt)
    const invitations = await tx.orm
      .select({ room: roomInvitations.roomId, createdAt: roomInvitations.createdAt })
      .from(roomInvitations)
      .where(eq(roomInvitations.accountId, accountId))
    const bans = await tx.orm
      .select({ room: roomBans.roomId, createdAt: roomBans.createdAt })
      .from(roomBans)
      .where(eq(roomBans.accountId, accountId))
    const blocked = await tx.orm
      .select({ handle: accounts.handle, since: accountBlocks.createdAt })
      .from(accountBlocks)
      .innerJoin(accounts, eq(accounts.id, accountBlocks.blockedId))
      .where(eq(accountBlocks.blockerId, accountId))
    const roomOf = <Row extends { room: string }>(row: Row) => ({ ...row, room: encodeId('room', row.room) })
    return {
      memberships: memberships.map(roomOf),
      messages: said.map(({ id, replyTo, ...message }) => ({
        id: encodeId('message', id),
        replyTo: replyTo === null ? null : encodeId('message', replyTo),
        ...roomOf(message),
      })),
      invitations: invitations.map(roomOf),
      bans: bans.map(roomOf),
      blocked,
    }
  },
  /** Their words go, and their place in the conversation stays: empty, and without a name. */
  async eraseOf(tx, accountId, deps) {
    await leaveAllRooms(deps, tx, accountId)
    const own = await tx.orm.select({ id: messages.id }).from(messages).where(eq(messages.authorId, accountId))
    if (own.length > 0) {
      await eraseMessages(
        tx,
        own.map(({ id }) => id),
      )
    }
  },
}
