import { GraphQLSafeInt } from 'graphql-scalars'
import { Field, InputType } from 'type-graphql'
import { showWeight } from '../../core/weight.ts'
import type { WeightUnit as WeightUnitName } from '../../domain/workout/rules.ts'
import { GraphObject } from '../object.ts'
import { WeightUnit } from './enums.ts'

@GraphObject('An exact mass. Grams are kept; pounds are rounded half up to hundredths when they are shown.')
export class Weight {
  @Field(() => GraphQLSafeInt)
  grams: number

  @Field(() => String, { description: 'A decimal, exact: `102.5`.' })
  kilograms: string

  @Field(() => String, { description: 'A decimal, rounded to hundredths: `225.97`.' })
  pounds: string
}

/** A mass as the graph shows it; only what is asked for is written out. */
class ShownWeight {
  constructor(readonly grams: number) {}

  get kilograms(): string {
    return showWeight(this.grams, 'KG')
  }

  get pounds(): string {
    return showWeight(this.grams, 'LB')
  }
}

export const toWeight = (grams: number | null): Weight | null => (grams === null ? null : new ShownWeight(grams))

@InputType({ description: 'A mass in either unit, kept to the gram: `{ amount: "102.5" }`.' })
export class WeightInput {
  @Field(() => String, { description: 'A decimal of at most six places.' })
  amount: string

  @Field(() => WeightUnit, {
    nullable: true,
    description: 'The viewer’s own (`WorkoutSettings.weightUnit`) unless told.',
  })
  unit?: WeightUnitName | null
}
