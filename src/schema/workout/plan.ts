import { Field, Float, ID, InputType, Int } from 'type-graphql'
import type {
  SetKind as SetKindName,
  WeightUnit as WeightUnitName,
  WorkoutVisibility as WorkoutVisibilityName,
} from '../../domain/workout/rules.ts'
import { Account } from '../account.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { WeightUnit, WorkoutSetKind, WorkoutVisibility } from './enums.ts'
import { Exercise, KEY } from './exercise.ts'
import { Weight, WeightInput } from './weight.ts'

/** As many exercises as a plan or a workout can have, and sets as an exercise (`domain/workout/rules`). */
export const MOST_EXERCISES = 20
export const MOST_SETS = 20

@GraphObject('A set as it is planned.')
export class TargetSet {
  @Field(() => WorkoutSetKind)
  kind: SetKindName

  @Field(() => Int, { nullable: true })
  minReps: number | null

  @Field(() => Int, { nullable: true })
  maxReps: number | null

  @Field(() => Weight, { nullable: true })
  weight: Weight | null

  @Field(() => Int, { nullable: true })
  durationSeconds: number | null

  @Field(() => Int, { nullable: true })
  distanceMetres: number | null

  @Field(() => Float, { nullable: true, description: 'Rate of perceived exertion (RPE), 1 to 10 in halves.' })
  effort: number | null

  @Field(() => Int, { nullable: true, description: 'Rest after it; that of the exercise unless told.' })
  restSeconds: number | null
}

@GraphObject('An exercise at its place in a plan.', [Node])
export class WorkoutPlanExercise extends Node {
  @Field(() => Exercise)
  exercise: Exercise

  @Field(() => Int, { description: 'Its place, from 0.' })
  position: number

  @Field(() => String)
  notes: string

  @Field(() => Int, { nullable: true, description: 'Rest after each set.' })
  restSeconds: number | null

  @Field(() => Int, { nullable: true, description: 'Exercises with the same number are done in turns.' })
  superset: number | null

  @Costs({ atMost: MOST_SETS })
  @Field(() => [TargetSet])
  targets: TargetSet[]
}

@GraphObject(
  'What to train, to be scheduled as often as one likes. Workouts keep the plan as it was when they were made.',
  [Node],
)
export class WorkoutPlan extends Node {
  @Field(() => Account)
  owner: Account

  @Field(() => String)
  name: string

  @Field(() => String)
  notes: string

  @Field(() => WorkoutVisibility)
  visibility: WorkoutVisibilityName

  @Field(() => Int, { description: 'Raised by each change of its exercises.' })
  version: number

  @Costs({ atMost: MOST_EXERCISES })
  @Field(() => [WorkoutPlanExercise])
  exercises: WorkoutPlanExercise[]

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime)
  updatedAt: string

  @Field(() => Boolean)
  viewerCanEdit: boolean
}

export const { Connection: WorkoutPlanConnection } = connectionOf(WorkoutPlan)

@GraphObject('How the viewer wants to train and to see it.')
export class WorkoutSettings {
  @Field(() => WeightUnit, {
    description:
      'Of weights that are given without a unit, and for clients to show; kilograms until another is chosen. What was logged stays as it was.',
  })
  weightUnit: WeightUnitName

  @Field(() => Int, { description: 'How many workouts a week keep a streak going.' })
  weeklyGoal: number

  @Field(() => WorkoutVisibility, { description: 'Of new workouts and plans that do not say it themselves.' })
  visibility: WorkoutVisibilityName
}

@InputType({ description: 'A set to do. It may leave open what its exercise is measured in.' })
export class TargetSetInput {
  @Field(() => WorkoutSetKind, { defaultValue: WorkoutSetKind.NORMAL })
  kind: SetKindName

  @Field(() => Int, { nullable: true })
  minReps?: number

  @Field(() => Int, { nullable: true })
  maxReps?: number

  @Field(() => WeightInput, { nullable: true })
  weight?: WeightInput

  @Field(() => Int, { nullable: true })
  durationSeconds?: number

  @Field(() => Int, { nullable: true })
  distanceMetres?: number

  @Field(() => Float, { nullable: true, description: 'Rate of perceived exertion (RPE), 1 to 10 in halves.' })
  effort?: number

  @Field(() => Int, { nullable: true })
  restSeconds?: number
}

@InputType()
export class PlannedExerciseInput {
  @Field(() => ID)
  exerciseId: string

  @Field(() => String, { nullable: true })
  notes?: string

  @Field(() => Int, { nullable: true, description: 'Rest after each set, at most an hour.' })
  restSeconds?: number

  @Field(() => Int, { nullable: true, description: 'Exercises with the same number are done in turns.' })
  superset?: number

  @Field(() => [TargetSetInput], { nullable: true, description: 'At most 20.' })
  targets?: TargetSetInput[]
}

@InputType()
export class CreateWorkoutPlanInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Makes a plan of a workout that the viewer may see: what was done in it is what is to be done. Name and exercises are the workout’s unless they are given.',
  })
  workoutId?: string

  @Field(() => String, { nullable: true, description: '1 to 100 characters; needed without `workoutId`.' })
  name?: string

  @Field(() => String, { nullable: true })
  notes?: string

  @Field(() => WorkoutVisibility, { nullable: true, description: 'As the viewer’s settings say unless told.' })
  visibility?: WorkoutVisibilityName

  @Field(() => [PlannedExerciseInput], {
    nullable: true,
    description: 'In their order, at most 20; needed without `workoutId`.',
  })
  exercises?: PlannedExerciseInput[]

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'What is left out stays.' })
export class UpdateWorkoutPlanInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => String, { nullable: true })
  notes?: string

  @Field(() => WorkoutVisibility, { nullable: true })
  visibility?: WorkoutVisibilityName

  @Field(() => [PlannedExerciseInput], {
    nullable: true,
    description: 'All of them, in their order; what is not among them is taken out.',
  })
  exercises?: PlannedExerciseInput[]

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Workouts that are still planned become what the plan is now. Otherwise they stay as they are.',
  })
  applyToPlanned: boolean
}

@InputType()
export class WorkoutPlanInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class CopyWorkoutPlanInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class MoveInput {
  @Field(() => ID)
  id: string

  @Field(() => Int, { description: 'The place it is to have, from 0.' })
  position: number
}

@InputType({ description: 'What is left out stays.' })
export class UpdateWorkoutSettingsInput {
  @Field(() => WeightUnit, { nullable: true })
  weightUnit?: WeightUnitName

  @Field(() => Int, { nullable: true, description: '1 to 14.' })
  weeklyGoal?: number

  @Field(() => WorkoutVisibility, { nullable: true })
  visibility?: WorkoutVisibilityName
}

const plan = () => WorkoutPlan
export const CreateWorkoutPlanPayload = payloadOf('CreateWorkoutPlanPayload', 'plan', plan, 'The new plan.')
export const UpdateWorkoutPlanPayload = payloadOf('UpdateWorkoutPlanPayload', 'plan', plan, 'The changed plan.')
export const MovePlanExercisePayload = payloadOf('MovePlanExercisePayload', 'plan', plan, 'The changed plan.')
export const CopyWorkoutPlanPayload = payloadOf('CopyWorkoutPlanPayload', 'plan', plan, 'The copy, the viewer’s own.')
export const DeleteWorkoutPlanPayload = payloadOf('DeleteWorkoutPlanPayload', 'deletedId', () => ID, 'Its id.')
export const UpdateWorkoutSettingsPayload = payloadOf(
  'UpdateWorkoutSettingsPayload',
  'settings',
  () => WorkoutSettings,
  'All settings.',
)
