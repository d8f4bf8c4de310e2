import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { GraphClient } from './graph-client.ts'

const ERRORS = `userErrors { __typename code message path
  ... on IllegalTransition { from allowed } ... on LimitExceeded { limit } ... on NothingLogged { allowed } }`
const WEIGHT = '{ grams kilograms pounds }'
const TARGET = `{ kind minReps maxReps weight ${WEIGHT} durationSeconds distanceMetres effort restSeconds }`
const SET = `id position kind reps weight ${WEIGHT} durationSeconds distanceMetres effort oneRepMax ${WEIGHT} loggedAt`
const ENTRY = `id position notes restSeconds superset exercise { id name kind } targets ${TARGET} sets { ${SET} }
  setCount volume ${WEIGHT} bestOneRepMax ${WEIGHT}`
export const WORKOUT = `id name notes visibility status isMissed day time timeZone startsAt startedAt endedAt durationSeconds
  plan { id version } planVersion exercises { ${ENTRY} } setCount volume ${WEIGHT}
  records { kind weight ${WEIGHT} reps distanceMetres durationSeconds exercise { name } }
  viewerCanEdit viewerCanLog viewerCanBecome`
const EXERCISE = 'exercise { id name kind muscles secondaryMuscles equipment instructions isOwn }'
const PLAN = `plan { id name notes visibility version owner { handle } viewerCanEdit
  exercises { id position notes restSeconds superset exercise { id name } targets ${TARGET} } }`
const REPEAT =
  'repeat { id weekdays intervalWeeks firstDay lastDay count time timeZone visibility nextDay plan { id name } }'

const MUTATIONS = {
  createExercise: ['CreateExerciseInput', EXERCISE],
  updateExercise: ['UpdateExerciseInput', EXERCISE],
  deleteExercise: ['ExerciseInput', 'deletedId'],
  createWorkoutPlan: ['CreateWorkoutPlanInput', PLAN],
  updateWorkoutPlan: ['UpdateWorkoutPlanInput', PLAN],
  movePlanExercise: ['MoveInput', PLAN],
  copyWorkoutPlan: ['CopyWorkoutPlanInput', PLAN],
  deleteWorkoutPlan: ['WorkoutPlanInput', 'deletedId'],
  updateWorkoutSettings: ['UpdateWorkoutSettingsInput', 'settings { weightUnit weeklyGoal visibility }'],
  scheduleWorkout: ['ScheduleWorkoutInput', `workout { ${WORKOUT} }`],
  updateWorkout: ['UpdateWorkoutInput', `workout { ${WORKOUT} }`],
  startWorkout: ['StartWorkoutInput', `workout { ${WORKOUT} }`],
  finishWorkout: ['FinishWorkoutInput', `workout { ${WORKOUT} }`],
  skipWorkout: ['WorkoutInput', `workout { ${WORKOUT} }`],
  cancelWorkout: ['WorkoutInput', `workout { ${WORKOUT} }`],
  reopenWorkout: ['WorkoutInput', `workout { ${WORKOUT} }`],
  deleteWorkout: ['WorkoutInput', 'deletedId'],
  addWorkoutExercise: ['AddWorkoutExerciseInput', `exercise { ${ENTRY} }`],
  updateWorkoutExercise: ['UpdateWorkoutExerciseInput', `exercise { ${ENTRY} }`],
  moveWorkoutExercise: ['MoveInput', `workout { ${WORKOUT} }`],
  removeWorkoutExercise: ['WorkoutInput', `workout { ${WORKOUT} }`],
  logSet: ['LogSetInput', `set { ${SET} }`],
  updateSet: ['UpdateSetInput', `set { ${SET} }`],
  moveSet: ['MoveInput', `exercise { ${ENTRY} }`],
  deleteSet: ['WorkoutInput', `exercise { ${ENTRY} }`],
  repeatWorkoutPlan: ['RepeatWorkoutPlanInput', REPEAT],
  changeWorkoutRepeat: ['ChangeWorkoutRepeatInput', REPEAT],
  endWorkoutRepeat: ['EndWorkoutRepeatInput', REPEAT],
} as const
export type WorkoutMutation = keyof typeof MUTATIONS

interface UserErrorSeen {
  __typename: string
  code: string
  message: string
  path: string[]
  limit?: number
  from?: string
  allowed?: string[]
}

export interface Done {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  value: any
  userErrors: UserErrorSeen[]
  /** `ok`, or the code of what kept it from being done. */
  outcome: string
}

/** What members do with workouts, as they do it: over HTTP. */
export class WorkoutClient extends GraphClient {
  #exercises: Promise<Record<string, string>> | null = null

  async run(mutation: WorkoutMutation, viewer: Viewer | null, input: Record<string, unknown>): Promise<Done> {
    const [type, selection] = MUTATIONS[mutation]
    const names = [mutation, type, `${selection} ${ERRORS}`] as const
    const { payload, userErrors, refused } = await this.mutate(names, viewer, input)
    const [value = null] = Object.values(payload)
    return { value, userErrors, outcome: refused ?? userErrors[0]?.code ?? 'ok' }
  }

  /** As `run`, for what must work. */
  async must(mutation: WorkoutMutation, viewer: Viewer, input: Record<string, unknown>) {
    const { value, userErrors, outcome } = await this.run(mutation, viewer, input)
    if (outcome !== 'ok') throw new Error(`${mutation}: ${outcome} ${JSON.stringify(userErrors)}`)
    return value
  }

  /** Ids of the catalogue's exercises by their names. */
  async exercise(name: string): Promise<string> {
    this.#exercises ??= this.server.running.atrium.deps.db
      .query<{ id: Uuid; name: string }>('select id, name from exercises where owner_id is null')
      .then((rows) => Object.fromEntries(rows.map((row) => [row.name, encodeId('exercise', row.id)])))
    const id = (await this.#exercises)[name]
    if (id === undefined) throw new Error(`no exercise is called ${name}`)
    return id
  }

  /** A workout of the exercises with these names, that has begun; the sets are kilograms × repetitions. */
  async begun(viewer: Viewer, sets: Record<string, [string, number][]> = {}, more: Record<string, unknown> = {}) {
    const names = Object.keys(sets)
    const exercises = await Promise.all(names.map(async (name) => ({ exerciseId: await this.exercise(name) })))
    const planned = await this.must('scheduleWorkout', viewer, {
      name: 'A workout',
      day: '2026-11-20',
      exercises,
      ...more,
    })
    const workout = await this.must('startWorkout', viewer, { id: planned.id })
    for (const [at, name] of names.entries()) {
      for (const [amount, reps] of sets[name] ?? []) {
        await this.must('logSet', viewer, {
          workoutId: workout.id,
          workoutExerciseId: workout.exercises[at].id,
          weight: { amount, unit: 'KG' },
          reps,
        })
      }
    }
    return workout
  }

  /** One that was done at a time: it began then and took an hour. */
  async done(viewer: Viewer, startedAt: string, sets: Record<string, [string, number][]> = {}) {
    const { id } = await this.begun(viewer, sets)
    const endedAt = new Date(Date.parse(startedAt) + 3_600_000).toISOString()
    const withoutSets = Object.keys(sets).length === 0
    return this.must('finishWorkout', viewer, { id, startedAt, endedAt, withoutSets })
  }

  /** The workout as the viewer sees it, or the code of the refusal. */
  async see(viewer: Viewer | null, id: string) {
    const { data, errors } = await this.ask(
      `query ($id: ID!) { node(id: $id) { ... on Workout { ${WORKOUT} } } }`,
      { id },
      viewer,
    )
    return errors?.[0]?.extensions.code ?? data.node
  }
}
