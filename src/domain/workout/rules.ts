import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { RecordRow } from '../../db/queries/workout/records.ts'
import type { equipment, exerciseKind, weightUnit, workoutVisibility } from '../../db/tables/workout/exercise.ts'
import type { setKind, workoutStatus } from '../../db/tables/workout/workout.ts'
import type { Viewer } from '../viewer.ts'

export type ExerciseKind = (typeof exerciseKind.enumValues)[number]
export type Equipment = (typeof equipment.enumValues)[number]
export type SetKind = (typeof setKind.enumValues)[number]
export type WorkoutStatus = (typeof workoutStatus.enumValues)[number]
export type WorkoutVisibility = (typeof workoutVisibility.enumValues)[number]
/** In what one can be better than before. */
export type RecordKind = RecordRow['kind']
export type WeightUnit = (typeof weightUnit.enumValues)[number]

export const MUSCLES = [
  'CHEST',
  'UPPER_BACK',
  'LATS',
  'LOWER_BACK',
  'TRAPS',
  'SHOULDERS',
  'BICEPS',
  'TRICEPS',
  'FOREARMS',
  'ABS',
  'OBLIQUES',
  'HIP_FLEXORS',
  'GLUTES',
  'QUADRICEPS',
  'HAMSTRINGS',
  'ADDUCTORS',
  'ABDUCTORS',
  'CALVES',
  'NECK',
  'FULL_BODY',
  'CARDIO',
] as const
export type Muscle = (typeof MUSCLES)[number]

/**
 * Done is done: its sets can still be put right. What was skipped or called off can be taken up again, as long as it was
 * not replaced by something else.
 */
export const workoutLifecycle = lifecycle<WorkoutStatus>('workout', {
  PLANNED: ['IN_PROGRESS', 'SKIPPED', 'CANCELLED'],
  IN_PROGRESS: ['DONE', 'SKIPPED', 'CANCELLED'],
  DONE: [],
  SKIPPED: ['PLANNED'],
  CANCELLED: ['PLANNED'],
})

export const MAX_EXERCISES = 20
export const MAX_SETS_PER_EXERCISE = 20
export const MAX_OWN_EXERCISES = 500
export const MAX_PLANS = 200
export const MAX_REPEATS = 30
export const MAX_REPS = 1000
/** A tonne: more than anybody has lifted in any way. */
export const MAX_WEIGHT_GRAMS = 1_000_000
export const MAX_SET_SECONDS = 86_400
export const MAX_SET_METRES = 1_000_000

type Measure = 'reps' | 'weightGrams' | 'durationSeconds' | 'distanceMetres'
/** What a set of each kind of exercise says; what is not named here it cannot say. */
export const MEASURES: Readonly<
  Record<ExerciseKind, { readonly needs: readonly Measure[]; readonly may: readonly Measure[] }>
> = {
  WEIGHT_AND_REPS: { needs: ['reps', 'weightGrams'], may: [] },
  BODYWEIGHT_REPS: { needs: ['reps'], may: ['weightGrams'] },
  TIME: { needs: ['durationSeconds'], may: ['weightGrams'] },
  DISTANCE: { needs: ['distanceMetres'], may: ['durationSeconds'] },
  WEIGHT_AND_DISTANCE: { needs: ['distanceMetres', 'weightGrams'], may: ['durationSeconds'] },
}

export interface WorkoutFacts {
  readonly ownerId: Uuid
  readonly visibility: WorkoutVisibility
}

export const isOwner = (viewer: Viewer | null, { ownerId }: Pick<WorkoutFacts, 'ownerId'>): boolean =>
  viewer !== null && viewer.accountId === ownerId

/** Staff is no exception: what somebody trains is theirs to show. */
export const canSeeShared = (viewer: Viewer | null, thing: WorkoutFacts, follows: boolean): boolean =>
  thing.visibility === 'PUBLIC' ||
  isOwner(viewer, thing) ||
  (viewer !== null && thing.visibility === 'FOLLOWERS' && follows)

/** What can be logged, and put right afterwards. */
export const canLog = (viewer: Viewer | null, workout: WorkoutFacts & { status: WorkoutStatus }): boolean =>
  isOwner(viewer, workout) && (workout.status === 'IN_PROGRESS' || workout.status === 'DONE')

/**
 * The weight that somebody could lift once, from one that they lifted several times: w · (1 + reps / 30) (Boyd Epley,
 * "Poundage Chart", 1985), in grams, rounded half up. One repetition is the weight itself; none is nothing. The database
 * computes the same for each set (`workout_sets.one_rep_max_grams`).
 */
export function oneRepMaxGrams(weightGrams: number, reps: number): number | null {
  if (reps < 1) return null
  return reps === 1 ? weightGrams : Math.floor((2 * weightGrams * (30 + reps) + 30) / 60)
}

export interface StatusCounts {
  readonly planned: number
  readonly inProgress: number
  readonly done: number
  readonly skipped: number
  readonly cancelled: number
}

/** How many of 100 were done, cancelled ones left out; null where nothing is left. Not rounded. */
export function percentFinished({ planned, inProgress, done, skipped }: StatusCounts): number | null {
  const all = planned + inProgress + done + skipped
  return all === 0 ? null : (100 * done) / all
}

export interface Streak {
  /** Weeks in a row in which the goal was reached, up to this one or, while this one lasts, the one before. */
  readonly currentWeeks: number
  readonly longestWeeks: number
}

/** `counts` are the workouts done in each week, the oldest first; the last one is the week that it is now. */
export function streakOf(counts: readonly number[], goal: number): Streak {
  let longestWeeks = 0
  let run = 0
  let beforeThis = 0
  for (const [week, count] of counts.entries()) {
    if (week === counts.length - 1) beforeThis = run
    run = count >= goal ? run + 1 : 0
    longestWeeks = Math.max(longestWeeks, run)
  }
  return { currentWeeks: run === 0 ? beforeThis : run, longestWeeks }
}
