import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, smallint, text, time, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { exercises, weightUnit, workoutVisibility } from './exercise.ts'

/** A set as it is planned. It is kept as it was when a workout was made of it, and never searched for: so it is JSON. */
export interface TargetSet {
  readonly kind: 'WARM_UP' | 'NORMAL' | 'DROP' | 'FAILURE'
  readonly minReps?: number
  readonly maxReps?: number
  readonly weightGrams?: number
  readonly durationSeconds?: number
  readonly distanceMetres?: number
  /** Rate of perceived exertion, in halves: 17 is 8.5. */
  readonly effortHalves?: number
  readonly restSeconds?: number
}

export const workoutPlans = pgTable(
  'workout_plans',
  {
    id: id(),
    ownerId: uuid()
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    notes: text().notNull().default(''),
    visibility: workoutVisibility().notNull().default('PRIVATE'),
    /** Raised by each change of its exercises, so that a workout says which version it was made of. */
    version: integer().notNull().default(1),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('workout_plans_by_owner').on(t.ownerId, t.createdAt, t.id),
    index('workout_plans_search').using('gin', sql`to_tsvector('english', ${t.name})`).with({ fastupdate: false }),
    index('workout_plans_public').on(t.createdAt, t.id).where(sql`${t.visibility} = 'PUBLIC'`),
    check('workout_plans_name_length', sql`char_length(${t.name}) between 1 and 100`),
  ],
)

/** What an exercise of a plan and one of a workout have in common. */
export const plannedColumns = () => ({
  position: smallint().notNull(),
  notes: text().notNull().default(''),
  restSeconds: integer(),
  /** Exercises of one plan with the same number are done in turns. */
  superset: smallint(),
  targets: jsonb().$type<readonly TargetSet[]>().notNull(),
})

export const workoutPlanExercises = pgTable(
  'workout_plan_exercises',
  {
    id: id(),
    planId: uuid()
      .notNull()
      .references(() => workoutPlans.id, { onDelete: 'cascade' }),
    exerciseId: uuid()
      .notNull()
      .references(() => exercises.id),
    ...plannedColumns(),
  },
  (t) => [
    unique('workout_plan_exercises_in_order').on(t.planId, t.position),
    index('workout_plan_exercises_by_exercise').on(t.exerciseId),
    check('workout_plan_exercises_rest', sql`${t.restSeconds} between 0 and 3600`),
    check('workout_plan_exercises_targets', sql`jsonb_typeof(${t.targets}) = 'array'`),
  ],
)

/** "Mondays and Thursdays at 18:30": workouts are made of a plan, each occurrence once. */
export const workoutRepeats = pgTable(
  'workout_repeats',
  {
    id: id(),
    ownerId: uuid()
      .notNull()
      .references(() => accounts.id),
    planId: uuid()
      .notNull()
      .references(() => workoutPlans.id, { onDelete: 'cascade' }),
    /** 1 is Monday. */
    weekdays: integer().array().notNull(),
    /** 2: every second week, counted from that of the first day. */
    intervalWeeks: smallint().notNull().default(1),
    firstDay: date({ mode: 'string' }).notNull(),
    lastDay: date({ mode: 'string' }),
    /** How many occurrences there are at most. */
    count: integer(),
    localTime: time(),
    timeZone: text().notNull(),
    visibility: workoutVisibility().notNull(),
    /** Occurrences up to this day were made; what was deleted since is not made again. */
    filledThrough: date({ mode: 'string' }).notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('workout_repeats_by_owner').on(t.ownerId, t.createdAt, t.id),
    index('workout_repeats_by_plan').on(t.planId),
    index('workout_repeats_unfilled').on(t.filledThrough, t.id),
    check('workout_repeats_weekdays', sql`cardinality(${t.weekdays}) between 1 and 7`),
    check('workout_repeats_interval', sql`${t.intervalWeeks} between 1 and 8`),
    check('workout_repeats_count', sql`${t.count} between 1 and 1000`),
    check('workout_repeats_ends_after_start', sql`${t.lastDay} is null or ${t.lastDay} >= ${t.firstDay} - 1`),
  ],
)

export const workoutSettings = pgTable(
  'workout_settings',
  {
    accountId: uuid()
      .primaryKey()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    weightUnit: weightUnit().notNull(),
    /** Workouts in a week that keep a streak going. */
    weeklyGoal: smallint().notNull(),
    visibility: workoutVisibility().notNull(),
  },
  (t) => [check('workout_settings_goal', sql`${t.weeklyGoal} between 1 and 14`)],
)
