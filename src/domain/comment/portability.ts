import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { comments } from '../../db/tables/comment.ts'
import type { Portability } from '../account/portability.ts'

export const commentPortability: Portability = {
  room: 'comments',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select()
      .from(comments)
      .where(eq(comments.authorId, accountId))
      .orderBy(comments.createdAt)
    return rows.map(({ id, body, state, createdAt, editedAt }) => ({
      id: encodeId('comment', id),
      body,
      state,
      createdAt,
      editedAt,
    }))
  },
  async eraseOf(tx, accountId) {
    await tx.orm
      .update(comments)
      .set({ state: 'DELETED', body: '', bodyHtml: '', authorId: null })
      .where(eq(comments.authorId, accountId))
  },
}
