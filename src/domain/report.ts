import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, notFound } from '../core/errors.ts'
import { encodeId, newId, type Uuid } from '../core/ids.ts'
import type { Transaction } from '../db/database.ts'
import { type reportReason, reports } from '../db/tables/report.ts'
import { subjects } from '../db/tables/subject.ts'
import type { Portability } from './account/portability.ts'
import { countOpenReports, holdComment } from './comment/comment.ts'
import { REPORTS_THAT_HOLD } from './comment/rules.ts'
import type { Deps } from './deps.ts'
import { checkInput, prose } from './input.ts'
import { holdReview } from './review/review.ts'
import { REPORTS_THAT_HOLD_A_REVIEW } from './review/rules.ts'
import { getSubject } from './subject/registry.ts'
import type { SubjectKind, SubjectRef } from './subject/rules.ts'
import { ensureStaff, type Viewer } from './viewer.ts'

export type ReportReason = (typeof reportReason.enumValues)[number]

const reportInput = z.object({ note: prose('A note', 0, 1000) })

/** What so many reports take out of sight until a moderator has looked. */
const HELD_BY_REPORTS: Partial<
  Record<SubjectKind, { atLeast: number; hold: (tx: Transaction, id: Uuid) => Promise<void> }>
> = {
  COMMENT: { atLeast: REPORTS_THAT_HOLD, hold: holdComment },
  REVIEW: { atLeast: REPORTS_THAT_HOLD_A_REVIEW, hold: holdReview },
}

export interface NewReport {
  on: SubjectRef
  reason: ReportReason
  note?: string | undefined
}

/**
 * One report per member and subject: a second one changes nothing while the first is open, and opens it again once it
 * is resolved. @throws DomainError `NOT_FOUND`, `INVALID_INPUT`.
 */
export async function reportSubject(deps: Deps, viewer: Viewer, input: NewReport): Promise<SubjectRef> {
  const { note } = checkInput(reportInput, { note: input.note ?? '' })
  const path = ['input', 'subjectId']
  await deps.db.transaction(async (tx) => {
    const subject = await getSubject(tx, viewer, input.on, path)
    if (subject.ownerId === viewer.accountId) throw new DomainError('INVALID_INPUT', 'This is your own.', path)
    // Reports of one subject come one after the other, or two of them could each count one too few.
    const same = eq(subjects.id, subject.id)
    const [locked] = await tx.orm.select({ id: subjects.id }).from(subjects).where(same).for('no key update')
    if (locked === undefined) throw notFound(subject.kind.toLowerCase(), path)
    await tx.orm
      .insert(reports)
      .values({ id: newId(), subjectId: subject.id, reporterId: viewer.accountId, reason: input.reason, note })
      .onConflictDoUpdate({
        target: [reports.subjectId, reports.reporterId],
        set: { reason: input.reason, note, createdAt: sql`now()`, resolvedAt: null, resolvedById: null },
        setWhere: isNotNull(reports.resolvedAt),
      })
    const held = HELD_BY_REPORTS[subject.kind]
    if (held !== undefined && (await countOpenReports(tx, subject.id)) >= held.atLeast) await held.hold(tx, subject.id)
  })
  return input.on
}

/** Staff closes a report that needs nothing more. Resolving it twice changes nothing. @throws `FORBIDDEN`, `NOT_FOUND`. */
export async function resolveReport(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  ensureStaff(viewer)
  const [found] = await deps.db.orm.select({ id: reports.id }).from(reports).where(eq(reports.id, id))
  if (found === undefined) throw new DomainError('NOT_FOUND', 'No report with this id.', ['input', 'id'])
  await deps.db.orm
    .update(reports)
    .set({ resolvedAt: deps.clock.now().toISOString(), resolvedById: viewer.accountId })
    .where(and(eq(reports.id, id), isNull(reports.resolvedAt)))
  return id
}

export const reportPortability: Portability = {
  room: 'reports',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        on: reports.subjectId,
        subjectKind: subjects.kind,
        reason: reports.reason,
        note: reports.note,
        createdAt: reports.createdAt,
      })
      .from(reports)
      .innerJoin(subjects, eq(subjects.id, reports.subjectId))
      .where(eq(reports.reporterId, accountId))
    return rows.map(({ on, subjectKind, ...report }) => ({ on: encodeId(subjectKind.toLowerCase(), on), ...report }))
  },
  async eraseOf(tx, accountId) {
    await tx.orm.delete(reports).where(eq(reports.reporterId, accountId))
  },
}
