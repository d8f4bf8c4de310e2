import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import {
  addWorkoutExercise,
  moveWorkoutExercise,
  removeWorkoutExercise,
  updateWorkoutExercise,
} from '../../domain/workout/entry.ts'
import { deleteSet, logSet, moveSet, updateSet } from '../../domain/workout/log.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import {
  AddWorkoutExerciseInput,
  AddWorkoutExercisePayload,
  DeleteSetPayload,
  LogSetInput,
  LogSetPayload,
  MoveSetPayload,
  MoveWorkoutExercisePayload,
  RemoveWorkoutExercisePayload,
  UpdateSetInput,
  UpdateSetPayload,
  UpdateWorkoutExerciseInput,
  UpdateWorkoutExercisePayload,
  WorkoutInput,
} from '../../schema/workout/input.ts'
import { MoveInput } from '../../schema/workout/plan.ts'
import { inputId, shown } from './node.ts'

const ENTRY = 'workoutexercise'

@Resolver()
export class WorkoutLogResolver {
  @Mutation(() => AddWorkoutExercisePayload, {
    nullable: true,
    description:
      'Puts one more exercise into a workout. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  addWorkoutExercise(
    @Ctx() context: Context,
    @Arg('input', () => AddWorkoutExerciseInput) input: AddWorkoutExerciseInput,
  ) {
    return payload(context, 'exercise', async () => {
      const id = await addWorkoutExercise(context.deps, signedIn(context), {
        ...input,
        workoutId: inputId('workout', input.workoutId, 'workoutId'),
        exerciseId: inputId('exercise', input.exerciseId, 'exerciseId'),
      })
      return shown(context, ENTRY, id)
    })
  }

  @Mutation(() => UpdateWorkoutExercisePayload, {
    nullable: true,
    description: 'Notes, rest and targets. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  updateWorkoutExercise(
    @Ctx() context: Context,
    @Arg('input', () => UpdateWorkoutExerciseInput) input: UpdateWorkoutExerciseInput,
  ) {
    return payload(context, 'exercise', async () => {
      const change = { ...input, notes: input.notes ?? undefined, id: inputId(ENTRY, input.id) }
      return shown(context, ENTRY, await updateWorkoutExercise(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => MoveWorkoutExercisePayload, {
    nullable: true,
    description: 'Puts an exercise at another place of its workout. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  moveWorkoutExercise(@Ctx() context: Context, @Arg('input', () => MoveInput) { id, position }: MoveInput) {
    return payload(context, 'workout', async () => {
      const moved = { id: inputId(ENTRY, id), position }
      return shown(context, 'workout', await moveWorkoutExercise(context.deps, signedIn(context), moved))
    })
  }

  @Mutation(() => RemoveWorkoutExercisePayload, {
    nullable: true,
    description: 'Takes an exercise out of its workout, with its sets. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  removeWorkoutExercise(@Ctx() context: Context, @Arg('input', () => WorkoutInput) { id }: WorkoutInput) {
    return payload(context, 'workout', async () =>
      shown(context, 'workout', await removeWorkoutExercise(context.deps, signedIn(context), inputId(ENTRY, id))),
    )
  }

  @Mutation(() => LogSetPayload, {
    nullable: true,
    description:
      'Writes down a set, behind the last one of its exercise. User errors: `NOT_FOUND` (also for an exercise of another workout), `ILLEGAL_TRANSITION` (the workout has not begun), `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (another set under the same client id).',
  })
  @Rule(isSignedIn)
  logSet(@Ctx() context: Context, @Arg('input', () => LogSetInput) input: LogSetInput) {
    return payload(context, 'set', async () => {
      const id = await logSet(context.deps, signedIn(context), {
        ...input,
        loggedAt: input.loggedAt ?? undefined,
        clientId: input.clientId ?? undefined,
        workoutId: inputId('workout', input.workoutId, 'workoutId'),
        workoutExerciseId: inputId(ENTRY, input.workoutExerciseId, 'workoutExerciseId'),
      })
      return shown(context, 'set', id)
    })
  }

  @Mutation(() => UpdateSetPayload, {
    nullable: true,
    description: 'Puts a set right, also afterwards. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  updateSet(@Ctx() context: Context, @Arg('input', () => UpdateSetInput) input: UpdateSetInput) {
    return payload(context, 'set', async () => {
      const change = { ...input, kind: input.kind ?? undefined, id: inputId('set', input.id) }
      return shown(context, 'set', await updateSet(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => MoveSetPayload, {
    nullable: true,
    description:
      'Puts a set at another place of its exercise. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  moveSet(@Ctx() context: Context, @Arg('input', () => MoveInput) { id, position }: MoveInput) {
    return payload(context, 'exercise', async () => {
      const moved = { id: inputId('set', id), position }
      return shown(context, ENTRY, await moveSet(context.deps, signedIn(context), moved))
    })
  }

  @Mutation(() => DeleteSetPayload, {
    nullable: true,
    description: 'User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  deleteSet(@Ctx() context: Context, @Arg('input', () => WorkoutInput) { id }: WorkoutInput) {
    return payload(context, 'exercise', async () =>
      shown(context, ENTRY, await deleteSet(context.deps, signedIn(context), inputId('set', id))),
    )
  }
}
