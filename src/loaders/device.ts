import { sql } from 'drizzle-orm'
import { keysOf, type RowOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { roomMembers } from '../db/tables/chat/room.ts'
import { devices } from '../db/tables/device.ts'
import type { BatchLoaders } from './batch.ts'

export type DeviceRow = RowOf<
  typeof devices,
  'signedPrekeyId' | 'signedPrekey' | 'signedPrekeySignature' | 'signedPrekeyAt' | 'lastPrekeyId'
>

const counts = statement<{ __key: string; count: number }>(
  sql`select ${roomMembers.roomId} as "__key", count(*)::int as "count" from ${roomMembers} join ${devices} on ${devices.accountId} = ${roomMembers.accountId} where ${devices.revokedAt} is null and ${roomMembers.roomId} = any(${keysOf(roomMembers.roomId)}) group by 1`,
)

/** How many devices the members of the room have. */
export const roomDeviceCount = (loaders: BatchLoaders, roomId: string): Promise<number> =>
  loaders.grouped(counts, roomId, {}, ([row]) => row?.count ?? 0)
