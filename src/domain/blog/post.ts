import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { renderMarkdown } from '../../core/markdown/markdown.ts'
import type { Transaction } from '../../db/database.ts'
import { postCategories, posts, postTags } from '../../db/tables/blog.ts'
import { subjects } from '../../db/tables/subject.ts'
import { sqlState } from '../../db/unavailable.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkAll, checkInput, leftOut, line, prose, webAddress } from '../input.ts'
import { tellWithdrawal } from '../subject/topics.ts'
import { changePicture } from '../upload/picture.ts'
import type { Viewer } from '../viewer.ts'
import { canEditPost, canSeePost, MAX_CATEGORIES, MAX_TAGS, type PostStatus } from './rules.ts'
import { claimFreeSlug, claimSlug, ensureSlugFree } from './slug.ts'
import { MAX_SLUG_CHARACTERS } from './slug-text.ts'
import { findCategoryIds, findTagIds } from './taxonomy.ts'

const MAX_BODY_CHARACTERS = 500_000

const slug = z
  .string()
  .trim()
  .max(MAX_SLUG_CHARACTERS, `A slug may have at most ${MAX_SLUG_CHARACTERS} characters.`)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'A slug is lower-case letters and digits in words joined by single hyphens.')

const slugs = (what: string, most: number) =>
  z.array(z.string().trim().toLowerCase()).max(most, `A post may have at most ${most} ${what}.`)

const content = {
  title: line('A title', 1, 200),
  body: prose('A post', 1, MAX_BODY_CHARACTERS),
  slug: leftOut(slug),
  excerpt: prose('An excerpt', 1, 500).nullish(),
  coverUrl: webAddress('The cover').nullish(),
  tags: leftOut(slugs('tags', MAX_TAGS)),
  categories: leftOut(slugs('categories', MAX_CATEGORIES)),
}

const newPostInput = z.object(content)
const postChangeInput = z.object({ ...content, title: leftOut(content.title), body: leftOut(content.body) })

/** The fields that are looked up, as far as they can be read: their faults are told beside those of the others. */
const references = z.object({
  slug: content.slug.catch(undefined),
  tags: content.tags.catch(undefined),
  categories: content.categories.catch(undefined),
})

export interface NewPost {
  title: string
  /** Markdown. */
  body: string
  slug?: string | undefined
  excerpt?: string | null | undefined
  coverUrl?: string | null | undefined
  /** Instead of an address: a picture that was uploaded for it. */
  coverUploadId?: Uuid | null | undefined
  /** Slugs of tags. */
  tags?: string[] | undefined
  /** Slugs of categories. */
  categories?: string[] | undefined
  idempotencyKey?: string | undefined
}

/** @throws DomainError `INVALID_INPUT` naming the field, `TAKEN` for a slug in use, `CONFLICT` for a re-used key. */
export function createPost(deps: Deps, viewer: Viewer, input: NewPost): Promise<Uuid> {
  const { idempotencyKey: _, coverUploadId, ...given } = input
  const authorId = viewer.accountId
  return deps.db.transaction((tx) =>
    once(tx, authorId, 'createPost', input, async () => {
      const post = await checkNewPost(tx, authorId, given)
      const cover = await coverChange(deps, tx, viewer, null, { ...post, coverUploadId })
      return insertPost(tx, authorId, { ...post, ...cover })
    }),
  )
}

async function coverChange(
  deps: Deps,
  tx: Transaction,
  viewer: Viewer,
  present: Uuid | null,
  { coverUrl: url, coverUploadId: uploadId }: Pick<NewPost, 'coverUrl' | 'coverUploadId'>,
): Promise<Cover> {
  const argument = ['input', 'coverUploadId']
  const changed = await changePicture(deps, tx, viewer, { url, uploadId, use: 'COVER', present, argument })
  return { coverUrl: changed.url, coverId: changed.uploadId }
}

interface Cover {
  coverUrl?: string | null | undefined
  /** An upload that was claimed for it. */
  coverId?: Uuid | null | undefined
}

interface Terms {
  tagIds: Uuid[] | undefined
  categoryIds: Uuid[] | undefined
}

export type CheckedPost = z.output<typeof newPostInput> & Terms & Cover
export type CheckedChange = z.output<typeof postChangeInput> & Terms & Cover

async function checkPost<Fields>(
  tx: Transaction,
  schema: z.ZodType<Fields>,
  post: { authorId: Uuid; id: Uuid | null },
  input: unknown,
): Promise<Fields & Terms> {
  const { slug, tags, categories } = references.parse(input)
  const [fields, tagIds, categoryIds] = await checkAll<[Fields, Terms['tagIds'], Terms['categoryIds'], unknown]>(
    () => checkInput(schema, input),
    () => tags && findTagIds(tx, tags),
    () => categories && findCategoryIds(tx, categories),
    () => slug && ensureSlugFree(tx, post.authorId, post.id, slug),
  )
  return { ...fields, tagIds, categoryIds }
}

/** @throws DomainError `INVALID_INPUT`, `TAKEN`, naming each field that is not acceptable. */
export const checkNewPost = (
  tx: Transaction,
  authorId: Uuid,
  input: Omit<NewPost, 'idempotencyKey'>,
): Promise<CheckedPost> => checkPost(tx, newPostInput, { authorId, id: null }, input)

