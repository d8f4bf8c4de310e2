import { Field, Float, Int } from 'type-graphql'
import type { Muscle as MuscleName } from '../../domain/workout/rules.ts'
import { Costs } from '../cost.ts'
import { GraphObject } from '../object.ts'
import { DateTime, LocalDate, TimeZone } from '../scalars.ts'
import { MuscleGroup } from './enums.ts'
import { Exercise } from './exercise.ts'
import { Weight } from './weight.ts'
import { Workout, WorkoutSet } from './workout.ts'

/** Most of the world begins its weeks on Monday (ISO 8601), America on Sunday, some countries on Saturday. */
export const WEEK_START = {
  defaultValue: 1,
  description: 'With which day weeks begin, as the viewer’s calendar has it: 1 is Monday, 7 is Sunday.',
} as const

@GraphObject('What was done of an exercise in a period. Warm-ups do not count.')
export class ExerciseReport {
  @Field(() => Exercise)
  exercise: Exercise

  @Field(() => Int)
  workoutCount: number

  @Field(() => Int)
  setCount: number

  @Field(() => Int)
  repCount: number

  @Field(() => Weight, { description: 'Weight × repetitions.' })
  volume: Weight

  @Field(() => Int)
  durationSeconds: number

  @Field(() => Int)
  distanceMetres: number

  @Field(() => WorkoutSet, {
    nullable: true,
    description:
      'That with the highest estimated one-rep max; where there is no weight, the longest, or that with the most repetitions.',
  })
  bestSet: WorkoutSet | null

  @Field(() => Weight, { nullable: true, description: 'The highest, estimated after Epley.' })
  bestOneRepMax: Weight | null

  @Field(() => Weight, { nullable: true })
  maxWeight: Weight | null
}

@GraphObject('What was done for a muscle group in a period, by exercises that are for it first and foremost.')
export class MuscleReport {
  @Field(() => MuscleGroup)
  muscle: MuscleName

  @Field(() => Int, { description: 'Warm-ups are not counted. A set counts for each of its muscle groups.' })
  setCount: number

  @Field(() => Weight)
  volume: Weight
}

@GraphObject(
  'A week of a period, from Monday to Sunday unless told otherwise; the first and the last may be cut off by the period.',
)
export class WeekReport {
  @Field(() => LocalDate)
  firstDay: string

  @Field(() => LocalDate)
  lastDay: string

  @Field(() => Int, { description: 'Workouts that were done.' })
  done: number

  @Field(() => Int)
  setCount: number

  @Field(() => Weight)
  volume: Weight

  @Field(() => Int)
  durationSeconds: number
}

@GraphObject('How training went in a period. Which workouts lie in it is told by the calendar of the zone.')
export class WorkoutReport {
  @Field(() => LocalDate)
  from: string

  @Field(() => LocalDate)
  to: string

  @Field(() => TimeZone)
  timeZone: string

  @Field(() => Int, { description: 'Planned for the period and still to be done, the missed ones among them.' })
  planned: number

  @Field(() => Int)
  inProgress: number

  @Field(() => Int)
  done: number

  @Field(() => Int)
  skipped: number

  @Field(() => Int)
  cancelled: number

  @Field(() => Int, { description: 'Of the planned ones those whose day is over.' })
  missed: number

  @Field(() => Float, {
    nullable: true,
    description: 'How many of 100 workouts were done, those left out that were cancelled; null where there are none.',
  })
  percentFinished: number | null

  @Costs({ own: 20, atMost: 200 })
  @Field(() => [ExerciseReport], { description: 'What was lifted most first; at most 200.' })
  exercises: ExerciseReport[]

  @Costs({ own: 20, atMost: 21 })
  @Field(() => [MuscleReport], { description: 'What was trained most first.' })
  muscles: MuscleReport[]

  @Costs({ own: 20, atMost: 160 })
  @Field(() => [WeekReport], { description: 'Every week of the period, empty ones too: ready to plot.' })
  weeks: WeekReport[]
}

@GraphObject('How an exercise went in a workout: a point of a curve.')
export class ProgressPoint {
  @Field(() => LocalDate, { description: 'When the workout began, in the zone that was asked for.' })
  day: string

  @Field(() => DateTime)
  startedAt: string

  @Field(() => Workout)
  workout: Workout

  @Field(() => Weight, { nullable: true, description: 'The highest, estimated after Epley.' })
  bestOneRepMax: Weight | null

  @Field(() => Weight, { nullable: true })
  maxWeight: Weight | null

  @Field(() => Int, { nullable: true, description: 'In one set: the curve of an exercise without weights.' })
  mostReps: number | null

  @Field(() => Int, { nullable: true, description: 'In one set, in seconds.' })
  longestSeconds: number | null

  @Field(() => Int, { nullable: true, description: 'In one set, in metres.' })
  longestMetres: number | null

  @Field(() => Weight, { description: 'Weight × repetitions.' })
  volume: Weight

  @Field(() => Int)
  setCount: number

  @Field(() => Int)
  repCount: number

  @Field(() => Int)
  durationSeconds: number

  @Field(() => Int)
  distanceMetres: number
}

@GraphObject(
  'Weeks in a row, from Monday to Sunday unless told otherwise and in the viewer’s zone, in which the weekly goal was reached.',
)
export class WorkoutStreak {
  @Field(() => Int, {
    description: 'Up to this week or, while that lasts and the goal is not reached, the week before.',
  })
  currentWeeks: number

  @Field(() => Int, { description: 'The most there ever were, within the last ten years.' })
  longestWeeks: number

  @Field(() => Int)
  weeklyGoal: number

  @Field(() => Int, { description: 'Workouts done this week.' })
  doneThisWeek: number
}
