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
import { lockShown, readAgain } from './again.ts'
import { day, ensureNear, ensurePast, ensureSpan, type Moment, momentOf, timeOfDay, timeZone } from './moment.ts'
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
  /** To be done again: name and exercises are that workout's, with what was done as what is to be done, unless they are given. */
  workoutId?: Uuid | undefined
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

/** @throws DomainError `INVALID_INPUT`, `NOT_FOUND` (plan, workout, exercise), `FORBIDDEN` (plan), `LIMIT_EXCEEDED`. */
export function scheduleWorkout(deps: Deps, viewer: Viewer, input: NewWorkout): Promise<Uuid> {
  const checked = checkInput(newWorkout, input)
  const { planId, workoutId, exercises } = input
  if (planId !== undefined && workoutId !== undefined) {
    throw invalidInput(['input', 'workoutId'], 'A workout is made of a plan or of another workout, not of both.')
  }
  if (planId === undefined && workoutId === undefined && checked.name === undefined) {
    throw invalidInput(['input', 'name'], 'A workout that is made of no plan and no other workout has a name.')
  }
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'scheduleWorkout', { ...input }, async () => {
      const settings = await findSettings(tx, viewer.accountId)
      const plan = planId === undefined ? null : await lockPlan(tx, viewer, planId, ['input', 'planId'])
      const again = workoutId === undefined ? null : await lockShown(tx, viewer, workoutId, ['input', 'workoutId'])
      const moment: Moment = {
        localDay: checked.day,
        localTime: checked.time ?? null,
        timeZone: checked.timeZone ?? (await homeZone(tx, viewer.accountId)),
      }
      ensureNear(deps, moment)
      const rows =
        exercises !== undefined
          ? await checkPlanned(tx, viewer, exercises, settings.weightUnit)
          : plan !== null
            ? await readPlanned(tx, plan.id)
            : again === null
              ? []
              : await readAgain(tx, viewer, again.id)
      const template = {
        ownerId: viewer.accountId,
        name: checked.name ?? plan?.name ?? again?.name ?? '',
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
  /** When it was begun, of one that has begun or is done. */
  startedAt?: string | undefined
  /** When it was over, of one that is done. */
  endedAt?: string | undefined
}

/** Phones are left running: what was told when a workout was begun or finished is put right. @throws DomainError `INVALID_INPUT`. */
function checkLasted(deps: Deps, workout: typeof workouts.$inferSelect, { startedAt, endedAt }: WorkoutChange) {
  const isBegun = workout.startedAt !== null && (workout.status === 'IN_PROGRESS' || workout.status === 'DONE')
  if (startedAt !== undefined) {
    if (!isBegun) throw invalidInput(['input', 'startedAt'], 'This workout has not begun: start it first.')
    ensurePast(deps, startedAt, ['input', 'startedAt'])
  }
  if (endedAt !== undefined) {
    if (workout.status !== 'DONE')
      throw invalidInput(['input', 'endedAt'], 'This workout is not done: finish it first.')
    ensurePast(deps, endedAt, ['input', 'endedAt'])
  }
  const [start, end] = [startedAt ?? workout.startedAt, endedAt ?? workout.endedAt]
  // One that lasted longer before that was bounded is still given another name.
  const isTold = startedAt !== undefined || endedAt !== undefined
  if (isTold && start !== null && end !== null) {
    ensureSpan(start, end, ['input', endedAt === undefined ? 'startedAt' : 'endedAt'])
  }
  return { ...(startedAt === undefined ? {} : { startedAt }), ...(endedAt === undefined ? {} : { endedAt }) }
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
        ...checkLasted(deps, workout, input),
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
