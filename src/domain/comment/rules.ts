import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { commentState } from '../../db/tables/comment.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export type CommentState = (typeof commentState.enumValues)[number]

/** HELD waits for a moderator, REMOVED was taken away by one, DELETED by its author and for good. */
export const commentLifecycle = lifecycle<CommentState>('comment', {
  VISIBLE: ['HELD', 'REMOVED', 'DELETED'],
  HELD: ['VISIBLE', 'REMOVED', 'DELETED'],
  REMOVED: ['VISIBLE', 'DELETED'],
  DELETED: [],
})

export interface CommentFacts {
  readonly authorId: Uuid | null
  readonly state: CommentState
}

export interface ModeratedComment extends CommentFacts {
  /** Staff held or removed it. */
  readonly decidedByStaff: boolean
}

export type Decision = Exclude<CommentState, 'DELETED'>

/** So many members must report a comment before it is held without a moderator's decision. */
export const REPORTS_THAT_HOLD = 3

/** What the rules must know of the thing that is commented on. */
export interface CommentedOn {
  readonly ownerId: Uuid | null
}

export const isCommentAuthor = (viewer: Viewer | null, comment: CommentFacts): boolean =>
  viewer !== null && comment.authorId === viewer.accountId

/** Staff everywhere, and members on what is theirs. */
const isModerator = (viewer: Viewer | null, on: CommentedOn | null): boolean =>
  isStaff(viewer) || (viewer !== null && on !== null && on.ownerId === viewer.accountId)

/**
 * A held comment is for its author and the moderators; a removed or deleted one stays in its thread as an empty place.
 * With `on` null the answer is for who does not own the thing that is commented on.
 */
export const canSeeComment = (viewer: Viewer | null, comment: CommentFacts, on: CommentedOn | null): boolean =>
  comment.state !== 'HELD' || isCommentAuthor(viewer, comment) || isModerator(viewer, on)

/** The words of a comment, as against its place in the thread. `on` as in `canSeeComment`. */
export const canReadComment = (viewer: Viewer | null, comment: CommentFacts, on: CommentedOn | null): boolean => {
  if (comment.state === 'VISIBLE') return true
  return comment.state !== 'DELETED' && (isCommentAuthor(viewer, comment) || isModerator(viewer, on))
}

export const canEditComment = (viewer: Viewer | null, comment: CommentFacts): boolean =>
  isCommentAuthor(viewer, comment) && (comment.state === 'VISIBLE' || comment.state === 'HELD')

export const canDeleteComment = (viewer: Viewer | null, comment: CommentFacts): boolean =>
  isCommentAuthor(viewer, comment) && commentLifecycle.can(comment.state, 'DELETED')

/**
 * Staff decides everything that the life of a comment allows. The owner of what is commented on may take comments of
 * others away and restore what they took away themselves; holding, what is held, and whatever staff decided are not
 * theirs, or a member could silence the reports of other members.
 */
export function canDecideComment(
  viewer: Viewer | null,
  comment: ModeratedComment,
  on: CommentedOn,
  decision: Decision,
): boolean {
  if (isStaff(viewer)) return true
  if (!isModerator(viewer, on) || isCommentAuthor(viewer, comment) || comment.decidedByStaff) return false
  return decision === 'REMOVED' || (decision === 'VISIBLE' && comment.state !== 'HELD')
}

const DECISIONS: readonly Decision[] = ['VISIBLE', 'HELD', 'REMOVED']

/** Whether there is a decision that the viewer may take now. */
export const canModerateComment = (viewer: Viewer | null, comment: ModeratedComment, on: CommentedOn): boolean =>
  DECISIONS.some(
    (decision) => commentLifecycle.can(comment.state, decision) && canDecideComment(viewer, comment, on, decision),
  )
