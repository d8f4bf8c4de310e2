import type { Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import type { Batched } from '../../db/relation.ts'
import type { Statement } from '../../db/statement.ts'
import type { subjectKind } from '../../db/tables/subject.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'

export type SubjectKind = (typeof subjectKind.enumValues)[number]

export interface SubjectRef {
  readonly kind: SubjectKind
  readonly id: Uuid
}

/** Something that members can comment on, react to or report, as far as those rooms need to know it. */
export interface Subject extends SubjectRef {
  /** Who hears of a new comment and may moderate; null once their account is gone. */
  readonly ownerId: Uuid | null
  /** What it hangs on: a comment's post. */
  readonly on?: SubjectRef
  readonly title: string
  /** Where it is read, below the public address. */
  readonly path: string
  /** Its first words, for mails; null while they are taken away. Left out where it has none. */
  readonly excerpt?: string | null
  readonly acceptsComments: boolean
  readonly acceptsReactions: boolean
  /** The viewer may hang polls and rooms on it. */
  readonly viewerMayAttach: boolean
  /** The viewer moderates what is said here: they may end and take away what others hang on it. */
  readonly viewerMayModerate: boolean
}

export type FindSubject = (db: Executor, viewer: Viewer | null, ref: SubjectRef) => Promise<Subject | null>

/** Who may review a kind of subject. */
export interface ReviewRules {
  /**
   * Of the subjects `keys` those that the account `viewer` may review, as `__key`; whether they have reviewed it already
   * is not asked here. One statement for a list of them as for one.
   */
  readonly reviewableBy: Statement<Batched<object>>
  /** What others are told: `Only who bought it may review it.` */
  readonly refusal: string
}

/** What a room says about its kind of subject. */
export interface SubjectRules {
  readonly kind: SubjectKind
  /** The prefix of its typed ids. */
  readonly idPrefix: string
  readonly isCommentable: boolean
  /** Left out for what takes no reviews. */
  readonly reviews?: ReviewRules
  /** The subject, if it exists and the viewer may see it. `find` looks up the subject that this one hangs on. */
  find(db: Executor, viewer: Viewer | null, id: Uuid, find: FindSubject): Promise<Subject | null>
  /**
   * As `find`, for who was told of it and may know of it without seeing what is in it: the room that one is invited to.
   */
  findAnnounced?(db: Executor, viewer: Viewer, id: Uuid): Promise<Subject | null>
  /** For rooms that tell of it: the viewer has reacted to it, or has taken a reaction back, in this transaction. */
  reacted?(deps: Pick<Deps, 'bus'>, tx: Transaction, viewer: Viewer, id: Uuid): Promise<void>
}
