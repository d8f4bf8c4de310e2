import { eq, sql } from 'drizzle-orm'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { isOpen } from '../../db/relations/poll.ts'
import { pollOptions, polls } from '../../db/tables/poll.ts'
import { subjects } from '../../db/tables/subject.ts'
import { countOpenReports } from '../comment/comment.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkAll } from '../input.ts'
import { getSubject } from '../subject/registry.ts'
import type { Subject, SubjectRef } from '../subject/rules.ts'
import { tellWithdrawal } from '../subject/topics.ts'
import { isStaff, type Viewer } from '../viewer.ts'
import { closeAtItsTime } from './closing.ts'
import { ensurePlaceFor } from './place.ts'
import { canDeletePoll, canEditPoll, type PollFacts } from './rules.ts'
import { type CheckedSettings, checkClosing, checkSettings, type PollSettings } from './settings.ts'
import { pollChanged } from './topics.ts'

const path = ['input', 'id']

export interface NewPoll extends PollSettings {
  on?: SubjectRef | undefined
  closesAt?: string | null | undefined
  isDraft: boolean
  idempotencyKey?: string | undefined
}

/** @throws DomainError `INVALID_INPUT`, `NOT_FOUND` and `FORBIDDEN` for what it should hang on, `LIMIT_EXCEEDED`. */
export function createPoll(deps: Deps, viewer: Viewer, input: NewPoll): Promise<Uuid> {
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createPoll', { ...input }, async () => {
      const { on, isDraft, closesAt: closing, idempotencyKey: _, ...given } = input
      const [{ options, ...settings }, closesAt] = await checkAll<[CheckedSettings, string | null]>(
        () => checkSettings(given),
        () => checkClosing(deps.clock, closing),
      )
      const subject = on === undefined ? null : await getAttachable(tx, viewer, on)
      const id = newId()
      await tx.orm.insert(subjects).values({ id, kind: 'POLL' })
      await tx.orm.insert(polls).values({
        id,
        subjectId: subject?.id ?? null,
        ownerId: viewer.accountId,
        ...settings,
        closesAt,
        ...(isDraft ? {} : { state: 'OPEN' as const, openedAt: sql`now()` }),
      })
      await insertOptions(tx, id, options)
      if (!isDraft) await closeAtItsTime(deps, tx, closesAt)
      return id
    }),
  )
}

async function getAttachable(tx: Transaction, viewer: Viewer, on: SubjectRef): Promise<Subject> {
  const subjectPath = ['input', 'subjectId']
  const subject = await getSubject(tx, viewer, on, subjectPath)
  if (!subject.viewerMayAttach) throw forbidden('You may not hang a poll on this.')
  await ensurePlaceFor('polls', tx, subject.id)
  return subject
}

const insertOptions = (tx: Transaction, pollId: Uuid, options: CheckedSettings['options']) =>
  tx.orm.insert(pollOptions).values(
    options.map(({ label, isCorrect = false, node }, position) => ({
      id: newId(),
      pollId,
      position,
      label,
      isCorrect,
      nodePrefix: node?.prefix ?? null,
      nodeId: node?.id ?? null,
    })),
  )

export interface PollChange extends Partial<PollSettings> {
  id: Uuid
}

/** Until the first vote. Fields that are not given stay. @throws as `createPoll`, and `POLL_FROZEN`. */
export function updatePoll(deps: Deps, viewer: Viewer, input: PollChange): Promise<Uuid> {
  const { id, ...change } = input
  return deps.db.transaction(async (tx) => {
    // The vote takes the same lock: whichever comes first, the other finds it done.
    const poll = await lockPoll(tx, viewer, id)
    if (poll.ownerId !== viewer.accountId) throw forbidden('Only its owner may change a poll.')
    if (poll.firstVoteAt !== null) {
      throw new DomainError('POLL_FROZEN', 'Somebody has voted: the poll stays as it is.', path, {
        firstVoteAt: poll.firstVoteAt,
      })
    }
    if (!canEditPoll(viewer, poll)) throw invalidInput(path, 'A closed poll stays as it is.')
    const { options, ...settings } = checkSettings({ ...poll, ...(await optionsOf(tx, id, change)), ...given(change) })
    await tx.orm
      .update(polls)
      .set({ ...settings, settingsVersion: sql`${polls.settingsVersion} + 1`, updatedAt: sql`now()` })
      .where(eq(polls.id, id))
    if (change.options !== undefined) {
      await tx.orm.delete(pollOptions).where(eq(pollOptions.pollId, id))
      await insertOptions(tx, id, options)
    }
    tx.afterCommit(() => deps.bus.publish(pollChanged(id), {}))
    return id
  })
}

