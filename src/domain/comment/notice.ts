import { and, eq } from 'drizzle-orm'
import { encodeId, type Uuid } from '../../core/ids.ts'
import { accounts } from '../../db/tables/account.ts'
import { comments } from '../../db/tables/comment.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { MailParams } from '../../gateways/mail/templates.ts'
import type { Deps } from '../deps.ts'
import { findSubject } from '../subject/registry.ts'

const EXCERPT_CHARACTERS = 500

/** What the owner is told of a new comment, as it reads now; null once it is gone or not for everybody to read. */
export async function findCommentNotice(
  { db, publicUrl }: Pick<Deps, 'db' | 'publicUrl'>,
  id: Uuid,
): Promise<MailParams['newComment'] | null> {
  const [comment] = await db.orm
    .select({ body: comments.body, handle: accounts.handle, on: { id: subjects.id, kind: subjects.kind } })
    .from(comments)
    .innerJoin(accounts, eq(accounts.id, comments.authorId))
    .innerJoin(subjects, eq(subjects.id, comments.subjectId))
    .where(and(eq(comments.id, id), eq(comments.state, 'VISIBLE')))
  const subject = comment === undefined ? null : await findSubject(db, null, comment.on)
  if (comment === undefined || subject === null) return null
  return {
    commenterName: `@${comment.handle}`,
    postTitle: subject.title,
    excerpt: [...comment.body].slice(0, EXCERPT_CHARACTERS).join(''),
    commentUrl: `${publicUrl()}${subject.path}#${encodeId('comment', id)}`,
  }
}
