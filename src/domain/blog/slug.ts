import { randomInt } from 'node:crypto'
import { and, eq, ne } from 'drizzle-orm'
import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { postSlugs } from '../../db/tables/blog.ts'
import { slugText } from './slug-text.ts'

/** The slug of a title; titles in scripts that have no Latin spelling become `fallback`. */
export const slugOf = (title: string, fallback: string): string => slugText(title) || fallback

/** Tries `title`, `title-2`, `title-3`, …: so many names are looked at before a random one is taken. */
const NUMBERED_TRIES = 20

/**
 * Gives the post a slug that none of the author's posts has or had. Old slugs stay the post's, so old links work.
 * Two posts that want the same slug at once are kept apart by the primary key.
 */
export async function claimFreeSlug(tx: Transaction, authorId: Uuid, postId: Uuid, title: string): Promise<string> {
  const base = slugOf(title, 'post')
  for (let number = 1; number <= NUMBERED_TRIES; number++) {
    const slug = number === 1 ? base : `${base}-${number}`
    if (await claim(tx, authorId, postId, slug)) return slug
  }
  const slug = `${base}-${randomInt(1e9, 1e10)}`
  await claim(tx, authorId, postId, slug)
  return slug
}

const taken = (): DomainError =>
  new DomainError('TAKEN', 'Another of your posts has or had this slug.', ['input', 'slug'])

/** Looks before anything is written; `claimSlug` has the last word. @throws DomainError `TAKEN`. */
export async function ensureSlugFree(tx: Transaction, authorId: Uuid, ownId: Uuid | null, slug: string): Promise<void> {
  const others = and(
    eq(postSlugs.authorId, authorId),
    eq(postSlugs.slug, slug),
    ownId ? ne(postSlugs.postId, ownId) : undefined,
  )
  const found = await tx.orm.select({ postId: postSlugs.postId }).from(postSlugs).where(others)
  if (found.length > 0) throw taken()
}

/** @throws DomainError `TAKEN` when another of the author's posts has or had it. */
export async function claimSlug(tx: Transaction, authorId: Uuid, postId: Uuid, slug: string): Promise<string> {
  if (await claim(tx, authorId, postId, slug)) return slug
  throw taken()
}

async function claim(tx: Transaction, authorId: Uuid, postId: Uuid, slug: string): Promise<boolean> {
  const inserted = await tx.orm
    .insert(postSlugs)
    .values({ authorId, postId, slug })
    .onConflictDoNothing()
    .returning({ slug: postSlugs.slug })
  if (inserted.length > 0) return true
  const [holder] = await tx.orm
    .select({ postId: postSlugs.postId })
    .from(postSlugs)
    .where(and(eq(postSlugs.authorId, authorId), eq(postSlugs.slug, slug)))
  return holder?.postId === postId
}
