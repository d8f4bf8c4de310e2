import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'

export const uploadUse = pgEnum('upload_use', [
  'AVATAR',
  'COVER',
  'PRODUCT_IMAGE',
  'RECIPE_IMAGE',
  'REVIEW_IMAGE',
  'ATTACHMENT',
  'SEALED_ATTACHMENT',
  'RECEIPT',
  'IMPORT',
])

export const uploadStatus = pgEnum('upload_status', ['PROCESSING', 'READY', 'FAILED'])

/**
 * A file that a member has sent. Whatever shows it points at it with a foreign key and the trigger `release_upload`, which
 * discards it when nothing points at it any more, whichever statement or cascade that was.
 */
export const uploads = pgTable(
  'uploads',
  {
    id: id(),
    /** Null once their account is deleted. */
    ownerId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    use: uploadUse().notNull(),
    isImage: boolean().notNull(),
    status: uploadStatus().notNull(),
    /** Found in the content, whatever the sender called it. */
    mediaType: text().notNull(),
    /** As the sender called it, made harmless. */
    filename: text().notNull(),
    /** What is stored: at first the file as it came, then all variants together. */
    bytes: bigint({ mode: 'number' }).notNull(),
    /** SHA-256 of the file as it came, in hex. */
    contentHash: text().notNull(),
    /** Of a picture, upright. */
    width: integer(),
    height: integer(),
    averageColor: text(),
    /** Why it failed, for people. */
    problem: text(),
    createdAt: instant().notNull().defaultNow(),
    /** Null until all of the file is stored. */
    receivedAt: instant(),
    /** When something took it; it can be taken once. */
    claimedAt: instant(),
    /**
     * Nobody sees it from then on, and its files go. A new upload begins like this, so that what a killed process leaves
     * half done is cleared away as well.
     */
    discardedAt: instant(),
  },
  (t) => [
    index('uploads_by_owner').on(t.ownerId, t.createdAt, t.id),
    index('uploads_discarded').on(t.discardedAt).where(sql`${t.discardedAt} is not null`),
    index('uploads_unclaimed').on(t.createdAt).where(sql`${t.claimedAt} is null and ${t.discardedAt} is null`),
    index('uploads_processing').on(t.createdAt).where(sql`${t.status} = 'PROCESSING'`),
    check('uploads_bytes', sql`${t.bytes} >= 0`),
    check('uploads_received', sql`${t.receivedAt} is not null or ${t.discardedAt} is not null`),
    check(
      'uploads_image_has_size',
      sql`(${t.width} is null) = (${t.height} is null) and ${t.isImage} = (${t.width} is not null)`,
    ),
    check('uploads_problem', sql`(${t.problem} is not null) = (${t.status} = 'FAILED')`),
  ],
)
