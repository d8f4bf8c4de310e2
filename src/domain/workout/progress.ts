import { and, eq, gte, lte, max, sql } from 'drizzle-orm'
import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { findRecordsOf } from '../../db/queries/workout/records.ts'
import { workoutSets, workouts } from '../../db/tables/workout/workout.ts'
import type { Deps } from '../deps.ts'
import { notify } from '../notification/notify.ts'
import type { Viewer } from '../viewer.ts'
import { ensurePast, ensureSpan, latestEnd } from './moment.ts'
import { type WorkoutStatus, workoutLifecycle } from './rules.ts'
import { tellChange } from './topics.ts'
import { lockWorkout } from './workout.ts'

type Workout = Awaited<ReturnType<typeof lockWorkout>>

async function step(
  deps: Deps,
  viewer: Viewer,
  id: Uuid,
  to: WorkoutStatus,
  change: (workout: Workout, tx: Transaction) => object | Promise<object> = () => ({}),
  after?: (tx: Transaction) => Promise<void>,
): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const workout = await lockWorkout(tx, viewer, id)
    workoutLifecycle.ensure(workout.status, to)
    const changed = await change(workout, tx)
    await tx.orm
      .update(workouts)
      .set({ status: to, ...changed, updatedAt: sql`now()` })
      .where(eq(workouts.id, id))
    await after?.(tx)
    tellChange(deps, tx, id)
    return id
  })
}

export interface StartInput {
  id: Uuid
  /** Now unless told: a phone may have been without a net. */
  at?: string | undefined
}

/** Of two phones that start it, one does. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`. */
export function startWorkout(deps: Deps, viewer: Viewer, { id, at }: StartInput): Promise<Uuid> {
  if (at !== undefined) ensurePast(deps, at, ['input', 'at'])
  return step(deps, viewer, id, 'IN_PROGRESS', () => ({ startedAt: at ?? deps.clock.now().toISOString() }))
}

export interface FinishInput {
  id: Uuid
  /** Puts right when it began. */
  startedAt?: string | undefined
  /** Unless told: now, or what `forgottenEnd` says of a workout that was begun longer ago than workouts last. */
  endedAt?: string | undefined
  /** It is meant: a class or a game is done without a set that could be written down. */
  withoutSets?: boolean | undefined
}

/** What has no set is finished only by who says so: a tap too early would count as trained in reports and streaks. */
async function ensureLogged(tx: Transaction, workout: Workout): Promise<void> {
  if ((await tx.orm.$count(workoutSets, eq(workoutSets.workoutId, workout.id))) > 0) return
  const allowed = workoutLifecycle.allowed(workout.status).filter((status) => status !== 'DONE')
  const message = 'No set was logged. Log one, skip or cancel the workout, or finish it with `withoutSets: true`.'
  throw new DomainError('NOTHING_LOGGED', message, ['input', 'withoutSets'], { allowed })
}

/** When a workout was over that nobody finished: with its last set, or where none was logged in time, when it was begun. */
async function forgottenEnd(tx: Transaction, workout: Workout, startedAt: string): Promise<string> {
  const { workoutId, loggedAt } = workoutSets
  const isInTime = and(eq(workoutId, workout.id), gte(loggedAt, startedAt), lte(loggedAt, latestEnd(startedAt)))
  const [set] = await tx.orm
    .select({ last: max(loggedAt) })
    .from(workoutSets)
    .where(isInTime)
  return set?.last ?? startedAt
}

/**
 * Records that it sets are told of, once: a workout is finished once, however long ago it was begun.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`, `INVALID_INPUT` for an end before the start or too long after it,
 * `NOTHING_LOGGED`.
 */
export function finishWorkout(deps: Deps, viewer: Viewer, input: FinishInput): Promise<Uuid> {
  const now = deps.clock.now().toISOString()
  if (input.endedAt !== undefined) ensurePast(deps, input.endedAt, ['input', 'endedAt'])
  if (input.startedAt !== undefined) ensurePast(deps, input.startedAt, ['input', 'startedAt'])
  const finish = async (workout: Workout, tx: Transaction) => {
    const startedAt = input.startedAt ?? workout.startedAt ?? input.endedAt ?? now
    const isForgotten = input.endedAt === undefined && Date.parse(now) > Date.parse(latestEnd(startedAt))
    const endedAt = isForgotten ? await forgottenEnd(tx, workout, startedAt) : (input.endedAt ?? now)
    ensureSpan(startedAt, endedAt, ['input', input.endedAt === undefined ? 'startedAt' : 'endedAt'])
    if (input.withoutSets !== true) await ensureLogged(tx, workout)
    return { startedAt, endedAt }
  }
  return step(deps, viewer, input.id, 'DONE', finish, async (tx) => {
    const records = await findRecordsOf(tx, input.id)
    if (records.length === 0) return
    const about = { subject: input.id, thread: input.id, actorId: null }
    await notify(deps, tx, { kind: 'WORKOUT_RECORD', recipients: [viewer.accountId], ...about })
  })
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export const skipWorkout = (deps: Deps, viewer: Viewer, id: Uuid) => step(deps, viewer, id, 'SKIPPED')

/** It does not count in reports. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export const cancelWorkout = (deps: Deps, viewer: Viewer, id: Uuid) => step(deps, viewer, id, 'CANCELLED')

/** What was skipped or cancelled is planned again. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export const reopenWorkout = (deps: Deps, viewer: Viewer, id: Uuid) =>
  step(deps, viewer, id, 'PLANNED', () => ({ startedAt: null }))
