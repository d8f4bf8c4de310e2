import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { toRatio } from '../../core/quantity.ts'
import type { Transaction } from '../../db/database.ts'
import { findOffers, findRecipeNeeds, type OfferRow } from '../../db/queries/meal.ts'
import { foodVariants, shoppingItems } from '../../db/tables/meal.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut } from '../input.ts'
import { quantityField, unitField } from '../recipe/content.ts'
import { lockVisibleRecipe } from '../recipe/recipe.ts'
import { MAX_SERVINGS } from '../recipe/rules.ts'
import { putIntoCart } from '../shop/cart.ts'
import { MAX_QUANTITY } from '../shop/rules.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { amountOf, type KeptAmount } from './amount.ts'
import { isFree, type MergedNeed, mergeAll, mergeNeeds } from './merge.ts'
import { needsOf, optionalNeedsOf } from './needs.ts'
import { choose, type NoChoice } from './offer.ts'
import { lockList } from './shopping.ts'

export type Unmatched = NoChoice | 'CART_FULL' | 'OPTIONAL' | 'FROM_THE_TAP'

/** A need as it is told: amounts as decimals and ratios would come too late, so the numbers go along. */
export interface ToldNeed extends KeptAmount {
  readonly name: string
}

export interface FilledCart {
  readonly cartId: Uuid | null
  readonly added: readonly { need: ToldNeed; variantId: Uuid; packs: number; isPackKnown: boolean }[]
  readonly unmatched: readonly { need: ToldNeed; reason: Unmatched }[]
}

export interface CartFilling {
  recipeId?: Uuid | null | undefined
  servings?: number | null | undefined
  shoppingListId?: Uuid | null | undefined
  idempotencyKey?: string | null | undefined
}

interface Wanted extends Pick<MergedNeed, 'foodId' | 'name' | 'amount'> {}

const told = ({ name, amount }: Wanted): ToldNeed => ({
  name,
  numerator: amount === null ? null : String(amount.value.n),
  denominator: amount === null ? null : String(amount.value.d),
  unit: amount?.unit?.code ?? null,
})

/**
 * Puts into the cart what a recipe needs, or what is not ticked off on a shopping list: the things of the shop that are
 * these foods, so many packs as cover the amount. What is not found or not there is answered with the reason.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `CONFLICT`.
 */
export function addIngredientsToCart(deps: Deps, viewer: Viewer, input: CartFilling): Promise<FilledCart> {
  if ((input.recipeId == null) === (input.shoppingListId == null)) {
    throw invalidInput(['input'], 'Give either a recipe or a shopping list.')
  }
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'addIngredientsToCart', input, async () => {
      const { wanted, left } =
        input.recipeId == null
          ? { wanted: await unchecked(tx, viewer, input.shoppingListId ?? ''), left: [] }
          : await ofRecipe(tx, viewer, input.recipeId, input.servings ?? null)
      const filled = await fillCart(tx, viewer, wanted)
      return { ...filled, unmatched: [...filled.unmatched, ...left] }
    }),
  )
}

/** What is bought of a recipe's ingredients, and what is not: each of them is in one of the two. */
async function ofRecipe(
  tx: Transaction,
  viewer: Viewer,
  recipeId: Uuid,
  servings: number | null,
): Promise<{ wanted: Wanted[]; left: FilledCart['unmatched'] }> {
  if (servings !== null && (servings < 1 || servings > MAX_SERVINGS)) {
    throw invalidInput(['input', 'servings'], `Servings are 1 to ${MAX_SERVINGS}.`)
  }
  await lockVisibleRecipe(tx, viewer, recipeId, ['input', 'recipeId'], 'key share')
  const rows = await findRecipeNeeds(tx, recipeId, servings)
  const needs = needsOf(rows)
  const leave = (reason: Unmatched) => (need: MergedNeed) => ({ need: told(need), reason })
  return {
    wanted: mergeNeeds(needs),
    left: [
      ...mergeAll(optionalNeedsOf(rows)).map(leave('OPTIONAL')),
      ...mergeAll(needs.filter(isFree)).map(leave('FROM_THE_TAP')),
    ],
  }
}

