import { eq } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { DomainError } from '../../core/errors.ts'
import { escapeHtml } from '../../core/html.ts'
import { findFeedPosts, type PostListFilter } from '../../db/queries/blog.ts'
import { accounts } from '../../db/tables/account.ts'
import { categories, tags } from '../../db/tables/blog.ts'
import type { Deps } from '../deps.ts'
import { coverAddress } from './cover.ts'
import type { Feed } from './feed.ts'
import { postPath } from './rules.ts'

export type FeedSelector =
  | { kind: 'all' }
  | { kind: 'author'; handle: string }
  | { kind: 'tag'; slug: string }
  | { kind: 'category'; slug: string }

/** What is in a feed, before it is known in which format and where it is read. */
export type FeedData = Omit<Feed, 'kind' | 'selfUrl'>

const FEED_POSTS = 30
const EPOCH = new Date(0).toISOString()

/** The newest published posts. @throws DomainError `NOT_FOUND` for an author, tag or category that does not exist. */
export async function findFeed(deps: Deps, selector: FeedSelector): Promise<FeedData> {
  const { filter, title } = await describe(deps, selector)
  const posts = await findFeedPosts(deps.db, filter, FEED_POSTS)
  const siteUrl = deps.publicUrl()
  const updated =
    posts
      .map((post) => iso(post.updatedAt))
      .sort()
      .at(-1) ?? EPOCH
  return {
    title,
    description: `${title}: the newest posts`,
    siteUrl,
    language: 'en',
    updated,
    posts: posts.map((post) => ({
      id: post.id,
      url: siteUrl + postPath(post.authorHandle, post.slug),
      title: post.title,
      html: post.bodyHtml ?? `<p>${escapeHtml(post.excerpt)}</p>`,
      excerpt: post.excerpt,
      authorName: post.authorName,
      authorUrl: `${siteUrl}/authors/${post.authorHandle}`,
      publishedAt: iso(post.publishedAt),
      updatedAt: iso(post.updatedAt),
      tags: post.tags,
      coverUrl: coverAddress(deps, post),
    })),
  }
}

const iso = (text: string): string => new Date(text).toISOString()

/** What a feed, or the page of the same posts, is called. @throws as `findFeed`. */
export const findFeedTitle = async (deps: Deps, selector: FeedSelector): Promise<string> =>
  (await describe(deps, selector)).title

async function describe(deps: Deps, selector: FeedSelector): Promise<{ filter: PostListFilter; title: string }> {
  switch (selector.kind) {
    case 'all':
      return { filter: {}, title: 'Atrium' }
    case 'author': {
      const name = await nameOf(deps, accounts, accounts.handle, accounts.name, selector.handle.toLowerCase(), 'author')
      return { filter: { authorHandle: selector.handle.toLowerCase() }, title: name }
    }
    case 'tag':
      return {
        filter: { tags: [selector.slug] },
        title: await nameOf(deps, tags, tags.slug, tags.name, selector.slug, 'tag'),
      }
    case 'category':
      return {
        filter: { category: selector.slug },
        title: await nameOf(deps, categories, categories.slug, categories.name, selector.slug, 'category'),
      }
  }
}

type Column = typeof tags.slug | typeof categories.slug | typeof accounts.handle
type NameColumn = typeof tags.name | typeof categories.name | typeof accounts.name

async function nameOf(deps: Deps, table: PgTable, key: Column, name: NameColumn, wanted: string, what: string) {
  // Postgres knows no NUL, and refuses to look for one.
  const [row] = wanted.includes('\0') ? [] : await deps.db.orm.select({ name }).from(table).where(eq(key, wanted))
  if (row === undefined) throw new DomainError('NOT_FOUND', `There is no such ${what}.`)
  return row.name
}
