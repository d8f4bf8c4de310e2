import { Field, ID, InputType, Int } from 'type-graphql'
import type { RecipeDiet as RecipeDietName } from '../../domain/recipe/rules.ts'
import { Account } from '../account.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { Recipe, RecipeDiet } from './recipe.ts'

const KEY = 'The same key and input again gets the first answer. 8 to 100 printable characters.'
const AMOUNT = 'More than 0: `250`, `0.5`, `1/3`, `1 1/2`, `1½`.'

@InputType({ description: 'Recipes must meet every condition that is given.' })
export class RecipeFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Words as in a web search: `lentil soup`, `"slow roast"`, `cake or pie`, `curry -coconut`.',
  })
  text?: string

  @Field(() => DateTime, { nullable: true, description: 'Published at this time or later.' })
  publishedFrom?: string

  @Field(() => DateTime, { nullable: true, description: 'Published before this time.' })
  publishedBefore?: string

  @Field(() => String, { nullable: true, description: 'Handle of the chef.' })
  chef?: string

  @Field(() => [String], { nullable: true, description: 'Names or slugs; recipes with all of these labels.' })
  labels?: string[]

  @Field(() => String, { nullable: true, description: '`Thai`.' })
  cuisine?: string

  @Field(() => [RecipeDiet], { nullable: true, description: 'Recipes that suit all of them.' })
  diets?: RecipeDietName[]

  @Field(() => Int, { nullable: true, description: 'Ready within so many minutes.' })
  maxTotalMinutes?: number

  @Field(() => [String], {
    nullable: true,
    description: 'Names of foods, all of which are in it: `["courgette", "feta"]`. `zucchini` finds the same.',
  })
  withIngredients?: string[]

  @Field(() => [String], { nullable: true, description: 'Names of foods, none of which is in it.' })
  withoutIngredients?: string[]

  @Field(() => String, { nullable: true, description: 'At least so many stars on average, 1 to 5: `4.5`.' })
  minRating?: string
}

@InputType()
export class IngredientInput {
  @Field(() => String, { nullable: true, description: 'The part of the dish that it belongs to: `For the dough`.' })
  group?: string

  @Field(() => String, { nullable: true, description: `${AMOUNT} Left out for as much as one likes.` })
  quantity?: string

  @Field(() => String, { nullable: true, description: 'The end of a range, more than `quantity`.' })
  upTo?: string

  @Field(() => String, {
    nullable: true,
    description: 'A code, a name or an abbreviation of `units`: `g`, `tbsp`, `cups`. Left out for what is counted.',
  })
  unit?: string

  @Field(() => String, { description: '1 to 120 characters: `flour`.' })
  food: string

  @Field(() => String, { nullable: true, description: '`finely chopped`.' })
  note?: string

  @Field(() => Boolean, { nullable: true })
  isOptional?: boolean
}

@InputType()
export class StepInput {
  @Field(() => String, { nullable: true, description: 'The part of the work: `The sauce`.' })
  section?: string

  @Field(() => String, { description: 'Markdown, at most 5,000 characters.' })
  body: string

  @Field(() => Int, { nullable: true })
  minutes?: number
}

@InputType()
export class RecipeImageInput {
  @Field(() => ID, { description: 'Of a file that was sent to `POST /uploads?use=RECIPE_IMAGE`.' })
  uploadId: string

  @Field(() => String, { description: 'What it shows, for those who do not see it: 1 to 200 characters.' })
  alt: string
}

@InputType({ description: 'Of one serving; decimals of at most two places.' })
export class NutritionInput {
  @Field(() => String, { nullable: true })
  energyKcal?: string

  @Field(() => String, { nullable: true })
  proteinG?: string

  @Field(() => String, { nullable: true })
  fatG?: string

  @Field(() => String, { nullable: true })
  carbohydrateG?: string

  @Field(() => String, { nullable: true })
  fibreG?: string

  @Field(() => String, { nullable: true })
  sodiumMg?: string
}

