import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { codeOf, PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let polls: PollClient
let ada: Viewer
let bram: Viewer
let post: Uuid
const made: Uuid[] = []

const soon = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // The clock would be heard among the statements that are counted.
  await server.running.atrium.queue.stop(1_000)
  polls = new PollClient(server)
  ada = await server.world.person({ handle: 'ada' })
  bram = await server.world.person({ handle: 'bram' })
  post = await server.world.published(ada, { title: 'A post with polls' })
  for (let number = 0; number < 50; number++) {
    const poll = await server.world.poll(number % 2 === 0 ? ada : bram, {
      question: `Poll ${number}`,
      isAnonymous: false,
      resultsShown: number % 3 === 0 ? 'AFTER_VOTING' : 'ALWAYS',
      ...(number % 5 === 0 ? { closesAt: soon(50 - number) } : {}),
      ...(number % 10 === 0 ? { on: { kind: 'POST', id: post } } : {}),
    })
    made.push(poll)
    await server.world.vote(bram, poll, number % 2)
  }
}, 120_000)
afterAll(() => server.close())

const questions = async (args: string, viewer: Viewer | null = null): Promise<string[]> => {
  const { data, errors } = await polls.ask(`{ polls(${args}) { nodes { question } } }`, {}, viewer)
  expect(errors).toBeUndefined()
  return data.polls.nodes.map(({ question }: { question: string }) => question)
}

describe('the list of polls', () => {
  test('pages through all of them in each order', async () => {
    const all = Array.from({ length: 50 }, (_, number) => `Poll ${number}`)
    expect(await questions('first: 100, orderBy: OLDEST')).toEqual(all)
    const found: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const { data } = await polls.ask(
        'query ($after: String) { polls(first: 7, after: $after) { nodes { question } totalCount pageInfo { hasNextPage endCursor } } }',
        { after },
      )
      found.push(...data.polls.nodes.map(({ question }: { question: string }) => question))
      expect(data.polls.totalCount).toBe(50)
      after = data.polls.pageInfo.endCursor
      more = data.polls.pageInfo.hasNextPage
    }
    expect(found).toEqual(all.toReversed())
  })

  test('shows what closes next first, and only what closes by itself', async () => {
    const closing = ['45', '40', '35', '30', '25', '20', '15', '10', '5', '0'].map((number) => `Poll ${number}`)
    expect(await questions('first: 100, orderBy: CLOSING_SOON')).toEqual(closing)
  })

  test('is filtered by author, state and subject', async () => {
    expect(await questions('first: 100, filter: { author: "Bram" }')).toHaveLength(25)
    expect(await questions('first: 100, filter: { author: "nobody-here" }')).toEqual([])
    const onPost = await questions(`first: 100, filter: { subjectId: "${encodeId('post', post)}", author: "ada" }`)
    expect(onPost).toEqual(['Poll 40', 'Poll 30', 'Poll 20', 'Poll 10', 'Poll 0'])
    const over = await server.world.poll(ada, { question: 'Over', closesAt: soon(1) })
    await server.world.poll(ada, { question: 'Not yet', isDraft: true })
    await server.running.atrium.deps.db.query("update polls set closes_at = now() - interval '1 s' where id = $1", [
      over,
    ])
    expect(await questions('filter: { state: CLOSED }')).toEqual(['Over'])
    expect(await questions('filter: { state: OPEN, author: "ada" }, first: 100')).toHaveLength(25)
    expect(await questions('filter: { state: DRAFT }', ada)).toEqual([])
    const { data } = await polls.ask(
      '{ viewer { polls(state: DRAFT) { totalCount nodes { question state } } } }',
      {},
      ada,
    )
    expect(data.viewer.polls).toEqual({ totalCount: 1, nodes: [{ question: 'Not yet', state: 'DRAFT' }] })
    await polls.run('deletePoll', ada, { id: encodeId('poll', over) })
  })

  test('of a post hangs on the post', async () => {
    const { data } = await polls.ask(
      'query ($id: ID!) { node(id: $id) { ... on Post { pollCount polls(first: 2) { totalCount nodes { question subject { id } } } } } }',
      { id: encodeId('post', post) },
    )
    const subject = { id: encodeId('post', post) }
    expect(data.node).toEqual({
      pollCount: 5,
      polls: {
        totalCount: 5,
        nodes: [
          { question: 'Poll 40', subject },
          { question: 'Poll 30', subject },
        ],
      },
    })
  })
})

