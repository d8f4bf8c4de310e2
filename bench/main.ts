import 'reflect-metadata'
import { availableParallelism } from 'node:os'
import { showProgress } from '../scripts/progress.mjs'
import { measureChat } from './chat.ts'
import { measureCinema } from './cinema.ts'
import { openClient } from './client.ts'
import { measureExpenses } from './expenses.ts'
import { measureGuard } from './guard.ts'
import { measureFanOut } from './live/fan-out.ts'
import { measureIdle, measureStuckReader } from './live/memory.ts'
import { isKept, type Verdict } from './measure.ts'
import { measurePaging } from './paging.ts'
import { measurePolls } from './polls.ts'
import { measureRecipes } from './recipes.ts'
import { type BenchServer, startBenchServer } from './server.ts'
import { measureShop } from './shop.ts'
import { measureStart } from './start.ts'
import { measureStatements } from './statements.ts'
import { measureUploads } from './uploads.ts'

async function during<T>(title: string, work: () => Promise<T>): Promise<T> {
  const progress = showProgress(title)
  try {
    const result = await work()
    progress.end(true)
    return result
  } catch (error) {
    progress.end(false)
    throw error
  }
}

const WORDS = ['amber', 'birch', 'cedar', 'dune', 'ember', 'fern']

/** Fifty posts of five authors, each with three tags and five comments. */
async function build({ world }: BenchServer): Promise<void> {
  const staff = await world.person({ handle: 'staff-of-the-bench', role: 'STAFF' })
  for (const name of WORDS) await world.tag(staff, name)
  const authors = await Promise.all(
    [1, 2, 3, 4, 5].map((number) => world.person({ handle: `author-${number}`, name: `Author ${number}` })),
  )
  const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T
  for (let number = 0; number < 50; number += 1) {
    const post = await world.published(at(authors, number), {
      title: `Post ${number}`,
      body: `Some words about ${at(WORDS, number)}.\n\n${'It goes on for a while. '.repeat(20)}`,
      tags: [0, 1, 2].map((offset) => at(WORDS, number + offset)),
    })
    for (let comment = 0; comment < 5; comment += 1) {
      await world.comment(at(authors, number + comment), post, `Comment ${comment} on **post ${number}**.`)
    }
  }
}

async function measure(): Promise<Verdict[]> {
  const start = await during('Starting five times', measureStart)
  const server = await during('Starting a server', startBenchServer)
  try {
    await during('Writing posts and comments', () => build(server))
    const client = await openClient(server.running.url)
    const statements = await measureStatements(server, client)
    const guard = await during('Comparing with a server without rules and limits', () => measureGuard(server, client))
    const paging = await during('Comparing page 1,000 with page 1', () => measurePaging(server, client))
    const recipes = await during('Searching 5,000 and 50,000 recipes', () => measureRecipes(server, client))
    const polls = await during('Voting 5,000 times in one poll', () => measurePolls(server))
    const chat = await during('Posting 10,000 messages into one room', () => measureChat(server))
    const cinema = await during('Two hundred buyers for a hundred seats, two ways', () => measureCinema(server))
    const shop = await during('Five hundred buyers for a hundred pieces and fifty coupons', () =>
      measureShop(server, client),
    )
    const expenses = await during('Summing up 20,000 expenses', () => measureExpenses(server))
    client.close()
    return [...statements, paging, ...recipes, ...guard, ...polls, ...chat, ...cinema, ...shop, ...expenses, start]
  } finally {
    await server.close()
  }
}

const UNITS = {
  times: ' ×',
  s: ' s',
  µs: ' µs',
  kB: ' kB',
  MB: ' MB',
  statements: '',
  votes: '',
  updates: '',
  readers: '',
  pieces: '',
  uses: '',
}

function printTable(verdicts: readonly Verdict[]): void {
  const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2))
  const rows = verdicts.map((verdict) => [
    verdict.what,
    `${number(verdict.value)}${UNITS[verdict.unit]}`,
    Number.isFinite(verdict.limit) ? number(verdict.limit) : '–',
    Number.isFinite(verdict.limit) ? (isKept(verdict) ? 'kept' : 'MISSED') : 'told',
    verdict.detail,
  ])
  const table = [['What', 'Measured', 'Limit', 'Verdict', 'How'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  console.log(
    `\nNode ${process.versions.node}, ${availableParallelism()} processors; ratios are medians of runs that take turns.\n`,
  )
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

/** Servers and clients in processes of their own; a new part is a line here. */
const LIVE: readonly [title: string, part: () => Promise<Verdict | Verdict[]>][] = [
  ['Sending live events to 2,000 subscribers, beside three peers', measureFanOut],
  ['Weighing idle subscribers', measureIdle],
  ['Sending 20,000 events past a reader that is stuck', measureStuckReader],
]

/** `npm run bench -- uploads` measures these alone. */
const measureFiles = () => during('Uploading 200 photographs at once', measureUploads)

async function measureLive(): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const [title, part] of LIVE) verdicts.push(...[await during(title, part)].flat())
  return verdicts
}

/** `npm run bench -- live` leaves out what is not live. */
const verdicts = process.argv.includes('uploads')
  ? await measureFiles()
  : process.argv.includes('live')
    ? await measureLive()
    : [...(await measure()), ...(await measureFiles()), ...(await measureLive())]
printTable(verdicts)
if (!verdicts.every(isKept)) process.exitCode = 1
