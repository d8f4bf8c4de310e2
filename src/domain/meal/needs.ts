import type { NeedRow } from '../../db/queries/meal.ts'
import { scaleOf } from '../recipe/shown-ingredient.ts'
import type { Need } from './merge.ts'

/** Rows of ingredients as what is to be added up. Optional ones are left to the cook. */
export const needsOf = (rows: readonly NeedRow[]): Need[] => toNeeds(rows.filter(({ isOptional }) => !isOptional))

/** Those that were left to the cook. */
export const optionalNeedsOf = (rows: readonly NeedRow[]): Need[] =>
  toNeeds(rows.filter(({ isOptional }) => isOptional))

const toNeeds = (rows: readonly NeedRow[]): Need[] =>
  rows.map(({ name, plural, aisle, isLiquid, gramsPerCup, servings, writtenServings, isOptional: _, ...row }) => ({
    ...row,
    known:
      name === null
        ? null
        : { name, plural: plural ?? name, aisle: aisle ?? '', isLiquid: isLiquid ?? false, gramsPerCup },
    scale: scaleOf(servings, writtenServings),
  }))
