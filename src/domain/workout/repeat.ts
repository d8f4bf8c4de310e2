import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { addDays, occurrences, type Recurrence } from '../../core/calendar.ts'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { localDate } from '../../core/local-time.ts'
import type { Transaction } from '../../db/database.ts'
import { workoutVisibility } from '../../db/tables/workout/exercise.ts'
import { workoutPlans, workoutRepeats } from '../../db/tables/workout/plan.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { day, ensureNear, momentOf, timeOfDay, timeZone } from './moment.ts'
import { lockPlan } from './plan.ts'
import { MAX_REPEATS, type WorkoutVisibility } from './rules.ts'
import { findSettings } from './settings.ts'
import { insertWorkouts, readPlanned, removeUntouched } from './snapshot.ts'
import { homeZone } from './workout.ts'

/** Workouts are made so far ahead. */
export const HORIZON_DAYS = 35

/** Wakes the making of workouts for days that came within the horizon. */
export const fillRepeats = defineJob<Record<string, never>>('workout.fillRepeats', { retryLimit: 5 })

const rule = {
  weekdays: z
    .array(z.int().min(1, '1 is Monday.').max(7, '7 is Sunday.'))
    .min(1, 'Choose at least one day of the week.')
    .transform((days) => [...new Set(days)].sort()),
  intervalWeeks: leftOut(z.int().min(1, 'At least every week.').max(8, 'At most every eighth week.')),
  lastDay: leftOut(day('The last day')),
  count: leftOut(z.int().min(1, 'At least once.').max(1000, 'At most 1000 times.')),
  time: leftOut(timeOfDay),
  timeZone: leftOut(timeZone),
  visibility: leftOut(z.enum(workoutVisibility.enumValues)),
}
const newRepeat = z.object({ ...rule, firstDay: day('The first day') })
const repeatChange = z.object({
  weekdays: leftOut(rule.weekdays),
  intervalWeeks: rule.intervalWeeks,
  fromDay: day('The day'),
  lastDay: day('The last day').nullish(),
  time: timeOfDay.nullish(),
  timeZone: rule.timeZone,
  visibility: rule.visibility,
})

export type RepeatRow = typeof workoutRepeats.$inferSelect

/** The recurrence that a row stands for. */
export const recurrenceOf = (
  repeat: Pick<RepeatRow, 'weekdays' | 'intervalWeeks' | 'firstDay' | 'lastDay' | 'count'>,
) =>
  ({
    frequency: 'WEEKLY',
    weekdays: repeat.weekdays,
    interval: repeat.intervalWeeks,
    firstDay: repeat.firstDay,
    lastDay: repeat.lastDay,
    count: repeat.count,
  }) as const satisfies Recurrence

const todayIn = (deps: Pick<Deps, 'clock'>, zone: string): string => localDate(deps.clock.now().getTime(), zone)

/**
 * Makes the workouts of a repetition that are not made yet, up to the horizon. Under its lock; and the table knows each occurrence
 * by its day, so that two servers at once, or one that tries again, make each of them once.
 */
async function fill(deps: Deps, tx: Transaction, id: Uuid): Promise<void> {
  const [repeat] = await tx.orm.select().from(workoutRepeats).where(eq(workoutRepeats.id, id)).for('update')
  if (repeat === undefined) return
  const horizon = addDays(todayIn(deps, repeat.timeZone), HORIZON_DAYS)
  if (repeat.filledThrough >= horizon) return
  const [plan] = await tx.orm.select().from(workoutPlans).where(eq(workoutPlans.id, repeat.planId)).for('share')
  if (plan === undefined) return
  const days = occurrences(recurrenceOf(repeat), addDays(repeat.filledThrough, 1), horizon)
  const template = {
    ownerId: repeat.ownerId,
    name: plan.name,
    notes: plan.notes,
    visibility: repeat.visibility,
    plan,
    repeatId: id,
    exercises: days.length === 0 ? [] : await readPlanned(tx, plan.id),
  }
  const localTime = repeat.localTime?.slice(0, 5) ?? null
  await insertWorkouts(
    tx,
    template,
    days.map((localDay) => momentOf({ localDay, localTime, timeZone: repeat.timeZone })),
  )
  await tx.orm.update(workoutRepeats).set({ filledThrough: horizon }).where(eq(workoutRepeats.id, id))
}

