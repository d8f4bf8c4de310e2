import { eq } from 'drizzle-orm'
import { posts } from '../../db/tables/blog.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { canSeePost } from './rules.ts'

export const postSubject: SubjectRules = {
  kind: 'POST',
  idPrefix: 'post',
  async find(db, viewer, id) {
    const [post] = await db.orm
      .select({ authorId: posts.authorId, title: posts.title, status: posts.status })
      .from(posts)
      .where(eq(posts.id, id))
    if (post === undefined || !canSeePost(viewer, post)) return null
    const isPublished = post.status === 'PUBLISHED'
    return {
      kind: 'POST',
      id,
      ownerId: post.authorId,
      title: post.title,
      acceptsComments: isPublished,
      acceptsReactions: isPublished,
    }
  },
}