@InputType()
export class CreateRecipeInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  title: string

  @Field(() => Int, { description: 'How many the amounts are for, 1 to 1,000.' })
  servings: number

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters, plain text.' })
  summary?: string

  @Field(() => String, {
    nullable: true,
    description: 'Lower-case words joined by hyphens; made from the title unless told.',
  })
  slug?: string

  @Field(() => String, { nullable: true, description: 'What comes out of it: `24 biscuits`.' })
  makes?: string

  @Field(() => Int, { nullable: true })
  prepMinutes?: number | null

  @Field(() => Int, { nullable: true })
  cookMinutes?: number | null

  @Field(() => Int, { nullable: true, description: 'With resting and rising; the sum of the other two unless told.' })
  totalMinutes?: number | null

  @Field(() => String, { nullable: true, description: '`Thai`.' })
  cuisine?: string

  @Field(() => [RecipeDiet], { nullable: true })
  diets?: RecipeDietName[]

  @Field(() => [String], { nullable: true, description: 'At most 10, as they are called: `Quick dinner`.' })
  labels?: string[]

  @Field(() => NutritionInput, { nullable: true })
  nutrition?: NutritionInput | null

  @Field(() => [IngredientInput], { nullable: true, description: 'At most 100, in order.' })
  ingredients?: IngredientInput[]

  @Field(() => [StepInput], { nullable: true, description: 'At most 100, in order.' })
  steps?: StepInput[]

  @Field(() => [RecipeImageInput], {
    nullable: true,
    description: 'At most 10, in order; the first is the cover.',
  })
  images?: RecipeImageInput[]

  @Field(() => String, { nullable: true, description: 'An http or https address.' })
  sourceUrl?: string | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({
  description: 'Fields that are left out stay as they are; ingredients, steps and labels are replaced as a whole.',
})
export class UpdateRecipeInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  title?: string

  @Field(() => Int, { nullable: true })
  servings?: number

  @Field(() => String, { nullable: true })
  summary?: string

  @Field(() => String, { nullable: true, description: 'The former slug keeps leading to the recipe.' })
  slug?: string

  @Field(() => String, { nullable: true })
  makes?: string

  @Field(() => Int, { nullable: true })
  prepMinutes?: number | null

  @Field(() => Int, { nullable: true })
  cookMinutes?: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'The sum of the other two again where they change and this is left out.',
  })
  totalMinutes?: number | null

  @Field(() => String, { nullable: true })
  cuisine?: string

  @Field(() => [RecipeDiet], { nullable: true })
  diets?: RecipeDietName[]

  @Field(() => [String], { nullable: true })
  labels?: string[]

  @Field(() => NutritionInput, { nullable: true, description: 'Replaces all figures; null: none.' })
  nutrition?: NutritionInput | null

  @Field(() => [IngredientInput], { nullable: true })
  ingredients?: IngredientInput[]

  @Field(() => [StepInput], { nullable: true })
  steps?: StepInput[]

  @Field(() => [RecipeImageInput], {
    nullable: true,
    description: 'Replaces them all; those that the recipe has already are named again to stay.',
  })
  images?: RecipeImageInput[]

  @Field(() => String, { nullable: true })
  sourceUrl?: string | null
}

@InputType()
export class RecipeInput {
  @Field(() => ID)
  id: string
}

export const BecomeChefPayload = payloadOf('BecomeChefPayload', 'account', () => Account, 'The viewer, now a chef.')
export const CreateRecipePayload = payloadOf('CreateRecipePayload', 'recipe', () => Recipe, 'The new recipe, a draft.')
export const UpdateRecipePayload = payloadOf('UpdateRecipePayload', 'recipe', () => Recipe, 'The changed recipe.')
export const PublishRecipePayload = payloadOf('PublishRecipePayload', 'recipe', () => Recipe, 'The published recipe.')
export const ArchiveRecipePayload = payloadOf('ArchiveRecipePayload', 'recipe', () => Recipe, 'The archived recipe.')
export const DeleteRecipePayload = payloadOf('DeleteRecipePayload', 'deletedId', () => ID, 'The id of what is gone.')
