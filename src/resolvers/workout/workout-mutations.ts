import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { encodeId, type Uuid } from '../../core/ids.ts'
import type { Deps } from '../../domain/deps.ts'
import type { Viewer } from '../../domain/viewer.ts'
import {
  cancelWorkout,
  finishWorkout,
  reopenWorkout,
  skipWorkout,
  startWorkout,
} from '../../domain/workout/progress.ts'
import { deleteWorkout, scheduleWorkout, updateWorkout } from '../../domain/workout/workout.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import {
  CancelWorkoutPayload,
  DeleteWorkoutPayload,
  FinishWorkoutInput,
  FinishWorkoutPayload,
  ReopenWorkoutPayload,
  ScheduleWorkoutInput,
  ScheduleWorkoutPayload,
  SkipWorkoutPayload,
  StartWorkoutInput,
  StartWorkoutPayload,
  UpdateWorkoutInput,
  UpdateWorkoutPayload,
  WorkoutInput,
} from '../../schema/workout/input.ts'
import { given, inputId, plannedInputs, shown } from './node.ts'

type Step = (deps: Deps, viewer: Viewer, id: Uuid) => Promise<Uuid>

const step = (context: Context, id: string, take: Step) =>
  payload(context, 'workout', async () =>
    shown(context, 'workout', await take(context.deps, signedIn(context), inputId('workout', id))),
  )

@Resolver()
export class WorkoutMutationResolver {
  @Mutation(() => ScheduleWorkoutPayload, {
    nullable: true,
    description:
      'Plans a workout for a day: of a plan, as another workout was done, or freely. User errors: `INVALID_INPUT`, `NOT_FOUND` (plan, workout, exercise), `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  scheduleWorkout(@Ctx() context: Context, @Arg('input', () => ScheduleWorkoutInput) input: ScheduleWorkoutInput) {
    return payload(context, 'workout', async () => {
      const { planId, workoutId, exercises, ...rest } = given(input)
      const id = await scheduleWorkout(context.deps, signedIn(context), {
        ...rest,
        ...(planId === undefined ? {} : { planId: inputId('plan', planId, 'planId') }),
        ...(workoutId === undefined ? {} : { workoutId: inputId('workout', workoutId, 'workoutId') }),
        ...(exercises === undefined ? {} : { exercises: plannedInputs(exercises) }),
      })
      return shown(context, 'workout', id)
    })
  }

  @Mutation(() => UpdateWorkoutPayload, {
    nullable: true,
    description:
      'Changes a workout, moves a planned one to another time, or puts right when one was done. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  updateWorkout(@Ctx() context: Context, @Arg('input', () => UpdateWorkoutInput) input: UpdateWorkoutInput) {
    return payload(context, 'workout', async () => {
      const change = { ...given(input), id: inputId('workout', input.id), time: input.time }
      return shown(context, 'workout', await updateWorkout(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => StartWorkoutPayload, {
    nullable: true,
    description: 'Begins a planned workout. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  startWorkout(@Ctx() context: Context, @Arg('input', () => StartWorkoutInput) { id, at }: StartWorkoutInput) {
    return step(context, id, (deps, viewer, workoutId) =>
      startWorkout(deps, viewer, { id: workoutId, at: at ?? undefined }),
    )
  }

  @Mutation(() => FinishWorkoutPayload, {
    nullable: true,
    description:
      'Ends a workout that has begun; records that it sets are told of. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT` (end before start, or more than seven days after it), `NOTHING_LOGGED` (not a single set, unless `withoutSets`).',
  })
  @Rule(isSignedIn)
  finishWorkout(@Ctx() context: Context, @Arg('input', () => FinishWorkoutInput) input: FinishWorkoutInput) {
    return step(context, input.id, (deps, viewer, id) => finishWorkout(deps, viewer, { ...given(input), id }))
  }

  @Mutation(() => SkipWorkoutPayload, {
    nullable: true,
    description: 'It was not done, and counts as such. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  skipWorkout(@Ctx() context: Context, @Arg('input', () => WorkoutInput) { id }: WorkoutInput) {
    return step(context, id, skipWorkout)
  }

  @Mutation(() => CancelWorkoutPayload, {
    nullable: true,
    description: 'It is called off, and does not count in reports. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  cancelWorkout(@Ctx() context: Context, @Arg('input', () => WorkoutInput) { id }: WorkoutInput) {
    return step(context, id, cancelWorkout)
  }

  @Mutation(() => ReopenWorkoutPayload, {
    nullable: true,
    description: 'What was skipped or cancelled is planned again. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  reopenWorkout(@Ctx() context: Context, @Arg('input', () => WorkoutInput) { id }: WorkoutInput) {
    return step(context, id, reopenWorkout)
  }

  @Mutation(() => DeleteWorkoutPayload, {
    nullable: true,
    description: 'Deletes a workout with its sets and comments. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteWorkout(@Ctx() context: Context, @Arg('input', () => WorkoutInput) { id }: WorkoutInput) {
    return payload(context, 'deletedId', async () =>
      encodeId('workout', await deleteWorkout(context.deps, signedIn(context), inputId('workout', id))),
    )
  }
}
