import { Field, ID, InputType, Int } from 'type-graphql'
import type {
  Equipment as EquipmentName,
  ExerciseKind as ExerciseKindName,
  Muscle as MuscleName,
  RecordKind as RecordKindName,
} from '../../domain/workout/rules.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { ExerciseEquipment, ExerciseKind, MuscleGroup, RecordKind } from './enums.ts'
import { Weight } from './weight.ts'

export const KEY = 'The same key and input again gets the first answer. 8 to 100 printable characters.'

@GraphObject('Something to train with: of the catalogue, or a member’s own.', [Node])
export class Exercise extends Node {
  @Field(() => String)
  name: string

  @Field(() => ExerciseKind)
  kind: ExerciseKindName

  @Field(() => [MuscleGroup], { description: 'What it is for first and foremost.' })
  muscles: MuscleName[]

  @Field(() => [MuscleGroup], { description: 'What works along.' })
  secondaryMuscles: MuscleName[]

  @Field(() => ExerciseEquipment)
  equipment: EquipmentName

  @Field(() => String)
  instructions: string

  @Field(() => Boolean, { description: 'A member made it; false for the catalogue’s.' })
  isOwn: boolean

  @Costs({ own: 5, atMost: 2 })
  @Field(() => [PersonalRecord], { description: 'The best that the viewer has done in it so far.' })
  viewerRecords: PersonalRecord[]
}

@GraphObject(
  'The best that somebody has done in an exercise. Warm-ups do not count. The one-rep max is estimated: weight × (1 + reps / 30), and the weight itself for one repetition (Boyd Epley, “Poundage Chart”, 1985).',
)
export class PersonalRecord {
  @Field(() => Exercise)
  exercise: Exercise

  @Field(() => RecordKind)
  kind: RecordKindName

  @Field(() => Weight, { nullable: true, description: 'Of `ONE_REP_MAX` and `MAX_WEIGHT`.' })
  weight: Weight | null

  @Field(() => Int, { nullable: true, description: 'Of `MOST_REPS`.' })
  reps: number | null

  @Field(() => Int, { nullable: true, description: 'Of `LONGEST_DISTANCE`.' })
  distanceMetres: number | null

  @Field(() => Int, { nullable: true, description: 'Of `LONGEST_TIME`.' })
  durationSeconds: number | null

  @Field(() => DateTime, { description: 'When the workout began in which it was first reached.' })
  achievedAt: string
}

export const { Connection: ExerciseConnection } = connectionOf(Exercise)

@InputType({ description: 'Exercises that meet every condition that is given.' })
export class ExerciseFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Words, or parts of them, in the name; hyphens, apostrophes and accents need not be told.',
  })
  text?: string

  @Field(() => [MuscleGroup], { nullable: true, description: 'For any of them first and foremost.' })
  muscles?: MuscleName[]

  @Field(() => [ExerciseEquipment], { nullable: true, description: 'With any of them.' })
  equipment?: EquipmentName[]

  @Field(() => [ExerciseKind], { nullable: true, description: 'Of any of them.' })
  kinds?: ExerciseKindName[]

  @Field(() => Boolean, {
    nullable: true,
    description: 'True for the viewer’s own alone, false for the catalogue alone.',
  })
  own?: boolean
}

@InputType()
export class CreateExerciseInput {
  @Field(() => String, { description: '1 to 80 characters, unlike any of the catalogue or of one’s own.' })
  name: string

  @Field(() => ExerciseKind, { description: 'It stays: sets are logged by it.' })
  kind: ExerciseKindName

  @Field(() => [MuscleGroup])
  muscles: MuscleName[]

  @Field(() => [MuscleGroup], { nullable: true })
  secondaryMuscles?: MuscleName[]

  @Field(() => ExerciseEquipment, { defaultValue: ExerciseEquipment.NONE })
  equipment: EquipmentName

  @Field(() => String, { nullable: true })
  instructions?: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'What is left out stays.' })
export class UpdateExerciseInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => [MuscleGroup], { nullable: true })
  muscles?: MuscleName[]

  @Field(() => [MuscleGroup], { nullable: true })
  secondaryMuscles?: MuscleName[]

  @Field(() => ExerciseEquipment, { nullable: true })
  equipment?: EquipmentName

  @Field(() => String, { nullable: true })
  instructions?: string
}

@InputType()
export class ExerciseInput {
  @Field(() => ID)
  id: string
}

export const CreateExercisePayload = payloadOf('CreateExercisePayload', 'exercise', () => Exercise, 'The new exercise.')
export const UpdateExercisePayload = payloadOf('UpdateExercisePayload', 'exercise', () => Exercise, 'The exercise.')
export const DeleteExercisePayload = payloadOf('DeleteExercisePayload', 'deletedId', () => ID, 'Its id.')
