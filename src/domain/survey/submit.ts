import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import {
  surveyAnswers,
  surveyOptions,
  surveyQuestions,
  surveyRules,
  surveySubmissions,
} from '../../db/tables/survey.ts'
import type { Deps } from '../deps.ts'
import { checkInput, combined, prose } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { walk } from './path.ts'
import { surveyStateOf } from './rules.ts'
import { type FoundSurvey, getSurvey, surveyAnswererChanged, surveyChanged } from './survey.ts'

const surveyPath = ['input', 'surveyId']
const answerPath = (position: number, ...more: string[]): string[] => ['input', 'answers', String(position), ...more]

export interface Answer {
  questionId: Uuid
  optionIds?: readonly Uuid[] | undefined
  number?: number | undefined
  text?: string | undefined
}

const textObject = z.object({ text: prose('An answer', 1, 5000) })
const MAX_TRIES = 5

type Question = Awaited<ReturnType<typeof readQuestions>>[number]

/**
 * Answers a survey, once: exactly the questions that the answers lead to, with all of these that are required.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED` (choices), `ALREADY_VOTED`, `POLL_CLOSED`.
 */
export async function submitSurvey(
  deps: Deps,
  viewer: Viewer,
  input: { surveyId: Uuid; answers: readonly Answer[] },
): Promise<Uuid> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const survey = await getOpenSurvey(deps.db, viewer, input.surveyId)
    const questions = await readQuestions(deps.db, input.surveyId)
    const rows = checkAnswers(questions, input.answers)
    if (await deps.db.transaction((tx) => store(deps, tx, viewer, survey, rows))) return survey.id
  }
  throw new DomainError('CONFLICT', 'The survey is being changed. Look at it again.', surveyPath)
}

interface AnswerRow {
  questionId: Uuid
  optionId?: Uuid
  number?: number
  text?: string
}

/** False when the survey has changed or closed since it was read. */
async function store(
  deps: Deps,
  tx: Transaction,
  viewer: Viewer,
  { id, questionsVersion }: FoundSurvey,
  rows: readonly AnswerRow[],
): Promise<boolean> {
  // Whether it is open is decided in the statement that counts the submission, by the database's clock.
  const counted = await tx.query(
    `update surveys set submission_count = submission_count + 1,
       first_submission_at = coalesce(first_submission_at, clock_timestamp())
     where id = $1::text::uuid and questions_version = $2::text::integer and state = 'OPEN'
       and (closes_at is null or closes_at > clock_timestamp()) returning id`,
    [id, String(questionsVersion)],
  )
  if (counted.length === 0) return false
  const submissionId = newId()
  const taken = await tx.orm
    .insert(surveySubmissions)
    .values({ id: submissionId, surveyId: id, accountId: viewer.accountId })
    .onConflictDoNothing()
    .returning({ id: surveySubmissions.id })
  if (taken.length === 0) {
    throw new DomainError('ALREADY_VOTED', 'You have answered this survey.', surveyPath, { mayChangeVote: false })
  }
  // Random ids: a UUIDv7 would tell in which order the texts of an anonymous survey were written.
  const answers = rows.map((row) => ({ id: randomUUID(), submissionId, ...row }))
  if (answers.length > 0) await tx.orm.insert(surveyAnswers).values(answers)
  tx.afterCommit(() => {
    deps.bus.publish(surveyAnswererChanged(id, viewer.accountId), {})
    deps.bus.publish(surveyChanged(id), {})
  })
  return true
}

export async function hasSubmitted(db: Executor, accountId: Uuid, surveyId: Uuid): Promise<boolean> {
  const isTheirs = and(eq(surveySubmissions.surveyId, surveyId), eq(surveySubmissions.accountId, accountId))
  return (await db.orm.select({ id: surveySubmissions.id }).from(surveySubmissions).where(isTheirs)).length > 0
}

async function getOpenSurvey(db: Executor, viewer: Viewer, id: Uuid): Promise<FoundSurvey> {
  const survey = await getSurvey(db, viewer, id, surveyPath)
  if (survey.isOpen) return survey
  const isDraft = surveyStateOf(survey) === 'DRAFT'
  const closedAt = isDraft ? null : (survey.closedAt ?? survey.closesAt)
  const message = isDraft ? 'This survey is not open yet.' : 'This survey is closed.'
  throw new DomainError('POLL_CLOSED', message, surveyPath, { closedAt })
}

