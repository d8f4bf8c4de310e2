import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { encodeId } from '../src/core/ids.ts'
import { findPollStanding } from '../src/db/queries/poll.ts'
import { openSession } from '../src/domain/account/session.ts'
import type { Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'

const MEMBERS = 1_000
const ATTEMPTS_EACH = 5
/** As many requests as are on their way at a time; the rest wait in the client. */
const CONNECTIONS = 100
const UPDATES_PER_SECOND = 10
const CAST = `mutation ($input: VoteInput!) { castVote(input: $input) { poll { voterCount } userErrors { code } } }`
const WATCH = 'subscription ($id: ID!) { pollUpdated(pollId: $id) { voterCount options { voteCount } } }'

interface Seen {
  voterCount: number
  options: { voteCount: number }[]
}

/** 1,000 members try five times each to vote in one poll, in one burst over HTTP, while somebody watches it. */
export async function measurePolls({ running, world }: BenchServer): Promise<Verdict[]> {
  const { deps } = running.atrium
  const owner = await world.person({ handle: 'poll-owner' })
  const pollId = await world.poll(owner, { options: ['A', 'B', 'C', 'D'].map((label) => ({ label })) })
  const options = (await findPollStanding(deps.db, pollId))?.optionRows ?? []
  const tokens: string[] = []
  for (let number = 0; number < MEMBERS; number += 1) {
    const { accountId } = await world.person({ handle: `voter-${number}` })
    const origin = { address: '127.0.0.1', userAgent: null }
    tokens.push((await deps.db.transaction((tx) => openSession(deps, tx, accountId, origin))).access.token)
  }
  const id = encodeId('poll', pollId)
  const vote = async (attempt: number): Promise<string> => {
    const optionId = encodeId('option', options[attempt % options.length]?.id ?? '')
    const response = await fetch(`${running.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[attempt % MEMBERS]}` },
      body: JSON.stringify({ query: CAST, variables: { input: { pollId: id, optionIds: [optionId] } } }),
    })
    const { data, errors } = (await response.json()) as {
      data?: { castVote: { userErrors: { code: string }[] } | null }
      errors?: { extensions: { code: string } }[]
    }
    return errors?.[0]?.extensions.code ?? data?.castVote?.userErrors[0]?.code ?? 'COUNTED'
  }

  const watcher = createClient({ url: `${running.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })
  const seen: Seen[] = []
  const atMs: number[] = []
  watcher.subscribe<{ pollUpdated: Seen }>(
    { query: WATCH, variables: { id } },
    {
      next({ data }) {
        if (data == null) return
        seen.push(data.pollUpdated)
        atMs.push(performance.now())
      },
      error: () => {},
      complete: () => {},
    },
  )
  await until(() => seen.length > 0)
  const startedAtMs = performance.now()
  const codes: string[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < MEMBERS * ATTEMPTS_EACH) codes.push(await vote(next++))
    }),
  )
  const tookMs = performance.now() - startedAtMs
  await until(() => seen.at(-1)?.voterCount === MEMBERS)
  await watcher.dispose()

  const counted = codes.filter((code) => code === 'COUNTED').length
  const refused = codes.filter((code) => code === 'ALREADY_VOTED').length
  const standing = await findPollStanding(deps.db, pollId)
  const sums = standing?.optionRows.reduce((sum, { voteCount }) => sum + voteCount, 0)
  const lastSums = seen.at(-1)?.options.reduce((sum, { voteCount }) => sum + voteCount, 0)
  const isExact = standing?.voterCount === MEMBERS && sums === MEMBERS && lastSums === MEMBERS
  const attempts = MEMBERS * ATTEMPTS_EACH
  return [
    {
      what: `Votes that are not as they should be, of ${attempts} attempts`,
      value: Math.abs(counted - MEMBERS) + Math.abs(refused - (attempts - MEMBERS)) + (isExact ? 0 : 1),
      limit: 0,
      unit: 'votes',
      detail: `${counted} counted, ${refused} refused as ALREADY_VOTED, in ${(tookMs / 1000).toFixed(1)} s, the last update ${isExact ? 'exact' : 'WRONG'}`,
    },
    {
      what: 'Updates of the poll in the busiest second',
      value: busiestSecond(atMs),
      limit: UPDATES_PER_SECOND,
      unit: 'updates',
      detail: `${seen.length} updates in ${(((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)) / 1000).toFixed(1)} s for ${MEMBERS} votes`,
    },
  ]
}

/** The most that came within any 999 milliseconds: a window that touches its both ends would count eleven for ten. */
const busiestSecond = (atMs: readonly number[]): number =>
  Math.max(...atMs.map((from) => atMs.filter((each) => each >= from && each < from + 999).length))

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 20) {
    if (waitedMs > 30_000) throw new Error('the poll was not told to its watcher within 30 s')
    await new Promise((done) => setTimeout(done, 20))
  }
}
