import { z } from 'zod'
import type { Uuid } from '../../core/ids.ts'
import { parseQuantity, type Quantity } from '../../core/quantity.ts'
import { slugText } from '../blog/slug-text.ts'
import { leftOut, line, prose, webAddress } from '../input.ts'
import {
  MAX_IMAGES,
  MAX_INGREDIENTS,
  MAX_LABELS,
  MAX_SERVINGS,
  MAX_STEPS,
  RECIPE_DIETS,
  type RecipeDiet,
} from './rules.ts'
import { findUnit } from './units.ts'

/** Thirty days: cured, fermented and aged things take their time. */
const MAX_MINUTES = 43_200

const minutes = (what: string, from = 0) =>
  z
    .int(`${what} is a whole number of minutes.`)
    .min(from, `${what} is at least ${from} minutes.`)
    .max(MAX_MINUTES, `${what} is at most ${MAX_MINUTES} minutes.`)

/** An amount as people write it. */
export const quantityField = z.string().transform((text, context): Quantity => {
  const value = parseQuantity(text)
  if (value !== null) return value
  context.addIssue({
    code: 'custom',
    message: 'A quantity is more than 0, as a decimal or a fraction: 250, 0.5, 1/3, 1 1/2.',
  })
  return z.NEVER
})

/** A unit by any of its names. */
export const unitField = z.string().transform((text, context) => {
  const found = findUnit(text)
  if (found !== null) return found
  context.addIssue({ code: 'custom', message: `There is no unit "${text.slice(0, 40)}"; \`units\` lists them.` })
  return z.NEVER
})

const ingredient = z
  .object({
    group: leftOut(line('A group', 0, 80)),
    quantity: leftOut(quantityField),
    upTo: leftOut(quantityField),
    unit: leftOut(unitField),
    food: line('A food', 1, 120),
    note: leftOut(line('A note', 0, 200)),
    isOptional: leftOut(z.boolean()),
  })
  .superRefine((value, context) => {
    const wrong = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    if (value.quantity === undefined && value.upTo !== undefined) wrong('upTo', 'A range begins with a quantity.')
    if (value.quantity === undefined && value.unit !== undefined) wrong('unit', 'A unit needs a quantity.')
    if (value.quantity !== undefined && value.upTo?.lte(value.quantity)) {
      wrong('upTo', 'A range ends with more than it begins with.')
    }
  })

const step = z.object({
  section: leftOut(line('A section', 0, 80)),
  body: prose('A step', 1, 5_000),
  minutes: leftOut(minutes('A step', 1)),
})

const label = line('A label', 1, 40).transform((name, context) => {
  const slug = slugText(name, 60)
  if (slug === '')
    context.addIssue({ code: 'custom', message: 'A label needs a letter or a digit of the Latin script.' })
  return { slug, name }
})

const nutritionFigure = (what: string) =>
  leftOut(
    z
      .string()
      .trim()
      .regex(/^\d{1,6}(?:\.\d{1,2})?$/, `${what} is a decimal of at most two places, 0 or more.`),
  )

const nutrition = z.object({
  energyKcal: nutritionFigure('Energy'),
  proteinG: nutritionFigure('Protein'),
  fatG: nutritionFigure('Fat'),
  carbohydrateG: nutritionFigure('Carbohydrate'),
  fibreG: nutritionFigure('Fibre'),
  sodiumMg: nutritionFigure('Sodium'),
})

const slug = z
  .string()
  .trim()
  .max(100, 'A slug may have at most 100 characters.')
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'A slug is lower-case letters and digits in words joined by single hyphens.')

/** Whether a slug was given that can be asked for in the database. */
export const isSlug = (given: string | null | undefined): given is string => slug.safeParse(given).success

const content = {
  title: line('A title', 1, 200),
  slug: leftOut(slug),
  summary: leftOut(prose('A summary', 0, 2_000)),
  servings: z
    .int('Servings are a whole number.')
    .min(1, 'A recipe serves at least 1.')
    .max(MAX_SERVINGS, `A recipe serves at most ${MAX_SERVINGS}.`),
  makes: leftOut(line('What comes out', 0, 80)),
  prepMinutes: minutes('Preparation').nullish(),
  cookMinutes: minutes('Cooking').nullish(),
  totalMinutes: minutes('The whole').nullish(),
  cuisine: leftOut(line('A cuisine', 0, 40)),
  diets: leftOut(z.array(z.enum(RECIPE_DIETS)).max(RECIPE_DIETS.length)),
  labels: leftOut(z.array(label).max(MAX_LABELS, `A recipe has at most ${MAX_LABELS} labels.`)),
  nutrition: nutrition.nullish(),
  ingredients: leftOut(
    z.array(ingredient).max(MAX_INGREDIENTS, `A recipe has at most ${MAX_INGREDIENTS} ingredients.`),
  ),
  steps: leftOut(z.array(step).max(MAX_STEPS, `A recipe has at most ${MAX_STEPS} steps.`)),
  images: leftOut(
    z
      .array(z.object({ uploadId: z.string(), alt: line('What an image shows', 1, 200) }))
      .max(MAX_IMAGES, `A recipe has at most ${MAX_IMAGES} images.`),
  ),
  sourceUrl: webAddress('The source').nullish(),
}

export const newRecipeInput = z.object(content)
export const recipeChangeInput = z.object({
  ...content,
  title: leftOut(content.title),
  servings: leftOut(content.servings),
})

export type CheckedIngredient = z.output<typeof ingredient>
export type CheckedStep = z.output<typeof step>
export type CheckedRecipe = z.output<typeof newRecipeInput>
export type CheckedRecipeChange = z.output<typeof recipeChangeInput>

export interface IngredientInput {
  group?: string | null | undefined
  /** `250`, `0.5`, `1 1/2`. */
  quantity?: string | null | undefined
  upTo?: string | null | undefined
  /** A code, a name or an abbreviation. */
  unit?: string | null | undefined
  food: string
  note?: string | null | undefined
  isOptional?: boolean | null | undefined
}

export interface StepInput {
  section?: string | null | undefined
  /** Markdown. */
  body: string
  minutes?: number | null | undefined
}

export interface NutritionInput {
  energyKcal?: string | null | undefined
  proteinG?: string | null | undefined
  fatG?: string | null | undefined
  carbohydrateG?: string | null | undefined
  fibreG?: string | null | undefined
  sodiumMg?: string | null | undefined
}

export interface NewRecipe {
  title: string
  slug?: string | null | undefined
  summary?: string | null | undefined
  servings: number
  makes?: string | null | undefined
  prepMinutes?: number | null | undefined
  cookMinutes?: number | null | undefined
  totalMinutes?: number | null | undefined
  cuisine?: string | null | undefined
  diets?: RecipeDiet[] | null | undefined
  /** As they are called: `Quick dinner`. */
  labels?: string[] | null | undefined
  nutrition?: NutritionInput | null | undefined
  ingredients?: IngredientInput[] | null | undefined
  steps?: StepInput[] | null | undefined
  images?: { uploadId: Uuid; alt: string }[] | null | undefined
  sourceUrl?: string | null | undefined
  idempotencyKey?: string | null | undefined
}

/** Who eats no animal products eats no meat: a filter for vegetarian dishes must find vegan ones. */
export const impliedDiets = (diets: readonly RecipeDiet[]): RecipeDiet[] => [
  ...new Set(diets.includes('VEGAN') ? [...diets, 'VEGETARIAN' as const] : diets),
]
