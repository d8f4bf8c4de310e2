import { Field, Int } from 'type-graphql'
import type { ReactionKind } from '../../domain/reaction.ts'
import type { RecipeDiet as RecipeDietName, RecipeStatus as RecipeStatusName } from '../../domain/recipe/rules.ts'
import { Account } from '../account.ts'
import { Commentable } from '../comment.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Pollable } from '../poll/poll.ts'
import { Reactable, type ReactionCount } from '../reaction.ts'
import { type RatingCount, type Review, Reviewable } from '../review.ts'
import { DateTime, LocalDate } from '../scalars.ts'
import { Surveyable } from '../survey/survey.ts'
import { Image } from '../upload.ts'
import { Food, NutritionFacts, Quantity, Unit } from './food.ts'

export const RecipeStatus = enumOf<RecipeStatusName>('RecipeStatus', 'Where a recipe is in its life.', {
  DRAFT: 'Its chef is writing. Nobody else can see it.',
  PUBLISHED: 'Everybody can cook it.',
  ARCHIVED: 'It was taken off the lists; its chef can bring it back.',
})

export const RecipeDiet = enumOf<RecipeDietName>('RecipeDiet', 'Whom a dish suits, in the terms of schema.org.', {
  DIABETIC: 'For people with diabetes.',
  GLUTEN_FREE: 'Without gluten.',
  HALAL: 'Halal.',
  HINDU: 'Without beef.',
  KOSHER: 'Kosher.',
  LOW_CALORIE: 'With few calories.',
  LOW_FAT: 'With little fat.',
  LOW_LACTOSE: 'With little lactose.',
  LOW_SALT: 'With little salt.',
  VEGAN: 'Without anything from animals. Such a dish is found as a vegetarian one, too.',
  VEGETARIAN: 'Without meat and fish.',
})

export const RecipeOrder = enumOf<'NEWEST' | 'OLDEST' | 'RATING' | 'QUICKEST' | 'RELEVANCE'>(
  'RecipeOrder',
  'In which order recipes are listed.',
  {
    NEWEST: 'The latest publication first.',
    OLDEST: 'The earliest publication first.',
    RATING:
      'The best rated first: the average counts as if five more members had given three stars, so that one good word is not better than a hundred.',
    QUICKEST: 'The shortest total time first, those of an unknown time last.',
    RELEVANCE: 'The best match of `filter.text` first; without a text the same as `NEWEST`.',
  },
)

@GraphObject('A word that recipes are filed under. Chefs make them up.')
export class RecipeLabel {
  @Field(() => String, { description: 'Its name in filters: `quick-dinner`.' })
  slug: string

  @Field(() => String)
  name: string
}

@GraphObject('What goes in.')
export class RecipeIngredient {
  @Field(() => String, { description: 'All of it in one line: `1½ cups flour, sifted`.' })
  text: string

  @Field(() => String, { nullable: true, description: 'The part of the dish that it belongs to: `For the dough`.' })
  group: string | null

  @Field(() => Quantity, { nullable: true, description: 'Null for as much as one likes.' })
  quantity: Quantity | null

  @Field(() => Quantity, { nullable: true, description: 'The end of a range: `2–3`.' })
  upTo: Quantity | null

  @Field(() => Unit, { nullable: true, description: 'Null for what is simply counted: two eggs.' })
  unit: Unit | null

  @Field(() => String, { description: 'As the chef calls it.' })
  foodName: string

  @Field(() => Food, { nullable: true, description: 'Null for what the catalogue does not know.' })
  food: Food | null

  @Field(() => String, { nullable: true })
  note: string | null

  @Field(() => Boolean)
  isOptional: boolean
}

@GraphObject('Ingredients that belong together.')
export class IngredientGroup {
  @Field(() => String, { nullable: true, description: 'Null for those before the first heading.' })
  title: string | null

  @Costs({ atMost: 100 })
  @Field(() => [RecipeIngredient])
  ingredients: RecipeIngredient[]
}

@GraphObject('What is done.')
export class RecipeStep {
  @Field(() => Int, { description: 'From 1.' })
  number: number

  @Field(() => String, { nullable: true, description: 'The part of the work: `The sauce`.' })
  section: string | null

