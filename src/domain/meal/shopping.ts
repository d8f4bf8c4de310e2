import { and, eq, inArray, isNotNull, notInArray } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Quantity } from '../../core/quantity.ts'
import type { Transaction } from '../../db/database.ts'
import { findPlannedNeeds } from '../../db/queries/meal.ts'
import { MAX_SHOPPING_ITEMS } from '../../db/relations/meal.ts'
import { shoppingItems, shoppingLists } from '../../db/tables/meal.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, line } from '../input.ts'
import { recogniseFoods } from '../recipe/catalogue.ts'
import { quantityField, unitField } from '../recipe/content.ts'
import type { Viewer } from '../viewer.ts'
import { type MergedNeed, mergeNeeds } from './merge.ts'
import { needsOf } from './needs.ts'
import { checkRange } from './plan.ts'

const title = line('A title', 1, 120)

export interface NewShoppingList {
  title: string
  /** Days of the plan, both included. */
  from: string
  to: string
  idempotencyKey?: string | null | undefined
}

/** Makes a list of all that the meals of some days need. @throws DomainError `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT`. */
export function createShoppingList(deps: Deps, viewer: Viewer, input: NewShoppingList): Promise<Uuid> {
  const { accountId } = viewer
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'createShoppingList', input, async () => {
      const named = checkInput(z.object({ title }), input)
      checkRange(input.from, input.to, ['input'])
      const id = newId()
      await tx.orm
        .insert(shoppingLists)
        .values({ id, accountId, title: named.title, fromDay: input.from, toDay: input.to })
      await fill(tx, viewer, id, input.from, input.to)
      return id
    }),
  )
}

/**
 * Follows the plan again, on the same days or others. What is still needed keeps its check, what the member added stays.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`.
 */
export function regenerateShoppingList(
  deps: Deps,
  viewer: Viewer,
  input: { id: Uuid; from?: string | null | undefined; to?: string | null | undefined },
): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const list = await lockList(tx, viewer, input.id)
    const [from, to] = [input.from ?? list.fromDay, input.to ?? list.toDay]
    checkRange(from, to, ['input'])
    await tx.orm.update(shoppingLists).set({ fromDay: from, toDay: to }).where(eq(shoppingLists.id, input.id))
    await fill(tx, viewer, input.id, from, to)
    return input.id
  })
}

/** @throws DomainError `NOT_FOUND`. */
export async function deleteShoppingList(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  const gone = await deps.db.orm
    .delete(shoppingLists)
    .where(and(eq(shoppingLists.id, id), eq(shoppingLists.accountId, viewer.accountId)))
    .returning({ id: shoppingLists.id })
  if (gone.length === 0) throw notFound('shopping list', ['input', 'id'])
  return id
}

/** @throws DomainError `NOT_FOUND`. */
export async function lockList(tx: Transaction, viewer: Viewer, id: Uuid, path: readonly string[] = ['input', 'id']) {
  const [list] = await tx.orm
    .select()
    .from(shoppingLists)
    .where(and(eq(shoppingLists.id, id), eq(shoppingLists.accountId, viewer.accountId)))
    .for('update')
  if (list === undefined) throw notFound('shopping list', path)
  return list
}

/** Of a numerator and a denominator; the columns hold as many. */
const MAX_DIGITS = 40
const PLACES = 9

/** As it is, or to nine places where it is a fraction that no kitchen has. */
function kept(value: Quantity | undefined | null): { numerator: string | null; denominator: string | null } {
  if (value == null) return { numerator: null, denominator: null }
  const [numerator, denominator] = [String(value.n), String(value.d)]
  const isShort = numerator.length <= MAX_DIGITS && denominator.length <= MAX_DIGITS
  return isShort ? { numerator, denominator } : kept(value.round(PLACES))
}

const columnsOf = ({ foodId, name, aisle, amount, recipes }: MergedNeed) => ({
  foodId,
  name: name.slice(0, 200),
  aisle,
  ...kept(amount?.value),
  unit: amount?.unit?.code ?? null,
  note: recipes.join(', ').slice(0, 500),
})

