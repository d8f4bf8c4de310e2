import { eq } from 'drizzle-orm'
import { subjects } from '../../db/tables/subject.ts'
import { surveys } from '../../db/tables/survey.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { canSeeSurvey } from './rules.ts'

/** A survey can be reported, and is visible where the thing it hangs on is. */
export const surveySubject: SubjectRules = {
  kind: 'SURVEY',
  idPrefix: 'survey',
  isCommentable: false,
  async find(db, viewer, id, find) {
    const [survey] = await db.orm
      .select({
        ownerId: surveys.ownerId,
        state: surveys.state,
        title: surveys.title,
        subjectId: surveys.subjectId,
        subjectKind: subjects.kind,
      })
      .from(surveys)
      .leftJoin(subjects, eq(subjects.id, surveys.subjectId))
      .where(eq(surveys.id, id))
    if (survey === undefined || !canSeeSurvey(viewer, survey)) return null
    const { subjectId, subjectKind } = survey
    const on =
      subjectId === null || subjectKind === null ? null : await find(db, viewer, { id: subjectId, kind: subjectKind })
    if (subjectId !== null && on === null) return null
    return {
      kind: 'SURVEY',
      id,
      ownerId: survey.ownerId,
      title: survey.title,
      path: on?.path ?? '/',
      acceptsComments: false,
      acceptsReactions: false,
      viewerMayAttach: false,
      viewerMayModerate: on?.viewerMayModerate ?? false,
    }
  },
}
