import { eq } from 'drizzle-orm'
import { notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import type { TargetSet } from '../../db/tables/workout/plan.ts'
import { workoutExercises, workoutSets, workouts } from '../../db/tables/workout/workout.ts'
import type { Viewer } from '../viewer.ts'
import { adoptExercises } from './exercise.ts'
import type { PlannedRow } from './planned.ts'
import { maySeeShared } from './subject.ts'

type SetRow = typeof workoutSets.$inferSelect

/** How hard it was is not how hard it is to be, and a set that failed says only with which weight. */
function toTarget({ kind, reps, weightGrams, durationSeconds, distanceMetres }: SetRow): TargetSet {
  return {
    kind,
    ...(reps === null || reps === 0 ? {} : { minReps: reps, maxReps: reps }),
    ...(weightGrams === null ? {} : { weightGrams }),
    ...(durationSeconds === null ? {} : { durationSeconds }),
    ...(distanceMetres === null ? {} : { distanceMetres }),
  }
}

/** A workout that is to be done again, the viewer's own or one that is shown to them. @throws DomainError `NOT_FOUND`. */
export async function lockShown(tx: Transaction, viewer: Viewer, workoutId: Uuid, path: readonly string[]) {
  const [workout] = await tx.orm.select().from(workouts).where(eq(workouts.id, workoutId)).for('share')
  if (workout === undefined || !(await maySeeShared(tx, viewer, workout))) throw notFound('workout', path)
  return workout
}

/**
 * What to do so that a workout of `lockShown` is done again: the sets that were done, and what was planned where none was. Exercises
 * that its owner made become the viewer's, so this is asked only where they are used. @throws DomainError `LIMIT_EXCEEDED`.
 */
export async function readAgain(tx: Transaction, viewer: Viewer, workoutId: Uuid): Promise<PlannedRow[]> {
  const entries = await tx.orm
    .select()
    .from(workoutExercises)
    .where(eq(workoutExercises.workoutId, workoutId))
    .orderBy(workoutExercises.position)
  const sets = await tx.orm
    .select()
    .from(workoutSets)
    .where(eq(workoutSets.workoutId, workoutId))
    .orderBy(workoutSets.position)
  const own = await adoptExercises(
    tx,
    viewer,
    entries.map(({ exerciseId }) => exerciseId),
  )
  return entries.map(({ id, exerciseId, notes, restSeconds, superset, targets }, position) => {
    const done = sets.filter(({ workoutExerciseId }) => workoutExerciseId === id).map(toTarget)
    return {
      id: newId(),
      exerciseId: own.get(exerciseId) ?? exerciseId,
      position,
      notes,
      restSeconds,
      superset,
      targets: done.length > 0 ? done : targets,
    }
  })
}