/** Makes the missing workouts of all repetitions that still run. @returns how many it went through. */
export async function fillAllRepeats(deps: Deps): Promise<number> {
  const due = await deps.db.orm
    .select({ id: workoutRepeats.id })
    .from(workoutRepeats)
    .where(
      sql`${workoutRepeats.filledThrough} < current_date + ${sql.raw(String(HORIZON_DAYS + 2))}
        and (${workoutRepeats.lastDay} is null or ${workoutRepeats.lastDay} > ${workoutRepeats.filledThrough})`,
    )
  for (const { id } of due) {
    try {
      await deps.db.transaction((tx) => fill(deps, tx, id))
    } catch (error) {
      // One that cannot be filled keeps nobody else's from it.
      deps.log.error({ err: error, workoutRepeat: id }, 'the workouts of a repetition could not be made')
    }
  }
  return due.length
}

export interface NewRepeat {
  planId: Uuid
  weekdays: readonly number[]
  intervalWeeks?: number | undefined
  firstDay: string
  lastDay?: string | undefined
  count?: number | undefined
  time?: string | undefined
  timeZone?: string | undefined
  visibility?: WorkoutVisibility | undefined
  idempotencyKey?: string | undefined
}

/** @throws DomainError `INVALID_INPUT`, `NOT_FOUND`, `FORBIDDEN` (plan), `LIMIT_EXCEEDED`. */
export function repeatWorkoutPlan(deps: Deps, viewer: Viewer, input: NewRepeat): Promise<Uuid> {
  const { time = null, ...checked } = checkInput(newRepeat, input)
  if (checked.lastDay !== undefined && checked.lastDay < checked.firstDay) {
    throw invalidInput(['input', 'lastDay'], 'The last day cannot be before the first.')
  }
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'repeatWorkoutPlan', { ...input }, async () => {
      const { id: planId } = await lockPlan(tx, viewer, input.planId, ['input', 'planId'])
      const zone = checked.timeZone ?? (await homeZone(tx, viewer.accountId))
      if (checked.firstDay < todayIn(deps, zone)) {
        throw invalidInput(['input', 'firstDay'], 'The first day is past.')
      }
      ensureNear(deps, { localDay: checked.firstDay, localTime: time, timeZone: zone }, ['input', 'firstDay'])
      // The plan's lock does not keep those of other plans apart.
      await tx.query('select 1 from accounts where id = $1::text::uuid for no key update', [viewer.accountId])
      const running = sql`${workoutRepeats.ownerId} = ${viewer.accountId} and (${workoutRepeats.lastDay} is null or ${workoutRepeats.lastDay} >= current_date)`
      if ((await tx.orm.$count(workoutRepeats, running)) >= MAX_REPEATS) {
        const message = `At most ${MAX_REPEATS} repetitions run at a time.`
        throw new DomainError('LIMIT_EXCEEDED', message, ['input'], { limit: MAX_REPEATS })
      }
      const { visibility } = await findSettings(tx, viewer.accountId)
      const id = newId()
      await tx.orm.insert(workoutRepeats).values({
        id,
        ownerId: viewer.accountId,
        planId,
        weekdays: checked.weekdays,
        intervalWeeks: checked.intervalWeeks ?? 1,
        firstDay: checked.firstDay,
        lastDay: checked.lastDay ?? null,
        count: checked.count ?? null,
        localTime: time,
        timeZone: zone,
        visibility: checked.visibility ?? visibility,
        filledThrough: addDays(checked.firstDay, -1),
      })
      await fill(deps, tx, id)
      return id
    }),
  )
}

/** @throws DomainError `NOT_FOUND`: a repetition is its owner's alone. */
async function lockRepeat(tx: Transaction, viewer: Viewer, id: Uuid): Promise<RepeatRow> {
  const [repeat] = await tx.orm.select().from(workoutRepeats).where(eq(workoutRepeats.id, id)).for('update')
  if (repeat === undefined || repeat.ownerId !== viewer.accountId) throw notFound('repeat', ['input', 'id'])
  return repeat
}

