import Fraction from 'fraction.js'
import { withoutPictures } from '../../core/markdown/sanitize.ts'
import { decimalText } from '../../core/quantity.ts'
import { findRecipeIdBySlug } from '../../db/queries/recipe/list.ts'
import { findSheetRows, type SheetRows } from '../../db/queries/recipe/sheet.ts'
import { fitted, IMAGE_SIZES, type ImageFormat, type ImageSize } from '../../gateways/image/image.ts'
import type { Deps } from '../deps.ts'
import { publicImageLink, publicImagePath } from '../upload/link.ts'
import { computedNutrition, givenNutrition, type NutritionFacts } from './nutrition.ts'
import { MAX_SERVINGS, recipePath } from './rules.ts'
import { grouped, ingredientText, scaleOf, showAmount } from './shown-ingredient.ts'
import { type StructuredRecipe, structuredRecipe } from './structured-data.ts'
import type { UnitPreference } from './units.ts'

/** A picture in one way of encoding it: the standard sizes, the smallest first. */
export interface SheetImage {
  readonly alt: string
  readonly width: number
  readonly height: number
  readonly sources: Readonly<Record<ImageFormat, readonly { readonly path: string; readonly width: number }[]>>
}

/** A recipe as it is shown and printed. Texts are plain, but for `html`. */
export interface RecipeSheet {
  readonly title: string
  /** Where it is read now, below the public address; what led here may be a former one. */
  readonly path: string
  readonly chef: { readonly handle: string; readonly name: string }
  readonly summary: string
  /** ISO 8601. */
  readonly publishedAt: string
  readonly updatedAt: string
  readonly rating: { readonly average: string; readonly count: number } | null
  readonly prepMinutes: number | null
  readonly cookMinutes: number | null
  readonly totalMinutes: number | null
  /** For how many it is shown, and written. */
  readonly servings: number
  readonly writtenServings: number
  /** The number that was asked for is none that is cooked, and it is shown as written. */
  readonly hasBadServings: boolean
  readonly units: UnitPreference
  readonly makes: string
  readonly cuisine: string
  readonly diets: readonly string[]
  readonly labels: readonly string[]
  readonly cover: SheetImage | null
  readonly moreImages: readonly SheetImage[]
  /** Absolute, for previews of links. */
  readonly coverUrl: string | null
  readonly ingredients: readonly { readonly title: string | null; readonly lines: readonly string[] }[]
  readonly steps: readonly {
    readonly title: string | null
    readonly steps: readonly { readonly html: string; readonly minutes: number | null }[]
  }[]
  readonly nutrition: NutritionFacts | null
  readonly sourceUrl: string | null
  /** As written, whatever is shown: what programs read. */
  readonly structured: StructuredRecipe
}

export interface SheetWish {
  /** As the address has them: anything. */
  readonly servings?: unknown
  readonly units?: unknown
}

/** How the address of a page asks for units; without any, they are as written. */
export const UNITS_IN_ADDRESS: ReadonlyMap<string, UnitPreference> = new Map([
  ['metric', 'METRIC'],
  ['us', 'US'],
])

const iso = (instant: string): string => new Date(instant).toISOString()

const orNull = (text: string): string | null => (text === '' ? null : text)

/** Null where nothing was asked for, `undefined` for what nobody cooks. */
function servingsOf(given: unknown): number | null | undefined {
  if (given === undefined || given === '') return null
  const servings = typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : 0
  return servings >= 1 && servings <= MAX_SERVINGS ? servings : undefined
}

function imageOf({ id, alt, width, height }: SheetRows['images'][number]): SheetImage {
  const original = { width: width ?? 1, height: height ?? 1 }
  const inSize = (size: ImageSize) => fitted(original.width, original.height, size)
  // A small picture is the same in several sizes; the first of them is enough.
  const sizes = (Object.keys(IMAGE_SIZES) as ImageSize[]).filter(
    (size, place, all) => all.findIndex((other) => inSize(other).width === inSize(size).width) === place,
  )
  const inFormat = (format: ImageFormat) =>
    sizes.map((size) => ({ path: publicImagePath(id, size, format), width: inSize(size).width }))
  const sources = { AVIF: inFormat('AVIF'), WEBP: inFormat('WEBP'), JPEG: inFormat('JPEG') }
  return { alt, ...inSize('LARGE'), sources }
}

