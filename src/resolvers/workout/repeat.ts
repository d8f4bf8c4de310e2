import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { occurrenceFrom } from '../../core/calendar.ts'
import { localDate } from '../../core/local-time.ts'
import { planById, type WorkoutRepeatRow } from '../../db/relations/workout.ts'
import { changeWorkoutRepeat, endWorkoutRepeat, recurrenceOf, repeatWorkoutPlan } from '../../domain/workout/repeat.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { LocalDate, LocalTime } from '../../schema/scalars.ts'
import { payload } from '../../schema/user-error.ts'
import { WorkoutPlan } from '../../schema/workout/plan.ts'
import {
  ChangeWorkoutRepeatInput,
  ChangeWorkoutRepeatPayload,
  EndWorkoutRepeatInput,
  EndWorkoutRepeatPayload,
  RepeatWorkoutPlanInput,
  RepeatWorkoutPlanPayload,
  WorkoutRepeat,
} from '../../schema/workout/repeat.ts'
import { given, inputId, shown } from './node.ts'

@Resolver(() => WorkoutRepeat)
export class WorkoutRepeatResolver {
  @FieldResolver(() => WorkoutPlan)
  plan(@Ctx() { loaders }: Context, @Root() { planId }: WorkoutRepeatRow) {
    return loaders.one(planById, planId)
  }

  @FieldResolver(() => LocalTime, { nullable: true })
  time(@Root() { localTime }: WorkoutRepeatRow) {
    return localTime?.slice(0, 5) ?? null
  }

  @FieldResolver(() => LocalDate, { nullable: true })
  nextDay(@Ctx() { deps }: Context, @Root() repeat: WorkoutRepeatRow) {
    return occurrenceFrom(recurrenceOf(repeat), localDate(deps.clock.now().getTime(), repeat.timeZone))
  }

  @Mutation(() => RepeatWorkoutPlanPayload, {
    nullable: true,
    description:
      'Plans workouts week by week. Those of the next five weeks are made at once, each further one as it comes near. User errors: `INVALID_INPUT`, `NOT_FOUND`, `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  repeatWorkoutPlan(
    @Ctx() context: Context,
    @Arg('input', () => RepeatWorkoutPlanInput) input: RepeatWorkoutPlanInput,
  ) {
    return payload(context, 'repeat', async () => {
      const rule = { ...given(input), planId: inputId('plan', input.planId, 'planId') }
      return shown(context, 'repeat', await repeatWorkoutPlan(context.deps, signedIn(context), rule))
    })
  }

  @Mutation(() => ChangeWorkoutRepeatPayload, {
    nullable: true,
    description:
      'Changes this occurrence and all that follow. Those that were changed by themselves or have begun stay as they are. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  changeWorkoutRepeat(
    @Ctx() context: Context,
    @Arg('input', () => ChangeWorkoutRepeatInput) input: ChangeWorkoutRepeatInput,
  ) {
    return payload(context, 'repeat', async () => {
      const { planId, ...rest } = given(input)
      const id = await changeWorkoutRepeat(context.deps, signedIn(context), {
        ...rest,
        id: inputId('repeat', input.id),
        ...(planId === undefined ? {} : { planId: inputId('plan', planId, 'planId') }),
        lastDay: input.lastDay,
        time: input.time,
      })
      return shown(context, 'repeat', id)
    })
  }

  @Mutation(() => EndWorkoutRepeatPayload, {
    nullable: true,
    description: 'Ends a repetition earlier than planned. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  endWorkoutRepeat(@Ctx() context: Context, @Arg('input', () => EndWorkoutRepeatInput) input: EndWorkoutRepeatInput) {
    return payload(context, 'repeat', async () => {
      const end = { id: inputId('repeat', input.id), lastDay: input.lastDay }
      return shown(context, 'repeat', await endWorkoutRepeat(context.deps, signedIn(context), end))
    })
  }
}
