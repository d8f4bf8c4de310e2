import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { encodeId } from '../../core/ids.ts'
import { countRows } from '../../db/queries/page.ts'
import { type ExerciseOrderName, findExercises, listedExercises } from '../../db/queries/workout/exercises.ts'
import type { RecordRow } from '../../db/queries/workout/records.ts'
import { type ExerciseRow, exerciseById } from '../../db/relations/workout.ts'
import { createExercise, deleteExercise, updateExercise } from '../../domain/workout/exercise.ts'
import { recordsIn } from '../../loaders/workout.ts'
import { everyone, isSignedIn, Rule } from '../../permissions/rules.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { payload } from '../../schema/user-error.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { ExerciseOrder } from '../../schema/workout/enums.ts'
import {
  CreateExerciseInput,
  CreateExercisePayload,
  DeleteExercisePayload,
  Exercise,
  ExerciseConnection,
  ExerciseFilter,
  ExerciseInput,
  PersonalRecord,
  UpdateExerciseInput,
  UpdateExercisePayload,
} from '../../schema/workout/exercise.ts'
import { toWeight, Weight } from '../../schema/workout/weight.ts'
import { given, inputId, shown } from './node.ts'

@Resolver(() => Exercise)
export class ExerciseResolver {
  @Query(() => ExerciseConnection, {
    description: 'The catalogue of exercises and, for who is signed in, their own.',
  })
  @Rule(everyone)
  async exercises(
    @Ctx() { deps, viewer }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ExerciseFilter, { nullable: true }) filter: ExerciseFilter | undefined,
    @Arg('orderBy', () => ExerciseOrder, { defaultValue: ExerciseOrder.NAME }) orderBy: ExerciseOrderName,
  ) {
    const { text, ...conditions } = given(filter ?? {})
    // Postgres refuses NUL in a text, and no name has one.
    const listed = listedExercises(viewer?.accountId ?? null, { ...conditions, text: text?.replaceAll('\0', '') })
    const found = await findExercises(deps.db, listed, viewer?.accountId ?? null, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, listed))
  }

  @FieldResolver(() => Boolean)
  isOwn(@Root() exercise: ExerciseRow) {
    return exercise.ownerId !== null
  }

  @FieldResolver(() => [PersonalRecord])
  @DependsOnViewer
  @Costs({ own: 5, atMost: 2 })
  async viewerRecords(@Ctx() { loaders, viewer }: Context, @Root() exercise: ExerciseRow) {
    return viewer === null ? [] : recordsIn(loaders, viewer.accountId, exercise.id)
  }

  @Mutation(() => CreateExercisePayload, {
    nullable: true,
    description:
      'An exercise of one’s own. User errors: `INVALID_INPUT`, `TAKEN` (name), `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createExercise(@Ctx() context: Context, @Arg('input', () => CreateExerciseInput) input: CreateExerciseInput) {
    return payload(context, 'exercise', async () =>
      shown(context, 'exercise', await createExercise(context.deps, signedIn(context), given(input))),
    )
  }

  @Mutation(() => UpdateExercisePayload, {
    nullable: true,
    description: 'Changes one’s own. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN` (name).',
  })
  @Rule(isSignedIn)
  updateExercise(@Ctx() context: Context, @Arg('input', () => UpdateExerciseInput) input: UpdateExerciseInput) {
    return payload(context, 'exercise', async () => {
      const change = { ...given(input), id: inputId('exercise', input.id) }
      return shown(context, 'exercise', await updateExercise(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => DeleteExercisePayload, {
    nullable: true,
    description: 'Takes one’s own out of the list; plans and workouts that have it keep it. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteExercise(@Ctx() context: Context, @Arg('input', () => ExerciseInput) { id }: ExerciseInput) {
    return payload(context, 'deletedId', async () =>
      encodeId('exercise', await deleteExercise(context.deps, signedIn(context), inputId('exercise', id))),
    )
  }
}

const isOf = (record: RecordRow, ...kinds: RecordRow['kind'][]) => kinds.includes(record.kind)

@Resolver(() => PersonalRecord)
export class PersonalRecordResolver {
  @FieldResolver(() => Exercise)
  exercise(@Ctx() { loaders }: Context, @Root() record: RecordRow) {
    return loaders.one(exerciseById, record.exerciseId)
  }

  @FieldResolver(() => Weight, { nullable: true })
  weight(@Root() record: RecordRow) {
    return isOf(record, 'ONE_REP_MAX', 'MAX_WEIGHT') ? toWeight(record.value) : null
  }

  @FieldResolver(() => Int, { nullable: true })
  reps(@Root() record: RecordRow) {
    return isOf(record, 'MOST_REPS') ? record.value : null
  }

  @FieldResolver(() => Int, { nullable: true })
  distanceMetres(@Root() record: RecordRow) {
    return isOf(record, 'LONGEST_DISTANCE') ? record.value : null
  }

  @FieldResolver(() => Int, { nullable: true })
  durationSeconds(@Root() record: RecordRow) {
    return isOf(record, 'LONGEST_TIME') ? record.value : null
  }
}
