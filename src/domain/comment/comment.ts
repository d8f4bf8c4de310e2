import { and, count, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { renderComment } from '../../core/markdown/markdown.ts'
import type { Transaction } from '../../db/database.ts'
import { comments } from '../../db/tables/comment.ts'
import { reports } from '../../db/tables/report.ts'
import { subjects } from '../../db/tables/subject.ts'
import { topic } from '../../live/bus.ts'
import { findMentioned } from '../account/mention.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, prose } from '../input.ts'
import { notify, withdrawNoticesAbout } from '../notification/notify.ts'
import { findSubject, getSubject } from '../subject/registry.ts'
import type { Subject, SubjectRef } from '../subject/rules.ts'
import { isStaff, type Viewer } from '../viewer.ts'
import {
  type CommentState,
  canDecideComment,
  canEditComment,
  canSeeComment,
  commentLifecycle,
  type Decision,
  isCommentAuthor,
  REPORTS_THAT_HOLD,
} from './rules.ts'

/** A comment was added to the subject; its number tells a listener whether it missed some. */
export const commentAdded = (subjectId: Uuid) => topic<{ seq: number }>('commentAdded', subjectId)

/** Deeper threads are hard to read on any screen; the database allows 20. */
export const MAX_COMMENT_DEPTH = 8
export const MAX_COMMENT_CHARACTERS = 10_000

const body = prose('A comment', 1, MAX_COMMENT_CHARACTERS)
const commentInput = z.object({ body })

export interface NewComment {
  on: SubjectRef
  parentId?: Uuid | undefined
  body: string
  idempotencyKey?: string | undefined
}

/** @throws DomainError `NOT_FOUND` (subject, parent), `INVALID_INPUT`, `LIMIT_EXCEEDED` for a thread too deep. */
export async function addComment(deps: Deps, viewer: Viewer, input: NewComment): Promise<Uuid> {
  const text = checkInput(commentInput, { body: input.body }).body
  const bodyHtml = renderComment(text)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'addComment', input, async () => {
      const subject = await getSubject(tx, viewer, input.on, ['input', 'subjectId'])
      if (!subject.acceptsComments) {
        throw new DomainError('INVALID_INPUT', 'Comments are not open here.', ['input', 'subjectId'])
      }
      // Comments of one subject are numbered under its lock: their numbers grow in order of commit, so a live reader
      // that has number n will never be shown a smaller one later.
      const [numbered] = await tx.orm
        .update(subjects)
        .set({ commentSeq: sql`${subjects.commentSeq} + 1` })
        .where(eq(subjects.id, subject.id))
        .returning({ seq: subjects.commentSeq })
      if (numbered === undefined) throw notFound('subject', ['input', 'subjectId'])
      const parent = input.parentId === undefined ? null : await getParent(tx, viewer, subject, input.parentId)
      const id = newId()
      await tx.orm.insert(subjects).values({ id, kind: 'COMMENT' })
      await tx.orm.insert(comments).values({
        id,
        subjectId: subject.id,
        seq: numbered.seq,
        parentId: input.parentId ?? null,
        authorId: viewer.accountId,
        body: text,
        bodyHtml,
        depth: parent === null ? 0 : parent.depth + 1,
      })
      await tellOf(deps, tx, { id, text, authorId: viewer.accountId, subject, answered: parent?.authorId ?? null })
      tx.afterCommit(() => deps.bus.publish(commentAdded(subject.id), { seq: numbered.seq }))
      return id
    }),
  )
}

async function getParent(tx: Transaction, viewer: Viewer, subject: Subject, parentId: Uuid) {
  const path = ['input', 'parentId']
  const [parent] = await tx.orm.select().from(comments).where(eq(comments.id, parentId)).for('share')
  if (parent === undefined || parent.subjectId !== subject.id || !canSeeComment(viewer, parent, subject)) {
    throw notFound('comment', path)
  }
  if (parent.state !== 'VISIBLE') throw new DomainError('INVALID_INPUT', 'This comment takes no replies.', path)
  if (parent.depth >= MAX_COMMENT_DEPTH) {
    throw new DomainError('LIMIT_EXCEEDED', `A thread goes ${MAX_COMMENT_DEPTH} replies deep.`, path, {
      limit: MAX_COMMENT_DEPTH,
    })
  }
  return parent
}

interface Told {
  readonly id: Uuid
  readonly text: string
  readonly authorId: Uuid
  readonly subject: Subject
  readonly answered: Uuid | null
}

/** Each hears of it once: the owner of what it is on, whom it answers, whom it names. */
async function tellOf(deps: Deps, tx: Transaction, { id, text, authorId, subject, answered }: Told): Promise<void> {
  const about = { actorId: authorId, subject: id, thread: subject.id }
  const named = await findMentioned(tx, text)
  await notify(
    deps,
    tx,
    { kind: 'COMMENT', recipients: [subject.ownerId], ...about },
    { kind: 'REPLY', recipients: [answered], ...about },
    // By the comment, so that an edit tells nobody whom it named before.
    { kind: 'COMMENT_MENTION', recipients: named, ...about, groupBy: id },
  )
}

