import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import { findPollStanding } from '../../src/db/queries/poll.ts'
import { castBallot, changeBallot } from '../../src/domain/poll/ballot-box.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { codeOf, type Outcome, PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const MEMBERS = 200

let server: TestServer
let second: TestServer
let polls: PollClient
let elsewhere: PollClient
let owner: Viewer
const members: Viewer[] = []

beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({ databaseUrl: server.databaseUrl })
  polls = new PollClient(server)
  elsewhere = new PollClient(second)
  owner = await server.world.person({ handle: 'owner' })
  for (let number = 0; number < MEMBERS; number++) {
    const member = await server.world.person({ handle: `member-${number}` })
    members.push(member)
    // Before the races: they are about votes and not about sessions.
    for (const client of [polls, elsewhere]) await client.tokenOf(member)
  }
  for (const client of [polls, elsewhere]) await client.tokenOf(owner)
}, 120_000)
afterAll(async () => {
  await second.close()
  await server.close()
})

const tally = (outcomes: readonly Outcome[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[codeOf(outcome)] = (counts[codeOf(outcome)] ?? 0) + 1
  return counts
}

/** As many requests at once as a busy machine answers before they give up waiting for a connection; the rest follow. */
const AT_ONCE = 100

async function inBurst<T>(requests: readonly (() => Promise<T>)[]): Promise<T[]> {
  const answers: T[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < requests.length; at = next++) answers[at] = await (requests[at] as () => Promise<T>)()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return answers
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
const countsIn = (poll: Outcome['poll']): number[] =>
  poll.options.map(({ voteCount }: { voteCount: number }) => voteCount)

/** Counters, and what they should say by the ballots that there are. */
async function books(poll: Uuid) {
  const { db } = server.running.atrium.deps
  const options = await db.query<{ counted: number; there: number }>(
    `select vote_count as counted, (select count(*)::int from poll_choices c where c.option_id = o.id) as there
     from poll_options o where poll_id = $1 order by position`,
    [poll],
  )
  const [voters] = await db.query<{ counted: number; there: number }>(
    `select voter_count as counted, (select count(*)::int from poll_ballots b where b.poll_id = p.id) as there
     from polls p where id = $1`,
    [poll],
  )
  return { options, voters }
}

const ballot = (client: PollClient, poll: Uuid, options: readonly string[]) => (member: Viewer, choice: number) =>
  client.run('castVote', member, { pollId: encodeId('poll', poll), optionIds: [options[choice % options.length]] })

describe('a member has one vote', () => {
  test('in a burst of 1,000 attempts by 200 members: 200 are counted, the rest refused as such, and told as they come', async () => {
    const poll = await server.world.poll(owner, { options: [{ label: 'A' }, { label: 'B' }, { label: 'C' }] })
    const options = await polls.options(poll)
    const watcher = await polls.watch(poll)
    await watcher.until(({ voterCount }) => voterCount === 0)
    const outcomes = await inBurst(
      members.flatMap((member, number) =>
        [0, 1, 2, 3, 4].map((attempt) => () => ballot(polls, poll, options)(member, number + attempt)),
      ),
    )
    expect(tally(outcomes)).toEqual({ ok: MEMBERS, ALREADY_VOTED: 4 * MEMBERS })
    const { options: counts, voters } = await books(poll)
    expect(voters).toEqual({ counted: MEMBERS, there: MEMBERS })
    for (const { counted, there } of counts) expect(counted).toBe(there)
    expect(sum(counts.map(({ counted }) => counted))).toBe(MEMBERS)

    const last = await watcher.until(({ voterCount }) => voterCount === MEMBERS)
    expect(countsIn(last)).toEqual(counts.map(({ counted }) => counted))
    for (const state of watcher.heard) expect(sum(countsIn(state))).toBe(state.voterCount)
    const spanMs = (watcher.atMs.at(-1) ?? 0) - (watcher.atMs[0] ?? 0)
    expect(watcher.heard.length).toBeLessThanOrEqual(spanMs / 100 + 2)
    await watcher.leave()
  }, 120_000)

  test('also through two servers at once', async () => {
    const poll = await server.world.poll(owner)
    const options = await polls.options(poll)
    const outcomes = await inBurst(
      members.flatMap((member) =>
        [polls, elsewhere].map((client, choice) => () => ballot(client, poll, options)(member, choice)),
      ),
    )
    expect(tally(outcomes)).toEqual({ ok: MEMBERS, ALREADY_VOTED: MEMBERS })
    const { options: counts, voters } = await books(poll)
    expect(voters).toEqual({ counted: MEMBERS, there: MEMBERS })
    for (const { counted, there } of counts) expect(counted).toBe(there)
  }, 120_000)

  test('of fifty requests of one member at once, one is counted', async () => {
    const poll = await server.world.poll(owner)
    const options = await polls.options(poll)
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, at) => ballot(polls, poll, options)(owner, at)))
    expect(tally(outcomes)).toEqual({ ok: 1, ALREADY_VOTED: 49 })
    expect((await books(poll)).voters).toEqual({ counted: 1, there: 1 })
  })

  test('however often it is changed and withdrawn at once', async () => {
    const poll = await server.world.poll(owner, {
      options: [{ label: 'A' }, { label: 'B' }, { label: 'C' }],
      choice: 'MULTIPLE',
      mayChangeVote: true,
    })
    const options = await polls.options(poll)
    const pollId = encodeId('poll', poll)
    const few = members.slice(0, 10)
    for (const member of few) await server.world.vote(member, poll, 0)
    await Promise.all(
      few.flatMap((member, number) =>
        [0, 1, 2, 3, 4, 5].map((step) => {
          const client = step % 2 === 0 ? polls : elsewhere
          if ((number + step) % 3 === 0) return client.run('withdrawVote', member, { pollId })
          const optionIds = step % 2 === 0 ? [options[1], options[2]] : [options[(number + step) % 3]]
          return client.run(step === 4 ? 'castVote' : 'changeVote', member, { pollId, optionIds })
        }),
      ),
    )
    const { options: counts, voters } = await books(poll)
    for (const { counted, there } of counts) expect(counted).toBe(there)
    expect(voters?.counted).toBe(voters?.there)
  })
})

