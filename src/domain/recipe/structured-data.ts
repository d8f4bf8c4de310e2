import Fraction from 'fraction.js'
import { decimalText } from '../../core/quantity.ts'
import type { NutritionFacts } from './nutrition.ts'

/** What is told to programs of a recipe. Texts are plain, addresses absolute, instants ISO 8601. */
export interface ToldRecipe {
  readonly title: string
  readonly url: string
  readonly summary: string
  readonly chefName: string
  readonly publishedAt: string
  readonly updatedAt: string
  readonly imageUrls: readonly string[]
  readonly servings: number
  readonly makes: string
  readonly prepMinutes: number | null
  readonly cookMinutes: number | null
  readonly totalMinutes: number | null
  readonly cuisine: string
  readonly diets: readonly string[]
  readonly labels: readonly string[]
  readonly rating: { readonly average: string; readonly count: number } | null
  readonly ingredients: readonly string[]
  readonly steps: readonly {
    readonly title: string | null
    readonly steps: readonly { readonly text: string; readonly minutes: number | null }[]
  }[]
  readonly nutrition: NutritionFacts | null
  readonly sourceUrl: string | null
}

/** A Recipe of schema.org, as JSON-LD has it. */
export type StructuredRecipe = Readonly<Record<string, unknown>>

const duration = (minutes: number | null): string | undefined => (minutes === null ? undefined : `PT${minutes}M`)

const orNothing = (text: string): string | undefined => (text === '' ? undefined : text)

/** `GLUTEN_FREE` is https://schema.org/GlutenFreeDiet. */
const dietUrl = (diet: string): string =>
  `https://schema.org/${diet.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Diet`

function nutritionOf(facts: NutritionFacts | null): object | undefined {
  if (facts === null) return undefined
  const figure = (value: string | null, unit: string): string | undefined =>
    value === null ? undefined : `${decimalText(new Fraction(value), 2)} ${unit}`
  return {
    '@type': 'NutritionInformation',
    servingSize: '1 serving',
    calories: figure(facts.energyKcal, 'calories'),
    proteinContent: figure(facts.proteinG, 'g'),
    fatContent: figure(facts.fatG, 'g'),
    carbohydrateContent: figure(facts.carbohydrateG, 'g'),
    fiberContent: figure(facts.fibreG, 'g'),
    sodiumContent: figure(facts.sodiumMg, 'mg'),
  }
}

function stepsOf(groups: ToldRecipe['steps']): readonly object[] {
  return groups.flatMap(({ title, steps }): object[] => {
    const told = steps.map(({ text, minutes }) => ({
      '@type': 'HowToStep',
      // Readers take a new line for a new step.
      text: text.replace(/\s*\n\s*/g, ' '),
      timeRequired: duration(minutes),
    }))
    return title === null ? told : [{ '@type': 'HowToSection', name: title, itemListElement: told }]
  })
}

/** The recipe in the words of schema.org, complete enough that `importRecipe` reads it back. */
export function structuredRecipe(told: ToldRecipe): StructuredRecipe {
  const { rating, servings } = told
  return {
    '@context': 'https://schema.org',
    '@type': 'Recipe',
    name: told.title,
    url: told.url,
    description: orNothing(told.summary),
    author: { '@type': 'Person', name: told.chefName },
    datePublished: told.publishedAt,
    dateModified: told.updatedAt,
    image: told.imageUrls.length === 0 ? undefined : told.imageUrls,
    recipeYield: [`${servings} ${servings === 1 ? 'serving' : 'servings'}`, ...(told.makes === '' ? [] : [told.makes])],
    prepTime: duration(told.prepMinutes),
    cookTime: duration(told.cookMinutes),
    totalTime: duration(told.totalMinutes),
    recipeCuisine: orNothing(told.cuisine),
    suitableForDiet: told.diets.length === 0 ? undefined : told.diets.map(dietUrl),
    keywords: orNothing(told.labels.join(', ')),
    aggregateRating:
      rating === null
        ? undefined
        : {
            '@type': 'AggregateRating',
            ratingValue: rating.average,
            reviewCount: rating.count,
            bestRating: '5',
            worstRating: '1',
          },
    recipeIngredient: told.ingredients,
    recipeInstructions: stepsOf(told.steps),
    nutrition: nutritionOf(told.nutrition),
    isBasedOn: told.sourceUrl ?? undefined,
  }
}
