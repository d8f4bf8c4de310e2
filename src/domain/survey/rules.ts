import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { PollState, ResultsShown } from '../poll/rules.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export const surveyLifecycle = lifecycle<PollState>('survey', {
  DRAFT: ['OPEN'],
  OPEN: ['CLOSED'],
  CLOSED: ['OPEN'],
})

export interface SurveyFacts {
  readonly ownerId: Uuid
  readonly state: PollState
  /** Answers are taken now, by the database's clock. */
  readonly isOpen: boolean
  readonly resultsShown: ResultsShown
  readonly firstSubmissionAt: string | null
  readonly closedByStaff: boolean
}

/** An open survey whose time has come is closed, also before anything has written that down. */
export const surveyStateOf = ({ state, isOpen }: Pick<SurveyFacts, 'state' | 'isOpen'>): PollState =>
  state === 'OPEN' && !isOpen ? 'CLOSED' : state

export const isSurveyOwner = (viewer: Viewer | null, survey: Pick<SurveyFacts, 'ownerId'>): boolean =>
  viewer !== null && viewer.accountId === survey.ownerId

/** As far as it does not depend on what the survey hangs on. */
export const canSeeSurvey = (viewer: Viewer | null, survey: Pick<SurveyFacts, 'ownerId' | 'state'>): boolean =>
  survey.state !== 'DRAFT' || isSurveyOwner(viewer, survey)

export const canEditSurvey = (viewer: Viewer | null, survey: SurveyFacts): boolean =>
  isSurveyOwner(viewer, survey) && survey.firstSubmissionAt === null && surveyStateOf(survey) !== 'CLOSED'

/** Its owner; but what staff or a moderator closed, only staff opens. */
export const mayOpenSurvey = (viewer: Viewer | null, survey: SurveyFacts): boolean =>
  survey.closedByStaff && surveyStateOf(survey) === 'CLOSED' ? isStaff(viewer) : isSurveyOwner(viewer, survey)

/** The owner, the moderators of what it hangs on, and staff. */
export const mayCloseSurvey = (viewer: Viewer | null, survey: SurveyFacts, mayModerate: boolean): boolean =>
  isSurveyOwner(viewer, survey) || mayModerate || isStaff(viewer)

export const canOpenSurvey = (viewer: Viewer | null, survey: SurveyFacts): boolean =>
  surveyLifecycle.can(surveyStateOf(survey), 'OPEN') && mayOpenSurvey(viewer, survey)

export const canCloseSurvey = (viewer: Viewer | null, survey: SurveyFacts, mayModerate: boolean): boolean =>
  surveyLifecycle.can(surveyStateOf(survey), 'CLOSED') && mayCloseSurvey(viewer, survey, mayModerate)

export const canDeleteSurvey = (viewer: Viewer | null, survey: SurveyFacts, mayModerate: boolean): boolean =>
  isSurveyOwner(viewer, survey) || (survey.state !== 'DRAFT' && (mayModerate || isStaff(viewer)))

export const canSubmit = (viewer: Viewer | null, survey: SurveyFacts, hasSubmitted: boolean): boolean =>
  viewer !== null && survey.isOpen && !hasSubmitted

/** What the sums show to everybody who has answered, or has not. The owner asked in order to read, and reads always. */
export const areSumsShown = (survey: SurveyFacts, hasSubmitted: boolean): boolean =>
  surveyStateOf(survey) === 'CLOSED' ||
  survey.resultsShown === 'ALWAYS' ||
  (survey.resultsShown === 'AFTER_VOTING' && hasSubmitted)
