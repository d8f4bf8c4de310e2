import { sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, type Entity, entity, hasMany, type RowOf } from '../relation.ts'
import { exercises } from '../tables/workout/exercise.ts'
import { workoutPlanExercises, workoutPlans, workoutRepeats } from '../tables/workout/plan.ts'
import { workoutExercises, workoutSets, workouts } from '../tables/workout/workout.ts'

export type ExerciseRow = RowOf<typeof exercises>
export type WorkoutPlanRow = RowOf<typeof workoutPlans>
export type WorkoutPlanExerciseRow = RowOf<typeof workoutPlanExercises>
export type WorkoutRepeatRow = RowOf<typeof workoutRepeats>
export type WorkoutRow = RowOf<typeof workouts>
export type WorkoutExerciseRow = RowOf<typeof workoutExercises>
export type WorkoutSetRow = RowOf<typeof workoutSets, 'clientId'>

export const exerciseEntity = entity('Exercise', exercises)
export const planEntity = entity('WorkoutPlan', workoutPlans)
const planExerciseEntity = entity('WorkoutPlanExercise', workoutPlanExercises)
export const repeatEntity = entity('WorkoutRepeat', workoutRepeats)
export const workoutEntity = entity('Workout', workouts)
export const setEntity: Entity<WorkoutSetRow> = entity('WorkoutSet', workoutSets, ['clientId'])

const bare = entity('WorkoutExercise', workoutExercises)
/** What is lifted in a lifetime has fewer digits than a double. */
const volumeGrams = sql`${workoutExercises.volumeGrams}::float8`
const entryEntity: Entity<WorkoutExerciseRow> = { ...bare, columns: { ...bare.columns, volumeGrams } }

export const exerciseById = belongsTo(exerciseEntity, exercises.id)
export const planById = belongsTo(planEntity, workoutPlans.id)
export const planExerciseById = belongsTo(planExerciseEntity, workoutPlanExercises.id)
export const repeatById = belongsTo(repeatEntity, workoutRepeats.id)
export const workoutById = belongsTo(workoutEntity, workouts.id)
export const workoutExerciseById = belongsTo(entryEntity, workoutExercises.id)
export const setById = belongsTo(setEntity, workoutSets.id)

const inOrder = (position: PgColumn): KeysetOrder => ({
  name: 'POSITION',
  direction: 'asc',
  keys: [{ value: position, type: 'integer' }],
})

export const planExerciseList = hasMany(planExerciseEntity, {
  by: workoutPlanExercises.planId,
  order: inOrder(workoutPlanExercises.position),
})
export const workoutExerciseList = hasMany(entryEntity, {
  by: workoutExercises.workoutId,
  order: inOrder(workoutExercises.position),
})
export const setList = hasMany(setEntity, {
  by: workoutSets.workoutExerciseId,
  order: inOrder(workoutSets.position),
})

const byAge = (name: string, direction: 'asc' | 'desc', at: PgColumn, id: PgColumn): KeysetOrder => ({
  name,
  direction,
  keys: [
    { value: at, type: 'timestamptz' },
    { value: id, type: 'uuid' },
  ],
})

export const planOrders = {
  NEWEST: byAge('NEWEST', 'desc', workoutPlans.createdAt, workoutPlans.id),
  LATEST_CHANGED: byAge('LATEST_CHANGED', 'desc', workoutPlans.updatedAt, workoutPlans.id),
  NAME: {
    name: 'NAME',
    direction: 'asc',
    keys: [
      { value: workoutPlans.name, type: 'text' },
      { value: workoutPlans.id, type: 'uuid' },
    ],
  },
} satisfies Record<string, KeysetOrder>
export const NEWEST_REPEAT = byAge('NEWEST', 'desc', workoutRepeats.createdAt, workoutRepeats.id)
export const LATEST_DONE = byAge('LATEST_DONE', 'desc', workouts.startedAt, workouts.id)

/** By when they are planned for. */
export const workoutOrders = {
  NEXT: byAge('NEXT', 'asc', workouts.startsAt, workouts.id),
  LATEST: byAge('LATEST', 'desc', workouts.startsAt, workouts.id),
} satisfies Record<string, KeysetOrder>
