import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { codeOf, type Outcome, PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let polls: PollClient
let owner: Viewer
let ada: Viewer
let bram: Viewer
let staff: Viewer

beforeAll(async () => {
  server = await startTestServer()
  polls = new PollClient(server)
  owner = await server.world.person({ handle: 'owner' })
  ada = await server.world.person({ handle: 'ada' })
  bram = await server.world.person({ handle: 'bram' })
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
})
afterAll(() => server.close())

const counts = (poll: Outcome['poll']): (number | null)[] =>
  poll.options.map(({ voteCount }: { voteCount: number | null }) => voteCount)
const soon = (ms: number): string => new Date(Date.now() + ms).toISOString()
const HIDDEN = [null, null]

describe('whoever watches a poll', () => {
  test('gets it as it stands, then each change, signed in or not', async () => {
    const poll = await server.world.poll(owner)
    await server.world.vote(ada, poll, 0)
    const watchers = [await polls.watch(poll), await polls.watch(poll, bram)]
    for (const watcher of watchers) {
      expect(counts(await watcher.until(({ voterCount }) => voterCount === 1))).toEqual([1, 0])
    }
    await server.world.vote(bram, poll, 1)
    for (const watcher of watchers) {
      const last = await watcher.until(({ voterCount }) => voterCount === 2)
      expect(last.options).toMatchObject([
        { label: 'Tea', voteCount: 1, percent: 50 },
        { label: 'Coffee', voteCount: 1, percent: 50 },
      ])
      await watcher.leave()
    }
  })

  test('sees at once what its owner does: close, open again, move the closing time', async () => {
    const poll = await server.world.poll(owner)
    const id = encodeId('poll', poll)
    const watcher = await polls.watch(poll, ada)
    await watcher.until(({ state }) => state === 'OPEN')
    await polls.run('closePoll', owner, { id })
    expect(await watcher.until(({ state }) => state === 'CLOSED')).toMatchObject({ closedAt: expect.any(String) })
    await polls.run('openPoll', owner, { id })
    await watcher.until(({ state, closedAt }) => state === 'OPEN' && closedAt === null)
    const closesAt = soon(3_600_000)
    await polls.run('extendPoll', owner, { id, closesAt })
    await watcher.until(
      (state) => state.closesAt === closesAt || new Date(state.closesAt).getTime() === Date.parse(closesAt),
    )
    await watcher.leave()
  })

  test('is told of the end in the moment of the closing time, though nobody does anything', async () => {
    const poll = await server.world.poll(owner, { closesAt: soon(1_500), resultsShown: 'AFTER_CLOSING' })
    const watcher = await polls.watch(poll)
    expect(counts(await watcher.until(({ state }) => state === 'OPEN'))).toEqual(HIDDEN)
    await server.world.vote(ada, poll, 1)
    const last = await watcher.until(({ state }) => state === 'CLOSED')
    expect([last.voterCount, counts(last)]).toEqual([1, [0, 1]])
    expect(codeOf(await polls.vote(bram, poll, [0]))).toBe('POLL_CLOSED')
    await watcher.leave()
  })

  test('follows an end that is moved to an earlier time', async () => {
    const poll = await server.world.poll(owner, { closesAt: soon(3_600_000) })
    const watcher = await polls.watch(poll)
    await watcher.until(({ state }) => state === 'OPEN')
    await polls.run('extendPoll', owner, { id: encodeId('poll', poll), closesAt: soon(700) })
    await watcher.until(({ state }) => state === 'CLOSED')
    await watcher.leave()
  })

  test('loses it with its end: NOT_FOUND when it is deleted', async () => {
    const poll = await server.world.poll(owner)
    const watcher = await polls.watch(poll)
    await watcher.until(() => true)
    await polls.run('deletePoll', owner, { id: encodeId('poll', poll) })
    await expect.poll(() => watcher.isEnded()).toBe(true)
    expect(watcher.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })

  test('loses it when the post that it hangs on is taken away', async () => {
    const post = await server.world.published(owner)
    const poll = await server.world.poll(owner, { on: { kind: 'POST', id: post } })
    const stranger = await polls.watch(poll, ada)
    const mine = await polls.watch(poll, owner)
    await stranger.until(() => true)
    await mine.until(() => true)
    const archived = await polls.ask(
      'mutation ($id: ID!) { archivePost(input: { id: $id }) { userErrors { code } } }',
      { id: encodeId('post', post) },
      owner,
    )
    expect(archived.data.archivePost.userErrors).toEqual([])
    await expect.poll(() => stranger.isEnded(), { timeout: 10_000 }).toBe(true)
    expect(stranger.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    await server.world.vote(owner, poll, 0)
    await mine.until(({ voterCount }) => voterCount === 1)
    await mine.leave()
  })

  test.each([
    ['an unknown poll', () => encodeId('poll', owner.accountId)],
    ['an id that is none', () => 'poll_nonsense'],
    ['the id of something else', () => encodeId('account', owner.accountId)],
  ])('of %s is refused with NOT_FOUND', async (_, id) => {
    const socket = server.socket()
    const events = socket.iterate({ query: `subscription { pollUpdated(pollId: "${id()}") { id } }` })
    const { value } = await events.next().catch((error) => ({ value: { errors: error } }))
    expect(value?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })

  test('of another’s draft is refused as if there were none', async () => {
    const poll = await server.world.poll(owner, { isDraft: true })
    const watcher = await polls.watch(poll, staff)
    await expect.poll(() => watcher.errors.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND'])
    const mine = await polls.watch(poll, owner)
    await mine.until(({ state }) => state === 'DRAFT')
    await polls.run('openPoll', owner, { id: encodeId('poll', poll) })
    await mine.until(({ state }) => state === 'OPEN')
    await mine.leave()
  })
})

describe('hidden results stay hidden on the socket', () => {
  test('until each has voted, who then sees them at once; the others do not', async () => {
    const poll = await server.world.poll(owner, { resultsShown: 'AFTER_VOTING' })
    const [nobody, asOwner, asStaff, asAda] = await Promise.all(
      [null, owner, staff, ada].map((viewer) => polls.watch(poll, viewer)),
    )
    for (const watcher of [nobody, asOwner, asStaff, asAda]) await watcher?.until(() => true)
    await server.world.vote(bram, poll, 0)
    for (const watcher of [nobody, asOwner, asStaff, asAda]) {
      const state = await watcher?.until(({ voterCount }) => voterCount === 1)
      expect([state.areResultsVisible, counts(state)]).toEqual([false, HIDDEN])
    }
    await server.world.vote(ada, poll, 1)
    const seen = await asAda?.until(({ areResultsVisible }) => areResultsVisible)
    expect(counts(seen)).toEqual([1, 1])
    for (const watcher of [nobody, asOwner, asStaff]) {
      await watcher?.until(({ voterCount }) => voterCount === 2)
      for (const state of watcher?.heard ?? []) {
        expect(state.options).toMatchObject([
          { voteCount: null, percent: null },
          { voteCount: null, percent: null },
        ])
      }
    }
    await polls.run('closePoll', owner, { id: encodeId('poll', poll) })
    for (const watcher of [nobody, asOwner, asStaff, asAda]) {
      expect(counts(await watcher?.until(({ state }) => state === 'CLOSED'))).toEqual([1, 1])
      await watcher?.leave()
    }
  })

  test('and nobody votes, looks and takes the vote back: it can be changed, not withdrawn', async () => {
    const poll = await server.world.poll(owner, { resultsShown: 'AFTER_VOTING', mayChangeVote: true })
    await server.world.vote(ada, poll, 0)
    const watcher = await polls.watch(poll, ada)
    expect(counts(await watcher.until(() => true))).toEqual([1, 0])
    expect(codeOf(await polls.run('withdrawVote', ada, { pollId: encodeId('poll', poll) }))).toBe('INVALID_INPUT')
    expect(codeOf(await polls.vote(ada, poll, [1], 'changeVote'))).toBe('ok')
    expect(counts(await watcher.until(({ options }) => options[1].voteCount === 1))).toEqual([0, 1])
    await watcher.leave()
  })

  test('and so are the answers of a quiz', async () => {
    const poll = await server.world.poll(owner, {
      question: 'What is 6 × 7?',
      options: [{ label: '42', isCorrect: true }, { label: '48' }],
      answersRevealed: 'AFTER_VOTING',
      explanation: 'Six sevens.',
    })
    const [nobody, asAda] = [await polls.watch(poll), await polls.watch(poll, ada)]
    await asAda.until(() => true)
    await server.world.vote(ada, poll, 1)
    const told = await asAda.until(({ quiz }) => quiz.isRevealed)
    expect([told.quiz.explanation, told.options[0].isCorrect]).toEqual(['Six sevens.', true])
    const untold = await nobody.until(({ voterCount }) => voterCount === 1)
    expect([untold.quiz, untold.options[0].isCorrect]).toEqual([{ isRevealed: false, explanation: null }, null])
    await nobody.leave()
    await asAda.leave()
  })

  test('a watcher who asks for what is theirs gets that beside it', async () => {
    const poll = await server.world.poll(owner)
    const watcher = await polls.watch(poll, ada, 'voterCount viewerCanVote viewerVote { options { label } }')
    expect(await watcher.until(() => true)).toEqual({ voterCount: 0, viewerCanVote: true, viewerVote: null })
    await server.world.vote(ada, poll, 1)
    await watcher.until(({ viewerVote }) => viewerVote?.options[0].label === 'Coffee')
    await watcher.leave()
  })
})
