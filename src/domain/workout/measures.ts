import { z } from 'zod'
import { type DomainError, invalidInput } from '../../core/errors.ts'
import { parseWeight } from '../../core/weight.ts'
import type { TargetSet } from '../../db/tables/workout/plan.ts'
import { setKind } from '../../db/tables/workout/workout.ts'
import { checkInput, combined, leftOut } from '../input.ts'
import {
  type ExerciseKind,
  MAX_REPS,
  MAX_SET_METRES,
  MAX_SET_SECONDS,
  MAX_WEIGHT_GRAMS,
  MEASURES,
  type SetKind,
  type WeightUnit,
} from './rules.ts'

export interface WeightInput {
  /** A decimal: `102.5`. */
  amount: string
  /** The member's own unit unless told. */
  unit?: WeightUnit | null | undefined
}

const whole = (what: string, from: number, to: number) =>
  leftOut(
    z
      .int(`${what} must be a whole number.`)
      .refine((n) => n >= from && n <= to, `${what} must be from ${from} to ${to}.`),
  )

/** Halves: nobody tells 8.3 from 8.4. */
const effort = leftOut(
  z.number().refine((points) => points >= 1 && points <= 10 && Number.isInteger(points * 2), {
    error: 'An effort (RPE) is from 1 to 10, in halves.',
  }),
)

const weight = z.object({ amount: z.string(), unit: z.enum(['KG', 'LB']).nullish() }).nullish()

const shared = {
  kind: z.enum(setKind.enumValues).default('NORMAL'),
  weight,
  durationSeconds: whole('A duration in seconds', 1, MAX_SET_SECONDS),
  distanceMetres: whole('A distance in metres', 1, MAX_SET_METRES),
  effort,
}
const setInput = z.object({ ...shared, reps: whole('Repetitions', 0, MAX_REPS) })
const targetInput = z.object({
  ...shared,
  minReps: whole('Repetitions', 1, MAX_REPS),
  maxReps: whole('Repetitions', 1, MAX_REPS),
  restSeconds: whole('A rest in seconds', 0, 3600),
})

/** @throws DomainError `INVALID_INPUT` for what is no weight, or none that anybody lifts. */
export function toGrams(given: WeightInput | null | undefined, unit: WeightUnit, path: readonly string[]) {
  if (given === null || given === undefined) return undefined
  const grams = parseWeight(given.amount, given.unit ?? unit, [...path, 'weight', 'amount'])
  if (grams > MAX_WEIGHT_GRAMS) {
    throw invalidInput([...path, 'weight', 'amount'], `A weight is at most ${MAX_WEIGHT_GRAMS / 1000} kg.`)
  }
  return grams
}

export interface SetMeasures {
  kind: SetKind
  reps: number | null
  weightGrams: number | null
  durationSeconds: number | null
  distanceMetres: number | null
  effortHalves: number | null
}

export interface SetInput {
  kind?: SetKind | undefined
  reps?: number | null | undefined
  weight?: WeightInput | null | undefined
  durationSeconds?: number | null | undefined
  distanceMetres?: number | null | undefined
  /** Rate of perceived exertion, 1 to 10 in halves. */
  effort?: number | null | undefined
}

/** How the graph calls a measure. */
const ARGUMENT = {
  reps: 'reps',
  weightGrams: 'weight',
  durationSeconds: 'durationSeconds',
  distanceMetres: 'distanceMetres',
}
type Measure = keyof typeof ARGUMENT
const ALL_MEASURES = Object.keys(ARGUMENT) as Measure[]

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

function ensureMeasures(
  kind: ExerciseKind,
  given: { readonly [Name in Measure]?: number | null | undefined },
  path: readonly string[],
  mustHave: boolean,
): void {
  const { needs, may } = MEASURES[kind]
  const errors: DomainError[] = []
  for (const measure of ALL_MEASURES) {
    const at = [...path, ARGUMENT[measure]]
    if (isGiven(given[measure])) {
      if (!needs.includes(measure) && !may.includes(measure)) {
        errors.push(invalidInput(at, `An exercise of the kind ${kind} has no ${ARGUMENT[measure]}.`))
      }
    } else if (mustHave && needs.includes(measure)) {
      errors.push(invalidInput(at, `A set of an exercise of the kind ${kind} has ${ARGUMENT[measure]}.`))
    }
  }
  if (errors.length > 0) throw combined(errors)
}

/** A set as it was done, checked against the kind of its exercise. @throws DomainError `INVALID_INPUT`. */
export function checkSet(kind: ExerciseKind, input: SetInput, unit: WeightUnit, path = ['input']): SetMeasures {
  const { weight: given, effort: points, ...rest } = checkInput(setInput, input, path)
  const measures = {
    kind: rest.kind,
    reps: rest.reps ?? null,
    weightGrams: toGrams(given, unit, path) ?? null,
    durationSeconds: rest.durationSeconds ?? null,
    distanceMetres: rest.distanceMetres ?? null,
    effortHalves: points === undefined ? null : points * 2,
  }
  ensureMeasures(kind, measures, path, true)
  return measures
}

export interface TargetInput extends Omit<SetInput, 'reps'> {
  minReps?: number | null | undefined
  maxReps?: number | null | undefined
  restSeconds?: number | null | undefined
}

/** A set as it is planned: it may leave open what its exercise is measured in. @throws DomainError `INVALID_INPUT`. */
export function checkTarget(
  kind: ExerciseKind,
  input: TargetInput,
  unit: WeightUnit,
  path: readonly string[],
): TargetSet {
  const { weight: given, effort: points, minReps, maxReps, ...rest } = checkInput(targetInput, input, path)
  if (minReps !== undefined && maxReps !== undefined && minReps > maxReps) {
    throw invalidInput([...path, 'maxReps'], 'The most repetitions are not fewer than the least.')
  }
  const weightGrams = toGrams(given, unit, path)
  ensureMeasures(kind, { ...rest, reps: maxReps ?? minReps, weightGrams }, path, false)
  const target = { ...rest, minReps, maxReps, weightGrams, effortHalves: points === undefined ? undefined : points * 2 }
  return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined)) as unknown as TargetSet
}