const given = <Change extends object>(change: Change) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<Change>

async function optionsOf(tx: Transaction, id: Uuid, change: Omit<PollChange, 'id'>) {
  if (change.options !== undefined) return { options: change.options }
  const rows = await tx.orm
    .select({ label: pollOptions.label, isCorrect: pollOptions.isCorrect })
    .from(pollOptions)
    .where(eq(pollOptions.pollId, id))
    .orderBy(pollOptions.position)
  return { options: rows }
}

/** With its votes, comments and reactions. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function deletePoll(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const poll = await lockPollOrReported(tx, viewer, id)
    if (!canDeletePoll(viewer, poll, poll.viewerMayModerate)) {
      throw forbidden('Only its owner, a moderator of its room or staff may delete a poll.')
    }
    await deleteSubjects(tx, tx.orm.select({ id: polls.id }).from(polls).where(eq(polls.id, id)))
    tellWithdrawal(deps, tx, id)
    tx.afterCommit(() => deps.bus.publish(pollChanged(id), {}))
    return id
  })
}

const columns = {
  id: polls.id,
  subjectId: polls.subjectId,
  ownerId: polls.ownerId,
  question: polls.question,
  choice: polls.choice,
  maxChoices: polls.maxChoices,
  isAnonymous: polls.isAnonymous,
  resultsShown: polls.resultsShown,
  mayChangeVote: polls.mayChangeVote,
  answersRevealed: polls.answersRevealed,
  explanation: polls.explanation,
  state: polls.state,
  isOpen: sql<boolean>`${isOpen}`,
  closedByStaff: polls.closedByStaff,
  closesAt: polls.closesAt,
  closedAt: polls.closedAt,
  firstVoteAt: polls.firstVoteAt,
  settingsVersion: polls.settingsVersion,
}

export type LockedPoll = Omit<PollSettings, 'options'> &
  PollFacts & {
    id: Uuid
    subjectId: Uuid | null
    /** The viewer moderates what it hangs on. */
    viewerMayModerate: boolean
    closesAt: string | null
    closedAt: string | null
    settingsVersion: number
  }

/** @throws DomainError `NOT_FOUND` when there is none or the viewer may not see it. */
export async function getPoll(
  db: Executor,
  viewer: Viewer | null,
  id: Uuid,
  argument: readonly string[] = path,
): Promise<LockedPoll> {
  const { viewerMayModerate } = await getSubject(db, viewer, { kind: 'POLL', id }, argument)
  return { ...(await readPoll(db, id, argument)), viewerMayModerate }
}

async function readPoll(db: Executor, id: Uuid, argument: readonly string[]) {
  const [poll] = await db.orm.select(columns).from(polls).where(eq(polls.id, id))
  if (poll === undefined) throw notFound('poll', argument)
  return poll
}

/** Locked against votes and changes until the transaction ends. @throws DomainError `NOT_FOUND`. */
export async function lockPoll(tx: Transaction, viewer: Viewer, id: Uuid): Promise<LockedPoll> {
  await tx.query('select 1 from polls where id = $1::text::uuid for no key update', [id])
  // Read after the lock was granted, in a statement of its own: it sees what the holder before has written.
  return getPoll(tx, viewer, id)
}

/** As `lockPoll`; staff also get what a member has reported in a room that they are not in. @throws `NOT_FOUND`. */
export async function lockPollOrReported(tx: Transaction, viewer: Viewer, id: Uuid): Promise<LockedPoll> {
  if (!isStaff(viewer) || (await countOpenReports(tx, id)) === 0) return lockPoll(tx, viewer, id)
  await tx.query('select 1 from polls where id = $1::text::uuid for no key update', [id])
  return { ...(await readPoll(tx, id, path)), viewerMayModerate: false }
}