/** The questions in order, with their options and rules as positions. */
export async function readQuestions(db: Executor, surveyId: Uuid) {
  const ofSurvey = eq(surveyQuestions.surveyId, surveyId)
  const questions = await db.orm.select().from(surveyQuestions).where(ofSurvey).orderBy(surveyQuestions.position)
  const options = await db.orm
    .select({ id: surveyOptions.id, questionId: surveyOptions.questionId })
    .from(surveyOptions)
    .innerJoin(surveyQuestions, eq(surveyQuestions.id, surveyOptions.questionId))
    .where(ofSurvey)
    .orderBy(surveyOptions.position)
  const rules = await db.orm
    .select({ questionId: surveyRules.questionId, optionId: surveyRules.optionId, goToId: surveyRules.goToId })
    .from(surveyRules)
    .innerJoin(surveyQuestions, eq(surveyQuestions.id, surveyRules.questionId))
    .where(ofSurvey)
    .orderBy(surveyRules.position)
  const positions = new Map(questions.map(({ id, position }) => [id, position]))
  return questions.map((question) => ({
    ...question,
    optionIds: options.filter(({ questionId }) => questionId === question.id).map(({ id }) => id),
    rules: rules
      .filter(({ questionId }) => questionId === question.id)
      .map(({ optionId, goToId }) => ({ optionId, goTo: goToId === null ? null : (positions.get(goToId) ?? null) })),
  }))
}

/** @throws DomainError with all that is wrong with the answers. */
function checkAnswers(questions: readonly Question[], answers: readonly Answer[]): AnswerRow[] {
  const errors: DomainError[] = []
  const given = new Map<Uuid, { answer: Answer; position: number }>()
  for (const [position, answer] of answers.entries()) {
    if (!questions.some(({ id }) => id === answer.questionId)) {
      errors.push(invalidInput(answerPath(position, 'questionId'), 'This is no question of this survey.'))
    } else if (given.has(answer.questionId)) {
      errors.push(invalidInput(answerPath(position), 'This question is answered twice.'))
    } else given.set(answer.questionId, { answer, position })
  }
  if (errors.length > 0) throw combined(errors)

  const rows: AnswerRow[] = []
  const path = walk(questions, ({ id }) => given.get(id)?.answer.optionIds ?? [])
  for (const question of path) {
    const found = given.get(question.id)
    if (found === undefined) {
      if (!question.isRequired) continue
      errors.push(invalidInput(['input', 'answers'], `“${question.text}” must be answered.`))
      continue
    }
    try {
      rows.push(...rowsOf(question, found.answer, found.position))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      errors.push(...error.all)
    }
  }
  for (const { answer, position } of given.values()) {
    if (path.some(({ id }) => id === answer.questionId)) continue
    errors.push(invalidInput(answerPath(position), 'The other answers do not lead to this question.'))
  }
  if (errors.length > 0) throw combined(errors)
  return rows
}

function rowsOf(question: Question, answer: Answer, position: number): AnswerRow[] {
  const { id: questionId, kind } = question
  const optionIds = answer.optionIds ?? []
  const fields = {
    optionIds: optionIds.length > 0,
    number: answer.number !== undefined,
    text: answer.text !== undefined,
  }
  const expected = kind === 'TEXT' ? 'text' : kind === 'SCALE' ? 'number' : 'optionIds'
  for (const [field, isGiven] of Object.entries(fields)) {
    if (isGiven === (field === expected)) continue
    throw invalidInput(answerPath(position, field), `This question is answered with \`${expected}\`.`)
  }
  if (kind === 'TEXT') {
    const { text } = checkInput(textObject, { text: answer.text }, answerPath(position))
    return [{ questionId, text }]
  }
  if (kind === 'SCALE') {
    const { number = Number.NaN } = answer
    const [from, to] = [question.scaleFrom ?? 0, question.scaleTo ?? 0]
    if (number >= from && number <= to) return [{ questionId, number }]
    throw invalidInput(answerPath(position, 'number'), `The scale goes from ${from} to ${to}.`)
  }
  for (const [place, optionId] of optionIds.entries()) {
    if (!question.optionIds.includes(optionId) || optionIds.indexOf(optionId) < place) {
      throw invalidInput(
        answerPath(position, 'optionIds', String(place)),
        'No option of this question, or there twice.',
      )
    }
  }
  const most = kind === 'SINGLE' ? 1 : (question.maxChoices ?? question.optionIds.length)
  if (optionIds.length > most) {
    const message = `Choose at most ${most} here.`
    throw new DomainError('LIMIT_EXCEEDED', message, answerPath(position, 'optionIds'), { limit: most })
  }
  return optionIds.map((optionId) => ({ questionId, optionId }))
}
