import { Field, Float, ID, InputType, Int } from 'type-graphql'
import type {
  SetKind as SetKindName,
  WorkoutStatus as WorkoutStatusName,
  WorkoutVisibility as WorkoutVisibilityName,
} from '../../domain/workout/rules.ts'
import { GraphObject } from '../object.ts'
import { DateTime, LocalDate, LocalTime, TimeZone } from '../scalars.ts'
import { payloadOf, UserError } from '../user-error.ts'
import { WorkoutSetKind, WorkoutStatus, WorkoutVisibility } from './enums.ts'
import { KEY } from './exercise.ts'
import { PlannedExerciseInput, TargetSetInput } from './plan.ts'
import { WeightInput } from './weight.ts'
import { Workout, WorkoutExercise, WorkoutSet } from './workout.ts'

@InputType({ description: 'The viewer’s workouts that meet every condition that is given.' })
export class WorkoutFilter {
  @Field(() => [WorkoutStatus], {
    nullable: true,
    description: 'In any of them: `[PLANNED, IN_PROGRESS]` are to be done.',
  })
  statuses?: WorkoutStatusName[]

  @Field(() => LocalDate, { nullable: true, description: 'On this day or later, in `timeZone`.' })
  from?: string

  @Field(() => LocalDate, { nullable: true, description: 'On this day or earlier, in `timeZone`.' })
  to?: string

  @Field(() => TimeZone, { nullable: true, description: 'That of the viewer’s profile unless told.' })
  timeZone?: string

  @Field(() => ID, { nullable: true })
  planId?: string

  @Field(() => ID, {
    nullable: true,
    description: 'They hold this exercise: `statuses: [DONE]` with `orderBy: LATEST` is its history.',
  })
  exerciseId?: string

  @Field(() => ID, { nullable: true })
  repeatId?: string

  @Field(() => Boolean, { nullable: true, description: 'Planned still, although their day is over; or not.' })
  isMissed?: boolean
}

@InputType({ description: 'Workouts that members show.' })
export class SharedWorkoutFilter {
  @Field(() => String, { nullable: true, description: 'Of the member with this handle.' })
  owner?: string

  @Field(() => Boolean, { nullable: true, description: 'Of members whom the viewer follows alone.' })
  followed?: boolean
}

@InputType()
export class ScheduleWorkoutInput {
  @Field(() => ID, { nullable: true, description: 'Name, notes and exercises are the plan’s unless they are given.' })
  planId?: string

  @Field(() => ID, {
    nullable: true,
    description:
      'To do a workout again that the viewer may see, instead of a plan: what was done in it is what is to be done. Name and exercises are its own unless they are given.',
  })
  workoutId?: string

  @Field(() => String, { nullable: true, description: '1 to 100 characters; needed without a plan or workout.' })
  name?: string

  @Field(() => String, { nullable: true })
  notes?: string

  @Field(() => [PlannedExerciseInput], { nullable: true })
  exercises?: PlannedExerciseInput[]

  @Field(() => LocalDate)
  day: string

  @Field(() => LocalTime, { nullable: true, description: '`18:30`; left out: some time that day.' })
  time?: string

  @Field(() => TimeZone, { nullable: true, description: 'That of the viewer’s profile unless told.' })
  timeZone?: string

  @Field(() => WorkoutVisibility, { nullable: true, description: 'As the viewer’s settings say unless told.' })
  visibility?: WorkoutVisibilityName

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({
  description:
    'What is left out stays. One of a repetition is changed alone: see `changeWorkoutRepeat` for all that follow.',
})
export class UpdateWorkoutInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => String, { nullable: true })
  notes?: string

  @Field(() => WorkoutVisibility, { nullable: true })
  visibility?: WorkoutVisibilityName

  @Field(() => LocalDate, { nullable: true, description: 'Of a planned workout.' })
  day?: string

  @Field(() => LocalTime, { nullable: true, description: 'Of a planned workout; null: some time that day.' })
  time?: string | null

  @Field(() => TimeZone, { nullable: true, description: 'Of a planned workout.' })
  timeZone?: string

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Puts right when it was begun: of one that has begun or is done. From start to end it is at most seven days.',
  })
  startedAt?: string

  @Field(() => DateTime, { nullable: true, description: 'Puts right when it was over: of one that is done.' })
  endedAt?: string
}

@InputType({ description: 'The id of what the mutation is named after.' })
export class WorkoutInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class StartWorkoutInput {
  @Field(() => ID)
  id: string

  @Field(() => DateTime, { nullable: true, description: 'When it was begun; now unless told.' })
  at?: string
}

@InputType()
export class FinishWorkoutInput {
  @Field(() => ID)
  id: string

