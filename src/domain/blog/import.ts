import { and, eq, inArray, sql } from 'drizzle-orm'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { categories, postImports, posts, tags } from '../../db/tables/blog.ts'
import { getAccountIdByHandle } from '../account/account.ts'
import type { Deps } from '../deps.ts'
import type { ParsedPost } from './front-matter.ts'
import { changePost, checkNewPost, insertPost } from './post.ts'
import { publishDue } from './publication.ts'
import { slugText } from './slug-text.ts'

export interface ImportedFile {
  /** The imported folder's name and the path in it: what makes it the same post the next time. */
  source: string
  /** Of the whole file, so that an untouched file is recognised without comparing posts. */
  contentHash: string
  post: ParsedPost
}

/** An index of Postgres holds keys of at most 2,704 bytes. */
const MAX_SOURCE_BYTES = 2_000

/**
 * Whose posts an import writes: the named account, or the only member of staff.
 * @throws DomainError `NOT_FOUND`, or `INVALID_INPUT` when nobody is named and staff is none or several.
 */
export async function findImportAuthor(deps: Deps, handle: string | null): Promise<Uuid> {
  if (handle !== null) return getAccountIdByHandle(deps.db, handle, ['author'])
  const staff = await deps.db.orm
    .select({ id: accounts.id })
    .from(accounts)
    .where(inArray(accounts.role, ['STAFF', 'ADMIN']))
    .limit(2)
  if (staff.length !== 1 || staff[0] === undefined) {
    throw new DomainError('INVALID_INPUT', 'Say whose posts they become: --author <handle>.', ['author'])
  }
  return staff[0].id
}

/**
 * Writes one file's post in one transaction: all of it, its tags and its date, or nothing. Tags and categories that are
 * missing are made, because whoever runs an import keeps the server.
 * @throws DomainError `INVALID_INPUT` naming what is not acceptable.
 */
export function importPost(
  deps: Deps,
  authorId: Uuid,
  { source, contentHash, post }: ImportedFile,
): Promise<'imported' | 'updated' | 'unchanged'> {
  if (Buffer.byteLength(source) > MAX_SOURCE_BYTES) throw invalidInput(['file'], 'The path of the file is too long.')
  return deps.db.transaction(async (tx) => {
    // Two imports at once would both find the file unknown, and each write a post of it.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`import ${authorId} ${source}`])
    const same = and(eq(postImports.authorId, authorId), eq(postImports.source, source))
    const [known] = await tx.orm.select().from(postImports).where(same)
    if (known?.contentHash === contentHash) return 'unchanged'
    const checked = await checkNewPost(tx, authorId, {
      title: post.title,
      body: post.markdown,
      excerpt: post.excerpt,
      coverUrl: post.coverUrl,
      tags: await ensureTerms(tx, tags, post.tags),
      categories: await ensureTerms(tx, categories, post.categories),
    })
    const id = known?.postId ?? (await insertPost(tx, authorId, checked, post.slug ?? post.title))
    if (known !== undefined) await changePost(tx, id, checked)
    await setPublication(deps, tx, id, post)
    await tx.orm
      .insert(postImports)
      .values({ authorId, source, contentHash, postId: id })
      .onConflictDoUpdate({
        target: [postImports.authorId, postImports.source],
        set: { contentHash, importedAt: sql`now()` },
      })
    return known === undefined ? 'imported' : 'updated'
  })
}

/** A post that was archived here stays so: the file does not know of it. */
async function setPublication(deps: Deps, tx: Transaction, id: Uuid, { status, date }: ParsedPost): Promise<void> {
  const published = status === 'published'
  const publishAt = status === 'scheduled' ? date : null
  await tx.orm
    .update(posts)
    .set({
      status: published ? 'PUBLISHED' : publishAt === null ? 'DRAFT' : 'SCHEDULED',
      publishAt,
      publishedAt: published ? sql`coalesce(${date}::text::timestamptz, ${posts.publishedAt}, now())` : null,
    })
    .where(and(eq(posts.id, id), sql`${posts.status} <> 'ARCHIVED'`))
  if (publishAt !== null) await deps.jobs.enqueue(tx, publishDue, {}, { startAfter: new Date(publishAt) })
}

/** Slugs of the names, each made if it is missing. */
async function ensureTerms(
  tx: Transaction,
  table: typeof tags | typeof categories,
  names: string[],
): Promise<string[]> {
  const bySlug = new Map(names.map((name) => [slugText(name), [...name].slice(0, 50).join('')]))
  // Sorted, so that two imports at once take the unique keys in one order and cannot deadlock.
  const rows = [...bySlug].sort().map(([slug, name]) => ({ id: newId(), slug, name }))
  if (rows.length > 0) await tx.orm.insert(table).values(rows).onConflictDoNothing()
  return rows.map(({ slug }) => slug)
}
