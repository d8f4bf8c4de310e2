import { eq } from 'drizzle-orm'
import { polls } from '../../db/tables/poll.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { canSeePoll } from './rules.ts'

/** A poll can be commented on, reacted to and reported, and is visible where the thing it hangs on is. */
export const pollSubject: SubjectRules = {
  kind: 'POLL',
  idPrefix: 'poll',
  isCommentable: true,
  async find(db, viewer, id, find) {
    const [poll] = await db.orm
      .select({
        ownerId: polls.ownerId,
        state: polls.state,
        question: polls.question,
        subjectId: polls.subjectId,
        subjectKind: subjects.kind,
      })
      .from(polls)
      .leftJoin(subjects, eq(subjects.id, polls.subjectId))
      .where(eq(polls.id, id))
    if (poll === undefined || !canSeePoll(viewer, poll)) return null
    const { subjectId, subjectKind } = poll
    const on =
      subjectId === null || subjectKind === null ? null : await find(db, viewer, { id: subjectId, kind: subjectKind })
    if (subjectId !== null && on === null) return null
    const isPublished = poll.state !== 'DRAFT'
    return {
      kind: 'POLL',
      id,
      ownerId: poll.ownerId,
      title: poll.question,
      path: on?.path ?? '/',
      acceptsComments: isPublished && (on?.acceptsComments ?? true),
      acceptsReactions: isPublished && (on?.acceptsReactions ?? true),
      viewerMayAttach: false,
      viewerMayModerate: on?.viewerMayModerate ?? false,
    }
  },
}
