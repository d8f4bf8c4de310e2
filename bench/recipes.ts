import { FIVE_FILTERS, fillKitchen } from '../test/support/kitchen.ts'
import type { Client } from './client.ts'
import { median, type Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'

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

async function medianMs(client: Client, orderBy: string): Promise<number> {
  const times: number[] = []
  for (let round = -ROUNDS / 5; round < ROUNDS; round += 1) {
    const startedAtMs = performance.now()
    const { data } = JSON.parse(await client.ask(SEARCH, { filter: FIVE_FILTERS, orderBy })) as {
      data: { recipes: { nodes: unknown[] } } | null
    }
    if (data === null || data.recipes.nodes.length === 0) throw new Error('the search found nothing')
    if (round >= 0) times.push(performance.now() - startedAtMs)
  }
  return median(times)
}

/** A search with five filters over 50,000 recipes, beside the same over 5,000: by date, and by relevance. */
export async function measureRecipes({ running, world }: BenchServer, client: Client): Promise<Verdict[]> {
  const { db } = running.atrium.deps
  const chef = await world.person({ handle: 'chef-of-the-bench', role: 'CHEF' })
  const orders = ['NEWEST', 'RELEVANCE'] as const
  await fillKitchen(db, chef.accountId, FEW)
  const few = new Map<string, number>()
  for (const order of orders) few.set(order, await medianMs(client, order))
  await db.script(`delete from subjects where kind = 'RECIPE'`)
  await fillKitchen(db, chef.accountId, MANY)
  const verdicts: Verdict[] = []
  for (const order of orders) {
    const [fewMs, manyMs] = [few.get(order) ?? Number.NaN, await medianMs(client, order)]
    verdicts.push({
      what: `Five filters over ${MANY} recipes by ${order.toLowerCase()}, beside ${FEW}`,
      value: manyMs / fewMs,
      limit: LIMIT,
      unit: 'times',
      detail: `${manyMs.toFixed(2)} ms, ${fewMs.toFixed(2)} ms`,
    })
  }
  return verdicts
}
