import { eq } from 'drizzle-orm'
import { accounts } from '../../db/tables/account.ts'
import { posts } from '../../db/tables/blog.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { isStaff } from '../viewer.ts'
import { canSeePost, postPath } from './rules.ts'

export const postSubject: SubjectRules = {
  kind: 'POST',
  idPrefix: 'post',
  isCommentable: true,
  async find(db, viewer, id) {
    const [post] = await db.orm
      .select({
        authorId: posts.authorId,
        title: posts.title,
        excerpt: posts.excerpt,
        status: posts.status,
        slug: posts.slug,
        handle: accounts.handle,
      })
      .from(posts)
      .innerJoin(accounts, eq(accounts.id, posts.authorId))
      .where(eq(posts.id, id))
    if (post === undefined || !canSeePost(viewer, post)) return null
    const isPublished = post.status === 'PUBLISHED'
    return {
      kind: 'POST',
      id,
      ownerId: post.authorId,
      title: post.title,
      excerpt: post.excerpt,
      path: postPath(post.handle, post.slug),
      acceptsComments: isPublished,
      acceptsReactions: isPublished,
      viewerMayAttach: viewer !== null && (viewer.accountId === post.authorId || isStaff(viewer)),
      viewerMayModerate: false,
    }
  },
}
