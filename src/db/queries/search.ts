import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import { type KeysetOrder, keyColumns, keysetClauses, type Page, type PageRequest, toPage } from '../keyset.ts'
import { runStatement } from '../statement.ts'
import { accounts } from '../tables/account.ts'
import { posts } from '../tables/blog.ts'
import { messages } from '../tables/chat/message.ts'
import { roomMembers, rooms } from '../tables/chat/room.ts'
import { movies } from '../tables/cinema/programme.ts'
import { expenses } from '../tables/expense/expense.ts'
import { polls } from '../tables/poll.ts'
import { foodNames, foods } from '../tables/recipe/food.ts'
import { recipeSearch } from '../tables/recipe/recipe.ts'
import { products } from '../tables/shop/catalogue.ts'
import { exercises } from '../tables/workout/exercise.ts'
import { workoutPlans } from '../tables/workout/plan.ts'
import { workouts } from '../tables/workout/workout.ts'
import { publishedPosts, searchQuery } from './blog.ts'
import { foundMessages } from './chat.ts'
import { listedMovies, movieQuery } from './cinema/movies.ts'
import { isPublicPoll } from './poll.ts'
import { publishedRecipes, recipeQuery } from './recipe/list.ts'
import { productTerms } from './shop/products.ts'
import { listedExercises } from './workout/exercises.ts'
import { isShared } from './workout/workouts.ts'

/** What can be found, in the order in which a statement asks for it. */
export const SEARCH_TYPES = [
  'ACCOUNT',
  'EXERCISE',
  'EXPENSE',
  'FOOD',
  'MESSAGE',
  'MOVIE',
  'POLL',
  'POST',
  'PRODUCT',
  'RECIPE',
  'ROOM',
  'WORKOUT',
  'WORKOUT_PLAN',
] as const
export type SearchTypeName = (typeof SEARCH_TYPES)[number]

export interface SearchRequest {
  /** As people type it into a search box. */
  readonly text: string
  /** All of them where it is empty. */
  readonly types: readonly SearchTypeName[]
  /** Account; null finds what everybody may see. */
  readonly viewerId: string | null
}

/** One kind of thing: which rows of it the viewer may find, and what they are ranked by. */
interface Source {
  readonly prefix: string
  readonly from: SQLWrapper
  readonly id: SQLWrapper
  /** Its words with their weights: those of a name count most. */
  readonly words: SQLWrapper
  readonly query: SQL
  readonly where: readonly (SQL | undefined)[]
}

const named = (words: SQL): SQL => sql`setweight(${words}, 'A')`

const accountWords = sql`to_tsvector('simple', ${accounts.handle} || ' ' || ${accounts.name})`
const exerciseWords = sql`to_tsvector('english', ${exercises.name})`
const expenseWords = sql`to_tsvector('english', ${expenses.description} || ' ' || ${expenses.note})`
const planWords = sql`to_tsvector('english', ${workoutPlans.name})`
const pollWords = sql`to_tsvector('english', ${polls.question})`
const roomWords = sql`to_tsvector('english', ${rooms.title})`
const workoutWords = sql`to_tsvector('english', ${workouts.name})`

const isOf = (owner: SQLWrapper, viewerId: string): SQL => sql`${owner} = ${viewerId}::text::uuid`

/** Those that an account is a member of. */
const roomsOf = (viewerId: string): SQL =>
  sql`(select ${roomMembers.roomId} from ${roomMembers} where ${isOf(roomMembers.accountId, viewerId)})`

