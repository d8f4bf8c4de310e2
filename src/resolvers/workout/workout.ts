import { Arg, Args, Ctx, FieldResolver, Float, Int, Query, Resolver, Root } from 'type-graphql'
import { unauthenticated } from '../../core/errors.ts'
import { countRows } from '../../db/queries/page.ts'
import { findSharedWorkouts, sharedWorkouts } from '../../db/queries/workout/workouts.ts'
import { accountById } from '../../db/relations/account.ts'
import {
  exerciseById,
  planById,
  repeatById,
  setList,
  type WorkoutExerciseRow,
  type WorkoutRow,
  type WorkoutSetRow,
  workoutById,
  workoutExerciseById,
  workoutExerciseList,
} from '../../db/relations/workout.ts'
import { canLog, isOwner, workoutLifecycle } from '../../domain/workout/rules.ts'
import { previousOf, recordsOfWorkout, totalsOf } from '../../loaders/workout.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { LocalDate, LocalTime } from '../../schema/scalars.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { WorkoutStatus } from '../../schema/workout/enums.ts'
import { Exercise, PersonalRecord } from '../../schema/workout/exercise.ts'
import { SharedWorkoutFilter } from '../../schema/workout/input.ts'
import { MOST_EXERCISES, MOST_SETS, WorkoutPlan } from '../../schema/workout/plan.ts'
import { WorkoutRepeat } from '../../schema/workout/repeat.ts'
import { toWeight, Weight } from '../../schema/workout/weight.ts'
import { Workout, WorkoutConnection, WorkoutExercise, WorkoutSet } from '../../schema/workout/workout.ts'
import { plainHandle } from './plan.ts'
import { maySee } from './sight.ts'

@Resolver(() => Workout)
export class WorkoutResolver {
  @Query(() => WorkoutConnection, {
    description:
      'Workouts that members have done and show to everybody, the latest first; with a filter also those that they show to followers. One’s own are in `viewer { workouts }`.',
  })
  @Rule(everyone)
  async workouts(
    @Ctx() { deps, viewer }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => SharedWorkoutFilter, { nullable: true }) filter: SharedWorkoutFilter | undefined,
  ) {
    if (filter?.followed === true && viewer === null) throw unauthenticated()
    const handle = filter?.owner == null ? undefined : plainHandle(filter.owner)
    const listed = sharedWorkouts(viewer?.accountId ?? null, { handle, followed: filter?.followed ?? undefined })
    const found = await findSharedWorkouts(deps.db, listed, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, listed))
  }

  @FieldResolver(() => Account)
  owner(@Ctx() { loaders }: Context, @Root() workout: WorkoutRow) {
    return loaders.one(accountById, workout.ownerId)
  }

  @FieldResolver(() => Boolean)
  isMissed(@Ctx() { deps }: Context, @Root() workout: WorkoutRow) {
    return workout.status === 'PLANNED' && Date.parse(workout.dayEndsAt) <= deps.clock.now().getTime()
  }

  @FieldResolver(() => LocalDate)
  day(@Root() workout: WorkoutRow) {
    return workout.localDay
  }

  @FieldResolver(() => LocalTime, { nullable: true })
  time(@Root() workout: WorkoutRow) {
    return workout.localTime?.slice(0, 5) ?? null
  }

  @FieldResolver(() => Int, { nullable: true })
  durationSeconds(@Root() { startedAt, endedAt }: WorkoutRow) {
    return startedAt === null || endedAt === null
      ? null
      : Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)
  }

  @FieldResolver(() => WorkoutPlan, { nullable: true })
  @DependsOnViewer
  async plan(@Ctx() context: Context, @Root() workout: WorkoutRow) {
    const plan = await context.loaders.one(planById, workout.planId)
    return plan !== null && (await maySee(context, plan)) ? plan : null
  }

  @FieldResolver(() => WorkoutRepeat, { nullable: true })
  @DependsOnViewer
  viewerRepeat(@Ctx() { loaders, viewer }: Context, @Root() workout: WorkoutRow) {
    return isOwner(viewer, workout) ? loaders.one(repeatById, workout.repeatId) : null
  }

  @FieldResolver(() => [WorkoutExercise])
  @Costs({ atMost: MOST_EXERCISES })
  exercises(@Ctx() { loaders }: Context, @Root() workout: WorkoutRow) {
    return loaders.many(workoutExerciseList, workout.id)
  }

  @FieldResolver(() => Int)
  async setCount(@Ctx() { loaders }: Context, @Root() workout: WorkoutRow) {
    return (await totalsOf(loaders, workout.id)).setCount
  }

  @FieldResolver(() => Weight)
  async volume(@Ctx() { loaders }: Context, @Root() workout: WorkoutRow) {
    return toWeight((await totalsOf(loaders, workout.id)).volumeGrams)
  }

  @FieldResolver(() => [PersonalRecord])
  @Costs({ own: 5, atMost: 20 })
  records(@Ctx() { loaders }: Context, @Root() workout: WorkoutRow) {
    return workout.status === 'DONE' ? recordsOfWorkout(loaders, workout.id) : []
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() workout: WorkoutRow) {
    return isOwner(viewer, workout)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanLog(@Ctx() { viewer }: Context, @Root() workout: WorkoutRow) {
    return canLog(viewer, workout)
  }

  @FieldResolver(() => [WorkoutStatus])
  @DependsOnViewer
  viewerCanBecome(@Ctx() { viewer }: Context, @Root() workout: WorkoutRow) {
    return isOwner(viewer, workout) ? workoutLifecycle.allowed(workout.status) : []
  }
}

