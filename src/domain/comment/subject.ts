import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { comments } from '../../db/tables/comment.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { canSeeComment } from './rules.ts'

const EXCERPT_CHARACTERS = 500

/** A comment can be liked and reported, and is visible where the thing it is written on is. */
export const commentSubject: SubjectRules = {
  kind: 'COMMENT',
  idPrefix: 'comment',
  isCommentable: false,
  async find(db, viewer, id, find) {
    const [comment] = await db.orm
      .select({
        authorId: comments.authorId,
        state: comments.state,
        excerpt: sql<string>`left(${comments.body}, ${sql.raw(String(EXCERPT_CHARACTERS))})`,
        on: { id: subjects.id, kind: subjects.kind },
      })
      .from(comments)
      .innerJoin(subjects, eq(subjects.id, comments.subjectId))
      .where(eq(comments.id, id))
    if (comment === undefined) return null
    const on = await find(db, viewer, comment.on)
    if (on === null || !canSeeComment(viewer, comment, on)) return null
    return {
      kind: 'COMMENT',
      id,
      ownerId: comment.authorId,
      on: comment.on,
      title: on.title,
      path: `${on.path}#${encodeId('comment', id)}`,
      excerpt: comment.state === 'VISIBLE' ? comment.excerpt : null,
      acceptsComments: false,
      acceptsReactions: comment.state === 'VISIBLE',
      viewerMayAttach: false,
      viewerMayModerate: false,
    }
  },
}
