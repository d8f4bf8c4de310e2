import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { localDate } from '../../core/local-time.ts'
import type { Transaction } from '../../db/database.ts'
import { workoutVisibility } from '../../db/tables/workout/exercise.ts'
import { workoutPlanExercises, workoutPlans } from '../../db/tables/workout/plan.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, line, prose } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { lockShown, readAgain } from './again.ts'
import { adoptExercises } from './exercise.ts'
import { move } from './order.ts'
import { checkPlanned, type PlannedInput } from './planned.ts'
import { isOwner, MAX_PLANS, type WorkoutVisibility } from './rules.ts'
import { findSettings } from './settings.ts'
import { refreshPlanned, removeUntouched } from './snapshot.ts'
import { maySeeShared } from './subject.ts'

const path = ['input', 'id']

export const workoutName = line('A name', 1, 100)
const fields = {
  name: leftOut(workoutName),
  notes: leftOut(prose('Notes', 0, 5000)),
  visibility: leftOut(z.enum(workoutVisibility.enumValues)),
}
const planChange = z.object(fields)

export interface NewPlan {
  /** What was done in it is what is to be done: name and exercises are the workout's unless they are given. */
  workoutId?: Uuid | undefined
  name?: string | undefined
  notes?: string | undefined
  visibility?: WorkoutVisibility | undefined
  exercises?: readonly PlannedInput[] | undefined
  idempotencyKey?: string | undefined
}

/** Counted one after the other, or two at once could both be the last one. @throws DomainError `LIMIT_EXCEEDED`. */
async function ensurePlace(tx: Transaction, ownerId: Uuid): Promise<void> {
  await tx.query('select 1 from accounts where id = $1::text::uuid for no key update', [ownerId])
  if ((await tx.orm.$count(workoutPlans, eq(workoutPlans.ownerId, ownerId))) < MAX_PLANS) return
  throw new DomainError('LIMIT_EXCEEDED', `At most ${MAX_PLANS} plans.`, ['input'], { limit: MAX_PLANS })
}

/** @throws DomainError `INVALID_INPUT`, `NOT_FOUND` (exercise, workout), `LIMIT_EXCEEDED`. */
export function createWorkoutPlan(deps: Deps, viewer: Viewer, input: NewPlan): Promise<Uuid> {
  const { name, notes, visibility } = checkInput(planChange, input)
  const { workoutId, exercises } = input
  if (workoutId === undefined) {
    if (name === undefined) throw invalidInput(['input', 'name'], 'A plan that is not made of a workout has a name.')
    if (exercises === undefined) {
      throw invalidInput(['input', 'exercises'], 'A plan that is not made of a workout has a list of exercises.')
    }
  }
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createWorkoutPlan', { ...input }, async () => {
      const { weightUnit, visibility: usual } = await findSettings(tx, viewer.accountId)
      const done = workoutId === undefined ? null : await lockShown(tx, viewer, workoutId, ['input', 'workoutId'])
      const rows =
        exercises !== undefined
          ? await checkPlanned(tx, viewer, exercises, weightUnit)
          : done === null
            ? []
            : await readAgain(tx, viewer, done.id)
      await ensurePlace(tx, viewer.accountId)
      const id = newId()
      await tx.orm.insert(workoutPlans).values({
        id,
        ownerId: viewer.accountId,
        name: name ?? done?.name ?? '',
        notes: notes ?? '',
        visibility: visibility ?? usual,
      })
      if (rows.length > 0) {
        await tx.orm.insert(workoutPlanExercises).values(rows.map((row) => ({ planId: id, ...row })))
      }
      return id
    }),
  )
}

/** @throws DomainError `NOT_FOUND` where the viewer may not see it, `FORBIDDEN` where it is another's. */
export async function lockPlan(tx: Transaction, viewer: Viewer, id: Uuid, at: readonly string[] = path) {
  const [plan] = await tx.orm.select().from(workoutPlans).where(eq(workoutPlans.id, id)).for('update')
  if (plan === undefined || !(await maySeeShared(tx, viewer, plan))) throw notFound('plan', at)
  if (!isOwner(viewer, plan)) throw forbidden('Only its owner may use this plan; copy it to make it yours.')
  return plan
}

