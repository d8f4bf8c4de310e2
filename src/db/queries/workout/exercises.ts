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

/**
 * Letters and digits alone, in one case and without accents: "pull up" is “Pull-up”, "farmer's" is “Farmer’s”. Names and words are
 * folded by this alone: what is a letter in Hindi is told one way by Postgres and another by this process.
 */
const folded = (text: SQL | typeof exercises.name): SQL =>
  sql`regexp_replace(normalize(lower(${text}), NFKD), '[^[:alnum:]]+', '', 'g')`

/**
 * A plural finds the singular: names say "curl", people "curls". Of words of three or four letters what is left is found only where it
 * stands by itself: "sit ups" is “Sit-up”, but "abs" is not “Cable row”.
 */
function naming(word: string): SQL {
  const plain = folded(sql`${word}::text`)
  const name = folded(exercises.name)
  return sql`case ${plain} when '' then ${exercises.name} ilike ${containing(word)} else
    ${name} like '%' || regexp_replace(${plain}, '(.{4,})s$', '\\1') || '%'
    or ${plain} ~ '^.{2,3}s$' and normalize(lower(${exercises.name}), NFKD) ~ ('\\m' || left(${plain}, -1) || '\\M') end`
}

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

const NAME: KeysetOrder['keys'] = [
  { value: exercises.name, type: 'text' },
  { value: exercises.id, type: 'uuid' },
]

/** All keys of an order run in one direction, so what is to come first has the smaller number. Never done is 0. */
const orders = {
  NAME: { name: 'NAME', direction: 'asc', keys: NAME },
  LATEST_DONE: {
    name: 'LATEST_DONE',
    direction: 'asc',
    keys: [{ value: sql`coalesce(-(extract(epoch from done.latest) * 1000)::bigint, 0)`, type: 'bigint' }, ...NAME],
  },
  MOST_DONE: {
    name: 'MOST_DONE',
    direction: 'asc',
    keys: [{ value: sql`coalesce(-done.times, 0)`, type: 'integer' }, ...NAME],
  },
} as const satisfies Record<string, KeysetOrder>
export type ExerciseOrderName = keyof typeof orders

/**
 * In how many workouts the viewer has done each exercise, and when last. `offset 0` keeps Postgres from beginning with all
 * workouts that anybody did: each entry is read once, and its workout by its id.
 */
const doneBy = (viewerId: string): SQL =>
  sql` cross join lateral (
    select max(w.started_at) as latest, count(distinct w.id)::int as times
    from workout_exercises e cross join lateral (
      select id, started_at from workouts where id = e.workout_id and status = 'DONE' offset 0
    ) w where e.owner_id = ${viewerId}::text::uuid and e.exercise_id = ${exercises.id} and e.set_count > 0
  ) done`

/** Who is not signed in has done none: then they are listed by name. */
export function findExercises(
  db: Executor,
  source: ListSource<ExerciseRow>,
  viewerId: string | null,
  orderBy: ExerciseOrderName,
  page: PageRequest,
) {
  if (orderBy === 'NAME' || viewerId === null) return findPage(db, source, orders.NAME, page)
  return findPage(db, { ...source, joins: doneBy(viewerId) }, orders[orderBy], page)
}