  @Field(() => DateTime, { nullable: true, description: 'Puts right when it was begun.' })
  startedAt?: string

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it was over, at most seven days after it was begun. Unless told: now; of a workout that was begun more than seven days ago, when its last set was logged in that time, or when it was begun.',
  })
  endedAt?: string

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'It is meant to be finished without any set: a class, a game. Otherwise that is `NOTHING_LOGGED`.',
  })
  withoutSets: boolean
}

@GraphObject(
  'A workout without a set is not finished by mistake: log a set, or say `withoutSets: true`, or let it become something else.',
  [UserError],
)
export class NothingLogged extends UserError {
  @Field(() => [String], { description: 'What it can become without a set.' })
  allowed: string[]
}

@InputType()
export class AddWorkoutExerciseInput extends PlannedExerciseInput {
  @Field(() => ID)
  workoutId: string

  @Field(() => Int, { nullable: true, description: 'Its place, from 0; at the end unless told.' })
  position?: number

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'What is left out stays; null takes it away.' })
export class UpdateWorkoutExerciseInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  notes?: string

  @Field(() => Int, { nullable: true })
  restSeconds?: number | null

  @Field(() => Int, { nullable: true })
  superset?: number | null

  @Field(() => [TargetSetInput], { nullable: true })
  targets?: TargetSetInput[]
}

@InputType({ description: 'What a set says depends on the kind of its exercise.' })
class SetMeasuresInput {
  @Field(() => Int, { nullable: true, description: '0 to 1000; 0 is one that failed.' })
  reps?: number | null

  @Field(() => WeightInput, { nullable: true, description: 'At most 1000 kg.' })
  weight?: WeightInput | null

  @Field(() => Int, { nullable: true, description: 'At most a day.' })
  durationSeconds?: number | null

  @Field(() => Int, { nullable: true, description: 'At most 1,000,000.' })
  distanceMetres?: number | null

  @Field(() => Float, { nullable: true, description: 'Rate of perceived exertion (RPE), 1 to 10 in halves.' })
  effort?: number | null
}

@InputType()
export class LogSetInput extends SetMeasuresInput {
  @Field(() => ID)
  workoutId: string

  @Field(() => ID, { description: 'An exercise of that workout.' })
  workoutExerciseId: string

  @Field(() => WorkoutSetKind, { defaultValue: WorkoutSetKind.NORMAL })
  kind: SetKindName

  @Field(() => DateTime, { nullable: true, description: 'When it was done; now unless told.' })
  loggedAt?: string

  @Field(() => String, {
    nullable: true,
    description:
      'What the client calls it, 8 to 100 printable characters: a phone that repeats itself writes it once and gets the first answer.',
  })
  clientId?: string
}

@InputType({ description: 'What is left out stays; null takes it away.' })
export class UpdateSetInput extends SetMeasuresInput {
  @Field(() => ID)
  id: string

  @Field(() => WorkoutSetKind, { nullable: true })
  kind?: SetKindName
}

const workout = () => Workout
const entry = () => WorkoutExercise
const set = () => WorkoutSet
export const ScheduleWorkoutPayload = payloadOf('ScheduleWorkoutPayload', 'workout', workout, 'The new workout.')
export const UpdateWorkoutPayload = payloadOf('UpdateWorkoutPayload', 'workout', workout, 'The changed workout.')
export const StartWorkoutPayload = payloadOf('StartWorkoutPayload', 'workout', workout, 'The workout.')
export const FinishWorkoutPayload = payloadOf('FinishWorkoutPayload', 'workout', workout, 'The workout.')
export const SkipWorkoutPayload = payloadOf('SkipWorkoutPayload', 'workout', workout, 'The workout.')
export const CancelWorkoutPayload = payloadOf('CancelWorkoutPayload', 'workout', workout, 'The workout.')
export const ReopenWorkoutPayload = payloadOf('ReopenWorkoutPayload', 'workout', workout, 'The workout.')
export const DeleteWorkoutPayload = payloadOf('DeleteWorkoutPayload', 'deletedId', () => ID, 'Its id.')
export const AddWorkoutExercisePayload = payloadOf('AddWorkoutExercisePayload', 'exercise', entry, 'In its place.')
export const UpdateWorkoutExercisePayload = payloadOf(
  'UpdateWorkoutExercisePayload',
  'exercise',
  entry,
  'As it is now.',
)
export const MoveWorkoutExercisePayload = payloadOf('MoveWorkoutExercisePayload', 'workout', workout, 'The workout.')
export const RemoveWorkoutExercisePayload = payloadOf(
  'RemoveWorkoutExercisePayload',
  'workout',
  workout,
  'The workout.',
)
export const LogSetPayload = payloadOf('LogSetPayload', 'set', set, 'The new set.')
export const UpdateSetPayload = payloadOf('UpdateSetPayload', 'set', set, 'The changed set.')
export const MoveSetPayload = payloadOf('MoveSetPayload', 'exercise', entry, 'Its exercise.')
export const DeleteSetPayload = payloadOf('DeleteSetPayload', 'exercise', entry, 'Its exercise.')
