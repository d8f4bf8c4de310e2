import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { codeOf, PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let polls: PollClient
let owner: Viewer
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer()
  polls = new PollClient(server)
  owner = await server.world.person({ handle: 'owner' })
  ada = await server.world.person({ handle: 'ada' })
})
afterAll(() => server.close())

const labels = (...all: string[]) => all.map((label) => ({ label }))
const poll = { question: 'Tea or coffee?', options: labels('Tea', 'Coffee') }
const right = (...all: [string, boolean][]) => all.map(([label, isCorrect]) => ({ label, isCorrect }))
const past = new Date(Date.now() - 1000).toISOString()
const farAhead = new Date(Date.now() + 6 * 366 * 86_400_000).toISOString()

describe('a poll that cannot be asked as it is', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['without a question', { question: '  ' }, ['input', 'question']],
    ['with a question that is too long', { question: 'x'.repeat(301) }, ['input', 'question']],
    ['with one option', { options: labels('Tea') }, ['input', 'options']],
    ['without options', { options: [] }, ['input', 'options']],
    [
      'with 21 options',
      { options: Array.from({ length: 21 }, (_, at) => ({ label: `No. ${at}` })) },
      ['input', 'options'],
    ],
    ['with an empty option', { options: labels('Tea', '') }, ['input', 'options', '1', 'label']],
    [
      'with an option that is too long',
      { options: labels('Tea', 'x'.repeat(121)) },
      ['input', 'options', '1', 'label'],
    ],
    ['with an option twice', { options: labels('Tea', 'Coffee', 'Tea') }, ['input', 'options', '2', 'label']],
    ['with options that read the same', { options: labels('Tea', ' tEA ') }, ['input', 'options', '1', 'label']],
    ['that closes in the past', { closesAt: past }, ['input', 'closesAt']],
    ['that closes in six years', { closesAt: farAhead }, ['input', 'closesAt']],
    ['of one choice with a greatest number', { maxChoices: 2 }, ['input', 'maxChoices']],
    ['with more choices than options', { choice: 'MULTIPLE', maxChoices: 3 }, ['input', 'maxChoices']],
    ['of several choices, at most one', { choice: 'MULTIPLE', maxChoices: 1 }, ['input', 'maxChoices']],
    ['with a right option that is no quiz', { options: right(['Tea', true], ['Coffee', false]) }, ['input', 'options']],
    ['that is a quiz without a right option', { quiz: {} }, ['input', 'options']],
    [
      'that is a quiz of one choice with two right options',
      { quiz: {}, options: right(['A', true], ['B', true]) },
      ['input', 'options'],
    ],
    [
      'that is a quiz where votes can be changed after it has told',
      { quiz: {}, mayChangeVote: true, options: right(['A', true], ['B', false]) },
      ['input', 'mayChangeVote'],
    ],
    ['with a line break in an option', { options: labels('Tea', 'Cof\nfee') }, ['input', 'options', '1', 'label']],
  ])('%s', async (_, change, path) => {
    const { userErrors, refused } = await polls.run('createPoll', owner, { ...poll, ...change })
    expect([refused, userErrors.map(({ code, path }) => [code, path])]).toEqual([null, [['INVALID_INPUT', path]]])
  })

  test.each([
    [
      'a subject that is not there',
      { subjectId: encodeId('post', '00000000-0000-7000-8000-000000000000') },
      ['input', 'subjectId'],
    ],
    ['a subject of no kind that polls hang on', { subjectId: 'tag_nonsense' }, ['input', 'subjectId']],
    [
      'an option’s node that is not there',
      { options: [{ label: 'A' }, { label: 'B', nodeId: 'post_nonsense' }] },
      ['input', 'options', '1', 'nodeId'],
    ],
  ])('for %s: NOT_FOUND', async (_, change, path) => {
    const { userErrors } = await polls.run('createPoll', owner, { ...poll, ...change })
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', path }])
  })

  test('is told everything that is wrong at once', async () => {
    const { userErrors } = await polls.run('createPoll', owner, {
      question: '',
      options: labels('A', ''),
      closesAt: past,
    })
    expect(userErrors.map(({ path }) => path.join('.'))).toEqual([
      'input.question',
      'input.options.1.label',
      'input.closesAt',
    ])
  })

  test('the same key and input is the same poll, another input under that key is refused', async () => {
    const input = { ...poll, idempotencyKey: 'tea-or-coffee' }
    const answers = await Promise.all([1, 2, 3].map(() => polls.run('createPoll', owner, input)))
    expect(new Set(answers.map(({ poll: { id } }) => id)).size).toBe(1)
    const other = await polls.run('createPoll', owner, { ...input, question: 'Juice?' })
    expect(other.userErrors).toMatchObject([{ code: 'CONFLICT' }])
  })
})

