import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  smallint,
  text,
  time,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { subjects } from '../subject.ts'
import { exercises, workoutVisibility } from './exercise.ts'
import { plannedColumns, workoutPlans, workoutRepeats } from './plan.ts'

export const workoutStatus = pgEnum('workout_status', ['PLANNED', 'IN_PROGRESS', 'DONE', 'SKIPPED', 'CANCELLED'])
export const setKind = pgEnum('set_kind', ['WARM_UP', 'NORMAL', 'DROP', 'FAILURE'])

export const workouts = pgTable(
  'workouts',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    ownerId: uuid()
      .notNull()
      .references(() => accounts.id),
    /** The plan that it was made of, as it was then: what it holds is its own. */
    planId: uuid().references(() => workoutPlans.id, { onDelete: 'set null' }),
    planVersion: integer(),
    repeatId: uuid().references(() => workoutRepeats.id, { onDelete: 'set null' }),
    /** The day on which the repetition has it, also when this one was moved. */
    occurrenceDay: date({ mode: 'string' }),
    /** It was changed by itself, so changes of the repetition pass it by. */
    isDetached: boolean().notNull().default(false),
    name: text().notNull(),
    notes: text().notNull().default(''),
    visibility: workoutVisibility().notNull(),
    status: workoutStatus().notNull().default('PLANNED'),
    localDay: date({ mode: 'string' }).notNull(),
    localTime: time(),
    timeZone: text().notNull(),
    /** When the clocks of its zone show that day and time; without a time, when the day begins there. */
    startsAt: instant().notNull(),
    /** When that day is over in its zone: what is planned still was missed. */
    dayEndsAt: instant().notNull(),
    startedAt: instant(),
    endedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('workouts_of_owner').on(t.id, t.ownerId),
    unique('workouts_occurrence_once').on(t.repeatId, t.occurrenceDay),
    index('workouts_by_owner').on(t.ownerId, t.startsAt, t.id),
    index('workouts_done').on(t.ownerId, t.startedAt, t.id).where(sql`${t.status} = 'DONE'`),
    index('workouts_open').on(t.ownerId, t.startsAt, t.id).where(sql`${t.status} in ('PLANNED', 'IN_PROGRESS')`),
    index('workouts_public').on(t.startedAt, t.id).where(sql`${t.status} = 'DONE' and ${t.visibility} = 'PUBLIC'`),
    index('workouts_by_plan').on(t.planId),
    index('workouts_search').using('gin', sql`to_tsvector('english', ${t.name})`).with({ fastupdate: false }),
    check('workouts_name_length', sql`char_length(${t.name}) between 1 and 100`),
    check('workouts_planned_not_started', sql`${t.status} <> 'PLANNED' or ${t.startedAt} is null`),
    check('workouts_begun_has_start', sql`${t.status} not in ('IN_PROGRESS', 'DONE') or ${t.startedAt} is not null`),
    check('workouts_done_has_end', sql`(${t.status} = 'DONE') = (${t.endedAt} is not null)`),
    check('workouts_end_after_start', sql`${t.endedAt} >= ${t.startedAt}`),
    check('workouts_day_ends', sql`${t.dayEndsAt} > ${t.startsAt}`),
    check('workouts_occurrence_has_day', sql`${t.repeatId} is null or ${t.occurrenceDay} is not null`),
  ],
)

/**
 * An exercise of a workout, with what its sets come to. Warm-ups do not count. The database keeps the sums with each set that is
 * written, so that reports and plots read one row instead of the sets.
 */
export const workoutExercises = pgTable(
  'workout_exercises',
  {
    id: id(),
    workoutId: uuid().notNull(),
    ownerId: uuid().notNull(),
    exerciseId: uuid()
      .notNull()
      .references(() => exercises.id),
    ...plannedColumns(),
    setCount: integer().notNull().default(0),
    repCount: integer().notNull().default(0),
    /** Grams lifted, each as often as it was lifted. */
    volumeGrams: bigint({ mode: 'number' }).notNull().default(0),
    totalSeconds: integer().notNull().default(0),
    totalMetres: integer().notNull().default(0),
    bestOneRepMaxGrams: integer(),
    maxWeightGrams: integer(),
    mostReps: integer(),
    longestSeconds: integer(),
    longestMetres: integer(),
  },
  (t) => [
    foreignKey({
      name: 'workout_exercises_of_workout',
      columns: [t.workoutId, t.ownerId],
      foreignColumns: [workouts.id, workouts.ownerId],
    }).onDelete('cascade'),
    unique('workout_exercises_in_order').on(t.workoutId, t.position),
    unique('workout_exercises_in_workout').on(t.id, t.workoutId),
    index('workout_exercises_by_exercise').on(t.exerciseId),
    index('workout_exercises_progress').on(t.ownerId, t.exerciseId, t.workoutId),
    check('workout_exercises_rest', sql`${t.restSeconds} between 0 and 3600`),
    check('workout_exercises_targets', sql`jsonb_typeof(${t.targets}) = 'array'`),
  ],
)

/** A set as it was done. */
export const workoutSets = pgTable(
  'workout_sets',
  {
    id: id(),
    workoutId: uuid().notNull(),
    workoutExerciseId: uuid().notNull(),
    /** What the client calls it: a phone that repeats itself writes it once. */
    clientId: text(),
    position: smallint().notNull(),
    kind: setKind().notNull(),
    reps: integer(),
    weightGrams: integer(),
    durationSeconds: integer(),
    distanceMetres: integer(),
    /** Rate of perceived exertion, in halves: 17 is 8.5. */
    effortHalves: smallint(),
    /** After Epley, rounded to the gram; one repetition is what it is. */
    oneRepMaxGrams: integer().generatedAlwaysAs(
      sql`case when reps = 1 then weight_grams when reps > 1 then round(weight_grams::numeric * (30 + reps) / 30)::integer end`,
    ),
    loggedAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    foreignKey({
      name: 'workout_sets_exercise_in_workout',
      columns: [t.workoutExerciseId, t.workoutId],
      foreignColumns: [workoutExercises.id, workoutExercises.workoutId],
    }).onDelete('cascade'),
    unique('workout_sets_in_order').on(t.workoutExerciseId, t.position),
    unique('workout_sets_client_once').on(t.workoutId, t.clientId),
    check('workout_sets_reps', sql`${t.reps} between 0 and 1000`),
    check('workout_sets_weight', sql`${t.weightGrams} between 0 and 1000000`),
    check('workout_sets_duration', sql`${t.durationSeconds} between 1 and 86400`),
    check('workout_sets_distance', sql`${t.distanceMetres} between 1 and 1000000`),
    check('workout_sets_effort', sql`${t.effortHalves} between 2 and 20`),
  ],
)
