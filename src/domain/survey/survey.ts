import { and, eq, lte, sql } from 'drizzle-orm'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { isSurveyOpen } from '../../db/relations/survey.ts'
import { subjects } from '../../db/tables/subject.ts'
import { surveyOptions, surveyQuestions, surveyRules, surveys } from '../../db/tables/survey.ts'
import { defineJob } from '../../gateways/queue.ts'
import { topic } from '../../live/bus.ts'
import { countOpenReports } from '../comment/comment.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkAll } from '../input.ts'
import { ensurePlaceFor } from '../poll/place.ts'
import { checkClosing } from '../poll/settings.ts'
import { getSubject } from '../subject/registry.ts'
import type { SubjectRef } from '../subject/rules.ts'
import { isStaff, type Viewer } from '../viewer.ts'
import {
  canDeleteSurvey,
  canEditSurvey,
  isSurveyOwner,
  mayCloseSurvey,
  mayOpenSurvey,
  type SurveyFacts,
  surveyLifecycle,
  surveyStateOf,
} from './rules.ts'
import { type CheckedSurvey, checkSurvey, type NewQuestion, type SurveySettings } from './settings.ts'

const path = ['input', 'id']

/** Anything about the survey changed: answers, its state, its questions, or that it is gone. */
export const surveyChanged = (surveyId: Uuid) => topic<Record<string, never>>('surveyChanged', surveyId)

/** The member has answered the survey: what they may see of it has changed. */
export const surveyAnswererChanged = (surveyId: Uuid, accountId: Uuid) =>
  topic<Record<string, never>>('surveyAnswererChanged', `${surveyId}/${accountId}`)

/** Wakes the closing of surveys whose time has come. */
export const closeDueSurvey = defineJob<Record<string, never>>('survey.closeDue', { retryDelaySeconds: 2 })

export interface NewSurvey extends SurveySettings {
  on?: SubjectRef | undefined
  closesAt?: string | null | undefined
  isDraft: boolean
  idempotencyKey?: string | undefined
}

/** @throws DomainError `INVALID_INPUT`, `NOT_FOUND` and `FORBIDDEN` for what it should hang on. */
export function createSurvey(deps: Deps, viewer: Viewer, input: NewSurvey): Promise<Uuid> {
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createSurvey', { ...input }, async () => {
      const { on, isDraft, closesAt: closing, idempotencyKey: _, ...given } = input
      const [{ questions, ...settings }, closesAt] = await checkAll<[CheckedSurvey, string | null]>(
        () => checkSurvey(given),
        () => checkClosing(deps.clock, closing),
      )
      const subject = on === undefined ? null : await getSubject(tx, viewer, on, ['input', 'subjectId'])
      if (subject?.viewerMayAttach === false) throw forbidden('You may not hang a survey on this.')
      if (subject !== null) await ensurePlaceFor('surveys', tx, subject.id)
      const id = newId()
      await tx.orm.insert(subjects).values({ id, kind: 'SURVEY' })
      const opened = isDraft ? {} : { state: 'OPEN' as const, openedAt: sql`now()` }
      const ownerId = viewer.accountId
      await tx.orm
        .insert(surveys)
        .values({ id, subjectId: subject?.id ?? null, ownerId, ...settings, closesAt, ...opened })
      await insertQuestions(tx, id, questions)
      await closeAtItsTime(deps, tx, isDraft ? null : closesAt)
      return id
    }),
  )
}

const closeAtItsTime = async (deps: Deps, tx: Transaction, closesAt: string | null): Promise<void> => {
  if (closesAt !== null) await deps.jobs.enqueue(tx, closeDueSurvey, {}, { startAfter: new Date(closesAt) })
}