async function fill(tx: Transaction, viewer: Viewer, listId: Uuid, from: string, to: string): Promise<void> {
  const needs = mergeNeeds(needsOf(await findPlannedNeeds(tx, viewer.accountId, from, to)))
  const keys = needs.map(({ key }) => key)
  const generated = and(eq(shoppingItems.listId, listId), isNotNull(shoppingItems.needKey))
  await tx.orm
    .delete(shoppingItems)
    .where(keys.length === 0 ? generated : and(generated, notInArray(shoppingItems.needKey, keys)))
  for (const need of needs) {
    const columns = columnsOf(need)
    await tx.orm
      .insert(shoppingItems)
      .values({ id: newId(), listId, needKey: need.key, ...columns })
      .onConflictDoUpdate({ target: [shoppingItems.listId, shoppingItems.needKey], set: columns })
  }
  await ensureRoom(tx, listId)
}

/** Under the list's lock. @throws DomainError `LIMIT_EXCEEDED`. */
async function ensureRoom(tx: Transaction, listId: Uuid): Promise<void> {
  const count = await tx.orm.$count(shoppingItems, eq(shoppingItems.listId, listId))
  if (count <= MAX_SHOPPING_ITEMS) return
  const limit = MAX_SHOPPING_ITEMS
  throw new DomainError('LIMIT_EXCEEDED', `A list holds at most ${limit} things.`, ['input'], { limit })
}

const item = z
  .object({ name: line('A name', 1, 120), quantity: leftOut(quantityField), unit: leftOut(unitField) })
  .refine(({ quantity, unit }) => unit === undefined || quantity !== undefined, {
    path: ['unit'],
    message: 'A unit needs a quantity.',
  })

export interface NewShoppingItem {
  listId: Uuid
  name: string
  quantity?: string | null | undefined
  unit?: string | null | undefined
  idempotencyKey?: string | null | undefined
}

/** Something that no recipe asks for. @throws DomainError `NOT_FOUND` (list), `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT`. */
export function addShoppingItem(deps: Deps, viewer: Viewer, input: NewShoppingItem): Promise<Uuid> {
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'addShoppingItem', input, async () => {
      await lockList(tx, viewer, input.listId, ['input', 'listId'])
      const { name, quantity, unit } = checkInput(item, input)
      const foodId = (await recogniseFoods(tx, [name])).get(name) ?? null
      const aisle = await aisleOf(tx, foodId)
      const id = newId()
      await tx.orm
        .insert(shoppingItems)
        .values({ id, listId: input.listId, foodId, name, aisle, ...kept(quantity), unit: unit?.code ?? null })
      await ensureRoom(tx, input.listId)
      return id
    }),
  )
}

async function aisleOf(tx: Transaction, foodId: Uuid | null): Promise<string> {
  if (foodId === null) return ''
  const [food] = await tx.query<{ aisle: string }>('select aisle from foods where id = $1', [foodId])
  return food?.aisle ?? ''
}

const ofOwnList = (tx: Transaction, viewer: Viewer) =>
  tx.orm.select({ id: shoppingLists.id }).from(shoppingLists).where(eq(shoppingLists.accountId, viewer.accountId))

/** Ticks it off or takes the tick back. @throws DomainError `NOT_FOUND`. */
export function checkShoppingItem(deps: Deps, viewer: Viewer, id: Uuid, isChecked: boolean): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const changed = await tx.orm
      .update(shoppingItems)
      .set({ isChecked })
      .where(and(eq(shoppingItems.id, id), inArray(shoppingItems.listId, ofOwnList(tx, viewer))))
      .returning({ id: shoppingItems.id })
    if (changed.length === 0) throw notFound('item', ['input', 'id'])
    return id
  })
}

/** One that the plan needs comes back when the list is made again. @throws DomainError `NOT_FOUND`. */
export function removeShoppingItem(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const gone = await tx.orm
      .delete(shoppingItems)
      .where(and(eq(shoppingItems.id, id), inArray(shoppingItems.listId, ofOwnList(tx, viewer))))
      .returning({ id: shoppingItems.id })
    if (gone.length === 0) throw notFound('item', ['input', 'id'])
    return id
  })
}
