import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'
import { subjects } from './subject.ts'

export const pollState = pgEnum('poll_state', ['DRAFT', 'OPEN', 'CLOSED'])
export const pollChoice = pgEnum('poll_choice', ['SINGLE', 'MULTIPLE'])
export const resultsShown = pgEnum('results_shown', ['ALWAYS', 'AFTER_VOTING', 'AFTER_CLOSING'])
export const answersRevealed = pgEnum('answers_revealed', ['AFTER_VOTING', 'AFTER_CLOSING'])

export const polls = pgTable(
  'polls',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    /** What it hangs on, and is visible with; null for a poll that stands alone. */
    subjectId: uuid().references(() => subjects.id, { onDelete: 'cascade' }),
    ownerId: uuid()
      .notNull()
      .references(() => accounts.id),
    question: text().notNull(),
    choice: pollChoice().notNull(),
    /** Of a `MULTIPLE` poll; null: as many as there are options. */
    maxChoices: integer(),
    isAnonymous: boolean().notNull(),
    resultsShown: resultsShown().notNull(),
    mayChangeVote: boolean().notNull(),
    /** When a quiz tells what was right; null for a poll that is no quiz. */
    answersRevealed: answersRevealed(),
    explanation: text(),
    state: pollState().notNull().default('DRAFT'),
    /** Staff closed it: its owner does not open it again. */
    closedByStaff: boolean().notNull().default(false),
    closesAt: instant(),
    openedAt: instant(),
    closedAt: instant(),
    /** From then on question, options and rules stay as they are, also when every vote is withdrawn. */
    firstVoteAt: instant(),
    /** Ballots cast, those of deleted accounts included. Counted in the statement of the vote, under this row's lock. */
    voterCount: integer().notNull().default(0),
    /** Raised by each edit: a vote that was checked against older rules is checked anew. */
    settingsVersion: integer().notNull().default(1),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('polls_newest').on(t.createdAt, t.id).where(sql`${t.state} <> 'DRAFT'`),
    index('polls_by_subject').on(t.subjectId, t.createdAt, t.id),
    index('polls_by_owner').on(t.ownerId, t.createdAt, t.id),
    index('polls_search').using('gin', sql`to_tsvector('english', ${t.question})`).with({ fastupdate: false }),
    index('polls_closing').on(t.closesAt, t.id).where(sql`${t.state} = 'OPEN'`),
    check('polls_question_length', sql`char_length(${t.question}) between 1 and 300`),
    check('polls_max_choices', sql`${t.maxChoices} is null or (${t.choice} = 'MULTIPLE' and ${t.maxChoices} >= 2)`),
    check('polls_closed_has_time', sql`(${t.state} = 'CLOSED') = (${t.closedAt} is not null)`),
    check('polls_opened_has_time', sql`(${t.state} = 'DRAFT') = (${t.openedAt} is null)`),
    check('polls_draft_has_no_votes', sql`${t.state} <> 'DRAFT' or ${t.firstVoteAt} is null`),
    check('polls_explanation_of_quiz', sql`${t.explanation} is null or ${t.answersRevealed} is not null`),
    check('polls_counted', sql`${t.voterCount} >= 0`),
  ],
)

export const pollOptions = pgTable(
  'poll_options',
  {
    id: id(),
    pollId: uuid()
      .notNull()
      .references(() => polls.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    label: text().notNull(),
    /** The thing that the option stands for: prefix and uuid of any id of the graph. It may be gone by now. */
    nodePrefix: text(),
    nodeId: uuid(),
    isCorrect: boolean().notNull().default(false),
    voteCount: integer().notNull().default(0),
  },
  (t) => [
    unique('poll_options_in_order').on(t.pollId, t.position),
    unique('poll_options_label_taken').on(t.pollId, t.label),
    unique('poll_options_of_poll').on(t.id, t.pollId),
    check('poll_options_label_length', sql`char_length(${t.label}) between 1 and 120`),
    check('poll_options_whole_node', sql`(${t.nodePrefix} is null) = (${t.nodeId} is null)`),
    check('poll_options_counted', sql`${t.voteCount} >= 0`),
  ],
)

/** One vote of one member. */
export const pollBallots = pgTable(
  'poll_ballots',
  {
    id: id(),
    pollId: uuid()
      .notNull()
      .references(() => polls.id, { onDelete: 'cascade' }),
    /** Null once the account is deleted: what was counted stays counted. */
    accountId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    castAt: instant().notNull().defaultNow(),
    changedAt: instant(),
  },
  (t) => [
    unique('poll_ballots_once').on(t.pollId, t.accountId),
    unique('poll_ballots_of_poll').on(t.id, t.pollId),
    index('poll_ballots_by_account').on(t.accountId),
  ],
)

/** What a ballot says: one row for each option that was chosen, of the same poll. */
export const pollChoices = pgTable(
  'poll_choices',
  {
    ballotId: uuid().notNull(),
    optionId: uuid().notNull(),
    pollId: uuid().notNull(),
    accountId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    chosenAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'poll_choices_once', columns: [t.ballotId, t.optionId] }),
    foreignKey({
      name: 'poll_choices_of_ballot',
      columns: [t.ballotId, t.pollId],
      foreignColumns: [pollBallots.id, pollBallots.pollId],
    }).onDelete('cascade'),
    foreignKey({
      name: 'poll_choices_option_of_poll',
      columns: [t.optionId, t.pollId],
      foreignColumns: [pollOptions.id, pollOptions.pollId],
    }),
    index('poll_choices_by_option').on(t.optionId, t.chosenAt, t.accountId),
    index('poll_choices_by_account').on(t.accountId),
  ],
)
