import type { SQL } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import type { TargetSet } from '../../db/tables/workout/plan.ts'
import { checkAll, checkInput, leftOut, prose } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { lockUsable, type UsableExercise } from './exercise.ts'
import { checkTarget, type TargetInput } from './measures.ts'
import { MAX_EXERCISES, MAX_SETS_PER_EXERCISE, type WeightUnit } from './rules.ts'

/** An exercise as plans and workouts have it. */
export interface PlannedInput {
  exerciseId: Uuid
  notes?: string | null | undefined
  restSeconds?: number | null | undefined
  superset?: number | null | undefined
  targets?: readonly TargetInput[] | null | undefined
}

export interface PlannedRow {
  id: Uuid
  exerciseId: Uuid
  position: number
  notes: string
  restSeconds: number | null
  superset: number | null
  targets: readonly TargetSet[]
}

export const plannedFields = {
  notes: leftOut(prose('Notes', 0, 2000)),
  restSeconds: leftOut(
    z.int().refine((seconds) => seconds >= 0 && seconds <= 3600, 'A rest has at most 3600 seconds.'),
  ),
  superset: leftOut(z.int().refine((n) => n >= 1 && n <= 20, 'Supersets are numbered from 1 to 20.')),
}
const planned = z.object(plannedFields)

const tooMany = (limit: number, what: string, path: readonly string[]) =>
  new DomainError('LIMIT_EXCEEDED', `At most ${limit} ${what}.`, path, { limit })

/** @throws DomainError `LIMIT_EXCEEDED`. */
export function ensureFewSets(count: number, path: readonly string[]): void {
  if (count > MAX_SETS_PER_EXERCISE) throw tooMany(MAX_SETS_PER_EXERCISE, 'sets for each exercise', path)
}

/** @throws DomainError `LIMIT_EXCEEDED`. */
export function ensureFewExercises(count: number, path: readonly string[]): void {
  if (count > MAX_EXERCISES) throw tooMany(MAX_EXERCISES, 'exercises', path)
}

export function checkTargets(
  exercise: UsableExercise,
  targets: readonly TargetInput[],
  unit: WeightUnit,
  path: readonly string[],
): TargetSet[] {
  ensureFewSets(targets.length, path)
  return targets.map((target, at) => checkTarget(exercise.kind, target, unit, [...path, String(at)]))
}

/**
 * Exercises in the order given, with their target sets; `held` are those that may stay although they are listed no more. @throws DomainError `INVALID_INPUT`, `NOT_FOUND` for an exercise that the
 * viewer does not have, `LIMIT_EXCEEDED`; all that is wrong at once.
 */
export async function checkPlanned(
  tx: Transaction,
  viewer: Viewer,
  inputs: readonly PlannedInput[],
  unit: WeightUnit,
  path: readonly string[] = ['input', 'exercises'],
  held?: SQL,
): Promise<PlannedRow[]> {
  ensureFewExercises(inputs.length, path)
  const usable = await lockUsable(
    tx,
    viewer,
    inputs.map(({ exerciseId }) => exerciseId),
    held,
  )
  const checks = inputs.map((input, position) => (): PlannedRow => {
    const at = [...path, String(position)]
    const exercise = usable.get(input.exerciseId)
    if (exercise === undefined) throw notFound('exercise', [...at, 'exerciseId'])
    const { notes = '', restSeconds = null, superset = null } = checkInput(planned, input, at)
    const targets = checkTargets(exercise, input.targets ?? [], unit, [...at, 'targets'])
    return { id: newId(), exerciseId: exercise.id, position, notes, restSeconds, superset, targets }
  })
  return checkAll<PlannedRow[]>(...checks)
}