async function unchecked(tx: Transaction, viewer: Viewer, listId: Uuid): Promise<Wanted[]> {
  await lockList(tx, viewer, listId, ['input', 'shoppingListId'])
  const items = await tx.orm
    .select()
    .from(shoppingItems)
    .where(and(eq(shoppingItems.listId, listId), eq(shoppingItems.isChecked, false)))
    .orderBy(shoppingItems.aisle, shoppingItems.name, shoppingItems.id)
  return items.map((item) => ({ foodId: item.foodId, name: item.name, amount: amountOf(item) }))
}

interface KnownFood {
  id: Uuid
  name: string
  plural: string
  isLiquid: boolean
  gramsPerCup: string | null
}

async function fillCart(tx: Transaction, viewer: Viewer, wanted: readonly Wanted[]): Promise<FilledCart> {
  const foodIds = [...new Set(wanted.flatMap(({ foodId }) => foodId ?? []))]
  const offers = new Map<Uuid, OfferRow[]>()
  for (const offer of await findOffers(tx, foodIds)) {
    offers.set(offer.foodId, [...(offers.get(offer.foodId) ?? []), offer])
  }
  const foods = new Map((await findFoods(tx, foodIds)).map((food) => [food.id, food]))
  const added: FilledCart['added'][number][] = []
  const unmatched: FilledCart['unmatched'][number][] = []
  let cartId: Uuid | null = null
  for (const need of wanted) {
    const food = need.foodId === null ? null : (foods.get(need.foodId) ?? null)
    const choice = choose(need, food, need.foodId === null ? [] : (offers.get(need.foodId) ?? []), MAX_QUANTITY)
    if (typeof choice === 'string') {
      unmatched.push({ need: told(need), reason: choice })
      continue
    }
    try {
      const { variantId, packs: quantity } = choice
      cartId = (await putIntoCart(tx, { viewer, token: null }, { variantId, quantity })).id
      added.push({ need: told(need), variantId, packs: quantity, isPackKnown: choice.pack !== null })
    } catch (error) {
      const reason = error instanceof DomainError ? REASONS[error.code] : undefined
      if (reason === undefined) throw error
      unmatched.push({ need: told(need), reason })
    }
  }
  return { cartId, added, unmatched }
}

/** What the cart says that is no fault of the request: somebody was faster, or there is more in it already. */
const REASONS: Readonly<Partial<Record<string, Unmatched>>> = {
  INSUFFICIENT_STOCK: 'OUT_OF_STOCK',
  LIMIT_EXCEEDED: 'CART_FULL',
  INVALID_INPUT: 'NO_PRODUCT',
}

const findFoods = (tx: Transaction, ids: readonly Uuid[]): Promise<KnownFood[]> =>
  tx.query<KnownFood>(
    `select id, name, plural, is_liquid as "isLiquid", grams_per_cup as "gramsPerCup" from foods where id = any($1::text::uuid[])`,
    [`{${ids.join(',')}}`],
  )

const link = z.object({ quantity: quantityField, unit: leftOut(unitField) })

export interface FoodLink {
  foodId: Uuid
  variantId: Uuid
  /** What one piece holds: `500`, `g`. */
  quantity: string
  unit?: string | null | undefined
}

/** Staff says that a thing of the shop is a food. @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `NOT_FOUND`. */
export async function linkFoodToVariant(deps: Deps, viewer: Viewer, input: FoodLink): Promise<Uuid> {
  ensureStaff(viewer)
  const { quantity, unit } = checkInput(link, input)
  const { foodId, variantId } = input
  const { numerator, denominator } = toRatio(quantity)
  const pack = { packNumerator: numerator, packDenominator: denominator, packUnit: unit?.code ?? null }
  await deps.db.orm
    .insert(foodVariants)
    .values({ foodId, variantId, ...pack })
    .onConflictDoUpdate({ target: [foodVariants.foodId, foodVariants.variantId], set: pack })
  return foodId
}

/** Taking back what is none changes nothing. @throws DomainError `FORBIDDEN`. */
export async function unlinkFoodFromVariant(
  deps: Deps,
  viewer: Viewer,
  { foodId, variantId }: { foodId: Uuid; variantId: Uuid },
): Promise<Uuid> {
  ensureStaff(viewer)
  await deps.db.orm
    .delete(foodVariants)
    .where(and(eq(foodVariants.foodId, foodId), eq(foodVariants.variantId, variantId)))
  return foodId
}