describe('a list costs as many statements for fifty polls as for twelve', () => {
  const LIST = `query ($n: Int!) { polls(first: $n) { nodes { question state owner { handle } subject { id } areResultsVisible
    options { label voteCount percent voters(first: 2) { nodes { handle } } } quiz { isRevealed }
    commentCount reactionCount viewerVote { options { label } } viewerCanVote } } }`
  const count = async (n: number, viewer: Viewer | null): Promise<number> => {
    const ask = async () => expect((await polls.ask(LIST, { n }, viewer)).errors).toBeUndefined()
    await ask()
    return (await statements.during(ask)).length
  }

  test('and each relation at most one', async () => {
    // polls, owners, subjects, posts, options, voters, comment counts, reaction counts
    expect([await count(12, null), await count(50, null)]).toEqual([8, 8])
    // and who asks, how they voted, and the voters of those polls whose results depend on that
    expect([await count(12, bram), await count(50, bram)]).toEqual([11, 11])
  })

  test('a vote costs the same however many have voted', async () => {
    const poll = await server.world.poll(ada)
    const [option] = await polls.options(poll)
    const voters = await Promise.all([1, 2].map((number) => server.world.person({ handle: `voter-${number}` })))
    const costs: number[] = []
    for (const voter of voters) {
      await polls.tokenOf(voter)
      const input = { pollId: encodeId('poll', poll), optionIds: [option] }
      costs.push((await statements.during(() => polls.run('castVote', voter, input))).length)
    }
    expect(costs[0]).toBe(costs[1])
    expect(costs[0]).toBeLessThanOrEqual(10)
  })
})

describe('the lists of polls are read from an index', () => {
  test.each([
    ['the newest', '{ polls(first: 5) { nodes { id } } }', 'polls_newest'],
    ['those that close next', '{ polls(first: 5, orderBy: CLOSING_SOON) { nodes { id } } }', 'polls_closing'],
    ['of an author', '{ polls(first: 5, filter: { author: "ada" }) { nodes { id } } }', 'polls_by_owner'],
    [
      'of a post',
      () => `{ polls(first: 5, filter: { subjectId: "${encodeId('post', post)}" }) { nodes { id } } }`,
      'polls_by_subject',
    ],
  ])('%s', async (_, query, index) => {
    const { db } = server.running.atrium.deps
    const sent = await statements.during(() => polls.ask(typeof query === 'string' ? query : query()))
    const list = sent.find(({ text }) => text.includes('"question"') && text.includes('limit'))
    const plan = await db.transaction(async (tx) => {
      // Fifty rows fit into a page that is sooner read whole; what is asked here is which index could serve.
      await tx.query('set local enable_seqscan = off')
      await tx.query('set local enable_sort = off')
      await tx.query('set local enable_bitmapscan = off')
      return JSON.stringify(await tx.query(`explain (format json) ${list?.text}`, list?.parameters))
    })
    expect(plan).toContain(`"Index Name":"${index}"`)
    expect(plan).not.toContain('"Node Type":"Sort"')
  })
})

describe('an option that stands for something', () => {
  test('shows it to whoever may see it, and its label to everybody', async () => {
    const shown = await server.world.published(ada, { title: 'Shown' })
    const hidden = await server.world.draft(ada, { title: 'Hidden' })
    const input = {
      question: 'Which one?',
      options: [
        { label: 'The shown one', nodeId: encodeId('post', shown) },
        { label: 'The hidden one', nodeId: encodeId('post', hidden) },
        { label: 'Bram', nodeId: encodeId('account', bram.accountId) },
      ],
    }
    expect((await polls.run('createPoll', bram, input)).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['input', 'options', '1', 'nodeId'] },
    ])
    const { poll } = await polls.run('createPoll', ada, input)
    const query =
      'query ($id: ID!) { node(id: $id) { ... on Poll { options { label node { ... on Post { title } ... on Account { handle } } } } } }'
    const options = async (viewer: Viewer | null) => (await polls.ask(query, { id: poll.id }, viewer)).data.node.options
    expect(await options(ada)).toMatchObject([
      { node: { title: 'Shown' } },
      { node: { title: 'Hidden' } },
      { node: { handle: 'bram' } },
    ])
    expect(await options(bram)).toMatchObject([
      { node: { title: 'Shown' } },
      { label: 'The hidden one', node: null },
      {},
    ])
    await polls.ask(
      'mutation ($id: ID!) { deletePost(input: { id: $id }) { deletedId } }',
      { id: encodeId('post', shown) },
      ada,
    )
    expect(await options(null)).toMatchObject([{ label: 'The shown one', node: null }, { node: null }, {}])
  })
})