async function insertQuestions(tx: Transaction, surveyId: Uuid, questions: readonly NewQuestion[]): Promise<void> {
  const made = questions.map((question) => ({
    question,
    id: newId(),
    options: question.options.map((label) => ({ id: newId(), label })),
  }))
  await tx.orm.insert(surveyQuestions).values(
    made.map(({ id, question: { text, kind, isRequired, maxChoices, scale } }, position) => ({
      id,
      surveyId,
      position,
      kind,
      text,
      isRequired,
      maxChoices,
      scaleFrom: scale?.from ?? null,
      scaleTo: scale?.to ?? null,
      scaleFromLabel: scale?.fromLabel ?? null,
      scaleToLabel: scale?.toLabel ?? null,
    })),
  )
  const options = made.flatMap(({ id: questionId, options }) =>
    options.map(({ id, label }, position) => ({ id, questionId, position, label })),
  )
  if (options.length > 0) await tx.orm.insert(surveyOptions).values(options)
  const rules = made.flatMap(({ id: questionId, question, options }) =>
    question.rules.map(({ ifOption, goTo }, position) => ({
      id: newId(),
      questionId,
      position,
      optionId: ifOption === null ? null : (options[ifOption]?.id ?? null),
      goToId: goTo === null ? null : (made[goTo]?.id ?? null),
    })),
  )
  if (rules.length > 0) await tx.orm.insert(surveyRules).values(rules)
}

/** All of it anew, until the first answers. @throws as `createSurvey`, and `POLL_FROZEN`. */
export function updateSurvey(
  deps: Deps,
  viewer: Viewer,
  { id, ...given }: SurveySettings & { id: Uuid },
): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const survey = await lockSurvey(tx, viewer, id)
    if (survey.ownerId !== viewer.accountId) throw forbidden('Only its owner may change a survey.')
    if (survey.firstSubmissionAt !== null) {
      throw new DomainError('POLL_FROZEN', 'Somebody has answered: the survey stays as it is.', path, {
        firstVoteAt: survey.firstSubmissionAt,
      })
    }
    if (!canEditSurvey(viewer, survey)) throw invalidInput(path, 'A closed survey stays as it is.')
    const { questions, ...settings } = checkSurvey(given)
    await tx.orm.delete(surveyQuestions).where(eq(surveyQuestions.surveyId, id))
    await insertQuestions(tx, id, questions)
    return write(deps, tx, id, { ...settings, questionsVersion: sql`${surveys.questionsVersion} + 1` })
  })
}

const write = async (deps: Deps, tx: Transaction, id: Uuid, change: object): Promise<Uuid> => {
  await tx.orm
    .update(surveys)
    .set({ ...change, updatedAt: sql`now()` })
    .where(eq(surveys.id, id))
  tx.afterCommit(() => deps.bus.publish(surveyChanged(id), {}))
  return id
}

/** Opens a draft, or a closed survey again. @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`. */
export function openSurvey(deps: Deps, viewer: Viewer, input: { id: Uuid; closesAt?: string | null | undefined }) {
  return deps.db.transaction(async (tx) => {
    const survey = await lockSurvey(tx, viewer, input.id)
    if (!mayOpenSurvey(viewer, survey)) throw forbidden('Only its owner may open a survey, or staff what staff closed.')
    surveyLifecycle.ensure(surveyStateOf(survey), 'OPEN')
    if (survey.subjectId !== null && survey.state !== 'DRAFT') await ensurePlaceFor('surveys', tx, survey.subjectId)
    const kept = input.closesAt === undefined && survey.state === 'DRAFT' ? survey.closesAt : input.closesAt
    const closesAt = checkClosing(deps.clock, kept)
    await closeAtItsTime(deps, tx, closesAt)
    const opened = { openedAt: sql`coalesce(${surveys.openedAt}, now())`, closedAt: null, closedByStaff: false }
    return write(deps, tx, survey.id, { state: 'OPEN', closesAt, ...opened })
  })
}

/** Moves the closing time of an open survey, either way. @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`. */
export function extendSurvey(deps: Deps, viewer: Viewer, input: { id: Uuid; closesAt?: string | null | undefined }) {
  return deps.db.transaction(async (tx) => {
    const survey = await lockSurvey(tx, viewer, input.id)
    if (!isSurveyOwner(viewer, survey)) throw forbidden('Only its owner may move the closing time of a survey.')
    if (surveyStateOf(survey) !== 'DRAFT') surveyLifecycle.ensure(surveyStateOf(survey), 'CLOSED')
    const closesAt = checkClosing(deps.clock, input.closesAt)
    if (survey.isOpen) await closeAtItsTime(deps, tx, closesAt)
    return write(deps, tx, survey.id, { closesAt })
  })
}

