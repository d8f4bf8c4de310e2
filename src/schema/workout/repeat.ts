import { Field, ID, InputType, Int } from 'type-graphql'
import type { WorkoutVisibility as WorkoutVisibilityName } from '../../domain/workout/rules.ts'
import { connectionOf } from '../connection.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { LocalDate, LocalTime, TimeZone } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { WorkoutVisibility } from './enums.ts'
import { KEY } from './exercise.ts'
import { WorkoutPlan } from './plan.ts'

@GraphObject('“Mondays and Thursdays at 18:30”: workouts are made of a plan five weeks ahead, each occurrence once.', [
  Node,
])
export class WorkoutRepeat extends Node {
  @Field(() => WorkoutPlan)
  plan: WorkoutPlan

  @Field(() => [Int], { description: '1 is Monday, 7 is Sunday.' })
  weekdays: number[]

  @Field(() => Int, { description: '2: every second week, counted from that of the first day.' })
  intervalWeeks: number

  @Field(() => LocalDate)
  firstDay: string

  @Field(() => LocalDate, { nullable: true, description: 'Null: without end, or until `count` is reached.' })
  lastDay: string | null

  @Field(() => Int, { nullable: true, description: 'How many occurrences there are at most.' })
  count: number | null

  @Field(() => LocalTime, { nullable: true, description: 'Null: some time that day.' })
  time: string | null

  @Field(() => TimeZone)
  timeZone: string

  @Field(() => WorkoutVisibility)
  visibility: WorkoutVisibilityName

  @Field(() => LocalDate, { nullable: true, description: 'Its next day from today on; null once it has ended.' })
  nextDay: string | null
}

export const { Connection: WorkoutRepeatConnection } = connectionOf(WorkoutRepeat)

@InputType()
export class RepeatWorkoutPlanInput {
  @Field(() => ID)
  planId: string

  @Field(() => [Int], { description: '1 is Monday, 7 is Sunday.' })
  weekdays: number[]

  @Field(() => Int, { nullable: true, description: '1 to 8; every week unless told.' })
  intervalWeeks?: number

  @Field(() => LocalDate, {
    description: 'Today or later; the first occurrence is on the first of the weekdays from there on.',
  })
  firstDay: string

  @Field(() => LocalDate, { nullable: true })
  lastDay?: string

  @Field(() => Int, { nullable: true, description: 'At most so many occurrences.' })
  count?: number

  @Field(() => LocalTime, { nullable: true, description: '`18:30`; left out: some time of those days.' })
  time?: string

  @Field(() => TimeZone, { nullable: true, description: 'That of the viewer’s profile unless told.' })
  timeZone?: string

  @Field(() => WorkoutVisibility, { nullable: true, description: 'As the viewer’s settings say unless told.' })
  visibility?: WorkoutVisibilityName

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'What is left out stays.' })
export class ChangeWorkoutRepeatInput {
  @Field(() => ID)
  id: string

  @Field(() => LocalDate, { description: 'This occurrence and all that follow are changed, those before stay.' })
  fromDay: string

  @Field(() => ID, { nullable: true })
  planId?: string

  @Field(() => [Int], { nullable: true })
  weekdays?: number[]

  @Field(() => Int, { nullable: true })
  intervalWeeks?: number

  @Field(() => LocalDate, { nullable: true, description: 'Null: without end.' })
  lastDay?: string | null

  @Field(() => LocalTime, { nullable: true, description: 'Null: some time of those days.' })
  time?: string | null

  @Field(() => TimeZone, { nullable: true })
  timeZone?: string

  @Field(() => WorkoutVisibility, { nullable: true })
  visibility?: WorkoutVisibilityName
}

@InputType()
export class EndWorkoutRepeatInput {
  @Field(() => ID)
  id: string

  @Field(() => LocalDate, {
    description: 'Planned workouts after this day are taken away, but those that were changed by themselves.',
  })
  lastDay: string
}

const repeat = () => WorkoutRepeat
export const RepeatWorkoutPlanPayload = payloadOf('RepeatWorkoutPlanPayload', 'repeat', repeat, 'The repetition.')
export const ChangeWorkoutRepeatPayload = payloadOf(
  'ChangeWorkoutRepeatPayload',
  'repeat',
  repeat,
  'What goes on from that day: a repetition of its own.',
)
export const EndWorkoutRepeatPayload = payloadOf('EndWorkoutRepeatPayload', 'repeat', repeat, 'The ended repetition.')
