import type { Uuid } from '../../core/ids.ts'
import type { RoomMemberRow } from '../../db/queries/chat.ts'
import { membershipOf } from '../../loaders/chat.ts'
import type { Context } from '../../schema/context.ts'

/** The viewer's place in the room, batched; null for who is no member. */
export const viewerMembership = async ({ viewer, loaders }: Context, roomId: Uuid): Promise<RoomMemberRow | null> =>
  viewer === null ? null : membershipOf(loaders, viewer.accountId, roomId)
