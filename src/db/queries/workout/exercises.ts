import { type SQL, sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { type ExerciseRow, exerciseEntity } from '../../relations/workout.ts'
import { exercises } from '../../tables/workout/exercise.ts'
import { containing } from '../containing.ts'
import { findPage, type ListSource } from '../page.ts'

export interface ExerciseListFilter {
  /** Any part of the name, in any case; several words in any order. */
  text?: string | undefined
  /** Trained first and foremost; any of them. */
  muscles?: readonly string[] | undefined
  equipment?: readonly string[] | undefined
  kinds?: readonly string[] | undefined
  /** True for the viewer's own alone, false for the catalogue alone. */
  own?: boolean | undefined
}

const MAX_WORDS = 8

const naming = (word: string): SQL => sql`${exercises.name} ilike ${containing(word)}`

/** The catalogue, and what the viewer made for themselves. */
export function listedExercises(viewerId: string | null, filter: ExerciseListFilter): ListSource<ExerciseRow> {
  const { text, muscles, equipment, kinds, own } = filter
  const mine = viewerId === null ? sql`false` : sql`${exercises.ownerId} = ${viewerId}::text::uuid`
  const where: SQL[] = [
    own === undefined ? sql`(${exercises.ownerId} is null or ${mine})` : own ? mine : sql`${exercises.ownerId} is null`,
    sql`${exercises.retiredAt} is null`,
  ]
  for (const word of (text ?? '')
    .split(/\s+/)
    .filter((each) => each !== '')
    .slice(0, MAX_WORDS)) {
    where.push(naming(word))
  }
  if (muscles !== undefined) where.push(sql`${exercises.muscles} && ${pgArray(muscles)}::text::text[]`)
  if (equipment !== undefined) where.push(sql`${exercises.equipment} = any(${pgArray(equipment)}::text::equipment[])`)
  if (kinds !== undefined) where.push(sql`${exercises.kind} = any(${pgArray(kinds)}::text::exercise_kind[])`)
  return { of: exerciseEntity, where }
}

const NAME: KeysetOrder = {
  name: 'NAME',
  direction: 'asc',
  keys: [
    { value: exercises.name, type: 'text' },
    { value: exercises.id, type: 'uuid' },
  ],
}

export const findExercises = (db: Executor, source: ListSource<ExerciseRow>, page: PageRequest) =>
  findPage(db, source, NAME, page)
