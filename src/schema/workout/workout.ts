import { Field, Float, Int } from 'type-graphql'
import type {
  SetKind as SetKindName,
  WorkoutStatus as WorkoutStatusName,
  WorkoutVisibility as WorkoutVisibilityName,
} from '../../domain/workout/rules.ts'
import { Account } from '../account.ts'
import { Commentable } from '../comment.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Reactable } from '../reaction.ts'
import { DateTime, LocalDate, LocalTime, TimeZone } from '../scalars.ts'
import { WorkoutSetKind, WorkoutStatus, WorkoutVisibility } from './enums.ts'
import { Exercise, PersonalRecord } from './exercise.ts'
import { MOST_EXERCISES, MOST_SETS, TargetSet, WorkoutPlan } from './plan.ts'
import { WorkoutRepeat } from './repeat.ts'
import { Weight } from './weight.ts'

@GraphObject('A set as it was done.', [Node])
export class WorkoutSet extends Node {
  @Field(() => Int, { description: 'Its place among the sets of its exercise; they may have gaps.' })
  position: number

  @Field(() => WorkoutSetKind)
  kind: SetKindName

  @Field(() => Int, { nullable: true })
  reps: number | null

  @Field(() => Weight, { nullable: true })
  weight: Weight | null

  @Field(() => Int, { nullable: true })
  durationSeconds: number | null

  @Field(() => Int, { nullable: true })
  distanceMetres: number | null

  @Field(() => Float, { nullable: true, description: 'Rate of perceived exertion (RPE), 1 to 10 in halves.' })
  effort: number | null

  @Field(() => Weight, {
    nullable: true,
    description: 'Estimated after Epley: weight × (1 + reps / 30), and the weight itself for one repetition.',
  })
  oneRepMax: Weight | null

  @Field(() => DateTime)
  loggedAt: string
}

@GraphObject('An exercise at its place in a workout: what was planned, and what was done.', [Node])
export class WorkoutExercise extends Node {
  @Field(() => Workout)
  workout: Workout

  @Field(() => Exercise)
  exercise: Exercise

  @Field(() => Int, { description: 'Its place, from 0; they may have gaps.' })
  position: number

  @Field(() => String)
  notes: string

  @Field(() => Int, { nullable: true })
  restSeconds: number | null

  @Field(() => Int, { nullable: true, description: 'Exercises with the same number are done in turns.' })
  superset: number | null

  @Costs({ atMost: MOST_SETS })
  @Field(() => [TargetSet], { description: 'As the plan had it when the workout was made.' })
  targets: TargetSet[]

  @Costs({ atMost: MOST_SETS })
  @Field(() => [WorkoutSet], { description: 'In the order in which they were done.' })
  sets: WorkoutSet[]

  @Field(() => Int, { description: 'Warm-ups are not counted.' })
  setCount: number

  @Field(() => Weight, { description: 'Weight × repetitions of its sets, warm-ups left out.' })
  volume: Weight

  @Field(() => Weight, { nullable: true, description: 'The highest estimated one-rep max of its sets.' })
  bestOneRepMax: Weight | null

  @Costs({ own: 5 })
  @Field(() => WorkoutExercise, {
    nullable: true,
    description:
      'Of its owner: what they did of it the last time before, to lift a little more. Null the first time, and for everybody else.',
  })
  viewerPrevious: WorkoutExercise | null
}

@GraphObject('A workout: planned for a day, then done, skipped or called off. Live: see `workoutUpdated`.', [
  Commentable,
  Reactable,
  Node,
])
export class Workout extends Commentable {
  @Field(() => Account)
  owner: Account

  @Field(() => String)
  name: string

  @Field(() => String)
  notes: string

  @Field(() => WorkoutVisibility)
  visibility: WorkoutVisibilityName

  @Field(() => WorkoutStatus)
  status: WorkoutStatusName

  @Field(() => Boolean, { description: 'It is planned still, although its day is over.' })
  isMissed: boolean

  @Field(() => LocalDate)
  day: string

  @Field(() => LocalTime, { nullable: true, description: 'Null: some time that day.' })
  time: string | null

  @Field(() => TimeZone)
  timeZone: string

  @Field(() => DateTime, {
    description:
      'When clocks in its zone show that day and time; without a time, when the day begins there. Where clocks go forward over the time, as much later as was skipped.',
  })
  startsAt: string

  @Field(() => DateTime, { nullable: true, description: 'When it was begun.' })
  startedAt: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was finished.' })
  endedAt: string | null

  @Field(() => Int, { nullable: true, description: 'From start to end, of one that is done.' })
  durationSeconds: number | null

  @Field(() => WorkoutPlan, {
    nullable: true,
    description:
      'The plan that it was made of, as it is now; null where there was none, it is gone, or is not for the viewer.',
  })
  plan: WorkoutPlan | null

  @Field(() => Int, { nullable: true, description: 'The version of the plan that it was made of.' })
  planVersion: number | null

  @Field(() => WorkoutRepeat, { nullable: true, description: 'Of its owner: the repetition that it is of.' })
  viewerRepeat: WorkoutRepeat | null

  @Costs({ atMost: MOST_EXERCISES })
  @Field(() => [WorkoutExercise], { description: 'In their order.' })
  exercises: WorkoutExercise[]

  @Field(() => Int, { description: 'Of all exercises, warm-ups left out.' })
  setCount: number

  @Field(() => Weight, { description: 'Weight × repetitions of all sets, warm-ups left out.' })
  volume: Weight

  @Costs({ own: 5, atMost: 20 })
  @Field(() => [PersonalRecord], {
    description:
      'In what it was better than everything that its owner had done before, of one that is done. The first time that an exercise is done is no record.',
  })
  records: PersonalRecord[]

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime)
  updatedAt: string

  @Field(() => Boolean)
  viewerCanEdit: boolean

  @Field(() => Boolean, { description: 'Sets can be logged and put right: it has begun, and is the viewer’s own.' })
  viewerCanLog: boolean

  @Field(() => [WorkoutStatus], { description: 'What the viewer can make of it now; empty for all but its owner.' })
  viewerCanBecome: WorkoutStatusName[]
}

export const { Connection: WorkoutConnection } = connectionOf(Workout)
