import { Arg, Args, Ctx, FieldResolver, Float, Mutation, Query, Resolver, Root } from 'type-graphql'
import { encodeId } from '../../core/ids.ts'
import { countRows } from '../../db/queries/page.ts'
import { findPlans, publicPlans } from '../../db/queries/workout/workouts.ts'
import { accountById } from '../../db/relations/account.ts'
import {
  exerciseById,
  planExerciseList,
  type WorkoutPlanExerciseRow,
  type WorkoutPlanRow,
} from '../../db/relations/workout.ts'
import {
  copyWorkoutPlan,
  createWorkoutPlan,
  deleteWorkoutPlan,
  movePlanExercise,
  updateWorkoutPlan,
} from '../../domain/workout/plan.ts'
import { isOwner } from '../../domain/workout/rules.ts'
import { updateWorkoutSettings } from '../../domain/workout/settings.ts'
import { everyone, isSignedIn, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { payload } from '../../schema/user-error.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { Exercise } from '../../schema/workout/exercise.ts'
import {
  CopyWorkoutPlanInput,
  CopyWorkoutPlanPayload,
  CreateWorkoutPlanInput,
  CreateWorkoutPlanPayload,
  DeleteWorkoutPlanPayload,
  MOST_EXERCISES,
  MoveInput,
  MovePlanExercisePayload,
  TargetSet,
  UpdateWorkoutPlanInput,
  UpdateWorkoutPlanPayload,
  UpdateWorkoutSettingsInput,
  UpdateWorkoutSettingsPayload,
  WorkoutPlan,
  WorkoutPlanConnection,
  WorkoutPlanExercise,
  WorkoutPlanInput,
} from '../../schema/workout/plan.ts'
import { toWeight, Weight } from '../../schema/workout/weight.ts'
import { given, inputId, plannedInputs, shown } from './node.ts'

type TargetRow = WorkoutPlanExerciseRow['targets'][number]

/** Postgres refuses NUL in a text, and nobody has one in their handle. */
export const plainHandle = (text: string): string => text.trim().toLowerCase().replaceAll('\0', '')

@Resolver(() => WorkoutPlan)
export class WorkoutPlanResolver {
  @Query(() => WorkoutPlanConnection, { description: 'Plans that are public, the newest first.' })
  @Rule(everyone)
  async workoutPlans(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('owner', () => String, { nullable: true, description: 'Of the member with this handle.' })
    owner: string | undefined,
  ) {
    const listed = publicPlans(owner == null ? undefined : plainHandle(owner))
    const found = await findPlans(deps.db, listed, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, listed))
  }

  @FieldResolver(() => Account)
  owner(@Ctx() { loaders }: Context, @Root() plan: WorkoutPlanRow) {
    return loaders.one(accountById, plan.ownerId)
  }

  @FieldResolver(() => [WorkoutPlanExercise])
  @Costs({ atMost: MOST_EXERCISES })
  exercises(@Ctx() { loaders }: Context, @Root() plan: WorkoutPlanRow) {
    return loaders.many(planExerciseList, plan.id)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() plan: WorkoutPlanRow) {
    return isOwner(viewer, plan)
  }

  @Mutation(() => CreateWorkoutPlanPayload, {
    nullable: true,
    description:
      'Makes a plan, freely or of a workout. User errors: `INVALID_INPUT` naming the field, `NOT_FOUND` (exercise, workout), `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createWorkoutPlan(
    @Ctx() context: Context,
    @Arg('input', () => CreateWorkoutPlanInput) input: CreateWorkoutPlanInput,
  ) {
    return payload(context, 'plan', async () => {
      const { workoutId, exercises, ...rest } = given(input)
      const id = await createWorkoutPlan(context.deps, signedIn(context), {
        ...rest,
        ...(workoutId === undefined ? {} : { workoutId: inputId('workout', workoutId, 'workoutId') }),
        ...(exercises === undefined ? {} : { exercises: plannedInputs(exercises) }),
      })
      return shown(context, 'plan', id)
    })
  }

  @Mutation(() => UpdateWorkoutPlanPayload, {
    nullable: true,
    description:
      'For its owner. Workouts that were made of it stay as they are, unless `applyToPlanned`. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  updateWorkoutPlan(
    @Ctx() context: Context,
    @Arg('input', () => UpdateWorkoutPlanInput) input: UpdateWorkoutPlanInput,
  ) {
    return payload(context, 'plan', async () => {
      const { exercises, ...change } = given(input)
      const id = await updateWorkoutPlan(context.deps, signedIn(context), {
        ...change,
        id: inputId('plan', input.id),
        ...(exercises === undefined ? {} : { exercises: plannedInputs(exercises) }),
      })
      return shown(context, 'plan', id)
    })
  }

  @Mutation(() => MovePlanExercisePayload, {
    nullable: true,
    description: 'Puts an exercise at another place of its plan. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  movePlanExercise(@Ctx() context: Context, @Arg('input', () => MoveInput) { id, position }: MoveInput) {
    return payload(context, 'plan', async () => {
      const moved = { id: inputId('planexercise', id), position }
      return shown(context, 'plan', await movePlanExercise(context.deps, signedIn(context), moved))
    })
  }

  @Mutation(() => CopyWorkoutPlanPayload, {
    nullable: true,
    description:
      'Makes a plan that one may see one’s own; exercises that its owner made come along. User errors: `NOT_FOUND`, `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  copyWorkoutPlan(@Ctx() context: Context, @Arg('input', () => CopyWorkoutPlanInput) input: CopyWorkoutPlanInput) {
    return payload(context, 'plan', async () => {
      const copied = { ...given(input), id: inputId('plan', input.id) }
      return shown(context, 'plan', await copyWorkoutPlan(context.deps, signedIn(context), copied))
    })
  }

  @Mutation(() => DeleteWorkoutPlanPayload, {
    nullable: true,
    description:
      'Deletes a plan and its repetitions with what they still plan. What was done stays. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteWorkoutPlan(@Ctx() context: Context, @Arg('input', () => WorkoutPlanInput) { id }: WorkoutPlanInput) {
    return payload(context, 'deletedId', async () =>
      encodeId('plan', await deleteWorkoutPlan(context.deps, signedIn(context), inputId('plan', id))),
    )
  }

  @Mutation(() => UpdateWorkoutSettingsPayload, { nullable: true, description: 'User error: `INVALID_INPUT`.' })
  @Rule(isSignedIn)
  updateWorkoutSettings(
    @Ctx() context: Context,
    @Arg('input', () => UpdateWorkoutSettingsInput) input: UpdateWorkoutSettingsInput,
  ) {
    return payload(context, 'settings', () => updateWorkoutSettings(context.deps, signedIn(context), given(input)))
  }
}

@Resolver(() => WorkoutPlanExercise)
export class WorkoutPlanExerciseResolver {
  @FieldResolver(() => Exercise)
  exercise(@Ctx() { loaders }: Context, @Root() { exerciseId }: WorkoutPlanExerciseRow) {
    return loaders.one(exerciseById, exerciseId)
  }
}

@Resolver(() => TargetSet)
export class TargetSetResolver {
  @FieldResolver(() => Weight, { nullable: true })
  weight(@Root() { weightGrams }: TargetRow) {
    return toWeight(weightGrams ?? null)
  }

  @FieldResolver(() => Float, { nullable: true })
  effort(@Root() { effortHalves }: TargetRow) {
    return effortHalves === undefined ? null : effortHalves / 2
  }
}
