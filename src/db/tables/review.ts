import { type SQL, sql } from 'drizzle-orm'
import { check, index, integer, pgEnum, pgTable, primaryKey, smallint, text, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { instant } from './columns.ts'
import { subjects } from './subject.ts'
import { uploads } from './upload.ts'

export const reviewState = pgEnum('review_state', ['VISIBLE', 'HELD', 'REMOVED', 'DELETED'])

/** What members think of a thing, one review each. A review is a subject itself: others find it helpful or report it. */
export const reviews = pgTable(
  'reviews',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    /** What it is of. */
    subjectId: uuid()
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    authorId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    stars: integer().notNull(),
    text: text().notNull().default(''),
    textHtml: text().notNull().default(''),
    state: reviewState().notNull().default('VISIBLE'),
    /** How many found it helpful, which is to like it: kept by a trigger of `reactions` (see the migration). */
    helpfulCount: integer().notNull().default(0),
    createdAt: instant().notNull().defaultNow(),
    editedAt: instant(),
  },
  (t) => [
    unique('reviews_once').on(t.subjectId, t.authorId),
    index('reviews_newest').on(t.subjectId, t.createdAt, t.id).where(sql`${t.state} = 'VISIBLE'`),
    index('reviews_by_stars').on(t.subjectId, t.stars, t.createdAt, t.id).where(sql`${t.state} = 'VISIBLE'`),
    index('reviews_most_helpful').on(t.subjectId, t.helpfulCount, t.createdAt, t.id).where(sql`${t.state} = 'VISIBLE'`),
    index('reviews_by_author').on(t.authorId, t.createdAt),
    check('reviews_stars', sql`${t.stars} between 1 and 5`),
    check('reviews_helpful', sql`${t.helpfulCount} >= 0`),
    check('reviews_deleted_is_empty', sql`${t.state} <> 'DELETED' or (${t.text} = '' and ${t.textHtml} = '')`),
  ],
)

/** What the author of a review shows of the thing. */
export const reviewImages = pgTable(
  'review_images',
  {
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    uploadId: uuid()
      .notNull()
      .unique('review_images_once')
      .references(() => uploads.id),
    /** What it shows, for those who do not see it; may be empty. */
    alt: text().notNull(),
  },
  (t) => [
    primaryKey({ name: 'review_images_in_order', columns: [t.reviewId, t.position] }),
    check('review_images_most', sql`${t.position} between 0 and 4`),
  ],
)

/**
 * How many visible reviews of a thing gave it one star, two, …: counted by a trigger of `reviews`, so that it is right
 * whoever writes, holds or deletes one, and however many at once. The sums are computed and cannot contradict it.
 */
export const reviewTotals = pgTable(
  'review_totals',
  {
    subjectId: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    one: integer().notNull().default(0),
    two: integer().notNull().default(0),
    three: integer().notNull().default(0),
    four: integer().notNull().default(0),
    five: integer().notNull().default(0),
    reviewCount: integer()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`${reviewTotals.one} + ${reviewTotals.two} + ${reviewTotals.three} + ${reviewTotals.four} + ${reviewTotals.five}`,
      ),
    starSum: integer()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`${reviewTotals.one} + 2 * ${reviewTotals.two} + 3 * ${reviewTotals.three} + 4 * ${reviewTotals.four} + 5 * ${reviewTotals.five}`,
      ),
  },
  (t) => [check('review_totals_counts', sql`least(${t.one}, ${t.two}, ${t.three}, ${t.four}, ${t.five}) >= 0`)],
)
