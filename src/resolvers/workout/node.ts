import { notFound } from '../../core/errors.ts'
import { decodeId, type Uuid } from '../../core/ids.ts'
import {
  exerciseById,
  planById,
  planExerciseById,
  repeatById,
  setById,
  workoutExerciseById,
} from '../../db/relations/workout.ts'
import type { Context } from '../../schema/context.ts'
import type { PlannedExerciseInput } from '../../schema/workout/plan.ts'
import type { NodeType } from '../node-type.ts'
import { findWorkout, maySee } from './sight.ts'

/** The catalogue's, and one's own. What others made is seen where they show it. */
const exerciseNode: NodeType = {
  typename: 'Exercise',
  prefix: 'exercise',
  async load({ loaders, viewer }, id) {
    const exercise = await loaders.one(exerciseById, id)
    return exercise !== null && (exercise.ownerId === null || exercise.ownerId === viewer?.accountId) ? exercise : null
  },
}

const planNode: NodeType = {
  typename: 'WorkoutPlan',
  prefix: 'plan',
  async load(context, id) {
    const plan = await context.loaders.one(planById, id)
    return plan !== null && (await maySee(context, plan)) ? plan : null
  },
}

const planExerciseNode: NodeType = {
  typename: 'WorkoutPlanExercise',
  prefix: 'planexercise',
  async load(context, id) {
    const exercise = await context.loaders.one(planExerciseById, id)
    return exercise !== null && (await planNode.load(context, exercise.planId)) !== null ? exercise : null
  },
}

const repeatNode: NodeType = {
  typename: 'WorkoutRepeat',
  prefix: 'repeat',
  async load({ loaders, viewer }, id) {
    const repeat = await loaders.one(repeatById, id)
    return repeat !== null && repeat.ownerId === viewer?.accountId ? repeat : null
  },
}

const workoutNode: NodeType = { typename: 'Workout', prefix: 'workout', load: findWorkout }

const workoutExerciseNode: NodeType = {
  typename: 'WorkoutExercise',
  prefix: 'workoutexercise',
  async load(context, id) {
    const exercise = await context.loaders.one(workoutExerciseById, id)
    return exercise !== null && (await findWorkout(context, exercise.workoutId)) !== null ? exercise : null
  },
}

const setNode: NodeType = {
  typename: 'WorkoutSet',
  prefix: 'set',
  async load(context, id) {
    const set = await context.loaders.one(setById, id)
    return set !== null && (await findWorkout(context, set.workoutId)) !== null ? set : null
  },
}

export const WORKOUT_NODES: readonly NodeType[] = [
  exerciseNode,
  planNode,
  planExerciseNode,
  repeatNode,
  workoutNode,
  workoutExerciseNode,
  setNode,
]

const BY_PREFIX = new Map(WORKOUT_NODES.map((type) => [type.prefix, type]))

/** What a mutation made or changed. A repeated request is answered with the first one's, which may be gone since. */
export async function shown(context: Context, prefix: string, id: Uuid) {
  const node = await BY_PREFIX.get(prefix)?.load(context, id)
  if (node === null || node === undefined) throw notFound(prefix, ['input'])
  return node
}

/** @throws DomainError `NOT_FOUND` naming the argument. */
export const inputId = (prefix: string, id: string, argument = 'id'): Uuid => decodeId(prefix, id, ['input', argument])

/** Exercises of an input with their ids decoded. @throws DomainError `NOT_FOUND` naming the first that is none. */
export const plannedInputs = (exercises: readonly PlannedExerciseInput[]) =>
  exercises.map((exercise, at) => ({
    ...exercise,
    exerciseId: decodeId('exercise', exercise.exerciseId, ['input', 'exercises', String(at), 'exerciseId']),
  }))

/** Fields that were sent as null where that means nothing are those that were left out. */
export const given = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], null>
  }
