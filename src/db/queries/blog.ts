import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import type { KeysetOrder, Page, PageRequest } from '../keyset.ts'
import type { RowOf } from '../relation.ts'
import { categoryEntity, categoryOrder, postEntity, postOrders, tagEntity, tagOrder } from '../relations/blog.ts'
import { runStatement } from '../statement.ts'
import { accounts, follows } from '../tables/account.ts'
import { categories, postCategories, postSlugs, type postStatus, posts, postTags, tags } from '../tables/blog.ts'
import { uploads } from '../tables/upload.ts'
import { findPage, type ListSource } from './page.ts'

export type PostRow = RowOf<typeof posts, 'body' | 'bodyHtml' | 'bodyText' | 'search'> & {
  /** Only in a text search: what was searched for, so that its words can be marked. */
  searchedFor?: string
}

export interface PostListFilter {
  authorHandle?: string | undefined
  /** All of these tags. */
  tags?: readonly string[] | undefined
  category?: string | undefined
  publishedFrom?: string | undefined
  publishedBefore?: string | undefined
  /** As people type it into a search box: words, "a phrase", or, -not. */
  text?: string | undefined
  /** Posts of the authors that this account follows. */
  followedBy?: string | undefined
}

export type PostOrderName = 'NEWEST' | 'OLDEST' | 'RELEVANCE'

/** As people type it into a search box. */
export const searchQuery = (text: SQL | string): SQL => sql`websearch_to_tsquery('english', ${text})`

const byRank = (text: string): KeysetOrder => ({
  name: 'RELEVANCE',
  direction: 'desc',
  keys: [
    // Normalised by length (1: divided by 1 + its logarithm), or a long post would win by its length alone.
    { value: sql`ts_rank(${posts.search}, ${searchQuery(text)}, 1)`, type: 'real' },
    { value: posts.id, type: 'uuid' },
  ],
})

/** Control characters cannot be part of a stored text, so these marks cannot be forged by one. */
export const HIGHLIGHT_START = '\u0001'
export const HIGHLIGHT_END = '\u0002'

export function publishedPosts(filter: PostListFilter): ListSource<PostRow> {
  const { authorHandle, category, publishedFrom, publishedBefore, text, followedBy } = filter
  const where: SQL[] = [sql`${posts.status} = 'PUBLISHED'`]
  if (authorHandle !== undefined) {
    where.push(
      sql`${posts.authorId} = (select ${accounts.id} from ${accounts} where ${accounts.handle} = ${authorHandle})`,
    )
  }
  for (const slug of filter.tags ?? []) {
    where.push(
      sql`exists (select 1 from ${postTags} where ${postTags.postId} = ${posts.id} and ${postTags.tagId} = (select ${tags.id} from ${tags} where ${tags.slug} = ${slug}))`,
    )
  }
  if (category !== undefined) {
    where.push(
      sql`exists (select 1 from ${postCategories} where ${postCategories.postId} = ${posts.id} and ${postCategories.categoryId} = (select ${categories.id} from ${categories} where ${categories.slug} = ${category}))`,
    )
  }
  if (publishedFrom !== undefined) where.push(sql`${posts.publishedAt} >= ${publishedFrom}::text::timestamptz`)
  if (publishedBefore !== undefined) where.push(sql`${posts.publishedAt} < ${publishedBefore}::text::timestamptz`)
  if (text !== undefined) where.push(sql`${posts.search} @@ ${searchQuery(text)}`)
  if (followedBy !== undefined) {
    where.push(
      sql`${posts.authorId} in (select ${follows.followeeId} from ${follows} where ${follows.followerId} = ${followedBy}::text::uuid)`,
    )
  }
  return { of: postEntity, where, extra: text === undefined ? undefined : sql`${text}::text as "searchedFor"` }
}

export function findPosts(
  db: Executor,
  filter: PostListFilter,
  order: PostOrderName,
  page: PageRequest,
): Promise<Page<PostRow & { __typename: string }>> {
  const ranked = order === 'RELEVANCE' && filter.text !== undefined
  const keyset = ranked ? byRank(filter.text ?? '') : postOrders[order === 'RELEVANCE' ? 'NEWEST' : order]
  return findPage(db, publishedPosts(filter), keyset, page)
}

const RECENTLY_UPDATED: KeysetOrder = {
  name: 'RECENTLY_UPDATED',
  direction: 'desc',
  keys: [
    { value: posts.updatedAt, type: 'timestamptz' },
    { value: posts.id, type: 'uuid' },
  ],
}

/** An author's own posts, whatever their state. */
export function ownPosts(authorId: string, status?: (typeof postStatus.enumValues)[number]): ListSource<PostRow> {
  return {
    of: postEntity,
    where: [
      sql`${posts.authorId} = ${authorId}::text::uuid`,
      status === undefined ? undefined : sql`${posts.status}::text = ${status}`,
    ],
  }
}