describe('a poll is a thing among others', () => {
  test('that is commented on, reacted to and reported, and found by its id', async () => {
    const id = encodeId('poll', await server.world.poll(ada))
    const act = async (mutation: string, type: string, input: object) => {
      const { data } = await polls.ask(
        `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { userErrors { code } } }`,
        { input: { subjectId: id, ...input } },
        bram,
      )
      expect(data.done.userErrors).toEqual([])
    }
    await act('addComment', 'AddCommentInput', { body: 'Neither.' })
    await act('addReaction', 'ReactionInput', { kind: 'LAUGH' })
    await act('report', 'ReportInput', { reason: 'OFF_TOPIC' })
    const { data } = await polls.ask(
      'query ($id: ID!) { node(id: $id) { ... on Poll { commentCount comments { nodes { body subject { id } } } reactionCounts { kind count } } } }',
      { id },
    )
    expect(data.node).toEqual({
      commentCount: 1,
      comments: { nodes: [{ body: 'Neither.', subject: { id } }] },
      reactionCounts: [{ kind: 'LAUGH', count: 1 }],
    })
  })

  test('and goes with the post that it hangs on, with its comments and votes', async () => {
    const host = await server.world.published(bram)
    const poll = await server.world.poll(bram, { on: { kind: 'POST', id: host } })
    await server.world.vote(ada, poll, 0)
    await polls.ask(
      'mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "Well." }) { comment { id } } }',
      { id: encodeId('poll', poll) },
      ada,
    )
    const rows = async () => {
      const [row] = await server.running.atrium.deps.db.query<Record<string, number>>(
        `select (select count(*)::int from subjects) as subjects, (select count(*)::int from posts) + (select count(*)::int from comments) + (select count(*)::int from polls) as things`,
      )
      return row
    }
    await polls.ask(
      'mutation ($id: ID!) { deletePost(input: { id: $id }) { deletedId } }',
      { id: encodeId('post', host) },
      bram,
    )
    expect(await polls.see(ada, poll)).toBe('NOT_FOUND')
    const left = await rows()
    expect(left?.subjects).toBe(left?.things)
  })
})

describe('an account that leaves', () => {
  const password = 'a passphrase for this world'
  const leave = (viewer: Viewer) =>
    polls.ask(`mutation { deleteAccount(input: { password: "${password}" }) { userErrors { code } } }`, {}, viewer)

  test('takes its polls with it; its votes stay counted and are nobody’s', async () => {
    const dora = await server.world.person({ handle: 'dora', password })
    const own = await server.world.poll(dora)
    await server.world.vote(ada, own, 0)
    const poll = await server.world.poll(ada, { isAnonymous: false })
    await server.world.vote(dora, poll, 1)
    await server.world.vote(bram, poll, 1)

    const { data } = await polls.ask('{ viewer { export } }', {}, dora)
    expect(data.viewer.export.polls).toMatchObject({
      created: [
        { id: encodeId('poll', own), question: 'Tea or coffee?', options: [{ label: 'Tea' }, { label: 'Coffee' }] },
      ],
      votes: [{ poll: encodeId('poll', poll), question: 'Tea or coffee?', chosen: ['Coffee'] }],
    })

    expect((await leave(dora)).data.deleteAccount.userErrors).toEqual([])
    expect(await polls.see(ada, own)).toBe('NOT_FOUND')
    expect(await polls.see(ada, poll)).toMatchObject({ voterCount: 2, options: [{ voteCount: 0 }, { voteCount: 2 }] })
    const voters = await polls.ask(
      'query ($id: ID!) { node(id: $id) { ... on Poll { options { voters { totalCount nodes { handle } } } } } }',
      { id: encodeId('poll', poll) },
    )
    expect(voters.data.node.options[1].voters).toEqual({ totalCount: 1, nodes: [{ handle: 'bram' }] })
  })

  test('does not learn from its export how a poll stands that hides its results', async () => {
    const poll = await server.world.poll(ada, { question: 'A secret ballot', resultsShown: 'AFTER_CLOSING' })
    await server.world.vote(bram, poll, 0)
    const { data } = await polls.ask('{ viewer { export } }', {}, ada)
    const exported = data.viewer.export.polls.created.find(
      (each: { question: string }) => each.question === 'A secret ballot',
    )
    expect(JSON.stringify(exported)).not.toMatch(/vote_?count|votes/i)
    expect(codeOf(await polls.run('closePoll', ada, { id: encodeId('poll', poll) }))).toBe('ok')
  })
})
