import { and, eq, sql } from 'drizzle-orm'
import { DomainError, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { showWeight } from '../../core/weight.ts'
import type { Transaction } from '../../db/database.ts'
import { exercises } from '../../db/tables/workout/exercise.ts'
import { workoutExercises, workoutSets } from '../../db/tables/workout/workout.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import type { Viewer } from '../viewer.ts'
import { checkSet, type SetInput } from './measures.ts'
import { ensurePast } from './moment.ts'
import { move } from './order.ts'
import { ensureFewSets } from './planned.ts'
import { canLog } from './rules.ts'
import { findSettings } from './settings.ts'
import { tellChange } from './topics.ts'
import { lockWorkout } from './workout.ts'

const path = ['input', 'id']

/** @throws DomainError `ILLEGAL_TRANSITION` for a workout that has not begun, or was called off. */
async function lockLog(tx: Transaction, viewer: Viewer, workoutId: Uuid, at: readonly string[]) {
  const workout = await lockWorkout(tx, viewer, workoutId, at)
  if (canLog(viewer, workout)) return workout
  const allowed = workout.status === 'PLANNED' ? ['IN_PROGRESS'] : ['PLANNED']
  const message = 'Sets are logged in a workout that has begun: start it first.'
  throw new DomainError('ILLEGAL_TRANSITION', message, at, { from: workout.status, allowed })
}

export interface NewSet extends SetInput {
  workoutId: Uuid
  workoutExerciseId: Uuid
  /** When it was done; now unless told. */
  loggedAt?: string | undefined
  /** What the client calls it: what comes again under the same name is written once. */
  clientId?: string | undefined
}

/**
 * Behind the exercise's last set. @throws DomainError `NOT_FOUND` (also for an exercise of another workout), `FORBIDDEN`,
 * `ILLEGAL_TRANSITION`, `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` for another set under the same client id.
 */
export function logSet(deps: Deps, viewer: Viewer, input: NewSet): Promise<Uuid> {
  const { clientId, ...rest } = input
  const { workoutId, workoutExerciseId, loggedAt } = input
  if (loggedAt !== undefined) ensurePast(deps, loggedAt, ['input', 'loggedAt'])
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'logSet', { ...rest, idempotencyKey: clientId }, async () => {
      await lockLog(tx, viewer, workoutId, ['input', 'workoutId'])
      const [exercise] = await tx.orm
        .select({ kind: exercises.kind })
        .from(workoutExercises)
        .innerJoin(exercises, eq(exercises.id, workoutExercises.exerciseId))
        .where(and(eq(workoutExercises.id, workoutExerciseId), eq(workoutExercises.workoutId, workoutId)))
      if (exercise === undefined) {
        throw new DomainError('NOT_FOUND', 'This exercise is not part of the workout.', ['input', 'workoutExerciseId'])
      }
      const { weightUnit } = await findSettings(tx, viewer.accountId)
      const measures = checkSet(exercise.kind, input, weightUnit)
      if (clientId !== undefined) {
        const first = await findByClientId(tx, workoutId, clientId)
        if (first !== undefined) return firstAnswer(first, { workoutExerciseId, ...measures })
      }
      const [{ there = 0, next = 0 } = {}] = await tx.query<{ there: number; next: number }>(
        `select count(*)::int as there, coalesce(max(position) + 1, 0)::int as next from workout_sets
         where workout_exercise_id = $1::text::uuid`,
        [workoutExerciseId],
      )
      ensureFewSets(there + 1, ['input'])
      const id = newId()
      await tx.orm.insert(workoutSets).values({
        id,
        workoutId,
        workoutExerciseId,
        clientId: clientId ?? null,
        position: next,
        ...measures,
        ...(loggedAt === undefined ? {} : { loggedAt }),
      })
      tellChange(deps, tx, workoutId)
      return id
    }),
  )
}

const findByClientId = async (tx: Transaction, workoutId: Uuid, clientId: string) =>
  (
    await tx.orm
      .select()
      .from(workoutSets)
      .where(and(eq(workoutSets.workoutId, workoutId), eq(workoutSets.clientId, clientId)))
  )[0]

/** A phone that was off for so long that its key is forgotten still writes its set once. @throws DomainError `CONFLICT` for another set. */
function firstAnswer(first: typeof workoutSets.$inferSelect, again: Partial<typeof workoutSets.$inferSelect>): Uuid {
  if (Object.entries(again).every(([name, value]) => first[name as keyof typeof first] === value)) return first.id
  throw new DomainError('CONFLICT', 'Another set has this client id.', ['input', 'clientId'])
}

async function lockSet(tx: Transaction, viewer: Viewer, id: Uuid) {
  const [found] = await tx.orm
    .select({ workoutId: workoutSets.workoutId })
    .from(workoutSets)
    .where(eq(workoutSets.id, id))
  if (found === undefined) throw notFound('set', path)
  await lockLog(tx, viewer, found.workoutId, path)
  const [set] = await tx.orm
    .select({ set: workoutSets, exerciseKind: exercises.kind })
    .from(workoutSets)
    .innerJoin(workoutExercises, eq(workoutExercises.id, workoutSets.workoutExerciseId))
    .innerJoin(exercises, eq(exercises.id, workoutExercises.exerciseId))
    .where(eq(workoutSets.id, id))
  if (set === undefined) throw notFound('set', path)
  return set
}

export interface SetChange extends SetInput {
  id: Uuid
}

/** Fields that are not given stay; null takes them away. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`. */
export function updateSet(deps: Deps, viewer: Viewer, input: SetChange): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { set, exerciseKind } = await lockSet(tx, viewer, input.id)
    const { weightUnit } = await findSettings(tx, viewer.accountId)
    const { weight, effort } = input
    const measures = checkSet(
      exerciseKind,
      {
        kind: input.kind ?? set.kind,
        reps: input.reps === undefined ? set.reps : input.reps,
        durationSeconds: input.durationSeconds === undefined ? set.durationSeconds : input.durationSeconds,
        distanceMetres: input.distanceMetres === undefined ? set.distanceMetres : input.distanceMetres,
        effort: effort === undefined ? set.effortHalves && set.effortHalves / 2 : effort,
        weight:
          weight === undefined && set.weightGrams !== null
            ? { amount: showWeight(set.weightGrams, 'KG'), unit: 'KG' }
            : weight,
      },
      weightUnit,
    )
    await tx.orm
      .update(workoutSets)
      .set({ ...measures, updatedAt: sql`now()` })
      .where(eq(workoutSets.id, input.id))
    tellChange(deps, tx, set.workoutId)
    return input.id
  })
}

/** To another place among the sets of its exercise, counted from 0. @throws DomainError as `updateSet`. */
export function moveSet(deps: Deps, viewer: Viewer, input: { id: Uuid; position: number }): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { set } = await lockSet(tx, viewer, input.id)
    await move(tx, 'sets', { ...input, parentId: set.workoutExerciseId })
    tellChange(deps, tx, set.workoutId)
    return set.workoutExerciseId
  })
}

/** @returns the id of the exercise in the workout. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export function deleteSet(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const { set } = await lockSet(tx, viewer, id)
    await tx.orm.delete(workoutSets).where(eq(workoutSets.id, id))
    tellChange(deps, tx, set.workoutId)
    return set.workoutExerciseId
  })
}
