import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { exercises } from '../../db/tables/workout/exercise.ts'
import { workoutPlans, workoutRepeats, workoutSettings } from '../../db/tables/workout/plan.ts'
import { workouts } from '../../db/tables/workout/workout.ts'
import type { Portability } from '../account/portability.ts'
import { deleteSubjects } from '../comment/deletion.ts'

// Written out: in a select from one table drizzle leaves the names of tables off, and these look at several.
const plannedOf = sql<object[]>`(select coalesce(json_agg(json_build_object('exercise', e.name, 'notes', p.notes,
    'restSeconds', p.rest_seconds, 'superset', p.superset, 'targets', p.targets) order by p.position), '[]')
  from workout_plan_exercises p join exercises e on e.id = p.exercise_id where p.plan_id = workout_plans.id)`

const loggedOf = sql<object[]>`(select coalesce(json_agg(json_build_object('exercise', e.name, 'notes', p.notes,
    'restSeconds', p.rest_seconds, 'superset', p.superset, 'targets', p.targets, 'sets',
    (select coalesce(json_agg(json_build_object('kind', s.kind, 'reps', s.reps, 'weightGrams', s.weight_grams,
      'durationSeconds', s.duration_seconds, 'distanceMetres', s.distance_metres, 'effort', s.effort_halves / 2.0,
      'loggedAt', s.logged_at) order by s.position), '[]') from workout_sets s where s.workout_exercise_id = p.id)
    ) order by p.position), '[]')
  from workout_exercises p join exercises e on e.id = p.exercise_id where p.workout_id = workouts.id)`

/** Training is its member's own: nothing of it stays. */
export const workoutPortability: Portability = {
  room: 'workouts',
  async exportOf(tx, accountId) {
    const own = await tx.orm
      .select({
        name: exercises.name,
        kind: exercises.kind,
        muscles: exercises.muscles,
        secondaryMuscles: exercises.secondaryMuscles,
        equipment: exercises.equipment,
        instructions: exercises.instructions,
        createdAt: exercises.createdAt,
      })
      .from(exercises)
      .where(eq(exercises.ownerId, accountId))
      .orderBy(exercises.createdAt)
    const plans = await tx.orm
      .select({
        id: workoutPlans.id,
        name: workoutPlans.name,
        notes: workoutPlans.notes,
        visibility: workoutPlans.visibility,
        createdAt: workoutPlans.createdAt,
        exercises: plannedOf,
      })
      .from(workoutPlans)
      .where(eq(workoutPlans.ownerId, accountId))
      .orderBy(workoutPlans.createdAt)
    const repeats = await tx.orm
      .select()
      .from(workoutRepeats)
      .where(eq(workoutRepeats.ownerId, accountId))
      .orderBy(workoutRepeats.createdAt)
    const logged = await tx.orm
      .select({
        id: workouts.id,
        name: workouts.name,
        notes: workouts.notes,
        visibility: workouts.visibility,
        status: workouts.status,
        day: workouts.localDay,
        time: workouts.localTime,
        timeZone: workouts.timeZone,
        startedAt: workouts.startedAt,
        endedAt: workouts.endedAt,
        createdAt: workouts.createdAt,
        exercises: loggedOf,
      })
      .from(workouts)
      .where(eq(workouts.ownerId, accountId))
      .orderBy(workouts.startsAt)
    const [settings] = await tx.orm.select().from(workoutSettings).where(eq(workoutSettings.accountId, accountId))
    return {
      settings: settings === undefined ? null : { ...settings, accountId: undefined },
      exercises: own,
      plans: plans.map(({ id, ...plan }) => ({ id: encodeId('plan', id), ...plan })),
      repeats: repeats.map(({ id, ownerId: _, planId, filledThrough: __, ...repeat }) => ({
        id: encodeId('repeat', id),
        plan: encodeId('plan', planId),
        ...repeat,
      })),
      workouts: logged.map(({ id, ...workout }) => ({ id: encodeId('workout', id), ...workout })),
    }
  },
  async eraseOf(tx, accountId) {
    const own = tx.orm.select({ id: workouts.id }).from(workouts).where(eq(workouts.ownerId, accountId))
    await deleteSubjects(tx, own)
    await tx.orm.delete(workoutPlans).where(eq(workoutPlans.ownerId, accountId))
    await tx.orm.delete(exercises).where(eq(exercises.ownerId, accountId))
  },
}