const ingredientsOf = (rows: SheetRows, servings: number | null, units: UnitPreference) => {
  const scale = scaleOf(servings, rows.recipe.servings)
  return rows.ingredients.map(({ row, food }) => ({
    group: orNull(row.groupTitle),
    line: ingredientText(showAmount(row, scale, units, food), row),
  }))
}

function nutritionOf({ recipe, ingredients }: SheetRows): NutritionFacts | null {
  const foods = new Map<object, SheetRows['ingredients'][number]['food']>(
    ingredients.map(({ row, food }) => [row, food]),
  )
  return (
    givenNutrition(recipe) ??
    computedNutrition(
      recipe.servings,
      ingredients.map(({ row }) => row),
      (row) => foods.get(row) ?? null,
    )
  )
}

function sheetOf(deps: Pick<Deps, 'publicUrl'>, rows: SheetRows, wish: SheetWish): RecipeSheet {
  const { recipe, chef, reviews } = rows
  const wanted = servingsOf(wish.servings)
  const units = (typeof wish.units === 'string' && UNITS_IN_ADDRESS.get(wish.units)) || 'AS_WRITTEN'
  const path = recipePath(chef.handle, recipe.slug)
  const names = new Map(rows.labels.map(({ slug, name }) => [slug, name]))
  const labels = recipe.labels.flatMap((slug) => names.get(slug) ?? [])
  const steps = rows.steps.map((step) => ({
    group: orNull(step.sectionTitle),
    // The page shows pictures of this server only.
    html: withoutPictures(step.bodyHtml),
    text: step.bodyText,
    minutes: step.minutes,
  }))
  const [cover = null, ...moreImages] = rows.images.map(imageOf)
  const imageUrls = rows.images.map(({ id }) => publicImageLink(deps, id, 'LARGE', 'JPEG'))
  const rating =
    reviews === null || reviews.count === 0
      ? null
      : { average: decimalText(new Fraction(reviews.starSum, reviews.count), 1), count: reviews.count }
  const dates = { publishedAt: iso(recipe.publishedAt ?? recipe.createdAt), updatedAt: iso(recipe.updatedAt) }
  const nutrition = nutritionOf(rows)
  const { title, summary, prepMinutes, cookMinutes, totalMinutes, makes, cuisine, sourceUrl } = recipe
  return {
    title,
    path,
    chef,
    summary,
    ...dates,
    rating,
    prepMinutes,
    cookMinutes,
    totalMinutes,
    servings: wanted ?? recipe.servings,
    writtenServings: recipe.servings,
    hasBadServings: wanted === undefined,
    units,
    makes,
    cuisine,
    diets: recipe.diets,
    labels,
    cover,
    moreImages,
    coverUrl: imageUrls[0] ?? null,
    ingredients: grouped(ingredientsOf(rows, wanted ?? null, units)).map((group) => ({
      title: group.title,
      lines: group.parts.map(({ line }) => line),
    })),
    steps: grouped(steps).map((group) => ({ title: group.title, steps: group.parts })),
    nutrition,
    sourceUrl,
    structured: structuredRecipe({
      ...{ title, summary, prepMinutes, cookMinutes, totalMinutes, makes, cuisine, sourceUrl },
      ...{ labels, nutrition, rating, imageUrls, ...dates },
      url: deps.publicUrl() + path,
      chefName: chef.name,
      servings: recipe.servings,
      diets: recipe.diets,
      ingredients: ingredientsOf(rows, null, 'AS_WRITTEN').map(({ line }) => line),
      steps: grouped(steps).map((group) => ({ title: group.title, steps: group.parts })),
    }),
  }
}

/**
 * A published recipe by its present slug or a former one, for so many servings and in the units that the address asks for;
 * null for what not everybody may see.
 */
export async function findRecipeSheet(
  deps: Pick<Deps, 'db' | 'publicUrl'>,
  { chef, slug }: { chef: string; slug: string },
  wish: SheetWish,
): Promise<RecipeSheet | null> {
  const plain = (text: string): string => text.replaceAll('\0', '')
  const id = await findRecipeIdBySlug(deps.db, plain(chef).toLowerCase(), plain(slug))
  const rows = id === null ? null : await findSheetRows(deps.db, id)
  return rows === null ? null : sheetOf(deps, rows, wish)
}
