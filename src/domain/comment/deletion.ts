import { inArray, or, type SQLWrapper } from 'drizzle-orm'
import type { Transaction } from '../../db/database.ts'
import { comments } from '../../db/tables/comment.ts'
import { subjects } from '../../db/tables/subject.ts'
import { pollsOn } from '../poll/anchor.ts'
import { reviewsOf } from '../review/anchor.ts'
import { surveysOn } from '../survey/anchor.ts'

/**
 * Deletes subjects with everything that hangs on them; `ids` selects theirs. Their polls, surveys, reviews and comments are subjects too:
 * the database deletes a comment with what it is written on, and would leave the reactions to it and the reports of it
 * pointing at nothing.
 */
export async function deleteSubjects(tx: Transaction, ids: SQLWrapper): Promise<void> {
  const theirPolls = pollsOn(tx, ids)
  const isCommentedOn = or(inArray(comments.subjectId, ids), inArray(comments.subjectId, theirPolls))
  const theirComments = tx.orm.select({ id: comments.id }).from(comments).where(isCommentedOn)
  await tx.orm
    .delete(subjects)
    .where(
      or(
        inArray(subjects.id, ids),
        inArray(subjects.id, theirPolls),
        inArray(subjects.id, surveysOn(tx, ids)),
        inArray(subjects.id, theirComments),
        inArray(subjects.id, reviewsOf(tx, ids)),
      ),
    )
}