describe('a poll with all that it can have', () => {
  test('20 options, several choices, a quiz, a time', async () => {
    const closesAt = new Date(Date.now() + 60_000).toISOString()
    const { poll: made, userErrors } = await polls.run('createPoll', owner, {
      question: ' Which are even? ',
      options: Array.from({ length: 20 }, (_, at) => ({ label: `${at}`, isCorrect: at % 2 === 0 })),
      choice: 'MULTIPLE',
      maxChoices: 10,
      isAnonymous: false,
      resultsShown: 'AFTER_CLOSING',
      quiz: { answersRevealed: 'AFTER_CLOSING', explanation: 'Halves.' },
      mayChangeVote: true,
      closesAt,
    })
    expect(userErrors).toEqual([])
    expect(made).toMatchObject({
      question: 'Which are even?',
      state: 'OPEN',
      choice: 'MULTIPLE',
      maxChoices: 10,
      isAnonymous: false,
      quiz: { isRevealed: false, explanation: null, correctOptions: null },
      owner: { handle: 'owner' },
    })
    expect(made.options.map(({ label }: { label: string }) => label)).toEqual(
      Array.from({ length: 20 }, (_, at) => `${at}`),
    )
  })
})

describe('a vote that cannot be counted', () => {
  test.each([
    ['without an option', [], 'INVALID_INPUT', ['input', 'optionIds']],
    ['for two options of which one can be chosen', [0, 1], 'LIMIT_EXCEEDED', ['input', 'optionIds']],
    ['for one option twice', [0, 0], 'INVALID_INPUT', ['input', 'optionIds', '1']],
  ])('%s', async (_, positions, code, path) => {
    const id = await server.world.poll(owner)
    expect((await polls.vote(ada, id, positions)).userErrors).toMatchObject([{ code, path }])
    expect(await polls.see(ada, id)).toMatchObject({ voterCount: 0, viewerVote: null, viewerCanVote: true })
  })

  test('for more options than may be chosen: the error says how many', async () => {
    const id = await server.world.poll(owner, { choice: 'MULTIPLE', maxChoices: 2, options: labels('A', 'B', 'C') })
    expect((await polls.vote(ada, id, [0, 1, 2])).userErrors).toMatchObject([{ __typename: 'LimitExceeded', limit: 2 }])
    expect((await polls.vote(ada, id, [2, 0])).poll.viewerVote.options).toEqual([{ label: 'A' }, { label: 'C' }])
  })

  test('for an option of another poll, or for something else', async () => {
    const id = await server.world.poll(owner)
    const [foreign] = await polls.options(await server.world.poll(owner))
    for (const optionId of [foreign, encodeId('poll', id), 'nonsense']) {
      const input = { pollId: encodeId('poll', id), optionIds: [optionId] }
      const { userErrors } = await polls.run('castVote', ada, input)
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'optionIds', '0'] }])
    }
  })

  test('the second one says whether the first can be changed', async () => {
    for (const mayChangeVote of [true, false]) {
      const id = await server.world.poll(owner, { mayChangeVote })
      expect(codeOf(await polls.vote(ada, id, [0]))).toBe('ok')
      const { userErrors } = await polls.vote(ada, id, [1])
      expect(userErrors).toMatchObject([{ __typename: 'AlreadyVoted', code: 'ALREADY_VOTED', mayChangeVote }])
      expect((await polls.see(ada, id)).viewerVote.options).toEqual([{ label: 'Tea' }])
    }
  })

  test('in a closed poll: the error says since when; in a draft, that it has not begun', async () => {
    const id = await server.world.poll(owner)
    const [option] = await polls.options(id)
    const closed = await polls.run('closePoll', owner, { id: encodeId('poll', id) })
    const input = { pollId: encodeId('poll', id), optionIds: [option] }
    expect((await polls.run('castVote', ada, input)).userErrors).toMatchObject([
      { __typename: 'PollClosed', code: 'POLL_CLOSED', closedAt: closed.poll.closedAt },
    ])
    const draft = await server.world.poll(owner, { isDraft: true })
    expect((await polls.vote(owner, draft, [0])).userErrors).toMatchObject([
      { __typename: 'PollClosed', closedAt: null },
    ])
  })

  test('after the closing time by the database’s clock, though nothing has closed the poll yet', async () => {
    const id = await server.world.poll(owner)
    const [option] = await polls.options(id)
    // The state is still OPEN in the table.
    await server.running.atrium.deps.db.query("update polls set closes_at = now() - interval '1 ms' where id = $1", [
      id,
    ])
    const { userErrors } = await polls.run('castVote', ada, { pollId: encodeId('poll', id), optionIds: [option] })
    expect(userErrors).toMatchObject([{ code: 'POLL_CLOSED', closedAt: expect.any(String) }])
    expect(await polls.see(ada, id)).toMatchObject({ state: 'CLOSED', viewerCanVote: false, voterCount: 0 })
  })

  test('in a poll that is not there', async () => {
    const input = { pollId: encodeId('poll', ada.accountId), optionIds: [encodeId('option', ada.accountId)] }
    for (const mutation of ['castVote', 'changeVote'] as const) {
      expect((await polls.run(mutation, ada, input)).userErrors).toMatchObject([
        { code: 'NOT_FOUND', path: ['input', 'pollId'] },
      ])
    }
  })
})

