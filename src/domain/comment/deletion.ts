import { inArray, or, type SQLWrapper } from 'drizzle-orm'
import type { Transaction } from '../../db/database.ts'
import { comments } from '../../db/tables/comment.ts'
import { subjects } from '../../db/tables/subject.ts'

/**
 * Deletes subjects with everything that hangs on them; `ids` selects theirs. Their comments are subjects too: the
 * database deletes a comment with what it is written on, and would leave the reactions to it and the reports of it
 * pointing at nothing.
 */
export async function deleteSubjects(tx: Transaction, ids: SQLWrapper): Promise<void> {
  const theirComments = tx.orm.select({ id: comments.id }).from(comments).where(inArray(comments.subjectId, ids))
  await tx.orm.delete(subjects).where(or(inArray(subjects.id, ids), inArray(subjects.id, theirComments)))
}
