import type { Client } from './client.ts'
import type { Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'

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

/** The job queue asks for work now and then, which can only add to what is counted. */
async function fewestOf({ statements }: BenchServer, work: () => Promise<unknown>): Promise<string[]> {
  let fewest: string[] | null = null
  for (let time = 0; time < TIMES; time += 1) {
    const before = statements.length
    await work()
    const texts = statements.slice(before)
    if (fewest === null || texts.length < fewest.length) fewest = texts
  }
  return fewest ?? []
}

/** Fifty posts cost as many statements as five, and no relation more than one. */
export async function measureStatements(server: BenchServer, client: Client): Promise<Verdict[]> {
  const few = await fewestOf(server, () => client.ask(POSTS_QUERY, { first: 5 }))
  const many = await fewestOf(server, () => client.ask(POSTS_QUERY, { first: 50 }))
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
