import { Field, Int } from 'type-graphql'
import type { NutritionFacts as NutritionFactsView } from '../../domain/recipe/nutrition.ts'
import type {
  UnitKind as UnitKindName,
  UnitPreference,
  UnitSystem as UnitSystemName,
} from '../../domain/recipe/units.ts'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'

export const UnitKind = enumOf<UnitKindName>('UnitKind', 'What a unit measures.', {
  MASS: 'Weight.',
  VOLUME: 'What is poured or heaped into a cup.',
  COUNT: 'Cloves, slices, bunches: nobody says how much one is.',
})

export const UnitSystem = enumOf<UnitSystemName>('UnitSystem', 'Whose cooks use a unit.', {
  METRIC: 'Grams and millilitres.',
  US: 'Ounces and cups, the US customary ones.',
  ANY: 'Spoons and what is counted.',
})

export const Units = enumOf<UnitPreference>('Units', 'In which units amounts are shown.', {
  AS_WRITTEN: 'As the chef wrote them.',
  METRIC:
    'Grams and kilograms, millilitres and litres; cups of what is not poured are weighed where it is known how much a cup weighs.',
  US: 'Ounces and pounds, spoons and cups; what US cooks measure in cups is measured in cups.',
})

/** Of the argument `units`, wherever amounts are shown. */
export const UNITS =
  'The viewer’s own (`Viewer.units`) unless told; for who has chosen none, and for guests, as they were written.'

@GraphObject('A unit of the kitchen.')
export class Unit {
  @Field(() => String, { description: 'As inputs name it: `tbsp`. They take names and abbreviations as well.' })
  code: string

  @Field(() => String)
  name: string

  @Field(() => String)
  plural: string

  @Field(() => UnitKind)
  kind: UnitKindName

  @Field(() => UnitSystem)
  system: UnitSystemName

  @Field(() => Boolean, { description: 'It is bought whole: half a can is a can. Pinches and handfuls are not.' })
  isWhole: boolean
}

@GraphObject('An amount. It is computed exactly, and rounded only in `text`.')
export class Quantity {
  @Field(() => String, {
    description:
      'As cooks write it: `½`, `1¼`, `250`. As it was written where nothing was scaled or converted; otherwise cups, spoons and pieces to the nearest eighth or third, grams and millilitres to three digits but to no less than whole ones.',
  })
  text: string

  @Field(() => String, { description: 'A decimal of at most six places: `0.333333`.' })
  decimal: string

  @Field(() => String, { description: 'Exact, as a whole number or a ratio: `1/3`.' })
  ratio: string
}

export const NutritionSource = enumOf<NutritionFactsView['source']>('NutritionSource', 'Where the figures come from.', {
  CHEF: 'The chef gave them.',
  COMPUTED: 'They are added up from the foods that go in (USDA FoodData Central).',
})

@GraphObject('What is in it. Decimals; null for what is not known.')
export class Nutrition {
  @Field(() => String, { nullable: true, description: 'Kilocalories.' })
  energyKcal: string | null

  @Field(() => String, { nullable: true, description: 'Grams.' })
  proteinG: string | null

  @Field(() => String, { nullable: true, description: 'Grams.' })
  fatG: string | null

  @Field(() => String, { nullable: true, description: 'Grams.' })
  carbohydrateG: string | null

  @Field(() => String, { nullable: true, description: 'Grams.' })
  fibreG: string | null

  @Field(() => String, { nullable: true, description: 'Milligrams.' })
  sodiumMg: string | null
}

@GraphObject('What is in one serving.')
export class NutritionFacts extends Nutrition {
  @Field(() => NutritionSource)
  source: NutritionFactsView['source']

  @Field(() => [String], {
    description: 'Ingredients that are not in the figures: those without an amount, and optional ones.',
  })
  leftOut: string[]
}

@GraphObject('A food of the catalogue, by which ingredients of different recipes are known to be the same.', [Node])
export class Food extends Node {
  @Field(() => String)
  slug: string

  @Field(() => String)
  name: string

  @Field(() => String)
  plural: string

  @Field(() => String, { description: 'Where a shop keeps it.' })
  aisle: string

  @Field(() => Boolean, { description: 'It is poured.' })
  isLiquid: boolean

  @Field(() => String, {
    nullable: true,
    description: 'What a US cup of it weighs; null where nobody measures it by volume.',
  })
  gramsPerCup: string | null

  @Field(() => Nutrition, { nullable: true, description: 'Of 100 grams (USDA FoodData Central).' })
  nutrition: Nutrition | null

  @Field(() => Int, { description: 'Published recipes with it.' })
  recipeCount: number
}

export const { Connection: FoodConnection } = connectionOf(Food)
