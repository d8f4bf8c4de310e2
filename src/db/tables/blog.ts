import { type SQL, sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant, tsvector } from './columns.ts'
import { subjects } from './subject.ts'
import { uploads } from './upload.ts'

export const postStatus = pgEnum('post_status', ['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED'])

export const posts = pgTable(
  'posts',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    authorId: uuid()
      .notNull()
      .references(() => accounts.id),
    title: text().notNull(),
    slug: text().notNull(),
    status: postStatus().notNull().default('DRAFT'),
    /** Staff took another's post off the lists: its author does not bring it back. */
    archivedByStaff: boolean().notNull().default(false),
    /** Markdown, as the author wrote it. */
    body: text().notNull(),
    bodyHtml: text().notNull(),
    /** The body without markup, for search and highlights. */
    bodyText: text().notNull(),
    excerpt: text().notNull(),
    /** The author wrote the excerpt; otherwise it follows the body at every edit. */
    hasOwnExcerpt: boolean().notNull().default(false),
    coverUrl: text(),
    coverId: uuid()
      .unique('posts_cover_once')
      .references(() => uploads.id),
    readingTimeMinutes: integer().notNull(),
    publishAt: instant(),
    publishedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
    search: tsvector()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`setweight(to_tsvector('english', ${posts.title}), 'A') || setweight(to_tsvector('english', ${posts.bodyText}), 'B')`,
      ),
  },
  (t) => [
    index('posts_newest').on(t.publishedAt, t.id).where(sql`${t.status} = 'PUBLISHED'`),
    index('posts_newest_by_author').on(t.authorId, t.publishedAt, t.id).where(sql`${t.status} = 'PUBLISHED'`),
    index('posts_updated_by_author').on(t.authorId, t.updatedAt, t.id),
    index('posts_due').on(t.publishAt).where(sql`${t.status} = 'SCHEDULED'`),
    // Without the list of pending entries, which every search would read until the next vacuum; after an import it is so
    // long that Postgres would sooner read the whole table.
    index('posts_search').using('gin', t.search).with({ fastupdate: false }),
    check('posts_scheduled_has_time', sql`(${t.status} = 'SCHEDULED') = (${t.publishAt} is not null)`),
    check(
      'posts_published_has_time',
      sql`${t.status} not in ('PUBLISHED', 'ARCHIVED') or ${t.publishedAt} is not null`,
    ),
    check('posts_one_cover', sql`${t.coverId} is null or ${t.coverUrl} is null`),
    check('posts_title_length', sql`char_length(${t.title}) between 1 and 200`),
  ],
)

/** Every slug that a post ever had. The author's old links keep working, and nobody's new post takes them over. */
export const postSlugs = pgTable(
  'post_slugs',
  {
    authorId: uuid()
      .notNull()
      .references(() => accounts.id),
    slug: text().notNull(),
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'post_slugs_taken', columns: [t.authorId, t.slug] }),
    index('post_slugs_by_post').on(t.postId),
  ],
)

export const tags = pgTable('tags', {
  id: id(),
  slug: text().notNull().unique('tags_slug_taken'),
  name: text().notNull(),
  createdAt: instant().notNull().defaultNow(),
})

export const postTags = pgTable(
  'post_tags',
  {
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    tagId: uuid()
      .notNull()
      .references(() => tags.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.postId, t.tagId] }), index('post_tags_by_tag').on(t.tagId, t.postId)],
)

export const categories = pgTable('categories', {
  id: id(),
  slug: text().notNull().unique('categories_slug_taken'),
  name: text().notNull(),
  description: text().notNull().default(''),
  createdAt: instant().notNull().defaultNow(),
})

export const postCategories = pgTable(
  'post_categories',
  {
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    categoryId: uuid()
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.postId, t.categoryId] }),
    index('post_categories_by_category').on(t.categoryId, t.postId),
  ],
)

/** Which file a post was imported from, so that the same folder twice changes nothing. */
export const postImports = pgTable(
  'post_imports',
  {
    authorId: uuid()
      .notNull()
      .references(() => accounts.id),
    source: text().notNull(),
    contentHash: text().notNull(),
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    importedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'post_imports_once', columns: [t.authorId, t.source] }),
    index('post_imports_by_post').on(t.postId),
  ],
)
