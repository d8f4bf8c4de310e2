import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { comments } from '../../db/tables/comment.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { Portability } from '../account/portability.ts'

export const commentPortability: Portability = {
  room: 'comments',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        id: comments.id,
        on: comments.subjectId,
        subjectKind: subjects.kind,
        parentId: comments.parentId,
        body: comments.body,
        state: comments.state,
        createdAt: comments.createdAt,
        editedAt: comments.editedAt,
      })
      .from(comments)
      .innerJoin(subjects, eq(subjects.id, comments.subjectId))
      .where(eq(comments.authorId, accountId))
      .orderBy(comments.createdAt)
    return rows.map(({ id, on, subjectKind, parentId, ...comment }) => ({
      id: encodeId('comment', id),
      on: encodeId(subjectKind.toLowerCase(), on),
      replyTo: parentId === null ? null : encodeId('comment', parentId),
      ...comment,
    }))
  },
  async eraseOf(tx, accountId) {
    await tx.orm
      .update(comments)
      .set({ state: 'DELETED', body: '', bodyHtml: '', authorId: null })
      .where(eq(comments.authorId, accountId))
  },
}
