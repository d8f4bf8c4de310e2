import { sql } from 'drizzle-orm'
import { boolean, check, foreignKey, index, integer, pgEnum, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'
import { pollState, resultsShown } from './poll.ts'
import { subjects } from './subject.ts'

export const surveyQuestionKind = pgEnum('survey_question_kind', ['SINGLE', 'MULTIPLE', 'SCALE', 'TEXT'])

export const surveys = pgTable(
  'surveys',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    subjectId: uuid().references(() => subjects.id, { onDelete: 'cascade' }),
    ownerId: uuid()
      .notNull()
      .references(() => accounts.id),
    title: text().notNull(),
    introduction: text().notNull(),
    isAnonymous: boolean().notNull(),
    resultsShown: resultsShown().notNull(),
    state: pollState().notNull().default('DRAFT'),
    /** Staff closed it: its owner does not open it again. */
    closedByStaff: boolean().notNull().default(false),
    closesAt: instant(),
    openedAt: instant(),
    closedAt: instant(),
    /** From then on the questions stay as they are. */
    firstSubmissionAt: instant(),
    submissionCount: integer().notNull().default(0),
    /** Raised by each edit: answers that were checked against older questions are checked anew. */
    questionsVersion: integer().notNull().default(1),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('surveys_newest').on(t.createdAt, t.id).where(sql`${t.state} <> 'DRAFT'`),
    index('surveys_by_subject').on(t.subjectId, t.createdAt, t.id),
    index('surveys_by_owner').on(t.ownerId, t.createdAt, t.id),
    index('surveys_closing').on(t.closesAt).where(sql`${t.state} = 'OPEN'`),
    check('surveys_title_length', sql`char_length(${t.title}) between 1 and 200`),
    check('surveys_closed_has_time', sql`(${t.state} = 'CLOSED') = (${t.closedAt} is not null)`),
  ],
)

export const surveyQuestions = pgTable(
  'survey_questions',
  {
    id: id(),
    surveyId: uuid()
      .notNull()
      .references(() => surveys.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    kind: surveyQuestionKind().notNull(),
    text: text().notNull(),
    isRequired: boolean().notNull(),
    /** Of a `MULTIPLE` question; null: all. */
    maxChoices: integer(),
    /** Of a `SCALE`: its ends, both included, and what they mean. */
    scaleFrom: integer(),
    scaleTo: integer(),
    scaleFromLabel: text(),
    scaleToLabel: text(),
  },
  (t) => [
    unique('survey_questions_in_order').on(t.surveyId, t.position),
    check(
      'survey_questions_scale',
      sql`(${t.kind} = 'SCALE') = (${t.scaleFrom} is not null and ${t.scaleTo} is not null)`,
    ),
    check('survey_questions_scale_ascends', sql`${t.scaleFrom} < ${t.scaleTo}`),
  ],
)

export const surveyOptions = pgTable(
  'survey_options',
  {
    id: id(),
    questionId: uuid()
      .notNull()
      .references(() => surveyQuestions.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    label: text().notNull(),
  },
  (t) => [
    unique('survey_options_in_order').on(t.questionId, t.position),
    unique('survey_options_of_question').on(t.id, t.questionId),
  ],
)

/** Where an answer leads, instead of to the next question. Rules of a question are looked at in their order. */
export const surveyRules = pgTable(
  'survey_rules',
  {
    id: id(),
    questionId: uuid()
      .notNull()
      .references(() => surveyQuestions.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    /** The answer names this option; null: whatever the answer. */
    optionId: uuid(),
    /** A later question of the same survey; null: the end. */
    goToId: uuid().references(() => surveyQuestions.id, { onDelete: 'cascade' }),
  },
  (t) => [
    unique('survey_rules_in_order').on(t.questionId, t.position),
    foreignKey({
      name: 'survey_rules_option_of_question',
      columns: [t.optionId, t.questionId],
      foreignColumns: [surveyOptions.id, surveyOptions.questionId],
    }).onDelete('cascade'),
    index('survey_rules_by_goal').on(t.goToId),
  ],
)

/** What one member answered, once. */
export const surveySubmissions = pgTable(
  'survey_submissions',
  {
    id: id(),
    surveyId: uuid()
      .notNull()
      .references(() => surveys.id, { onDelete: 'cascade' }),
    /** Null once the account is deleted: what was counted stays counted. */
    accountId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    submittedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('survey_submissions_once').on(t.surveyId, t.accountId),
    index('survey_submissions_by_account').on(t.accountId),
  ],
)

/** One row for each option that was chosen, or one for the number or the text. Its id is random: it tells no order. */
export const surveyAnswers = pgTable(
  'survey_answers',
  {
    id: id(),
    submissionId: uuid()
      .notNull()
      .references(() => surveySubmissions.id, { onDelete: 'cascade' }),
    questionId: uuid()
      .notNull()
      .references(() => surveyQuestions.id, { onDelete: 'cascade' }),
    optionId: uuid(),
    number: integer(),
    text: text(),
  },
  (t) => [
    unique('survey_answers_once').on(t.submissionId, t.questionId, t.optionId).nullsNotDistinct(),
    foreignKey({
      name: 'survey_answers_option_of_question',
      columns: [t.optionId, t.questionId],
      foreignColumns: [surveyOptions.id, surveyOptions.questionId],
    }).onDelete('cascade'),
    index('survey_answers_by_question').on(t.questionId, t.id),
    check('survey_answers_one_value', sql`num_nonnulls(${t.optionId}, ${t.number}, ${t.text}) = 1`),
  ],
)
