import { Connection } from '../src/db/connection.ts'
import type { Client } from './client.ts'
import type { Verdict } from './measure.ts'

/** What the brief of this house names: author, tags, comment count and three comments each, with their authors. */
export const POSTS_QUERY = `query ($first: Int!) {
  posts(first: $first) {
    nodes {
      id title slug excerpt publishedAt readingTimeMinutes
      author { id handle name }
      tags { id name }
      commentCount
      comments(first: 3) { nodes { id bodyHtml createdAt author { id handle } } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

/** posts; their authors, tags, comment counts and comments; the authors of the comments. */
const RELATIONS = 6
const TIMES = 10

/** The texts of the statements that reach PostgreSQL meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = []
  const { query, tuples, script } = Connection.prototype
  const noted = <Arguments extends [string, ...unknown[]], Result>(original: (...given: Arguments) => Result) =>
    function (this: Connection, ...given: Arguments): Result {
      texts.push(given[0])
      return original.apply(this, given)
    }
  Object.assign(Connection.prototype, { query: noted(query), tuples: noted(tuples), script: noted(script) })
  try {
    await work()
  } finally {
    Object.assign(Connection.prototype, { query, tuples, script })
  }
  return texts
}

/** The job queue asks for work now and then, which can only add to what is counted. */
async function fewestOf(work: () => Promise<unknown>): Promise<string[]> {
  let fewest = await statementsOf(work)
  for (let time = 1; time < TIMES; time += 1) {
    const texts = await statementsOf(work)
    if (texts.length < fewest.length) fewest = texts
  }
  return fewest
}

/** Fifty posts cost as many statements as five, and no relation more than one. */
export async function measureStatements(client: Client): Promise<Verdict[]> {
  const few = await fewestOf(() => client.ask(POSTS_QUERY, { first: 5 }))
  const many = await fewestOf(() => client.ask(POSTS_QUERY, { first: 50 }))
  const mostOften = Math.max(...many.map((text) => many.filter((other) => other === text).length))
  return [
    {
      what: 'Statements for 50 posts with author, tags, comments',
      value: many.length,
      limit: few.length,
      unit: 'statements',
      detail: `5 posts: ${few.length}`,
    },
    {
      what: 'Statements for each relation of them',
      value: Math.max(mostOften, many.length / RELATIONS),
      limit: 1,
      unit: 'statements',
      detail: `${many.length} statements, ${RELATIONS} relations`,
    },
  ]
}
