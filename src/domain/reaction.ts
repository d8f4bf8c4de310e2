import { and, eq } from 'drizzle-orm'
import { DomainError } from '../core/errors.ts'
import { encodeId } from '../core/ids.ts'
import { type reactionKind, reactions } from '../db/tables/reaction.ts'
import { subjects } from '../db/tables/subject.ts'
import type { Portability } from './account/portability.ts'
import type { Deps } from './deps.ts'
import { notify, withdrawNotice } from './notification/notify.ts'
import { getSubject } from './subject/registry.ts'
import type { SubjectRef } from './subject/rules.ts'
import type { Viewer } from './viewer.ts'

export type ReactionKind = (typeof reactionKind.enumValues)[number]

export interface Reaction {
  on: SubjectRef
  kind: ReactionKind
}

const path = ['input', 'subjectId']

/** Reacting twice in the same way is reacting once. @throws DomainError `NOT_FOUND`, `INVALID_INPUT`. */
export async function addReaction(deps: Deps, viewer: Viewer, input: Reaction): Promise<SubjectRef> {
  await deps.db.transaction(async (tx) => {
    const subject = await getSubject(tx, viewer, input.on, path)
    if (!subject.acceptsReactions) throw new DomainError('INVALID_INPUT', 'This takes no reactions.', path)
    const added = await tx.orm
      .insert(reactions)
      .values({ subjectId: subject.id, accountId: viewer.accountId, kind: input.kind })
      .onConflictDoNothing()
      .returning({ kind: reactions.kind })
    if (added.length === 0) return
    await notify(deps, tx, {
      kind: 'REACTION',
      recipients: [subject.ownerId],
      actorId: viewer.accountId,
      subject: subject.id,
      groupBy: subject.id,
    })
  })
  return input.on
}

/** Taking back a reaction that is not there changes nothing. @throws DomainError `NOT_FOUND`. */
export async function removeReaction(deps: Deps, viewer: Viewer, input: Reaction): Promise<SubjectRef> {
  await deps.db.transaction(async (tx) => {
    const subject = await getSubject(tx, viewer, input.on, path)
    const own = and(eq(reactions.subjectId, subject.id), eq(reactions.accountId, viewer.accountId))
    const removed = await tx.orm
      .delete(reactions)
      .where(and(own, eq(reactions.kind, input.kind)))
      .returning({ kind: reactions.kind })
    if (removed.length === 0 || (await tx.orm.$count(reactions, own)) > 0) return
    await withdrawNotice(deps, tx, {
      kind: 'REACTION',
      recipientId: subject.ownerId,
      actorId: viewer.accountId,
      groupBy: subject.id,
    })
  })
  return input.on
}

export const reactionPortability: Portability = {
  room: 'reactions',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        on: reactions.subjectId,
        subjectKind: subjects.kind,
        kind: reactions.kind,
        createdAt: reactions.createdAt,
      })
      .from(reactions)
      .innerJoin(subjects, eq(subjects.id, reactions.subjectId))
      .where(eq(reactions.accountId, accountId))
    return rows.map(({ on, subjectKind, ...reaction }) => ({
      on: encodeId(subjectKind.toLowerCase(), on),
      ...reaction,
    }))
  },
  async eraseOf(tx, accountId) {
    await tx.orm.delete(reactions).where(eq(reactions.accountId, accountId))
  },
}
