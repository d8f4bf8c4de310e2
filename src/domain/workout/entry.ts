import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { exercises } from '../../db/tables/workout/exercise.ts'
import { workoutExercises, workouts } from '../../db/tables/workout/workout.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import type { TargetInput } from './measures.ts'
import { move } from './order.ts'
import { checkPlanned, checkTargets, ensureFewExercises, type PlannedInput, plannedFields } from './planned.ts'
import { findSettings } from './settings.ts'
import { tellChange } from './topics.ts'
import { lockWorkout } from './workout.ts'

const path = ['input', 'id']

/** The workout is written in, and is one of its own from now on where a repetition made it. */
async function touch(deps: Deps, tx: Transaction, { id, repeatId }: { id: Uuid; repeatId: Uuid | null }) {
  await tx.orm
    .update(workouts)
    .set({ isDetached: repeatId !== null, updatedAt: sql`now()` })
    .where(eq(workouts.id, id))
  tellChange(deps, tx, id)
}

async function lockOpen(tx: Transaction, viewer: Viewer, id: Uuid, at: readonly string[]) {
  const workout = await lockWorkout(tx, viewer, id, at)
  if (workout.status === 'SKIPPED' || workout.status === 'CANCELLED') {
    throw invalidInput(at, 'A workout that was skipped or cancelled stays as it is; reopen it first.')
  }
  return workout
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
async function lockEntry(tx: Transaction, viewer: Viewer, id: Uuid) {
  const [found] = await tx.orm
    .select({ workoutId: workoutExercises.workoutId })
    .from(workoutExercises)
    .where(eq(workoutExercises.id, id))
  if (found === undefined) throw notFound('workoutexercise', path)
  const workout = await lockOpen(tx, viewer, found.workoutId, path)
  const [entry] = await tx.orm
    .select({
      id: workoutExercises.id,
      exercise: { id: exercises.id, kind: exercises.kind, name: exercises.name },
    })
    .from(workoutExercises)
    .innerJoin(exercises, eq(exercises.id, workoutExercises.exerciseId))
    .where(eq(workoutExercises.id, id))
  if (entry === undefined) throw notFound('workoutexercise', path)
  return { workout, entry }
}

export interface NewEntry extends PlannedInput {
  workoutId: Uuid
  /** Counted from 0; at the end unless told. */
  position?: number | null | undefined
  idempotencyKey?: string | undefined
}

/** @returns the id of the exercise in the workout. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`, `LIMIT_EXCEEDED`. */
export function addWorkoutExercise(deps: Deps, viewer: Viewer, input: NewEntry): Promise<Uuid> {
  const { workoutId, position } = input
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'addWorkoutExercise', { ...input }, async () => {
      const workout = await lockOpen(tx, viewer, workoutId, ['input', 'workoutId'])
      const { weightUnit } = await findSettings(tx, viewer.accountId)
      const [row] = await checkPlanned(tx, viewer, [input], weightUnit, ['input'])
      if (row === undefined) throw new Error('an exercise was given')
      const [{ there = 0, next = 0 } = {}] = await tx.query<{ there: number; next: number }>(
        `select count(*)::int as there, coalesce(max(position) + 1, 0)::int as next from workout_exercises
         where workout_id = $1::text::uuid`,
        [workoutId],
      )
      ensureFewExercises(there + 1, ['input'])
      await tx.orm.insert(workoutExercises).values({ ...row, workoutId, ownerId: viewer.accountId, position: next })
      if (position !== undefined && position !== null) {
        await move(tx, 'workoutExercises', { id: row.id, parentId: workoutId, position })
      }
      await touch(deps, tx, workout)
      return row.id
    }),
  )
}

const entryChange = z.object(plannedFields)

export interface EntryChange {
  id: Uuid
  notes?: string | undefined
  restSeconds?: number | null | undefined
  superset?: number | null | undefined
  targets?: readonly TargetInput[] | null | undefined
}

/** Fields that are not given stay; null takes them away. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`, `LIMIT_EXCEEDED`. */
export function updateWorkoutExercise(deps: Deps, viewer: Viewer, input: EntryChange): Promise<Uuid> {
  const { notes, ...checked } = checkInput(entryChange, input)
  return deps.db.transaction(async (tx) => {
    const { workout, entry } = await lockEntry(tx, viewer, input.id)
    const { weightUnit } = await findSettings(tx, viewer.accountId)
    const { targets } = input
    await tx.orm
      .update(workoutExercises)
      .set({
        ...(notes === undefined ? {} : { notes }),
        ...(input.restSeconds === undefined ? {} : { restSeconds: checked.restSeconds ?? null }),
        ...(input.superset === undefined ? {} : { superset: checked.superset ?? null }),
        ...(targets === undefined
          ? {}
          : { targets: checkTargets(entry.exercise, targets ?? [], weightUnit, ['input', 'targets']) }),
        // Something is always set, or the statement would have nothing to do.
        exerciseId: entry.exercise.id,
      })
      .where(eq(workoutExercises.id, input.id))
    await touch(deps, tx, workout)
    return input.id
  })
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT` for a place that there is not. */
export function moveWorkoutExercise(deps: Deps, viewer: Viewer, input: { id: Uuid; position: number }): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { workout } = await lockEntry(tx, viewer, input.id)
    await move(tx, 'workoutExercises', { ...input, parentId: workout.id })
    await touch(deps, tx, workout)
    return workout.id
  })
}

/** With its sets. @returns the workout. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function removeWorkoutExercise(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { workout } = await lockEntry(tx, viewer, id)
    await tx.orm
      .delete(workoutExercises)
      .where(and(eq(workoutExercises.id, id), eq(workoutExercises.workoutId, workout.id)))
    await touch(deps, tx, workout)
    return workout.id
  })
}
