import { measureChat } from './chat.ts'
import { measureCinema } from './cinema.ts'
import type { Client } from './client.ts'
import { measureExpenses } from './expenses.ts'
import { measureGuard } from './guard.ts'
import { measureFanOut } from './live/fan-out.ts'
import { measureIdle, measureStuckReader } from './live/memory.ts'
import type { Verdict } from './measure.ts'
import { measurePaging } from './paging.ts'
import { measurePolls } from './polls.ts'
import { measureRecipes } from './recipes.ts'
import type { BenchServer } from './server.ts'
import type { SharedServer } from './shared-server.ts'
import { measureShop } from './shop.ts'
import { measureStart } from './start.ts'
import { measureStatements } from './statements.ts'
import { measureUploads } from './uploads.ts'

type Measure = () => Promise<Verdict | Verdict[]>
type OnServer = (server: BenchServer, client: Client) => Promise<Verdict | Verdict[]>

/** Makes ready what a part measures on; what comes back measures. */
type Prepare = (shared: SharedServer) => Promise<Measure>

/** It starts what it measures by itself, and no server stands idle beside it. */
const alone =
  (measure: Measure): Prepare =>
  async (shared) => {
    await shared.close()
    return measure
  }

const onServer =
  (measure: OnServer): Prepare =>
  async (shared) => {
    const { server, client } = await shared.open()
    return () => measure(server, client)
  }

const onPosts =
  (measure: OnServer): Prepare =>
  async (shared) => {
    const { server, client } = await shared.openWithPosts()
    return () => measure(server, client)
  }

export type Part = readonly [name: string, title: string, prepare: Prepare]

/**
 * Everything that is measured, in this order; a new part is a line here. `npm run bench -- <name> …` measures those of a
 * name alone.
 */
export const PARTS: readonly Part[] = [
  ['start', 'Starting five times', alone(measureStart)],
  ['statements', 'Counting the statements of a list', onPosts(measureStatements)],
  ['guard', 'Comparing with a server without rules and limits', onPosts(measureGuard)],
  ['paging', 'Comparing page 1,000 with page 1', onPosts(measurePaging)],
  ['recipes', 'Searching 5,000 and 50,000 recipes', onServer(measureRecipes)],
  ['polls', 'Voting 5,000 times in one poll', onServer(measurePolls)],
  ['chat', 'Posting 10,000 messages into one room', onServer(measureChat)],
  ['cinema', 'Two hundred buyers for a hundred seats, two ways', onServer(measureCinema)],
  ['shop', 'Five hundred buyers for a hundred pieces and fifty coupons', onServer(measureShop)],
  ['expenses', 'Summing up 20,000 expenses', onServer(measureExpenses)],
  ['uploads', 'Uploading 200 photographs at once', alone(measureUploads)],
  ['live', 'Sending live events to 2,000 subscribers, beside three peers', alone(measureFanOut)],
  ['live', 'Weighing idle subscribers', alone(measureIdle)],
  ['live', 'Sending 20,000 events past a reader that is stuck', alone(measureStuckReader)],
]
