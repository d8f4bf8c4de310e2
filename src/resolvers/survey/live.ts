import { notFound } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import { surveyById } from '../../db/relations/survey.ts'
import { membershipChanged } from '../../domain/chat/events.ts'
import { subjectWithdrawn } from '../../domain/subject/topics.ts'
import { areSumsShown, isSurveyOwner } from '../../domain/survey/rules.ts'
import { hasSubmitted } from '../../domain/survey/submit.ts'
import { getSurvey, surveyAnswererChanged, surveyChanged } from '../../domain/survey/survey.ts'
import { liveState } from '../../live/source.ts'
import { BatchLoaders } from '../../loaders/batch.ts'
import type { Context } from '../../schema/context.ts'
import type { SurveyValue } from './node.ts'

/** The owner reads the results always; who has answered may see what others may not yet. */
const OWNER = 'owner'
const ANSWERED = 'answered'

export async function watchSurvey({ deps, viewer }: Context, surveyId: string) {
  const { db, bus } = deps
  const path = ['surveyId']
  const id = decodeId('survey', surveyId, path)
  const { subjectId } = await getSurvey(db, viewer, id, path)
  const ofViewer = viewer === null ? [] : [surveyAnswererChanged(id, viewer.accountId)]
  const ofMember = viewer === null || subjectId === null ? [] : [membershipChanged(subjectId, viewer.accountId)]
  return liveState<SurveyValue>({
    bus,
    key: `surveyUpdated:${id}`,
    topics: [surveyChanged(id)],
    recheckOn: [...ofViewer, ...(subjectId === null ? [] : [subjectWithdrawn(subjectId)]), ...ofMember],
    async admit() {
      const survey = await getSurvey(db, viewer, id, path)
      if (viewer === null) return ''
      if (isSurveyOwner(viewer, survey)) return OWNER
      return (await hasSubmitted(db, viewer.accountId, id)) ? ANSWERED : ''
    },
    async load(audience) {
      const survey = await new BatchLoaders(db).one(surveyById, id)
      if (survey === null) throw notFound('survey', path)
      const isOwner = audience === OWNER
      return { ...survey, seen: { sums: isOwner || areSumsShown(survey, audience === ANSWERED), texts: isOwner } }
    },
  })
}