describe('a vote that is changed', () => {
  test('moves, and the sums with it; withdrawn, it can be cast again', async () => {
    const id = await server.world.poll(owner, { mayChangeVote: true })
    await polls.vote(ada, id, [0])
    const moved = await polls.vote(ada, id, [1], 'changeVote')
    expect(moved.poll).toMatchObject({ voterCount: 1, options: [{ voteCount: 0 }, { voteCount: 1 }] })
    expect(moved.poll.viewerVote).toMatchObject({ options: [{ label: 'Coffee' }], changedAt: expect.any(String) })
    const withdrawn = await polls.run('withdrawVote', ada, { pollId: encodeId('poll', id) })
    expect(withdrawn.poll).toMatchObject({ voterCount: 0, viewerVote: null, viewerCanVote: true })
    expect(codeOf(await polls.vote(ada, id, [0]))).toBe('ok')
  })

  test('is final where the poll says so, and cannot be changed where there is none', async () => {
    const pollId = (id: string) => ({ pollId: encodeId('poll', id) })
    const final = await server.world.poll(owner)
    await polls.vote(ada, final, [0])
    expect(codeOf(await polls.vote(ada, final, [1], 'changeVote'))).toBe('INVALID_INPUT')
    expect(codeOf(await polls.run('withdrawVote', ada, pollId(final)))).toBe('INVALID_INPUT')
    const open = await server.world.poll(owner, { mayChangeVote: true })
    expect(codeOf(await polls.vote(ada, open, [1], 'changeVote'))).toBe('INVALID_INPUT')
    expect(codeOf(await polls.run('withdrawVote', ada, pollId(open)))).toBe('INVALID_INPUT')
    await polls.vote(ada, open, [0])
    await polls.run('closePoll', owner, { id: encodeId('poll', open) })
    expect(codeOf(await polls.run('withdrawVote', ada, pollId(open)))).toBe('POLL_CLOSED')
  })

  test('leaves the poll frozen, also when the last one is withdrawn', async () => {
    const id = await server.world.poll(owner, { mayChangeVote: true })
    await polls.vote(ada, id, [0])
    await polls.run('withdrawVote', ada, { pollId: encodeId('poll', id) })
    const { userErrors } = await polls.run('updatePoll', owner, { id: encodeId('poll', id), question: 'Juice?' })
    expect(userErrors).toMatchObject([
      { __typename: 'PollFrozen', code: 'POLL_FROZEN', firstVoteAt: expect.any(String) },
    ])
  })
})

describe('a poll that is edited before the first vote', () => {
  test('changes what is given, keeps the rest, and is checked as a whole', async () => {
    const id = encodeId('poll', await server.world.poll(owner))
    const edited = await polls.run('updatePoll', owner, {
      id,
      options: labels('Tea', 'Coffee', 'Water'),
      choice: 'MULTIPLE',
    })
    expect(edited.poll).toMatchObject({
      question: 'Tea or coffee?',
      choice: 'MULTIPLE',
      maxChoices: 3,
      options: [{ label: 'Tea' }, { label: 'Coffee' }, { label: 'Water' }],
    })
    expect((await polls.run('updatePoll', owner, { id, maxChoices: 4 })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'maxChoices'] },
    ])
    expect((await polls.run('updatePoll', owner, { id, maxChoices: 2 })).poll.maxChoices).toBe(2)
    expect((await polls.run('updatePoll', owner, { id, maxChoices: null })).poll.maxChoices).toBe(3)
    expect((await polls.run('updatePoll', owner, { id, quiz: {} })).userErrors).toMatchObject([
      { path: ['input', 'options'] },
    ])
  })
})
