import { FIVE_FILTERS, fillKitchen } from '../test/support/kitchen.ts'
import { type Client, openClient } from './client.ts'
import { sideBySide, type Verdict } from './measure.ts'
import { type BenchServer, startBenchServer } from './server.ts'

const FEW = 5_000
const MANY = 50_000
const ROUNDS = 200
const LIMIT = 1.5

const SEARCH = `query ($filter: RecipeFilter, $orderBy: RecipeOrder!) {
  recipes(first: 20, filter: $filter, orderBy: $orderBy) {
    nodes { id title totalMinutes publishedAt chef { handle } }
    pageInfo { hasNextPage endCursor }
  }
}`

async function search(client: Client, orderBy: string): Promise<void> {
  const { data } = JSON.parse(await client.ask(SEARCH, { filter: FIVE_FILTERS, orderBy })) as {
    data: { recipes: { nodes: unknown[] } } | null
  }
  if (data === null || data.recipes.nodes.length === 0) throw new Error('the search found nothing')
}

async function fill({ running, world }: BenchServer, count: number): Promise<void> {
  const chef = await world.person({ handle: 'chef-of-the-bench', role: 'CHEF' })
  await fillKitchen(running.atrium.deps.db, chef.accountId, count)
}

/** A search with five filters over 50,000 recipes, beside the same over 5,000 on another server: by date, and by relevance. */
export async function measureRecipes(server: BenchServer, client: Client): Promise<Verdict[]> {
  const small = await startBenchServer()
  try {
    await fill(small, FEW)
    await fill(server, MANY)
    const beside = await openClient(small.running.url)
    const verdicts: Verdict[] = []
    for (const order of ['NEWEST', 'RELEVANCE'] as const) {
      const { aMs, bMs, ratio } = await sideBySide(
        () => search(client, order),
        () => search(beside, order),
        ROUNDS,
      )
      verdicts.push({
        what: `Five filters over ${MANY} recipes by ${order.toLowerCase()}, beside ${FEW}`,
        value: ratio,
        limit: LIMIT,
        unit: 'times',
        detail: `${aMs.toFixed(2)} ms, ${bMs.toFixed(2)} ms`,
      })
    }
    beside.close()
    return verdicts
  } finally {
    await small.close()
  }
}