/** At once, for everybody. @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export function closeSurvey(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const survey = await lockSurveyOrReported(tx, viewer, id)
    if (!mayCloseSurvey(viewer, survey, survey.viewerMayModerate)) {
      throw forbidden('Only its owner, a moderator of its room or staff may close a survey.')
    }
    surveyLifecycle.ensure(surveyStateOf(survey), 'CLOSED')
    const closedByStaff = survey.ownerId !== viewer.accountId
    return write(deps, tx, id, { state: 'CLOSED', closedAt: sql`clock_timestamp()`, closedByStaff })
  })
}

/** With all answers. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function deleteSurvey(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const survey = await lockSurveyOrReported(tx, viewer, id)
    if (!canDeleteSurvey(viewer, survey, survey.viewerMayModerate)) {
      throw forbidden('Only its owner, a moderator of its room or staff may delete a survey.')
    }
    await deleteSubjects(tx, tx.orm.select({ id: surveys.id }).from(surveys).where(eq(surveys.id, id)))
    tx.afterCommit(() => deps.bus.publish(surveyChanged(id), {}))
    return id
  })
}

/** Writes down that the time of surveys has come. Answers were refused from that time on anyway. */
export async function closeDueSurveys(deps: Pick<Deps, 'db' | 'bus'>): Promise<Uuid[]> {
  const closed = await deps.db.orm
    .update(surveys)
    .set({ state: 'CLOSED', closedAt: sql`${surveys.closesAt}`, updatedAt: sql`now()` })
    .where(and(eq(surveys.state, 'OPEN'), lte(surveys.closesAt, sql`now()`)))
    .returning({ id: surveys.id })
  for (const { id } of closed) deps.bus.publish(surveyChanged(id), {})
  return closed.map(({ id }) => id)
}

export type FoundSurvey = SurveyFacts & {
  id: Uuid
  subjectId: Uuid | null
  closesAt: string | null
  closedAt: string | null
  questionsVersion: number
  /** The viewer moderates what it hangs on. */
  viewerMayModerate: boolean
}

/** @throws DomainError `NOT_FOUND` when there is none or the viewer may not see it. */
export async function getSurvey(
  db: Executor,
  viewer: Viewer | null,
  id: Uuid,
  argument: readonly string[] = path,
): Promise<FoundSurvey> {
  const { viewerMayModerate } = await getSubject(db, viewer, { kind: 'SURVEY', id }, argument)
  return { ...(await readSurvey(db, id, argument)), viewerMayModerate }
}

async function readSurvey(db: Executor, id: Uuid, argument: readonly string[]) {
  const [survey] = await db.orm
    .select({
      id: surveys.id,
      subjectId: surveys.subjectId,
      ownerId: surveys.ownerId,
      state: surveys.state,
      isOpen: sql<boolean>`${isSurveyOpen}`,
      resultsShown: surveys.resultsShown,
      closedByStaff: surveys.closedByStaff,
      closesAt: surveys.closesAt,
      closedAt: surveys.closedAt,
      firstSubmissionAt: surveys.firstSubmissionAt,
      questionsVersion: surveys.questionsVersion,
    })
    .from(surveys)
    .where(eq(surveys.id, id))
  if (survey === undefined) throw notFound('survey', argument)
  return survey
}

async function lockSurvey(tx: Transaction, viewer: Viewer, id: Uuid): Promise<FoundSurvey> {
  await tx.query('select 1 from surveys where id = $1::text::uuid for no key update', [id])
  // Read after the lock was granted, in a statement of its own: it sees what the holder before has written.
  return getSurvey(tx, viewer, id)
}

/** As `lockSurvey`; staff also get what a member has reported in a room that they are not in. @throws `NOT_FOUND`. */
async function lockSurveyOrReported(tx: Transaction, viewer: Viewer, id: Uuid): Promise<FoundSurvey> {
  if (!isStaff(viewer) || (await countOpenReports(tx, id)) === 0) return lockSurvey(tx, viewer, id)
  await tx.query('select 1 from surveys where id = $1::text::uuid for no key update', [id])
  return { ...(await readSurvey(tx, id, path)), viewerMayModerate: false }
}
