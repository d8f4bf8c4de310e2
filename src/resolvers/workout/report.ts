import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import {
  type ExerciseTotalRow,
  MAX_EXERCISE_TOTALS,
  type MuscleTotalRow,
  type ProgressRow,
  sumExercises,
  sumMuscles,
} from '../../db/queries/workout/report.ts'
import { exerciseById, setById, workoutById } from '../../db/relations/workout.ts'
import { type Report, reportWeeks, type Week } from '../../domain/workout/report.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Exercise } from '../../schema/workout/exercise.ts'
import {
  ExerciseReport,
  MuscleReport,
  ProgressPoint,
  WEEK_START,
  WeekReport,
  WorkoutReport,
} from '../../schema/workout/report.ts'
import { toWeight, Weight } from '../../schema/workout/weight.ts'
import { Workout, WorkoutSet } from '../../schema/workout/workout.ts'

const MUSCLE_GROUPS = 21
const MOST_WEEKS = 160

@Resolver(() => WorkoutReport)
export class WorkoutReportResolver {
  @FieldResolver(() => [ExerciseReport])
  @Costs({ own: 20, atMost: MAX_EXERCISE_TOTALS })
  exercises(@Ctx() context: Context, @Root() { days }: Report) {
    return sumExercises(context.deps.db, signedIn(context).accountId, days)
  }

  @FieldResolver(() => [MuscleReport])
  @Costs({ own: 20, atMost: MUSCLE_GROUPS })
  muscles(@Ctx() context: Context, @Root() { days }: Report) {
    return sumMuscles(context.deps.db, signedIn(context).accountId, days)
  }

  @FieldResolver(() => [WeekReport])
  @Costs({ own: 20, atMost: MOST_WEEKS })
  weeks(
    @Ctx() context: Context,
    @Root() report: Report,
    @Arg('weekStartsOn', () => Int, WEEK_START) weekStartsOn: number,
  ) {
    return reportWeeks(context.deps, signedIn(context).accountId, report, weekStartsOn)
  }
}

@Resolver(() => ExerciseReport)
export class ExerciseReportResolver {
  @FieldResolver(() => Exercise)
  exercise(@Ctx() { loaders }: Context, @Root() { exerciseId }: ExerciseTotalRow) {
    return loaders.one(exerciseById, exerciseId)
  }

  @FieldResolver(() => Weight)
  volume(@Root() { volumeGrams }: ExerciseTotalRow) {
    return toWeight(volumeGrams)
  }

  @FieldResolver(() => WorkoutSet, { nullable: true })
  bestSet(@Ctx() { loaders }: Context, @Root() { bestSetId }: ExerciseTotalRow) {
    return loaders.one(setById, bestSetId)
  }

  @FieldResolver(() => Weight, { nullable: true })
  bestOneRepMax(@Root() { bestOneRepMaxGrams }: ExerciseTotalRow) {
    return toWeight(bestOneRepMaxGrams)
  }

  @FieldResolver(() => Weight, { nullable: true })
  maxWeight(@Root() { maxWeightGrams }: ExerciseTotalRow) {
    return toWeight(maxWeightGrams)
  }
}

@Resolver(() => MuscleReport)
export class MuscleReportResolver {
  @FieldResolver(() => Weight)
  volume(@Root() { volumeGrams }: MuscleTotalRow) {
    return toWeight(volumeGrams)
  }
}

@Resolver(() => WeekReport)
export class WeekReportResolver {
  @FieldResolver(() => Weight)
  volume(@Root() { volumeGrams }: Week) {
    return toWeight(volumeGrams)
  }
}

@Resolver(() => ProgressPoint)
export class ProgressPointResolver {
  @FieldResolver(() => Workout)
  workout(@Ctx() { loaders }: Context, @Root() { workoutId }: ProgressRow) {
    return loaders.one(workoutById, workoutId)
  }

  @FieldResolver(() => Weight, { nullable: true })
  bestOneRepMax(@Root() { bestOneRepMaxGrams }: ProgressRow) {
    return toWeight(bestOneRepMaxGrams)
  }

  @FieldResolver(() => Weight, { nullable: true })
  maxWeight(@Root() { maxWeightGrams }: ProgressRow) {
    return toWeight(maxWeightGrams)
  }

  @FieldResolver(() => Weight)
  volume(@Root() { volumeGrams }: ProgressRow) {
    return toWeight(volumeGrams)
  }
}
