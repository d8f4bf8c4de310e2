import { sql } from 'drizzle-orm'
import { check, index, pgEnum, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'

export const exerciseKind = pgEnum('exercise_kind', [
  'WEIGHT_AND_REPS',
  'BODYWEIGHT_REPS',
  'TIME',
  'DISTANCE',
  'WEIGHT_AND_DISTANCE',
])
export const equipment = pgEnum('equipment', [
  'NONE',
  'BARBELL',
  'DUMBBELL',
  'KETTLEBELL',
  'MACHINE',
  'CABLE',
  'BAND',
  'PULL_UP_BAR',
  'SUSPENSION',
  'CARDIO_MACHINE',
  'OTHER',
])

/** Those of `catalogue/exercises.json`, copied at every start, and those that members made for themselves. */
export const exercises = pgTable(
  'exercises',
  {
    id: id(),
    /** Null for the catalogue's. */
    ownerId: uuid().references(() => accounts.id),
    /** Of the catalogue's: what it is called in the file, also when it gets another name. */
    code: text().unique('exercises_code_taken'),
    name: text().notNull(),
    kind: exerciseKind().notNull(),
    /** Values of `MUSCLES` in domain/workout/rules, each once. */
    muscles: text().array().notNull(),
    secondaryMuscles: text().array().notNull(),
    equipment: equipment().notNull(),
    instructions: text().notNull().default(''),
    /** It is listed no more; plans and workouts that have it keep it. */
    retiredAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('exercises_name_taken').on(t.ownerId, sql`lower(${t.name})`).where(sql`${t.retiredAt} is null`),
    uniqueIndex('exercises_catalogue_name_taken')
      .on(sql`lower(${t.name})`)
      .where(sql`${t.ownerId} is null and ${t.retiredAt} is null`),
    index('exercises_by_name').on(t.ownerId, t.name, t.id),
    index('exercises_search').using('gin', sql`to_tsvector('english', ${t.name})`).with({ fastupdate: false }),
    check('exercises_catalogue_has_code', sql`(${t.ownerId} is null) = (${t.code} is not null)`),
    check('exercises_name_length', sql`char_length(${t.name}) between 1 and 80`),
    check('exercises_have_muscles', sql`cardinality(${t.muscles}) >= 1`),
    check('exercises_muscles_once', sql`not ${t.muscles} && ${t.secondaryMuscles}`),
  ],
)

export const weightUnit = pgEnum('weight_unit', ['KG', 'LB'])
export const workoutVisibility = pgEnum('workout_visibility', ['PRIVATE', 'FOLLOWERS', 'PUBLIC'])