export const findOwnPosts = (db: Executor, source: ListSource<PostRow>, page: PageRequest) =>
  findPage(db, source, RECENTLY_UPDATED, page)

/** The post that an author's slug, present or former, leads to. */
export async function findPostIdBySlug(db: Executor, handle: string, slug: string): Promise<string | null> {
  const [row] = await runStatement<{ id: string }>(
    db,
    sql`select ${postSlugs.postId} as "id" from ${postSlugs} join ${accounts} on ${accounts.id} = ${postSlugs.authorId} where ${accounts.handle} = ${handle} and ${postSlugs.slug} = ${slug}`,
  )
  return row?.id ?? null
}

const readyCover = sql`(select ${uploads.id} from ${uploads} where ${uploads.id} = ${posts.coverId} and ${uploads.status} = 'READY')`

export interface PostPreview {
  title: string
  slug: string
  excerpt: string
  coverUrl: string | null
  /** An uploaded cover that can be shown. */
  coverId: string | null
  publishedAt: string
  updatedAt: string
  authorHandle: string
  authorName: string
}

/** What a link to a post shows of it before anybody follows it; null for what is not public. */
export async function findPostPreview(db: Executor, handle: string, slug: string): Promise<PostPreview | null> {
  const [row] = await runStatement<PostPreview>(
    db,
    sql`select ${posts.title} as "title", ${posts.slug} as "slug", ${posts.excerpt} as "excerpt", ${posts.coverUrl} as "coverUrl", ${readyCover} as "coverId",
      ${posts.publishedAt} as "publishedAt", ${posts.updatedAt} as "updatedAt", ${accounts.handle} as "authorHandle", ${accounts.name} as "authorName"
      from ${postSlugs} join ${accounts} on ${accounts.id} = ${postSlugs.authorId} join ${posts} on ${posts.id} = ${postSlugs.postId}
      where ${accounts.handle} = ${handle} and ${postSlugs.slug} = ${slug} and ${posts.status} = 'PUBLISHED'`,
  )
  return row ?? null
}

const prefixed = (column: SQL, prefix: string | undefined): SQL | undefined =>
  prefix === undefined || prefix === '' ? undefined : sql`starts_with(lower(${column}), ${prefix.toLowerCase()})`

export const allTags = (prefix?: string): ListSource<RowOf<typeof tags>> => ({
  of: tagEntity,
  where: [prefixed(sql`${tags.name}`, prefix)],
})

export const findTags = (db: Executor, source: ListSource<RowOf<typeof tags>>, page: PageRequest) =>
  findPage(db, source, tagOrder, page)

export const allCategories = (): ListSource<RowOf<typeof categories>> => ({ of: categoryEntity, where: [] })

export const findCategories = (db: Executor, page: PageRequest) => findPage(db, allCategories(), categoryOrder, page)

export interface FeedRow {
  id: string
  slug: string
  title: string
  /** Null for a text that is too long for a feed. */
  bodyHtml: string | null
  excerpt: string
  coverUrl: string | null
  /** An uploaded cover that can be shown. */
  coverId: string | null
  publishedAt: string
  updatedAt: string
  authorHandle: string
  authorName: string
  tags: string[]
}

/** Thirty posts of this size are what a feed reader can be sent every few minutes. */
const FEED_HTML_BYTES = 60_000

/** What a feed shows of the newest posts: all of it in one statement, because a feed reader always wants all of it. */
export const findFeedPosts = (db: Executor, filter: PostListFilter, limit: number): Promise<FeedRow[]> =>
  runStatement<FeedRow>(
    db,
    sql`select ${posts.id} as "id", ${posts.slug} as "slug", ${posts.title} as "title",
      case when octet_length(${posts.bodyHtml}) <= ${FEED_HTML_BYTES} then ${posts.bodyHtml} end as "bodyHtml",
      ${posts.excerpt} as "excerpt", ${posts.coverUrl} as "coverUrl", ${readyCover} as "coverId", ${posts.publishedAt} as "publishedAt",
      ${posts.updatedAt} as "updatedAt", ${accounts.handle} as "authorHandle", ${accounts.name} as "authorName",
      coalesce((select json_agg(${tags.name} order by ${tags.slug}) from ${postTags} join ${tags} on ${tags.id} = ${postTags.tagId}
        where ${postTags.postId} = ${posts.id}), '[]') as "tags"
      from ${posts} join ${accounts} on ${accounts.id} = ${posts.authorId}
      where ${sql.join(
        publishedPosts(filter).where.filter((term) => term !== undefined),
        sql` and `,
      )}
      order by ${posts.publishedAt} desc, ${posts.id} desc limit ${sql.raw(String(limit))}`,
  )