/** @throws DomainError `NOT_FOUND` when the viewer may not see it. */
async function lockComment(tx: Transaction, viewer: Viewer, id: Uuid) {
  const path = ['input', 'id']
  const [comment] = await tx.orm.select().from(comments).where(eq(comments.id, id)).for('update')
  if (comment === undefined) throw notFound('comment', path)
  const [on] = await tx.orm
    .select({ id: subjects.id, kind: subjects.kind })
    .from(subjects)
    .where(eq(subjects.id, comment.subjectId))
  const subject = on === undefined ? null : await findSubject(tx, viewer, on)
  if (subject === null || !canSeeComment(viewer, comment, subject)) throw notFound('comment', path)
  return { comment, subject }
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN` for another's comment, `INVALID_INPUT`. */
export async function editComment(deps: Deps, viewer: Viewer, input: { id: Uuid; body: string }): Promise<Uuid> {
  const text = checkInput(commentInput, { body: input.body }).body
  const bodyHtml = renderComment(text)
  return deps.db.transaction(async (tx) => {
    const { comment, subject } = await lockComment(tx, viewer, input.id)
    if (!isCommentAuthor(viewer, comment)) throw forbidden('Only its author may edit a comment.')
    if (!canEditComment(viewer, comment)) throw invalidInput(['input', 'id'], 'This comment was taken away.')
    await tx.orm.update(comments).set({ body: text, bodyHtml, editedAt: sql`now()` }).where(eq(comments.id, comment.id))
    if (comment.state === 'VISIBLE') await tellNewlyNamed(deps, tx, comment, text, subject)
    return comment.id
  })
}

/** Whoever was named before has heard of it. */
async function tellNewlyNamed(
  deps: Deps,
  tx: Transaction,
  before: { id: Uuid; body: string; authorId: Uuid | null },
  text: string,
  on: Subject,
): Promise<void> {
  const known = new Set(await findMentioned(tx, before.body))
  const recipients = (await findMentioned(tx, text)).filter((id) => !known.has(id) && id !== on.ownerId)
  await notify(deps, tx, {
    kind: 'COMMENT_MENTION',
    recipients,
    actorId: before.authorId,
    subject: before.id,
    thread: on.id,
    groupBy: before.id,
  })
}

/**
 * Leaves an empty place in the thread, so that replies keep their context. Authors may delete their words wherever they
 * are, also where they cannot read them any more. @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`.
 */
export async function deleteComment(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const [comment] = await tx.orm.select().from(comments).where(eq(comments.id, id)).for('update')
    if (comment === undefined || !isCommentAuthor(viewer, comment)) {
      await lockComment(tx, viewer, id)
      throw forbidden('Only its author may delete a comment.')
    }
    commentLifecycle.ensure(comment.state, 'DELETED')
    await setState(tx, id, 'DELETED')
    await withdrawNoticesAbout(deps, tx, id)
    return id
  })
}

const setState = (tx: Transaction, id: Uuid, state: CommentState, decidedByStaff = false) =>
  tx.orm
    .update(comments)
    .set(state === 'DELETED' ? { state, body: '', bodyHtml: '' } : { state, decidedByStaff })
    .where(eq(comments.id, id))

/**
 * A moderator's decision; one of staff's that is final settles the open reports of the comment.
 * @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`.
 */
export async function moderateComment(deps: Deps, viewer: Viewer, input: { id: Uuid; state: Decision }): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { comment, subject } = await lockComment(tx, viewer, input.id)
    if (!canDecideComment(viewer, comment, subject, input.state)) {
      throw forbidden(
        comment.decidedByStaff
          ? 'Staff decided about this comment; only staff may change that.'
          : 'Only moderators may decide this about a comment.',
      )
    }
    if (comment.state !== input.state) commentLifecycle.ensure(comment.state, input.state)
    if (!isStaff(viewer) && comment.state === 'REMOVED' && input.state === 'VISIBLE') {
      await ensureNotReported(tx, comment.id)
    }
    await setState(tx, comment.id, input.state, isStaff(viewer) && input.state !== 'VISIBLE')
    if (isStaff(viewer) && input.state !== 'HELD') await settleReports(tx, viewer, comment.id)
    return comment.id
  })
}

const isOpenReportOf = (subjectId: Uuid) => and(eq(reports.subjectId, subjectId), isNull(reports.resolvedAt))

export async function countOpenReports(tx: Transaction, subjectId: Uuid): Promise<number> {
  const [row] = await tx.orm.select({ open: count() }).from(reports).where(isOpenReportOf(subjectId))
  return Number(row?.open ?? 0)
}

/** Taking a held comment away and restoring it would else be a way around the reports that held it. */
async function ensureNotReported(tx: Transaction, id: Uuid): Promise<void> {
  if ((await countOpenReports(tx, id)) < REPORTS_THAT_HOLD) return
  throw forbidden('Members reported this comment; only staff may restore it.')
}

/** Closes the open reports of a subject: a decision about it was taken. */
export const settleReports = (tx: Transaction, viewer: Viewer, subjectId: Uuid) =>
  tx.orm
    .update(reports)
    .set({ resolvedAt: sql`now()`, resolvedById: viewer.accountId })
    .where(isOpenReportOf(subjectId))

/** Used by reports: enough of them hide a comment until a moderator has looked. */
export async function holdComment(tx: Transaction, id: Uuid): Promise<void> {
  const [comment] = await tx.orm.select().from(comments).where(eq(comments.id, id)).for('update')
  if (comment !== undefined && commentLifecycle.can(comment.state, 'HELD')) await setState(tx, id, 'HELD')
}
