import { and, count, eq } from 'drizzle-orm'
import { DomainError, invalidInput } from '../core/errors.ts'
import { encodeId, type Uuid } from '../core/ids.ts'
import type { Transaction } from '../db/database.ts'
import { type reactionKind, reactions } from '../db/tables/reaction.ts'
import { subjects } from '../db/tables/subject.ts'
import type { Portability } from './account/portability.ts'
import type { Deps } from './deps.ts'
import { notify, withdrawNotice } from './notification/notify.ts'
import { getSubject, rulesOf } from './subject/registry.ts'
import type { SubjectRef } from './subject/rules.ts'
import type { Viewer } from './viewer.ts'

export type ReactionKind = (typeof reactionKind.enumValues)[number]

export interface Reaction {
  on: SubjectRef
  kind: ReactionKind
  /** Instead of a kind. */
  emoji?: string | undefined
}

/** The kinds that have a name, as emoji. Either way of saying it is the same reaction. */
export const NAMED_EMOJI: Readonly<Record<Exclude<ReactionKind, 'EMOJI'>, string>> = {
  LIKE: '👍',
  LOVE: '❤️',
  LAUGH: '😂',
  WOW: '😮',
  SAD: '😢',
}

const KIND_OF = new Map(Object.entries(NAMED_EMOJI).map(([kind, emoji]) => [emoji, kind as ReactionKind]))

/** The character that a stored reaction shows. */
export const emojiOf = ({ kind, emoji }: { kind: ReactionKind; emoji: string }): string =>
  kind === 'EMOJI' ? emoji : NAMED_EMOJI[kind]

/** Different ones, of one member on one thing. */
const MAX_REACTIONS_OF_MEMBER = 20

/** What Unicode recommends for interchange, and so what keyboards offer and fonts can show: flags and families too. */
const RECOMMENDED = String.raw`\p{RGI_Emoji}`
const EMOJI = new RegExp(`^${RECOMMENDED}$`, 'v')

/** How the reaction is stored. @throws DomainError `INVALID_INPUT` for what is no single emoji. */
export function reactionOf({ kind, emoji }: Pick<Reaction, 'kind' | 'emoji'>): { kind: ReactionKind; emoji: string } {
  if (emoji === undefined && kind !== 'EMOJI') return { kind, emoji: '' }
  if (emoji === undefined || emoji.length > 50 || !EMOJI.test(emoji)) {
    throw invalidInput(['input', 'emoji'], 'This is not one emoji.')
  }
  const named = KIND_OF.get(emoji)
  return named === undefined ? { kind: 'EMOJI', emoji } : { kind: named, emoji: '' }
}

const path = ['input', 'subjectId']

/** Reacting twice in the same way is reacting once. @throws DomainError `NOT_FOUND`, `INVALID_INPUT`. */
export async function addReaction(deps: Deps, viewer: Viewer, input: Reaction): Promise<SubjectRef> {
  const reaction = reactionOf(input)
  await deps.db.transaction(async (tx) => {
    const subject = await getSubject(tx, viewer, input.on, path)
    if (!subject.acceptsReactions) throw new DomainError('INVALID_INPUT', 'This takes no reactions.', path)
    // Those of one member on one thing come one after the other, or many at once would each count too few.
    const whose = `reactions ${subject.id} ${viewer.accountId}`
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [whose])
    const added = await tx.orm
      .insert(reactions)
      .values({ subjectId: subject.id, accountId: viewer.accountId, ...reaction })
      .onConflictDoNothing()
      .returning({ kind: reactions.kind })
    if (added.length === 0) return
    await ensureNotTooMany(tx, subject.id, viewer.accountId)
    await notify(deps, tx, {
      kind: 'REACTION',
      recipients: [subject.ownerId],
      actorId: viewer.accountId,
      subject: subject.id,
      groupBy: subject.id,
    })
    await rulesOf(subject.kind).reacted?.(deps, tx, viewer, subject.id)
  })
  return input.on
}

async function ensureNotTooMany(tx: Transaction, subjectId: Uuid, accountId: Uuid): Promise<void> {
  const [own] = await tx.orm
    .select({ count: count() })
    .from(reactions)
    .where(and(eq(reactions.subjectId, subjectId), eq(reactions.accountId, accountId)))
  if (Number(own?.count ?? 0) <= MAX_REACTIONS_OF_MEMBER) return
  const limit = MAX_REACTIONS_OF_MEMBER
  throw new DomainError('LIMIT_EXCEEDED', `You can react to one thing in ${limit} ways.`, path, { limit })
}

/** Taking back a reaction that is not there changes nothing. @throws DomainError `NOT_FOUND`. */
export async function removeReaction(deps: Deps, viewer: Viewer, input: Reaction): Promise<SubjectRef> {
  const { kind, emoji } = reactionOf(input)
  await deps.db.transaction(async (tx) => {
    const subject = await getSubject(tx, viewer, input.on, path)
    const own = and(eq(reactions.subjectId, subject.id), eq(reactions.accountId, viewer.accountId))
    const removed = await tx.orm
      .delete(reactions)
      .where(and(own, eq(reactions.kind, kind), eq(reactions.emoji, emoji)))
      .returning({ kind: reactions.kind })
    if (removed.length === 0) return
    await rulesOf(subject.kind).reacted?.(deps, tx, viewer, subject.id)
    if ((await tx.orm.$count(reactions, own)) > 0) return
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
        emoji: reactions.emoji,
        createdAt: reactions.createdAt,
      })
      .from(reactions)
      .innerJoin(subjects, eq(subjects.id, reactions.subjectId))
      .where(eq(reactions.accountId, accountId))
    return rows.map(({ on, subjectKind, kind, emoji, createdAt }) => ({
      on: encodeId(subjectKind.toLowerCase(), on),
      kind,
      emoji: emojiOf({ kind, emoji }),
      createdAt,
    }))
  },
  async eraseOf(tx, accountId) {
    await tx.orm.delete(reactions).where(eq(reactions.accountId, accountId))
  },
}
