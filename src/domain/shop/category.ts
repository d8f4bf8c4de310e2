import { count, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { isInSubtree } from '../../db/queries/shop/categories.ts'
import { productCategories } from '../../db/tables/shop/catalogue.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { checkInput, leftOut, line } from '../input.ts'
import { slugOf } from '../slug.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { MAX_CATEGORY_DEPTH, MAX_CHILDREN } from './rules.ts'

const name = line('A category', 1, 80)
const position = z.int().min(0, 'A position is 0 or more.').max(10_000, 'A position is at most 10000.')
const newCategoryInput = z.object({ name, position: leftOut(position) })
const changeInput = z.object({ name: leftOut(name), position: leftOut(position) })

const parentPath = ['input', 'parentId']

const REFUSALS: Readonly<Record<string, () => DomainError>> = {
  product_categories_slug_taken: () =>
    new DomainError('TAKEN', 'There is already a category of this name.', ['input', 'name']),
  product_categories_depth: () =>
    invalidInput(parentPath, `Categories lie at most ${MAX_CATEGORY_DEPTH} levels below the first.`),
  // Another moved in the meantime, so that this would close a circle.
  product_categories_below_parent: () => invalidInput(parentPath, 'A category cannot lie below itself.'),
}

async function write<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const refusal = REFUSALS[violatedConstraint(error) ?? '']
    throw refusal === undefined ? error : refusal()
  }
}

/** Locks the parent: siblings are counted, and its depth is that of the moment. */
async function lockParent(tx: Transaction, parentId: Uuid | null) {
  if (parentId === null) return { parentId: null, parentDepth: null }
  const [parent] = await tx.orm
    .select({ depth: productCategories.depth })
    .from(productCategories)
    .where(eq(productCategories.id, parentId))
    .for('update')
  if (parent === undefined) throw notFound('category', parentPath)
  const [siblings] = await tx.orm
    .select({ count: count() })
    .from(productCategories)
    .where(eq(productCategories.parentId, parentId))
  if (Number(siblings?.count ?? 0) >= MAX_CHILDREN) {
    throw new DomainError('LIMIT_EXCEEDED', `A category has at most ${MAX_CHILDREN} below it.`, parentPath, {
      limit: MAX_CHILDREN,
    })
  }
  return { parentId, parentDepth: parent.depth }
}

export interface NewProductCategory {
  name: string
  parentId?: Uuid | null | undefined
  /** Among its siblings. */
  position?: number | null | undefined
}

/** @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `TAKEN`, `NOT_FOUND` (parent), `LIMIT_EXCEEDED`. */
export async function createProductCategory(deps: Deps, viewer: Viewer, input: NewProductCategory): Promise<Uuid> {
  ensureStaff(viewer)
  const { name, position = 0 } = checkInput(newCategoryInput, input)
  const id = newId()
  await deps.db.transaction(async (tx) => {
    const parent = await lockParent(tx, input.parentId ?? null)
    await write(tx.orm.insert(productCategories).values({ id, name, position, slug: slugOf(name, id), ...parent }))
  })
  return id
}

/**
 * Fields that are left out stay as they are; `parentId: null` makes it a root. What lies below it moves along.
 * @throws DomainError as `createProductCategory`.
 */
export async function updateProductCategory(
  deps: Deps,
  viewer: Viewer,
  input: { id: Uuid } & Partial<NewProductCategory>,
): Promise<Uuid> {
  ensureStaff(viewer)
  const { id, parentId } = input
  const { name, position } = checkInput(changeInput, input)
  await deps.db.transaction(async (tx) => {
    if (parentId !== undefined && parentId !== null && (await isInSubtree(tx, parentId, id))) {
      throw invalidInput(parentPath, 'A category cannot lie below itself.')
    }
    const parent = parentId === undefined ? {} : await lockParent(tx, parentId)
    // Set in any case, so that a change of nothing is none to Postgres either.
    const changed = await write(
      tx.orm
        .update(productCategories)
        .set({ name: name ?? sql`name`, position, ...parent })
        .where(eq(productCategories.id, id))
        .returning({ id: productCategories.id }),
    )
    if (changed.length === 0) throw notFound('category', ['input', 'id'])
  })
  return id
}

/** Only an empty one goes. @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` while something is in it. */
export async function deleteProductCategory(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  ensureStaff(viewer)
  try {
    const gone = await deps.db.orm
      .delete(productCategories)
      .where(eq(productCategories.id, id))
      .returning({ id: productCategories.id })
    if (gone.length === 0) throw notFound('category', ['input', 'id'])
    return id
  } catch (error) {
    if (violatedConstraint(error) === null) throw error
    throw invalidInput(['input', 'id'], 'Products or categories are in it; move them first.')
  }
}
