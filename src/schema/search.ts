import type { SearchTypeName } from '../db/queries/search.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { Node } from './node.ts'

export const SearchType = enumOf<SearchTypeName>('SearchType', 'What `search` finds.', {
  ACCOUNT: 'Members, by handle and name.',
  EXERCISE: 'Exercises of the catalogue and the viewer’s own, by name.',
  EXPENSE: 'The viewer’s own expenses, by description and note.',
  FOOD: 'Foods of the catalogue, by any of their names.',
  MESSAGE: 'Messages in the viewer’s rooms. Encrypted rooms cannot be searched.',
  MOVIE: 'Movies, by title, director and synopsis.',
  POLL: 'Polls, by their question: those that everybody may see, and those in the viewer’s rooms.',
  POST: 'Published posts.',
  PRODUCT: 'Products that are sold.',
  RECIPE: 'Published recipes, by title, ingredients, labels, summary and steps.',
  ROOM: 'The viewer’s rooms, by title.',
  WORKOUT: 'The viewer’s own workouts, and those that members have done and show them, by name.',
  WORKOUT_PLAN: 'The viewer’s own workout plans and those that are shown to them, by name.',
})

export const { Connection: SearchConnection } = connectionOf(Node, 'Search')