/** Writes a checked post as a draft; without a slug of its own it gets one from `slugText`. Import uses it too. */
export async function insertPost(
  tx: Transaction,
  authorId: Uuid,
  post: CheckedPost,
  slugText: string = post.title,
): Promise<Uuid> {
  const id = newId()
  await tx.orm.insert(subjects).values({ id, kind: 'POST' })
  await searchable(
    tx.orm.insert(posts).values({
      id,
      authorId,
      title: post.title,
      // Replaced below: the slug can only be claimed for a post that exists.
      slug: id,
      ...rendered(post.body, post.excerpt ?? null),
      coverUrl: post.coverUrl ?? null,
      coverId: post.coverId ?? null,
    }),
  )
  const claimed =
    post.slug === undefined
      ? await claimFreeSlug(tx, authorId, id, slugText)
      : await claimSlug(tx, authorId, id, post.slug)
  await tx.orm.update(posts).set({ slug: claimed }).where(eq(posts.id, id))
  await setTerms(tx, id, post)
  return id
}

/** program_limit_exceeded: the search index of one document holds a megabyte of different words, and no novel has more. */
const TOO_MANY_WORDS = '54000'

async function searchable<T>(write: PromiseLike<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    if (sqlState(error) !== TOO_MANY_WORDS) throw error
    throw invalidInput(['input', 'body'], 'A post cannot have this many different words.')
  }
}

/** The columns that follow from the body. */
function rendered(body: string, ownExcerpt: string | null) {
  const { html, text, excerpt, readingTimeMinutes } = renderMarkdown(body)
  return {
    body,
    bodyHtml: html,
    bodyText: text,
    excerpt: ownExcerpt ?? excerpt,
    hasOwnExcerpt: ownExcerpt !== null,
    readingTimeMinutes,
  }
}

async function setTerms(tx: Transaction, postId: Uuid, { tagIds, categoryIds }: Terms): Promise<void> {
  if (tagIds !== undefined) {
    await tx.orm.delete(postTags).where(eq(postTags.postId, postId))
    if (tagIds.length > 0) await tx.orm.insert(postTags).values(tagIds.map((tagId) => ({ postId, tagId })))
  }
  if (categoryIds !== undefined) {
    await tx.orm.delete(postCategories).where(eq(postCategories.postId, postId))
    if (categoryIds.length > 0) {
      await tx.orm.insert(postCategories).values(categoryIds.map((categoryId) => ({ postId, categoryId })))
    }
  }
}

export interface PostChange extends Partial<Omit<NewPost, 'idempotencyKey'>> {
  id: Uuid
}

/** Fields that are not given stay as they are. @throws as `createPost`, and `NOT_FOUND`, `FORBIDDEN`. */
export function updatePost(deps: Deps, viewer: Viewer, input: PostChange): Promise<Uuid> {
  const { id, coverUploadId, ...given } = input
  return deps.db.transaction(async (tx) => {
    const { authorId, coverId } = await lockWritablePost(tx, viewer, id)
    const change = await checkPost(tx, postChangeInput, { authorId, id }, given)
    const cover = await coverChange(deps, tx, viewer, coverId, { ...change, coverUploadId })
    await changePost(tx, id, { ...change, ...cover })
    return id
  })
}

/** Applies a checked change to a post that the caller has locked. */
export async function changePost(tx: Transaction, id: Uuid, change: CheckedChange): Promise<void> {
  const [post] = await tx.orm.select().from(posts).where(eq(posts.id, id))
  if (post === undefined) throw notFound('post', ['input', 'id'])
  const excerpt = change.excerpt === undefined ? (post.hasOwnExcerpt ? post.excerpt : null) : change.excerpt
  const bodyChanged = change.body !== undefined || change.excerpt !== undefined
  const claimed = change.slug === undefined ? undefined : await claimSlug(tx, post.authorId, id, change.slug)
  await searchable(
    tx.orm
      .update(posts)
      .set({
        title: change.title,
        slug: claimed,
        coverUrl: change.coverUrl,
        coverId: change.coverUrl == null ? change.coverId : null,
        ...(bodyChanged ? rendered(change.body ?? post.body, excerpt) : {}),
        updatedAt: sql`now()`,
      })
      .where(eq(posts.id, id)),
  )
  await setTerms(tx, id, change)
}

/** Deletes the post with its comments, reactions and old slugs. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function deletePost(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    await lockWritablePost(tx, viewer, id)
    await deleteSubjects(tx, tx.orm.select({ id: posts.id }).from(posts).where(eq(posts.id, id)))
    tellWithdrawal(deps, tx, id)
    return id
  })
}

export interface LockedPost {
  id: Uuid
  authorId: Uuid
  status: PostStatus
  archivedByStaff: boolean
  publishedAt: string | null
  coverId: Uuid | null
}

/** @throws DomainError `NOT_FOUND` when the viewer may not see it: another's draft is no different from no post. */
export async function lockVisiblePost(tx: Transaction, viewer: Viewer, id: Uuid): Promise<LockedPost> {
  const [post] = await tx.orm
    .select({
      id: posts.id,
      authorId: posts.authorId,
      status: posts.status,
      archivedByStaff: posts.archivedByStaff,
      publishedAt: posts.publishedAt,
      coverId: posts.coverId,
    })
    .from(posts)
    .where(eq(posts.id, id))
    .for('update')
  if (post === undefined || !canSeePost(viewer, post)) throw notFound('post', ['input', 'id'])
  return post
}

/** @throws DomainError `NOT_FOUND`, or `FORBIDDEN` for a post that the viewer may read but not change. */
export async function lockWritablePost(tx: Transaction, viewer: Viewer, id: Uuid): Promise<LockedPost> {
  const post = await lockVisiblePost(tx, viewer, id)
  if (!canEditPost(viewer, post)) throw forbidden('Only its author may change a post.')
  return post
}
