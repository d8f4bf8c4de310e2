import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { posts } from '../../db/tables/blog.ts'
import type { Portability } from '../account/portability.ts'
import { deleteSubjects } from '../subject/deletion.ts'

export const blogPortability: Portability = {
  room: 'posts',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        id: posts.id,
        title: posts.title,
        slug: posts.slug,
        status: posts.status,
        body: posts.body,
        excerpt: posts.excerpt,
        coverUrl: posts.coverUrl,
        publishAt: posts.publishAt,
        publishedAt: posts.publishedAt,
        createdAt: posts.createdAt,
        updatedAt: posts.updatedAt,
      })
      .from(posts)
      .where(eq(posts.authorId, accountId))
      .orderBy(posts.createdAt)
    return rows.map((post) => ({ ...post, id: encodeId('post', post.id) }))
  },
  async eraseOf(tx, accountId) {
    await deleteSubjects(tx, tx.orm.select({ id: posts.id }).from(posts).where(eq(posts.authorId, accountId)))
  },
}