export interface RepeatChange {
  id: Uuid
  /** This occurrence and all that follow; those before stay as they are. */
  fromDay: string
  planId?: Uuid | undefined
  weekdays?: readonly number[] | undefined
  intervalWeeks?: number | undefined
  /** Null: without end. */
  lastDay?: string | null | undefined
  time?: string | null | undefined
  timeZone?: string | undefined
  visibility?: WorkoutVisibility | undefined
}

/**
 * "This and all following": the repetition ends before that day, and a new one with the changes begins on it. Occurrences that were
 * changed by themselves, or have begun, stay as they are and go over to the new one.
 * @returns the new one. @throws DomainError `NOT_FOUND`, `FORBIDDEN` (plan), `INVALID_INPUT`.
 */
export function changeWorkoutRepeat(deps: Deps, viewer: Viewer, input: RepeatChange): Promise<Uuid> {
  const { fromDay, time, lastDay, timeZone: zone, ...change } = checkInput(repeatChange, input)
  return deps.db.transaction(async (tx) => {
    const repeat = await lockRepeat(tx, viewer, input.id)
    const planId =
      input.planId === undefined ? repeat.planId : (await lockPlan(tx, viewer, input.planId, ['input', 'planId'])).id
    const timeZoneNow = zone ?? repeat.timeZone
    if (fromDay < repeat.firstDay || fromDay < todayIn(deps, timeZoneNow)) {
      throw invalidInput(['input', 'fromDay'], 'Only what lies ahead is changed.')
    }
    // All days until then are counted.
    ensureNear(deps, { localDay: fromDay, localTime: null, timeZone: timeZoneNow }, ['input', 'fromDay'])
    const last = lastDay === undefined ? repeat.lastDay : lastDay
    if (last !== null && last < fromDay) {
      throw invalidInput(['input', 'lastDay'], 'The last day cannot be before the day from which it changes.')
    }
    const over = occurrences(recurrenceOf(repeat), repeat.firstDay, addDays(fromDay, -1)).length
    const count = repeat.count === null ? null : repeat.count - over
    if (count !== null && count < 1) throw invalidInput(['input', 'fromDay'], 'It has ended by then.')
    const id = newId()
    await tx.orm.insert(workoutRepeats).values({
      ...repeat,
      id,
      planId,
      weekdays: change.weekdays ?? repeat.weekdays,
      intervalWeeks: change.intervalWeeks ?? repeat.intervalWeeks,
      visibility: change.visibility ?? repeat.visibility,
      firstDay: fromDay,
      lastDay: last,
      count,
      localTime: time === undefined ? repeat.localTime : time,
      timeZone: timeZoneNow,
      filledThrough: addDays(fromDay, -1),
      createdAt: sql`now()`,
    })
    await removeUntouched(deps, tx, { repeatId: repeat.id }, fromDay)
    await tx.query(
      `update workouts set repeat_id = $2::text::uuid where repeat_id = $1::text::uuid and occurrence_day >= $3::text::date`,
      [repeat.id, id, fromDay],
    )
    await endOn(tx, repeat, addDays(fromDay, -1))
    await fill(deps, tx, id)
    return id
  })
}

/** One that has no day left is gone. */
async function endOn(tx: Transaction, repeat: RepeatRow, lastDay: string): Promise<void> {
  const same = eq(workoutRepeats.id, repeat.id)
  if (lastDay < repeat.firstDay) await tx.orm.delete(workoutRepeats).where(same)
  else await tx.orm.update(workoutRepeats).set({ lastDay }).where(same)
}

/**
 * It ends after a day; untouched workouts behind that day are taken away. @returns the id.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT` for a day after its end.
 */
export function endWorkoutRepeat(deps: Deps, viewer: Viewer, input: { id: Uuid; lastDay: string }): Promise<Uuid> {
  const { lastDay } = checkInput(z.object({ lastDay: day('The last day') }), input)
  return deps.db.transaction(async (tx) => {
    const repeat = await lockRepeat(tx, viewer, input.id)
    if (lastDay < addDays(repeat.firstDay, -1) || (repeat.lastDay !== null && lastDay > repeat.lastDay)) {
      throw invalidInput(['input', 'lastDay'], 'It ends earlier than planned, and not before it begins.')
    }
    await removeUntouched(deps, tx, { repeatId: repeat.id }, addDays(lastDay, 1))
    await tx.orm.update(workoutRepeats).set({ lastDay }).where(eq(workoutRepeats.id, repeat.id))
    return input.id
  })
}