@Resolver(() => WorkoutExercise)
export class WorkoutExerciseResolver {
  @FieldResolver(() => Exercise)
  exercise(@Ctx() { loaders }: Context, @Root() { exerciseId }: WorkoutExerciseRow) {
    return loaders.one(exerciseById, exerciseId)
  }

  @FieldResolver(() => [WorkoutSet])
  @Costs({ atMost: MOST_SETS })
  sets(@Ctx() { loaders }: Context, @Root() { id }: WorkoutExerciseRow) {
    return loaders.many(setList, id)
  }

  @FieldResolver(() => WorkoutExercise, { nullable: true })
  @DependsOnViewer
  @Costs({ own: 5 })
  async viewerPrevious(@Ctx() { loaders, viewer }: Context, @Root() entry: WorkoutExerciseRow) {
    if (!isOwner(viewer, entry)) return null
    return loaders.one(workoutExerciseById, await previousOf(loaders, entry.id))
  }

  @FieldResolver(() => Workout)
  workout(@Ctx() { loaders }: Context, @Root() { workoutId }: WorkoutExerciseRow) {
    return loaders.one(workoutById, workoutId)
  }

  @FieldResolver(() => Weight)
  volume(@Root() { volumeGrams }: WorkoutExerciseRow) {
    return toWeight(volumeGrams)
  }

  @FieldResolver(() => Weight, { nullable: true })
  bestOneRepMax(@Root() { bestOneRepMaxGrams }: WorkoutExerciseRow) {
    return toWeight(bestOneRepMaxGrams)
  }
}

@Resolver(() => WorkoutSet)
export class WorkoutSetResolver {
  @FieldResolver(() => Weight, { nullable: true })
  weight(@Root() { weightGrams }: WorkoutSetRow) {
    return toWeight(weightGrams)
  }

  @FieldResolver(() => Weight, { nullable: true })
  oneRepMax(@Root() { oneRepMaxGrams }: WorkoutSetRow) {
    return toWeight(oneRepMaxGrams)
  }

  @FieldResolver(() => Float, { nullable: true })
  effort(@Root() { effortHalves }: WorkoutSetRow) {
    return effortHalves === null ? null : effortHalves / 2
  }
}
