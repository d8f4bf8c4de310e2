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

export const isCommentAuthor = (viewer: Viewer | null, comment: CommentFacts): boolean =>
  viewer !== null && comment.authorId === viewer.accountId

/** A held comment is for its author and the moderators; a removed or deleted one stays in its thread as an empty place. */
export const canSeeComment = (viewer: Viewer | null, comment: CommentFacts): boolean =>
  comment.state !== 'HELD' || isCommentAuthor(viewer, comment) || isStaff(viewer)

/** The words of a comment, as against its place in the thread. */
export const canReadComment = (viewer: Viewer | null, comment: CommentFacts): boolean => {
  if (comment.state === 'VISIBLE') return true
  return comment.state !== 'DELETED' && (isCommentAuthor(viewer, comment) || isStaff(viewer))
}

export const canEditComment = (viewer: Viewer | null, comment: CommentFacts): boolean =>
  isCommentAuthor(viewer, comment) && (comment.state === 'VISIBLE' || comment.state === 'HELD')

export const canDeleteComment = (viewer: Viewer | null, comment: CommentFacts): boolean =>
  isCommentAuthor(viewer, comment) && commentLifecycle.can(comment.state, 'DELETED')

/** Staff everywhere, and members on what is theirs. */
export const canModerateComments = (viewer: Viewer | null, subject: { ownerId: Uuid | null }): boolean =>
  isStaff(viewer) || (viewer !== null && subject.ownerId === viewer.accountId)
