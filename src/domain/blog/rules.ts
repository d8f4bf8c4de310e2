import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { postStatus } from '../../db/tables/blog.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export type PostStatus = (typeof postStatus.enumValues)[number]

/** SCHEDULED may become SCHEDULED again, at another time. An archived post can come back, with its first date. */
export const postLifecycle = lifecycle<PostStatus>('post', {
  DRAFT: ['SCHEDULED', 'PUBLISHED'],
  SCHEDULED: ['SCHEDULED', 'DRAFT', 'PUBLISHED'],
  PUBLISHED: ['ARCHIVED'],
  ARCHIVED: ['PUBLISHED'],
})

/** Of one post. More than these say no more about it. */
export const MAX_TAGS = 10
export const MAX_CATEGORIES = 3

export interface PostFacts {
  readonly authorId: Uuid
  readonly status: PostStatus
}

const isPostAuthor = (viewer: Viewer | null, post: PostFacts): boolean =>
  viewer !== null && viewer.accountId === post.authorId

/** Whatever is not published is its author's alone; staff sees what it archived. */
export const canSeePost = (viewer: Viewer | null, post: PostFacts): boolean =>
  post.status === 'PUBLISHED' || isPostAuthor(viewer, post) || (post.status === 'ARCHIVED' && isStaff(viewer))

export const canEditPost = (viewer: Viewer | null, post: PostFacts): boolean => isPostAuthor(viewer, post)

/** Staff may take a post off the public lists; only its author writes or deletes it. */
export const canArchivePost = (viewer: Viewer | null, post: PostFacts): boolean =>
  postLifecycle.can(post.status, 'ARCHIVED') && (isPostAuthor(viewer, post) || isStaff(viewer))

/** Staff took another's post off the lists, rather than its author. */
export const isArchivedByStaff = (viewer: Viewer, post: PostFacts): boolean =>
  isStaff(viewer) && !isPostAuthor(viewer, post)

/** Its author; but what staff took off the public lists, only staff brings back. */
export const canPublishPost = (
  viewer: Viewer | null,
  post: PostFacts & { readonly archivedByStaff: boolean },
): boolean => (post.status === 'ARCHIVED' && post.archivedByStaff ? isStaff(viewer) : isPostAuthor(viewer, post))

/** Where a post is read, below the public address. */
export const postPath = (authorHandle: string, slug: string): string => `/posts/${authorHandle}/${slug}`
