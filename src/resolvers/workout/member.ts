import { Arg, Args, Ctx, FieldResolver, ID, Int, Resolver } from 'type-graphql'
import { invalidInput } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import { countRows } from '../../db/queries/page.ts'
import {
  findOwnWorkouts,
  findPlans,
  findRepeats,
  findWorkoutsOf,
  MAX_TODAY,
  ownPlans,
  ownRepeats,
  ownWorkouts,
  type WorkoutOrderName,
  type WorkoutPlanOrderName,
} from '../../db/queries/workout/workouts.ts'
import { findPeriod, reportProgress, reportStreak, reportWorkouts, today } from '../../domain/workout/report.ts'
import { findSettings } from '../../domain/workout/settings.ts'
import { Viewer } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { LocalDate, TimeZone } from '../../schema/scalars.ts'
import { WorkoutOrder, WorkoutPlanOrder } from '../../schema/workout/enums.ts'
import { WorkoutFilter } from '../../schema/workout/input.ts'
import { WorkoutPlanConnection, WorkoutSettings } from '../../schema/workout/plan.ts'
import { WorkoutRepeatConnection } from '../../schema/workout/repeat.ts'
import { ProgressPoint, WEEK_START, WorkoutReport, WorkoutStreak } from '../../schema/workout/report.ts'
import { Workout, WorkoutConnection } from '../../schema/workout/workout.ts'

const ZONE = { nullable: true, description: 'That of the viewer’s profile unless told.' } as const
/** Three years of training, day by day. */
const MOST_POINTS = 1000
/** Where only one end of a period was given. */
const FIRST_DAY = '0001-01-01'
const LAST_DAY = '9999-12-31'

async function toListFilter(context: Context, filter: WorkoutFilter | null | undefined) {
  const { statuses, from, to, timeZone, planId, exerciseId, repeatId, isMissed } = filter ?? {}
  if (from != null && to != null && to < from) {
    throw invalidInput(['filter', 'to'], 'A period cannot end before it starts.')
  }
  const isPeriod = from != null || to != null
  const days = isPeriod ? (await daysOf(context, from ?? FIRST_DAY, to ?? LAST_DAY, timeZone)).days : undefined
  return {
    statuses: statuses ?? undefined,
    days,
    planId: planId == null ? undefined : decodeId('plan', planId, ['filter', 'planId']),
    exerciseId: exerciseId == null ? undefined : decodeId('exercise', exerciseId, ['filter', 'exerciseId']),
    repeatId: repeatId == null ? undefined : decodeId('repeat', repeatId, ['filter', 'repeatId']),
    isMissed: isMissed ?? undefined,
  }
}

const daysOf = (context: Context, from: string, to: string, timeZone: string | null | undefined) =>
  findPeriod(context.deps, signedIn(context), { from, to, timeZone, isBounded: false })

@Resolver(() => Viewer)
export class WorkoutViewerResolver {
  @FieldResolver(() => WorkoutConnection, {
    description:
      'The viewer’s own, by when they are planned for. `filter: { statuses: [PLANNED, IN_PROGRESS] }` is what is to be done.',
  })
  async workouts(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => WorkoutFilter, { nullable: true }) filter: WorkoutFilter | undefined,
    @Arg('orderBy', () => WorkoutOrder, { defaultValue: WorkoutOrder.NEXT }) orderBy: WorkoutOrderName,
  ) {
    const { db } = context.deps
    const listed = ownWorkouts(signedIn(context).accountId, await toListFilter(context, filter))
    const found = await findOwnWorkouts(db, listed, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(db, listed))
  }

  @FieldResolver(() => [Workout], {
    description:
      'What falls on the present day, in its order, cancelled ones left out; and whatever goes on. At most 12.',
  })
  @Costs({ atMost: MAX_TODAY })
  async workoutsToday(@Ctx() context: Context, @Arg('timeZone', () => TimeZone, ZONE) timeZone: string | undefined) {
    const viewer = signedIn(context)
    return findWorkoutsOf(context.deps.db, viewer.accountId, await today(context.deps, viewer, timeZone))
  }

  @FieldResolver(() => WorkoutPlanConnection, { description: 'The viewer’s own plans.' })
  async workoutPlans(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('text', () => String, { nullable: true, description: 'In the name.' }) text: string | undefined,
    @Arg('orderBy', () => WorkoutPlanOrder, { defaultValue: WorkoutPlanOrder.NEWEST }) orderBy: WorkoutPlanOrderName,
  ) {
    const listed = ownPlans(signedIn(context).accountId, text?.replaceAll('\0', ''))
    const found = await findPlans(context.deps.db, listed, toPageRequest(page), orderBy)
    return new Connection(found, () => countRows(context.deps.db, listed))
  }

  @FieldResolver(() => WorkoutRepeatConnection, {
    description: 'What the viewer repeats week by week, the newest first.',
  })
  async workoutRepeats(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const listed = ownRepeats(signedIn(context).accountId)
    const found = await findRepeats(context.deps.db, listed, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, listed))
  }

  @FieldResolver(() => WorkoutSettings)
  workoutSettings(@Ctx() context: Context) {
    return findSettings(context.deps.db, signedIn(context).accountId)
  }

  @FieldResolver(() => WorkoutReport, {
    description: 'How training went from one day to another, at most three years.',
  })
  @Costs({ own: 10 })
  workoutReport(
    @Ctx() context: Context,
    @Arg('from', () => LocalDate) from: string,
    @Arg('to', () => LocalDate, { description: 'The last day.' }) to: string,
    @Arg('timeZone', () => TimeZone, ZONE) timeZone: string | undefined,
  ) {
    return reportWorkouts(context.deps, signedIn(context), { from, to, timeZone })
  }

  @FieldResolver(() => WorkoutStreak)
  @Costs({ own: 20 })
  workoutStreak(
    @Ctx() context: Context,
    @Arg('timeZone', () => TimeZone, ZONE) timeZone: string | undefined,
    @Arg('weekStartsOn', () => Int, WEEK_START) weekStartsOn: number,
  ) {
    return reportStreak(context.deps, signedIn(context), weekStartsOn, timeZone)
  }

  @FieldResolver(() => [ProgressPoint], {
    description:
      'How an exercise went from workout to workout, the oldest first: ready to plot. Of more than 1000 the latest.',
  })
  @Costs({ own: 10, atMost: MOST_POINTS })
  exerciseProgress(
    @Ctx() context: Context,
    @Arg('exerciseId', () => ID) exerciseId: string,
    @Arg('from', () => LocalDate) from: string,
    @Arg('to', () => LocalDate, { description: 'The last day; at most three years later.' }) to: string,
    @Arg('timeZone', () => TimeZone, ZONE) timeZone: string | undefined,
  ) {
    const id = decodeId('exercise', exerciseId, ['exerciseId'])
    return reportProgress(context.deps, signedIn(context), { from, to, timeZone, exerciseId: id })
  }
}
