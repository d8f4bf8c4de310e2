import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { posts } from '../../db/tables/blog.ts'
import type { Portability } from '../account/portability.ts'
import { deleteSubjects } from '../comment/deletion.ts'

/** Slugs as one column. drizzle leaves table names out where it selects from one table, so they are written here. */
const slugsOf = (joined: string) =>
  sql<string[]>`coalesce((select json_agg(slug order by slug) from ${sql.raw(joined)} = posts.id), '[]'::json)`

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
        tags: slugsOf('post_tags join tags on tags.id = tag_id where post_id'),
        categories: slugsOf('post_categories join categories on categories.id = category_id where post_id'),
        formerSlugs: slugsOf('post_slugs where slug <> posts.slug and post_id'),
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