describe('what happens at the same moment as a vote', () => {
  test.each([
    ['the poll is closed', "update polls set state = 'CLOSED', closed_at = now() where id = $1"],
    ['its time comes', "update polls set closes_at = now() - interval '1 ms' where id = $1"],
    ['it is edited', 'update polls set settings_version = settings_version + 1 where id = $1'],
  ])('%s after the vote was checked: the statement of the vote refuses it', async (_, change) => {
    const { deps } = server.running.atrium
    const pollId = await server.world.poll(owner, { mayChangeVote: true })
    await server.world.vote(owner, pollId, 0)
    const { optionRows = [], settingsVersion = 0 } = (await findPollStanding(deps.db, pollId)) ?? {}
    const vote = { pollId, settingsVersion, optionIds: optionRows.slice(1).map(({ id }) => id) }
    await deps.db.query(change, [pollId])
    expect(await castBallot(deps, { ...vote, accountId: members[0]?.accountId ?? '' })).toBe('CLOSED')
    for (const optionIds of [vote.optionIds, []]) {
      const changed = await changeBallot(deps, { ...vote, optionIds, accountId: owner.accountId })
      expect(changed).toEqual({ isOpen: false, hasVoted: false })
    }
    const { options, voters } = await books(pollId)
    expect([voters, options.map(({ there }) => there)]).toEqual([{ counted: 1, there: 1 }, [1, 0]])
  })

  test('closing: each vote that was counted was before it, and none comes after', async () => {
    const poll = await server.world.poll(owner)
    const options = await polls.options(poll)
    let hasBegun = (): void => {}
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve
    })
    const voting = inBurst(
      members.map((member, number) => async () => {
        const outcome = await ballot(number % 2 === 0 ? polls : elsewhere, poll, options)(member, number)
        hasBegun()
        return outcome
      }),
    )
    await begun
    const closed = await elsewhere.run('closePoll', owner, { id: encodeId('poll', poll) })
    expect(codeOf(closed)).toBe('ok')
    const outcomes = tally(await voting)
    expect(outcomes.ok).toBeGreaterThan(0)
    expect((outcomes.ok ?? 0) + (outcomes.POLL_CLOSED ?? 0)).toBe(MEMBERS)
    const { voters } = await books(poll)
    expect(voters).toEqual({ counted: outcomes.ok, there: outcomes.ok })
    expect(closed.poll.voterCount).toBe(outcomes.ok)
  })

  test('an edit: the options are those that were voted on, or the vote is refused', async () => {
    for (let round = 0; round < 10; round++) {
      const poll = await server.world.poll(owner)
      const options = await polls.options(poll)
      const [vote, edit] = await Promise.all([
        ballot(polls, poll, options)(members[round] as Viewer, 0),
        elsewhere.run('updatePoll', owner, { id: encodeId('poll', poll), options: [{ label: 'X' }, { label: 'Y' }] }),
      ])
      const labels = (await polls.see(null, poll)).options.map(({ label }: { label: string }) => label)
      if (codeOf(vote) === 'ok') {
        expect([codeOf(edit), labels]).toEqual(['POLL_FROZEN', ['Tea', 'Coffee']])
      } else {
        expect([codeOf(vote), codeOf(edit), labels]).toEqual(['INVALID_INPUT', 'ok', ['X', 'Y']])
      }
    }
  })

  test('the deletion of a voter’s account: the vote is counted and nobody’s, or it is refused', async () => {
    const poll = await server.world.poll(owner)
    const options = await polls.options(poll)
    const leaving = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        server.world.person({ handle: `leaving-${at}`, password: 'a passphrase for this world' }),
      ),
    )
    const voting = [...leaving, ...members.slice(0, 30)].map((member, at) => ballot(polls, poll, options)(member, at))
    const gone = leaving.map((member) =>
      polls.ask(
        'mutation { deleteAccount(input: { password: "a passphrase for this world" }) { userErrors { code } } }',
        {},
        member,
      ),
    )
    const outcomes = tally((await Promise.all(voting)).slice(leaving.length))
    await Promise.all(gone)
    expect(outcomes).toEqual({ ok: 30 })
    const { options: counts, voters } = await books(poll)
    for (const { counted, there } of counts) expect(counted).toBe(there)
    expect(voters?.counted).toBe(voters?.there)
    const [named] = await server.running.atrium.deps.db.query<{ named: number }>(
      'select count(account_id)::int as named from poll_ballots where poll_id = $1',
      [poll],
    )
    expect(named?.named).toBe(30)
  })
})
