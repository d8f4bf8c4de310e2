import { type SQL, sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import type { PageRequest } from '../../keyset.ts'
import { selectColumns } from '../../relation.ts'
import {
  LATEST_DONE,
  NEWEST_REPEAT,
  planEntity,
  planOrders,
  repeatEntity,
  type WorkoutPlanRow,
  type WorkoutRepeatRow,
  type WorkoutRow,
  workoutEntity,
  workoutOrders,
} from '../../relations/workout.ts'
import { statement } from '../../statement.ts'
import { accounts, follows } from '../../tables/account.ts'
import { workoutPlans, workoutRepeats } from '../../tables/workout/plan.ts'
import { workouts } from '../../tables/workout/workout.ts'
import { containing } from '../containing.ts'
import { findPage, type ListSource } from '../page.ts'

export type WorkoutOrderName = keyof typeof workoutOrders

/** Days of a calendar as a member's zone has them: the instants from which and before which they last. */
export interface DaySpan {
  readonly firstDay: string
  readonly lastDay: string
  readonly from: string
  readonly before: string
}

export interface WorkoutListFilter {
  statuses?: readonly string[] | undefined
  days?: DaySpan | undefined
  planId?: string | undefined
  /** It holds this exercise. */
  exerciseId?: string | undefined
  repeatId?: string | undefined
  isMissed?: boolean | undefined
}

/**
 * Falls on one of these days: by its time as the member's clock shows it, or by its date where it has no time. The bounds of
 * `starts_at` are for the index: no date begins more than 14 hours apart from any other zone's.
 */
export const isOnDays = ({ firstDay, lastDay, from, before }: DaySpan): SQL =>
  sql`${workouts.startsAt} >= ${from}::text::timestamptz - interval '26 hours' and ${workouts.startsAt} < ${before}::text::timestamptz + interval '26 hours' and case when ${workouts.localTime} is null then ${workouts.localDay} between ${firstDay}::text::date and ${lastDay}::text::date else ${workouts.startsAt} >= ${from}::text::timestamptz and ${workouts.startsAt} < ${before}::text::timestamptz end`

export const isMissed = sql`(${workouts.status} = 'PLANNED' and ${workouts.dayEndsAt} <= now())`
const OPEN: readonly string[] = ['PLANNED', 'IN_PROGRESS']

export function ownWorkouts(ownerId: string, filter: WorkoutListFilter): ListSource<WorkoutRow> {
  const { statuses, days, planId, exerciseId, repeatId } = filter
  const where: SQL[] = [sql`${workouts.ownerId} = ${ownerId}::text::uuid`]
  if (statuses !== undefined) {
    where.push(sql`${workouts.status} = any(${pgArray(statuses)}::text::workout_status[])`)
    // Written so that Postgres sees the condition of the partial index.
    if (statuses.every((status) => OPEN.includes(status))) {
      where.push(sql`${workouts.status} in ('PLANNED', 'IN_PROGRESS')`)
    }
  }
  if (days !== undefined) where.push(isOnDays(days))
  if (planId !== undefined) where.push(sql`${workouts.planId} = ${planId}::text::uuid`)
  if (exerciseId !== undefined) {
    where.push(
      sql`exists (select 1 from workout_exercises held where held.owner_id = ${ownerId}::text::uuid and held.exercise_id = ${exerciseId}::text::uuid and held.workout_id = ${workouts.id})`,
    )
  }
  if (repeatId !== undefined) where.push(sql`${workouts.repeatId} = ${repeatId}::text::uuid`)
  if (filter.isMissed !== undefined) where.push(filter.isMissed ? isMissed : sql`not ${isMissed}`)
  return { of: workoutEntity, where }
}

export const findOwnWorkouts = (
  db: Executor,
  source: ListSource<WorkoutRow>,
  order: WorkoutOrderName,
  page: PageRequest,
) => findPage(db, source, workoutOrders[order], page)

export const MAX_TODAY = 12

/** What a member has to do on a day, in its order: all that falls on it but what was cancelled, and whatever goes on. */
export async function findWorkoutsOf(db: Executor, ownerId: string, day: DaySpan) {
  const page = { limit: MAX_TODAY, toward: 'forward', after: null, before: null } as const
  const { rows } = await findPage(
    db,
    {
      of: workoutEntity,
      where: [
        sql`${workouts.ownerId} = ${ownerId}::text::uuid`,
        sql`((${isOnDays(day)} and ${workouts.status} <> 'CANCELLED') or ${workouts.status} = 'IN_PROGRESS')`,
      ],
    },
    workoutOrders.NEXT,
    page,
  )
  return rows
}

export interface SharedFilter {
  handle?: string | undefined
  /** Of members whom the viewer follows alone. */
  followed?: boolean | undefined
}

/** The public ones, the viewer's own and, of members whom the viewer follows, those for followers. */
export const isShared = (
  viewerId: string | null,
  owner: typeof workouts.ownerId | typeof workoutPlans.ownerId,
  visibility: typeof workouts.visibility | typeof workoutPlans.visibility,
) =>
  viewerId === null
    ? sql`${visibility} = 'PUBLIC'`
    : sql`(${visibility} = 'PUBLIC' or ${owner} = ${viewerId}::text::uuid or (${visibility} = 'FOLLOWERS' and exists (select 1 from ${follows} where ${follows.followerId} = ${viewerId}::text::uuid and ${follows.followeeId} = ${owner})))`

const ownedBy = (handle: string, owner: typeof workouts.ownerId | typeof workoutPlans.ownerId) =>
  sql`${owner} = (select ${accounts.id} from ${accounts} where ${accounts.handle} = ${handle})`

/** What members have done and show. */
export const sharedWorkouts = (
  viewerId: string | null,
  { handle, followed }: SharedFilter,
): ListSource<WorkoutRow> => ({
  of: workoutEntity,
  where: [
    sql`${workouts.status} = 'DONE'`,
    // Of everybody alike the index of what is public is read; what is for followers is found by whom one follows.
    handle === undefined && followed !== true
      ? sql`${workouts.visibility} = 'PUBLIC'`
      : isShared(viewerId, workouts.ownerId, workouts.visibility),
    handle === undefined ? undefined : ownedBy(handle, workouts.ownerId),
    followed === true
      ? sql`${workouts.ownerId} in (select ${follows.followeeId} from ${follows} where ${follows.followerId} = ${viewerId}::text::uuid)`
      : undefined,
  ],
})

export const findSharedWorkouts = (db: Executor, source: ListSource<WorkoutRow>, page: PageRequest) =>
  findPage(db, source, LATEST_DONE, page)

export const publicPlans = (handle?: string): ListSource<WorkoutPlanRow> => ({
  of: planEntity,
  where: [
    sql`${workoutPlans.visibility} = 'PUBLIC'`,
    handle === undefined ? undefined : ownedBy(handle, workoutPlans.ownerId),
  ],
})

export type WorkoutPlanOrderName = keyof typeof planOrders

/** With this text in the name, in any case. */
export const ownPlans = (ownerId: string, text?: string): ListSource<WorkoutPlanRow> => ({
  of: planEntity,
  where: [
    sql`${workoutPlans.ownerId} = ${ownerId}::text::uuid`,
    text === undefined ? undefined : sql`${workoutPlans.name} ilike ${containing(text)}`,
  ],
})

export const findPlans = (
  db: Executor,
  source: ListSource<WorkoutPlanRow>,
  page: PageRequest,
  orderBy: WorkoutPlanOrderName = 'NEWEST',
) => findPage(db, source, planOrders[orderBy], page)

export const ownRepeats = (ownerId: string): ListSource<WorkoutRepeatRow> => ({
  of: repeatEntity,
  where: [sql`${workoutRepeats.ownerId} = ${ownerId}::text::uuid`],
})

export const findRepeats = (db: Executor, source: ListSource<WorkoutRepeatRow>, page: PageRequest) =>
  findPage(db, source, NEWEST_REPEAT, page)

const one = statement<WorkoutRow>(
  sql`select ${selectColumns(workoutEntity)} from ${workouts} where ${workouts.id} = ${sql.placeholder('id')}::text::uuid`,
)

/** The row as it is now, for live readers. */
export const findWorkoutRow = async (db: Executor, id: string): Promise<WorkoutRow | null> =>
  (await one.run(db, { id }))[0] ?? null
