import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { forbidden, invalidInput, notFound, unauthenticated } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { workoutVisibility } from '../../db/tables/workout/exercise.ts'
import { workouts } from '../../db/tables/workout/workout.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, prose } from '../input.ts'
import { tellWithdrawal } from '../subject/topics.ts'
import type { Viewer } from '../viewer.ts'
import { day, ensureNear, type Moment, momentOf, timeOfDay, timeZone } from './moment.ts'
import { lockPlan, workoutName } from './plan.ts'
import { checkPlanned, type PlannedInput } from './planned.ts'
import { isOwner, type WorkoutVisibility } from './rules.ts'
import { findSettings } from './settings.ts'
import { insertWorkouts, readPlanned } from './snapshot.ts'
import { maySeeShared } from './subject.ts'
import { tellChange } from './topics.ts'

const path = ['input', 'id']

const fields = {
  name: leftOut(workoutName),
  notes: leftOut(prose('Notes', 0, 5000)),
  visibility: leftOut(z.enum(workoutVisibility.enumValues)),
}
const newWorkout = z.object({
  ...fields,
  day: day('The day'),
  time: leftOut(timeOfDay),
  timeZone: leftOut(timeZone),
})
const workoutChange = z.object({
  ...fields,
  day: leftOut(day('The day')),
  time: timeOfDay.nullish(),
  timeZone: leftOut(timeZone),
})

/** The zone of the member's profile. @throws DomainError `UNAUTHENTICATED` once the account is deleted. */
export async function homeZone(db: Executor, accountId: Uuid): Promise<string> {
  const [account] = await db.orm
    .select({ timeZone: accounts.timeZone })
    .from(accounts)
    .where(eq(accounts.id, accountId))
  if (account === undefined) throw unauthenticated('Your account has been deleted.')
  return account.timeZone
}

export interface NewWorkout {
  /** Name, notes and exercises are the plan's unless they are given. */
  planId?: Uuid | undefined
  name?: string | undefined
  notes?: string | undefined
  exercises?: readonly PlannedInput[] | undefined
  day: string
  /** `18:30`; left out: some time that day. */
  time?: string | undefined
  /** That of the member's profile unless told. */
  timeZone?: string | undefined
  visibility?: WorkoutVisibility | undefined
  idempotencyKey?: string | undefined
}

/** @throws DomainError `INVALID_INPUT`, `NOT_FOUND` (plan, exercise), `FORBIDDEN` (plan), `LIMIT_EXCEEDED`. */
export function scheduleWorkout(deps: Deps, viewer: Viewer, input: NewWorkout): Promise<Uuid> {
  const checked = checkInput(newWorkout, input)
  const { planId, exercises } = input
  if (planId === undefined && checked.name === undefined) {
    throw invalidInput(['input', 'name'], 'A workout without a plan has a name.')
  }
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'scheduleWorkout', { ...input }, async () => {
      const settings = await findSettings(tx, viewer.accountId)
      const plan = planId === undefined ? null : await lockPlan(tx, viewer, planId, ['input', 'planId'])
      const moment: Moment = {
        localDay: checked.day,
        localTime: checked.time ?? null,
        timeZone: checked.timeZone ?? (await homeZone(tx, viewer.accountId)),
      }
      ensureNear(deps, moment)
      const rows =
        exercises !== undefined
          ? await checkPlanned(tx, viewer, exercises, settings.weightUnit)
          : plan === null
            ? []
            : await readPlanned(tx, plan.id)
      const template = {
        ownerId: viewer.accountId,
        name: checked.name ?? plan?.name ?? '',
        notes: checked.notes ?? plan?.notes ?? '',
        visibility: checked.visibility ?? settings.visibility,
        plan,
        repeatId: null,
        exercises: rows,
      }
      const [id] = await insertWorkouts(tx, template, [momentOf(moment)])
      if (id === undefined) throw new Error('the workout was not written')
      return id
    }),
  )
}

/**
 * Its row is the lock under which everything in it is written.
 * @throws DomainError `NOT_FOUND` where the viewer may not see it, `FORBIDDEN` where it is another's.
 */
export async function lockWorkout(tx: Transaction, viewer: Viewer, id: Uuid, at: readonly string[] = path) {
  const [workout] = await tx.orm.select().from(workouts).where(eq(workouts.id, id)).for('update')
  if (workout === undefined || !(await maySeeShared(tx, viewer, workout))) throw notFound('workout', at)
  if (!isOwner(viewer, workout)) throw forbidden('This is the workout of somebody else.')
  return workout
}

export interface WorkoutChange {
  id: Uuid
  name?: string | undefined
  notes?: string | undefined
  visibility?: WorkoutVisibility | undefined
  day?: string | undefined
  /** Null: some time that day. */
  time?: string | null | undefined
  timeZone?: string | undefined
}

/**
 * Fields that are not given stay. One of a repetition is changed by itself, and changes of the repetition pass it by from then on.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`.
 */
export function updateWorkout(deps: Deps, viewer: Viewer, input: WorkoutChange): Promise<Uuid> {
  const { day: localDay, time, timeZone: zone, ...change } = checkInput(workoutChange, input)
  return deps.db.transaction(async (tx) => {
    const workout = await lockWorkout(tx, viewer, input.id)
    const isMoved = localDay !== undefined || time !== undefined || zone !== undefined
    if (isMoved && workout.status !== 'PLANNED') {
      throw invalidInput(['input', 'day'], 'Only a planned workout is moved.')
    }
    const moment: Moment = {
      localDay: localDay ?? workout.localDay,
      localTime: time === undefined ? (workout.localTime?.slice(0, 5) ?? null) : time,
      timeZone: zone ?? workout.timeZone,
    }
    if (isMoved) ensureNear(deps, moment)
    await tx.orm
      .update(workouts)
      .set({
        ...change,
        ...(isMoved ? momentOf(moment) : {}),
        isDetached: workout.repeatId !== null,
        updatedAt: sql`now()`,
      })
      .where(eq(workouts.id, input.id))
    // Who could see it before may not any more.
    if (change.visibility !== undefined && change.visibility !== workout.visibility) tellWithdrawal(deps, tx, input.id)
    tellChange(deps, tx, input.id)
    return input.id
  })
}

/** With its sets, comments and reactions. A repetition does not make it again. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export async function deleteWorkout(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  await deps.db.transaction(async (tx) => {
    await lockWorkout(tx, viewer, id)
    await deleteSubjects(tx, tx.orm.select({ id: workouts.id }).from(workouts).where(eq(workouts.id, id)))
    tellWithdrawal(deps, tx, id)
    tellChange(deps, tx, id)
  })
  return id
}
