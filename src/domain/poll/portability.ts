import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { pollBallots, pollChoices, polls } from '../../db/tables/poll.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { Portability } from '../account/portability.ts'
import { deleteSubjects } from '../comment/deletion.ts'

const optionsOfPoll = sql<
  object[]
>`(select json_agg(json_build_object('label', label, 'isCorrect', is_correct) order by position)
  from poll_options where poll_id = ${polls.id})`

const chosenLabels = sql<string[]>`(select coalesce(json_agg(label order by position), '[]') from poll_choices
  join poll_options on poll_options.id = option_id where ballot_id = ${pollBallots.id})`

/** Polls are deleted with their owner; a vote in another's poll stays counted, and nobody's. */
export const pollPortability: Portability = {
  room: 'polls',
  async exportOf(tx, accountId) {
    const own = await tx.orm
      .select({
        id: polls.id,
        on: polls.subjectId,
        subjectKind: subjects.kind,
        question: polls.question,
        options: optionsOfPoll,
        choice: polls.choice,
        maxChoices: polls.maxChoices,
        isAnonymous: polls.isAnonymous,
        resultsShown: polls.resultsShown,
        mayChangeVote: polls.mayChangeVote,
        answersRevealed: polls.answersRevealed,
        explanation: polls.explanation,
        state: polls.state,
        closesAt: polls.closesAt,
        closedAt: polls.closedAt,
        createdAt: polls.createdAt,
      })
      .from(polls)
      .leftJoin(subjects, eq(subjects.id, polls.subjectId))
      .where(eq(polls.ownerId, accountId))
      .orderBy(polls.createdAt)
    const votes = await tx.orm
      .select({
        poll: polls.id,
        question: polls.question,
        chosen: chosenLabels,
        castAt: pollBallots.castAt,
        changedAt: pollBallots.changedAt,
      })
      .from(pollBallots)
      .innerJoin(polls, eq(polls.id, pollBallots.pollId))
      .where(eq(pollBallots.accountId, accountId))
      .orderBy(pollBallots.castAt)
    return {
      created: own.map(({ id, on, subjectKind, ...poll }) => ({
        id: encodeId('poll', id),
        on: on === null || subjectKind === null ? null : encodeId(subjectKind.toLowerCase(), on),
        ...poll,
      })),
      votes: votes.map(({ poll, ...vote }) => ({ poll: encodeId('poll', poll), ...vote })),
    }
  },
  async eraseOf(tx, accountId) {
    await deleteSubjects(tx, tx.orm.select({ id: polls.id }).from(polls).where(eq(polls.ownerId, accountId)))
    await tx.orm.update(pollBallots).set({ accountId: null }).where(eq(pollBallots.accountId, accountId))
    await tx.orm.update(pollChoices).set({ accountId: null }).where(eq(pollChoices.accountId, accountId))
  },
}