/** Each asks what its own room asks for a list, so that nothing is found here that could not be found there. */
const SOURCES: Readonly<Record<SearchTypeName, (text: string, viewerId: string | null) => Source | null>> = {
  ACCOUNT(text) {
    const query = sql`websearch_to_tsquery('simple', ${text})`
    const where = [sql`${accountWords} @@ ${query}`]
    return { prefix: 'account', from: accounts, id: accounts.id, words: named(accountWords), query, where }
  },
  EXERCISE(text, viewerId) {
    const query = searchQuery(text)
    const where = [...listedExercises(viewerId, {}).where, sql`${exerciseWords} @@ ${query}`]
    return { prefix: 'exercise', from: exercises, id: exercises.id, words: named(exerciseWords), query, where }
  },
  EXPENSE(text, viewerId) {
    if (viewerId === null) return null
    const query = searchQuery(text)
    const where = [isOf(expenses.accountId, viewerId), sql`${expenseWords} @@ ${query}`]
    return { prefix: 'expense', from: expenses, id: expenses.id, words: named(expenseWords), query, where }
  },
  FOOD(text) {
    const query = searchQuery(text)
    // By any of its names; the best of them says how well.
    const words = sql`(select to_tsvector('english', string_agg(${foodNames.key}, ' ')) from ${foodNames} where ${foodNames.foodId} = ${foods.id})`
    const where = [
      sql`${foods.id} in (select ${foodNames.foodId} from ${foodNames} where to_tsvector('english', ${foodNames.key}) @@ ${query})`,
    ]
    return { prefix: 'food', from: foods, id: foods.id, words: named(words), query, where }
  },
  MESSAGE(text, viewerId) {
    if (viewerId === null) return null
    const { where } = foundMessages({ accountId: viewerId, text })
    return {
      prefix: 'message',
      from: messages,
      id: messages.id,
      words: messages.search,
      query: searchQuery(text),
      where,
    }
  },
  MOVIE(text) {
    const { where } = listedMovies({ text })
    return { prefix: 'movie', from: movies, id: movies.id, words: movies.search, query: movieQuery(text), where }
  },
  POLL(text, viewerId) {
    const query = searchQuery(text)
    const isOnRecipe = sql`exists (select 1 from ${recipeSearch} where ${recipeSearch.recipeId} = ${polls.subjectId})`
    const where = [
      sql`${polls.state} <> 'DRAFT'`,
      viewerId === null
        ? sql`(${isPublicPoll} or ${isOnRecipe})`
        : sql`(${isPublicPoll} or ${isOnRecipe} or ${polls.subjectId} in ${roomsOf(viewerId)})`,
      sql`${pollWords} @@ ${query}`,
    ]
    return { prefix: 'poll', from: polls, id: polls.id, words: named(pollWords), query, where }
  },
  POST(text) {
    const { where } = publishedPosts({ text })
    return { prefix: 'post', from: posts, id: posts.id, words: posts.search, query: searchQuery(text), where }
  },
  PRODUCT(text) {
    const where = productTerms({ text })
    return {
      prefix: 'product',
      from: products,
      id: products.id,
      words: products.search,
      query: searchQuery(text),
      where,
    }
  },
  RECIPE(text) {
    const { where } = publishedRecipes({ text })
    const [id, words, query] = [recipeSearch.recipeId, recipeSearch.search, recipeQuery(text)]
    return { prefix: 'recipe', from: recipeSearch, id, words, query, where }
  },
  ROOM(text, viewerId) {
    if (viewerId === null) return null
    const query = searchQuery(text)
    const where = [sql`${rooms.id} in ${roomsOf(viewerId)}`, sql`${roomWords} @@ ${query}`]
    return { prefix: 'room', from: rooms, id: rooms.id, words: named(roomWords), query, where }
  },
  WORKOUT(text, viewerId) {
    const query = searchQuery(text)
    const isShown = sql`(${workouts.status} = 'DONE' and ${isShared(viewerId, workouts.ownerId, workouts.visibility)})`
    const where = [
      viewerId === null ? isShown : sql`(${isShown} or ${isOf(workouts.ownerId, viewerId)})`,
      sql`${workoutWords} @@ ${query}`,
    ]
    return { prefix: 'workout', from: workouts, id: workouts.id, words: named(workoutWords), query, where }
  },
  WORKOUT_PLAN(text, viewerId) {
    const query = searchQuery(text)
    const where = [isShared(viewerId, workoutPlans.ownerId, workoutPlans.visibility), sql`${planWords} @@ ${query}`]
    return { prefix: 'plan', from: workoutPlans, id: workoutPlans.id, words: named(planWords), query, where }
  },
}

function sourcesOf({ text, types, viewerId }: SearchRequest): Source[] {
  const wanted = SEARCH_TYPES.filter((type) => types.length === 0 || types.includes(type))
  return wanted.flatMap((type) => SOURCES[type](text, viewerId) ?? [])
}

const conditions = (terms: readonly (SQL | undefined)[]): SQL =>
  sql.join(
    terms.filter((term) => term !== undefined),
    sql` and `,
  )

/** Normalised by length (1: divided by 1 + its logarithm), as in the lists: a name of two words goes before a long text. */
const orderOf = (value: SQLWrapper, id: SQLWrapper): KeysetOrder => ({
  name: 'SEARCH',
  direction: 'desc',
  keys: [
    { value, type: 'real' },
    { value: id, type: 'uuid' },
  ],
})

export interface FoundThing {
  /** Of its typed ids: `recipe`. */
  readonly prefix: string
  readonly id: string
}

/** The best matches of all kinds, each kind read no further than the page needs it. */
export async function findThings(db: Executor, request: SearchRequest, page: PageRequest): Promise<Page<FoundThing>> {
  const outer = orderOf(sql`found.place`, sql`found.id`)
  const sources = sourcesOf(request)
  if (sources.length === 0) return toPage<FoundThing>(outer, page, [])
  const branches = sources.map(({ prefix, from, id, words, query, where }) => {
    const order = orderOf(sql`ts_rank(${words}, ${query}, 1)`, id)
    const { terms, orderBy, limit } = keysetClauses(order, page)
    return sql`(select ${sql.raw(`'${prefix}'`)} as prefix, ${id} as id, ts_rank(${words}, ${query}, 1) as place from ${from} where ${conditions([...where, ...terms])} order by ${orderBy} limit ${limit})`
  })
  // The branches have said already where the page begins.
  const { orderBy, limit } = keysetClauses(outer, { ...page, after: null, before: null })
  const rows = await runStatement<FoundThing>(
    db,
    sql`select found.prefix as "prefix", found.id as "id", ${keyColumns(outer)} from (${sql.join(branches, sql` union all `)}) found order by ${orderBy} limit ${limit}`,
  )
  return toPage(outer, page, rows)
}

export async function countThings(db: Executor, request: SearchRequest): Promise<number> {
  const counts = sourcesOf(request).map(
    ({ from, where }) => sql`(select count(*) from ${from} where ${conditions(where)})`,
  )
  if (counts.length === 0) return 0
  const [row] = await runStatement<{ count: number }>(db, sql`select (${sql.join(counts, sql` + `)})::int as "count"`)
  return row?.count ?? 0
}
