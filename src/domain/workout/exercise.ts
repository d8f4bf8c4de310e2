import { and, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { equipment, exerciseKind, exercises } from '../../db/tables/workout/exercise.ts'
import { isDanglingReference, violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, line, prose } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { type Equipment, type ExerciseKind, MAX_OWN_EXERCISES, MUSCLES, type Muscle } from './rules.ts'

const path = ['input', 'id']
const muscles = z.array(z.enum(MUSCLES)).transform((given) => [...new Set(given)])

const fields = {
  name: line('A name', 1, 80),
  muscles: muscles.refine((given) => given.length > 0, 'Name at least one muscle group.'),
  secondaryMuscles: leftOut(muscles),
  equipment: z.enum(equipment.enumValues),
  instructions: leftOut(prose('Instructions', 0, 2000)),
}

const newExercise = z.object({ ...fields, kind: z.enum(exerciseKind.enumValues) })
const exerciseChange = z.object({
  name: leftOut(fields.name),
  muscles: leftOut(fields.muscles),
  secondaryMuscles: fields.secondaryMuscles,
  equipment: leftOut(fields.equipment),
  instructions: fields.instructions,
})

export interface NewExercise {
  name: string
  kind: ExerciseKind
  muscles: readonly Muscle[]
  secondaryMuscles?: readonly Muscle[] | undefined
  equipment: Equipment
  instructions?: string | undefined
  idempotencyKey?: string | undefined
}

const taken = () =>
  new DomainError('TAKEN', 'There is an exercise of this name, in the catalogue or of your own.', ['input', 'name'])

/** A name of the catalogue would stand twice in the viewer's list. @throws DomainError `TAKEN`. */
async function ensureNotInCatalogue(db: Executor, name: string): Promise<void> {
  const sameName = sql`lower(${exercises.name}) = lower(${name})`
  const inCatalogue = and(isNull(exercises.ownerId), isNull(exercises.retiredAt), sameName)
  if ((await db.orm.$count(exercises, inCatalogue)) > 0) throw taken()
}

const orTaken = async <T>(write: Promise<T>): Promise<T> => {
  try {
    return await write
  } catch (error) {
    throw violatedConstraint(error) === 'exercises_name_taken' ? taken() : error
  }
}

/** One's own; nobody else sees it but in what one shares. @throws DomainError `INVALID_INPUT`, `TAKEN`, `LIMIT_EXCEEDED`. */
export function createExercise(deps: Deps, viewer: Viewer, input: NewExercise): Promise<Uuid> {
  const checked = checkInput(newExercise, input)
  return orTaken(
    deps.db.transaction((tx) =>
      once(tx, viewer.accountId, 'createExercise', { ...input }, async () => {
        await ensureNotInCatalogue(tx, checked.name)
        return insertExercise(tx, viewer.accountId, { ...checked, secondaryMuscles: checked.secondaryMuscles ?? [] })
      }),
    ),
  )
}

type ExerciseColumns = Omit<typeof exercises.$inferInsert, 'id' | 'ownerId' | 'code'>

async function insertExercise(tx: Transaction, ownerId: Uuid, columns: ExerciseColumns): Promise<Uuid> {
  // Counted one after the other, or two at once could both be the last one.
  await tx.query('select 1 from accounts where id = $1::text::uuid for no key update', [ownerId])
  const own = and(eq(exercises.ownerId, ownerId), isNull(exercises.retiredAt))
  if ((await tx.orm.$count(exercises, own)) >= MAX_OWN_EXERCISES) {
    throw new DomainError('LIMIT_EXCEEDED', `At most ${MAX_OWN_EXERCISES} exercises of your own.`, ['input'], {
      limit: MAX_OWN_EXERCISES,
    })
  }
  const id = newId()
  const secondaryMuscles = columns.secondaryMuscles.filter((each) => !columns.muscles.includes(each))
  await tx.orm.insert(exercises).values({ id, ownerId, ...columns, secondaryMuscles })
  return id
}

export interface ExerciseChange extends Partial<Omit<NewExercise, 'kind' | 'idempotencyKey'>> {
  id: Uuid
}

/** @throws DomainError `NOT_FOUND` when it is not there or not one's own: the catalogue is nobody's. */
async function lockOwn(tx: Transaction, viewer: Viewer, id: Uuid) {
  const own = and(eq(exercises.id, id), eq(exercises.ownerId, viewer.accountId), isNull(exercises.retiredAt))
  const [exercise] = await tx.orm.select().from(exercises).where(own).for('update')
  if (exercise === undefined) throw notFound('exercise', path)
  return exercise
}

/** Its kind stays: sets were logged by it. @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `TAKEN`. */
export function updateExercise(deps: Deps, viewer: Viewer, input: ExerciseChange): Promise<Uuid> {
  const { secondaryMuscles, ...change } = checkInput(exerciseChange, input)
  return orTaken(
    deps.db.transaction(async (tx) => {
      const exercise = await lockOwn(tx, viewer, input.id)
      if (change.name !== undefined) await ensureNotInCatalogue(tx, change.name)
      const main = change.muscles ?? exercise.muscles
      const second = (secondaryMuscles ?? exercise.secondaryMuscles).filter((each) => !main.some((one) => one === each))
      await tx.orm
        .update(exercises)
        .set({ ...change, secondaryMuscles: second, updatedAt: sql`now()` })
        .where(eq(exercises.id, input.id))
      return input.id
    }),
  )
}

/** What plans or workouts have stays with them, and is listed no more. @throws DomainError `NOT_FOUND`. */
export async function deleteExercise(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  try {
    await deps.db.transaction(async (tx) => {
      await lockOwn(tx, viewer, id)
      await tx.orm.delete(exercises).where(eq(exercises.id, id))
    })
  } catch (error) {
    if (!isDanglingReference(error)) throw error
    await deps.db.transaction(async (tx) => {
      await lockOwn(tx, viewer, id)
      await tx.orm.update(exercises).set({ retiredAt: sql`now()` }).where(eq(exercises.id, id))
    })
  }
  return id
}

export interface UsableExercise {
  readonly id: Uuid
  readonly kind: ExerciseKind
  readonly name: string
}

/**
 * The exercises with these ids that the viewer may put into something: the catalogue's and their own, those of `held` also where they
 * were deleted since. Under a share lock, so that
 * none is deleted meanwhile.
 */
export async function lockUsable(
  tx: Transaction,
  viewer: Viewer,
  ids: readonly Uuid[],
  held?: SQL,
): Promise<ReadonlyMap<Uuid, UsableExercise>> {
  if (ids.length === 0) return new Map()
  const isListed = isNull(exercises.retiredAt)
  const isUsable = and(
    sql`(${exercises.ownerId} is null or ${exercises.ownerId} = ${viewer.accountId})`,
    held === undefined ? isListed : or(isListed, sql`${exercises.id} in (${held})`),
  )
  const found = await tx.orm
    .select({ id: exercises.id, kind: exercises.kind, name: exercises.name })
    .from(exercises)
    .where(and(sql`${exercises.id} = any(${pgArray(ids)}::text::uuid[])`, isUsable))
    .orderBy(exercises.id)
    .for('key share')
  return new Map(found.map((each) => [each.id, each]))
}

/**
 * What the viewer needs so that they can do another member's plan: exercises of that member become their own, one that they have
 * under the same name and of the same kind stands for it. @returns their id for each id. @throws `LIMIT_EXCEEDED`.
 */
export async function adoptExercises(tx: Transaction, viewer: Viewer, ids: readonly Uuid[]): Promise<Map<Uuid, Uuid>> {
  const wanted = await tx.orm
    .select()
    .from(exercises)
    .where(sql`${exercises.id} = any(${pgArray(ids)}::text::uuid[])`)
    .orderBy(exercises.id)
  const own = new Map<Uuid, Uuid>()
  for (const { id, ownerId, code: _, createdAt: __, updatedAt: ___, retiredAt, ...columns } of wanted) {
    if (ownerId === viewer.accountId || (ownerId === null && retiredAt === null)) {
      own.set(id, id)
      continue
    }
    const [same] = await tx.orm
      .select({ id: exercises.id, kind: exercises.kind })
      .from(exercises)
      .where(
        and(
          sql`(${exercises.ownerId} is null or ${exercises.ownerId} = ${viewer.accountId})`,
          isNull(exercises.retiredAt),
          sql`lower(${exercises.name}) = lower(${columns.name})`,
        ),
      )
    if (same?.kind === columns.kind) own.set(id, same.id)
    else {
      const name = same === undefined ? columns.name : `${columns.name.slice(0, 70)} (${newId().slice(-6)})`
      own.set(id, await insertExercise(tx, viewer.accountId, { ...columns, name }))
    }
  }
  return own
}