  @Field(() => String, { description: 'As it was written: Markdown.' })
  body: string

  @Field(() => String, { description: 'Rendered and sanitised: safe to place into a page.' })
  bodyHtml: string

  @Field(() => Int, { nullable: true, description: 'How long it takes, where that is worth a timer.' })
  minutes: number | null
}

@GraphObject('A recipe of a chef.', [Commentable, Reactable, Reviewable, Pollable, Surveyable, Node])
export class Recipe extends Commentable {
  reactionCounts: ReactionCount[]
  reactionCount: number
  viewerReactions: ReactionKind[]
  pollCount: number
  surveyCount: number
  averageRating: number | null
  reviewCount: number
  ratingCounts: RatingCount[]
  viewerReview: Review | null
  viewerMayReview: boolean

  @Field(() => Account)
  chef: Account

  @Field(() => String)
  title: string

  @Field(() => String, {
    description: 'Its name in addresses, unique for its chef. Former slugs of a recipe keep leading to it.',
  })
  slug: string

  @Field(() => String, { description: 'Where people read it.' })
  url: string

  @Field(() => String, { description: 'What it is, in a few sentences. Plain text.' })
  summary: string

  @Field(() => RecipeStatus)
  status: RecipeStatusName

  @Field(() => Int, { description: 'How many it is written for; `ingredients(servings:)` computes it for others.' })
  servings: number

  @Field(() => [Image], { description: 'The first one is the cover.' })
  images: Image[]

  @Field(() => Image, { nullable: true, description: 'The first of the images.' })
  cover: Image | null

  @Field(() => String, { nullable: true, description: 'What comes out of it, in words: `24 biscuits`.' })
  makes: string | null

  @Field(() => Int, { nullable: true })
  prepMinutes: number | null

  @Field(() => Int, { nullable: true })
  cookMinutes: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'With resting and rising, as the chef says; else the sum of the other two.',
  })
  totalMinutes: number | null

  @Field(() => String, { nullable: true, description: 'Where it comes from: `Thai`.' })
  cuisine: string | null

  @Field(() => [RecipeDiet])
  diets: RecipeDietName[]

  @Field(() => [RecipeLabel])
  labels: RecipeLabel[]

  @Field(() => [RecipeStep])
  steps: RecipeStep[]

  @Field(() => NutritionFacts, {
    nullable: true,
    description:
      'Of one serving: what the chef says; else added up from the foods, if all of them and their weights are known. `source` says which.',
  })
  nutrition: NutritionFacts | null

  @Field(() => NutritionFacts, {
    nullable: true,
    description: 'Of one serving, added up from the foods, also where the chef gave figures.',
  })
  computedNutrition: NutritionFacts | null

  @Field(() => String, { nullable: true, description: 'The page that it was imported from.' })
  sourceUrl: string | null

  @Field(() => Int, { description: 'Members who keep it as a favourite.' })
  favouriteCount: number

  @Field(() => Int, { description: 'How often members cooked it.' })
  cookedCount: number

  @Field(() => DateTime, { nullable: true, description: 'When it first appeared.' })
  publishedAt: string | null

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime)
  updatedAt: string

  @Field(() => Boolean)
  viewerHasFavourited: boolean

  @Field(() => Boolean)
  viewerCanEdit: boolean

  @Field(() => Boolean)
  viewerCanArchive: boolean
}

export const { Connection: RecipeConnection, Edge: RecipeEdge } = connectionOf(Recipe)

@GraphObject('What a member cooked, in their own log.', [Node])
export class CookedMeal extends Node {
  @Field(() => String, { description: 'Of the recipe, when it was cooked.' })
  title: string

  @Field(() => Recipe, { nullable: true, description: 'Null where it is gone, or no longer for the viewer to see.' })
  recipe: Recipe | null

  @Field(() => LocalDate)
  cookedOn: string

  @Field(() => Int, { nullable: true })
  servings: number | null

  @Field(() => String)
  note: string

  @Field(() => Image, { nullable: true })
  photo: Image | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: CookedMealConnection } = connectionOf(CookedMeal)

export const { Connection: RecipeLabelConnection } = connectionOf(RecipeLabel)
