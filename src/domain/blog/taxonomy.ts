import { eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { categories, tags } from '../../db/tables/blog.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { checkInput, combined, line, prose } from '../input.ts'
import { slugOf } from '../slug.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'

/** Tags and categories are kept by staff, so that ten spellings of one word do not become ten tags. */
const tagInput = z.object({ name: line('A tag', 1, 50) })
const categoryInput = z.object({ name: line('A category', 1, 80), description: prose('A description', 0, 500) })

async function insertOrTaken<T>(constraint: string, what: string, insert: Promise<T>): Promise<T> {
  try {
    return await insert
  } catch (error) {
    if (violatedConstraint(error) !== constraint) throw error
    throw new DomainError('TAKEN', `There is already a ${what} of this name.`, ['input', 'name'])
  }
}

/** @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `TAKEN`. */
export async function createTag(deps: Deps, viewer: Viewer, input: { name: string }): Promise<Uuid> {
  ensureStaff(viewer)
  const { name } = checkInput(tagInput, input)
  const id = newId()
  await insertOrTaken('tags_slug_taken', 'tag', deps.db.orm.insert(tags).values({ id, name, slug: slugOf(name, id) }))
  return id
}

/** @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `TAKEN`. */
export async function createCategory(
  deps: Deps,
  viewer: Viewer,
  input: { name: string; description?: string | undefined },
): Promise<Uuid> {
  ensureStaff(viewer)
  const { name, description } = checkInput(categoryInput, { description: '', ...input })
  const id = newId()
  const insert = deps.db.orm.insert(categories).values({ id, name, description, slug: slugOf(name, id) })
  await insertOrTaken('categories_slug_taken', 'category', insert)
  return id
}

/** @throws DomainError `FORBIDDEN`, `NOT_FOUND`. Posts keep everything but the tag. */
export async function deleteTag(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  ensureStaff(viewer)
  const gone = await deps.db.orm.delete(tags).where(eq(tags.id, id)).returning({ id: tags.id })
  if (gone.length === 0) throw new DomainError('NOT_FOUND', 'No tag with this id.', ['input', 'id'])
  return id
}

/** @throws DomainError `FORBIDDEN`, `NOT_FOUND`. Posts keep everything but the category. */
export async function deleteCategory(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  ensureStaff(viewer)
  const gone = await deps.db.orm.delete(categories).where(eq(categories.id, id)).returning({ id: categories.id })
  if (gone.length === 0) throw new DomainError('NOT_FOUND', 'No category with this id.', ['input', 'id'])
  return id
}

type Term = typeof tags | typeof categories

/** Ids in the order of the slugs, each once. @throws DomainError `INVALID_INPUT` naming each unknown slug's place. */
async function findTermIds(db: Executor, table: Term, what: string, field: string, slugs: string[]): Promise<Uuid[]> {
  if (slugs.length === 0) return []
  const known = slugs.map((slug) => slug.replaceAll('\0', ''))
  const rows = await db.orm.select({ id: table.id, slug: table.slug }).from(table).where(inArray(table.slug, known))
  const bySlug = new Map(rows.map((row) => [row.slug, row.id]))
  const unknown = slugs.flatMap((slug, position) =>
    bySlug.has(slug)
      ? []
      : [invalidInput(['input', field, String(position)], `There is no ${what} "${slug.slice(0, 60)}".`)],
  )
  if (unknown.length > 0) throw combined(unknown)
  return [...new Set(slugs)].map((slug) => bySlug.get(slug)).filter((id) => id !== undefined)
}

export const findTagIds = (db: Executor, slugs: string[]): Promise<Uuid[]> =>
  findTermIds(db, tags, 'tag', 'tags', slugs)

export const findCategoryIds = (db: Executor, slugs: string[]): Promise<Uuid[]> =>
  findTermIds(db, categories, 'category', 'categories', slugs)
