import { and, eq, isNull, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { uploads } from '../../db/tables/upload.ts'
import type { Portability } from '../account/portability.ts'

/**
 * What a deleted thing showed goes with it. What was not used yet goes here; what stays, as the picture of a product
 * does, stays without an owner.
 */
export const uploadPortability: Portability = {
  room: 'uploads',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        id: uploads.id,
        use: uploads.use,
        status: uploads.status,
        filename: uploads.filename,
        mediaType: uploads.mediaType,
        bytes: uploads.bytes,
        contentHash: uploads.contentHash,
        width: uploads.width,
        height: uploads.height,
        createdAt: uploads.createdAt,
        usedSince: uploads.claimedAt,
      })
      .from(uploads)
      .where(and(eq(uploads.ownerId, accountId), isNull(uploads.discardedAt)))
      .orderBy(uploads.createdAt)
    return rows.map(({ id, ...upload }) => ({ id: encodeId('upload', id), ...upload }))
  },
  async eraseOf(tx, accountId) {
    await tx.orm
      .update(uploads)
      .set({ discardedAt: sql`now()` })
      .where(and(eq(uploads.ownerId, accountId), isNull(uploads.claimedAt), isNull(uploads.discardedAt)))
  },
}