export interface PlanChange {
  id: Uuid
  name?: string | undefined
  notes?: string | undefined
  visibility?: WorkoutVisibility | undefined
  /** All of them, in their order; what is not among them is taken out. */
  exercises?: readonly PlannedInput[] | undefined
  /** Workouts that are still planned become what the plan is now. */
  applyToPlanned?: boolean | undefined
}

/**
 * Fields that are not given stay. What was scheduled stays as it was, unless `applyToPlanned`.
 * @throws DomainError `INVALID_INPUT`, `NOT_FOUND`, `FORBIDDEN`, `LIMIT_EXCEEDED`.
 */
export function updateWorkoutPlan(deps: Deps, viewer: Viewer, input: PlanChange): Promise<Uuid> {
  const { id, exercises, applyToPlanned = false } = input
  const change = checkInput(planChange, input)
  return deps.db.transaction(async (tx) => {
    await lockPlan(tx, viewer, id)
    if (exercises !== undefined) {
      const { weightUnit } = await findSettings(tx, viewer.accountId)
      const held = sql`select exercise_id from workout_plan_exercises where plan_id = ${id}`
      const rows = await checkPlanned(tx, viewer, exercises, weightUnit, ['input', 'exercises'], held)
      await tx.orm.delete(workoutPlanExercises).where(eq(workoutPlanExercises.planId, id))
      if (rows.length > 0) {
        await tx.orm.insert(workoutPlanExercises).values(rows.map((row) => ({ planId: id, ...row })))
      }
    }
    await writePlan(tx, id, change, exercises !== undefined)
    if (applyToPlanned) await refreshPlanned(deps, tx, id)
    return id
  })
}

const writePlan = (tx: Transaction, id: Uuid, change: object, isNewVersion: boolean) =>
  tx.orm
    .update(workoutPlans)
    .set({
      ...change,
      ...(isNewVersion ? { version: sql`${workoutPlans.version} + 1` } : {}),
      updatedAt: sql`now()`,
    })
    .where(eq(workoutPlans.id, id))

/** To another place among the plan's exercises, counted from 0. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`. */
export function movePlanExercise(deps: Deps, viewer: Viewer, input: { id: Uuid; position: number }): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const [found] = await tx.orm
      .select({ planId: workoutPlanExercises.planId })
      .from(workoutPlanExercises)
      .where(eq(workoutPlanExercises.id, input.id))
    if (found === undefined) throw notFound('planexercise', path)
    await lockPlan(tx, viewer, found.planId)
    await move(tx, 'planExercises', { ...input, parentId: found.planId })
    await writePlan(tx, found.planId, {}, true)
    return found.planId
  })
}

/** Of one's own or of another's that one may see. @throws DomainError `NOT_FOUND`, `LIMIT_EXCEEDED`. */
export function copyWorkoutPlan(
  deps: Deps,
  viewer: Viewer,
  input: { id: Uuid; idempotencyKey?: string | undefined },
): Promise<Uuid> {
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'copyWorkoutPlan', input, async () => {
      const [plan] = await tx.orm.select().from(workoutPlans).where(eq(workoutPlans.id, input.id)).for('share')
      if (plan === undefined || !(await maySeeShared(tx, viewer, plan))) throw notFound('plan', path)
      const planned = await tx.orm
        .select()
        .from(workoutPlanExercises)
        .where(eq(workoutPlanExercises.planId, input.id))
        .orderBy(workoutPlanExercises.position)
      await ensurePlace(tx, viewer.accountId)
      const own = await adoptExercises(
        tx,
        viewer,
        planned.map(({ exerciseId }) => exerciseId),
      )
      const id = newId()
      const { name, notes } = plan
      await tx.orm
        .insert(workoutPlans)
        .values({ id, ownerId: viewer.accountId, name, notes, visibility: 'PRIVATE' as const })
      const rows = planned.map((row) => ({
        ...row,
        id: newId(),
        planId: id,
        exerciseId: own.get(row.exerciseId) ?? row.exerciseId,
      }))
      if (rows.length > 0) await tx.orm.insert(workoutPlanExercises).values(rows)
      return id
    }),
  )
}

/** Its workouts stay as they are; its repetitions end. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export async function deleteWorkoutPlan(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  await deps.db.transaction(async (tx) => {
    await lockPlan(tx, viewer, id)
    await removeUntouched(deps, tx, { planId: id }, localDate(deps.clock.now().getTime(), 'UTC'))
    await tx.orm.delete(workoutPlans).where(eq(workoutPlans.id, id))
  })
  return id
}
