import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { rowsOf } from '../support/permissions.ts'
import { codeOf, PollClient, type PollMutation } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let polls: PollClient
let other: Viewer
const people: Record<string, Viewer | null> = { nobody: null }

beforeAll(async () => {
  server = await startTestServer()
  polls = new PollClient(server)
  people.owner = await server.world.person({ handle: 'owner' })
  people.member = await server.world.person({ handle: 'member' })
  people.staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  people.admin = await server.world.person({ handle: 'admin', role: 'ADMIN' })
  other = await server.world.person({ handle: 'other' })
})
afterAll(() => server.close())

const closesAt = new Date(Date.now() + 3_600_000).toISOString()

/** `VOTED` is open and has a vote of somebody else; `HALTED` was closed by staff. */
type Life = 'DRAFT' | 'OPEN' | 'VOTED' | 'CLOSED' | 'HALTED'

async function pollThatIs(life: Life, isQuiz = false): Promise<Uuid> {
  const poll = await server.world.poll(people.owner as Viewer, {
    isDraft: life === 'DRAFT',
    mayChangeVote: true,
    ...(isQuiz ? { answersRevealed: 'AFTER_CLOSING', options: [{ label: 'A', isCorrect: true }, { label: 'B' }] } : {}),
  })
  const id = encodeId('poll', poll)
  if (life === 'VOTED') await server.world.vote(other, poll, 0)
  if (life === 'CLOSED') await polls.run('closePoll', people.owner ?? null, { id })
  if (life === 'HALTED') await polls.run('closePoll', people.staff ?? null, { id })
  return poll
}

const ACTIONS = ['see', 'vote', 'edit', 'open', 'close', 'extend', 'delete'] as const
type Action = (typeof ACTIONS)[number]

const MUTATIONS: Readonly<Record<Exclude<Action, 'see' | 'vote'>, [PollMutation, Record<string, unknown>]>> = {
  edit: ['updatePoll', { question: 'Changed?' }],
  open: ['openPoll', {}],
  close: ['closePoll', {}],
  extend: ['extendPoll', { closesAt }],
  delete: ['deletePoll', {}],
}

async function outcome(viewer: Viewer | null, action: Action, poll: Uuid): Promise<string> {
  if (action === 'see') {
    const seen = await polls.see(viewer, poll)
    return typeof seen === 'string' ? seen : 'ok'
  }
  if (action === 'vote') {
    const optionIds = [(await polls.options(poll, people.owner ?? null))[0]]
    return codeOf(await polls.run('castVote', viewer, { pollId: encodeId('poll', poll), optionIds }))
  }
  const [mutation, input] = MUTATIONS[action]
  return codeOf(await polls.run(mutation, viewer, { id: encodeId('poll', poll), ...input }))
}

const SHORT: Readonly<Record<string, string>> = {
  ok: 'ok',
  who: 'UNAUTHENTICATED',
  no: 'FORBIDDEN',
  none: 'NOT_FOUND',
  step: 'ILLEGAL_TRANSITION',
  shut: 'POLL_CLOSED',
  ice: 'POLL_FROZEN',
  bad: 'INVALID_INPUT',
}

/** Columns in the order of `ACTIONS`. */
const TABLE = `
  life    viewer  see   vote  edit  open  close extend delete
  DRAFT   nobody  none  who   who   who   who   who    who
  DRAFT   member  none  none  none  none  none  none   none
  DRAFT   owner   ok    shut  ok    ok    step  ok     ok
  DRAFT   staff   none  none  none  none  none  none   none
  DRAFT   admin   none  none  none  none  none  none   none
  OPEN    nobody  ok    who   who   who   who   who    who
  OPEN    member  ok    ok    no    no    no    no     no
  OPEN    owner   ok    ok    ok    step  ok    ok     ok
  OPEN    staff   ok    ok    no    no    ok    no     ok
  OPEN    admin   ok    ok    no    no    ok    no     ok
  VOTED   nobody  ok    who   who   who   who   who    who
  VOTED   member  ok    ok    no    no    no    no     no
  VOTED   owner   ok    ok    ice   step  ok    ok     ok
  VOTED   staff   ok    ok    no    no    ok    no     ok
  CLOSED  nobody  ok    who   who   who   who   who    who
  CLOSED  member  ok    shut  no    no    no    no     no
  CLOSED  owner   ok    shut  bad   ok    step  step   ok
  CLOSED  staff   ok    shut  no    no    step  no     ok
  HALTED  member  ok    shut  no    no    no    no     no
  HALTED  owner   ok    shut  bad   no    step  step   ok
  HALTED  staff   ok    shut  no    ok    step  no     ok
  HALTED  admin   ok    shut  no    ok    step  no     ok`

const rows = rowsOf(TABLE)

describe('who may do what with a poll', () => {
  test.each(rows)('that is %s: %s', async (life, who, ...cells) => {
    const viewer = people[who ?? ''] ?? null
    const expected: Record<string, string> = {}
    const found: Record<string, string> = {}
    for (const [column, action] of ACTIONS.entries()) {
      const poll = await pollThatIs(life as Life)
      const before = await polls.see(people.owner ?? null, poll)
      expected[action] = SHORT[cells[column] ?? ''] ?? 'an empty cell'
      found[action] = await outcome(viewer, action, poll)
      if (found[action] !== 'ok') expect(await polls.see(people.owner ?? null, poll)).toEqual(before)
    }
    expect(found).toEqual(expected)
  })

  test.each(rows)('what is shown as possible is what is possible: %s, %s', async (life, who, see, ...cells) => {
    const shown = await polls.see(people[who ?? ''] ?? null, await pollThatIs(life as Life))
    if (see !== 'ok') return expect(shown).toBe('NOT_FOUND')
    const [vote, edit, open, close, , remove] = cells.map((cell) => cell === 'ok')
    expect(shown).toMatchObject({
      viewerCanVote: vote,
      viewerCanEdit: edit,
      viewerCanOpen: open,
      viewerCanClose: close,
      viewerCanDelete: remove,
    })
  })

  test('a quiz that was closed stays closed: everybody has seen the answers', async () => {
    const id = encodeId('poll', await pollThatIs('CLOSED', true))
    const { userErrors } = await polls.run('openPoll', people.owner ?? null, { id })
    expect(userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', from: 'CLOSED', allowed: [] }])
  })
})

describe('a poll on a post', () => {
  const postThatIs = async (status: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED'): Promise<Uuid> => {
    const owner = people.owner as Viewer
    if (status === 'DRAFT') return server.world.draft(owner)
    const post = await server.world.published(owner)
    if (status === 'ARCHIVED') {
      const query = 'mutation ($id: ID!) { archivePost(input: { id: $id }) { userErrors { code } } }'
      await polls.ask(query, { id: encodeId('post', post) }, owner)
    }
    return post
  }

  test.each([
    ['DRAFT', { nobody: 'NOT_FOUND', member: 'NOT_FOUND', staff: 'NOT_FOUND', owner: 'ok' }],
    ['PUBLISHED', { nobody: 'ok', member: 'ok', staff: 'ok', owner: 'ok' }],
    ['ARCHIVED', { nobody: 'NOT_FOUND', member: 'NOT_FOUND', staff: 'ok', owner: 'ok' }],
  ] as const)('that is %s is seen, voted in and found by its option as the post is', async (status, expected) => {
    const post = await postThatIs(status)
    const poll = await server.world.poll(people.owner as Viewer, { on: { kind: 'POST', id: post } })
    const [option] = await polls.options(poll, people.owner)
    for (const [who, verdict] of Object.entries(expected)) {
      const viewer = people[who] ?? null
      expect([who, await outcome(viewer, 'see', poll)]).toEqual([who, verdict])
      const { errors } = await polls.ask('query ($id: ID!) { node(id: $id) { id } }', { id: option }, viewer)
      expect(errors?.[0]?.extensions.code ?? 'ok').toBe(verdict)
      const list = await polls.ask(
        'query ($id: ID!) { polls(filter: { subjectId: $id }) { nodes { id } } }',
        { id: encodeId('post', post) },
        viewer,
      )
      expect(list.errors?.[0]?.extensions.code ?? list.data.polls.nodes.length).toBe(verdict === 'ok' ? 1 : verdict)
      if (viewer !== null) expect(await outcome(viewer, 'vote', poll)).toBe(verdict)
      const everywhere = await polls.ask('{ polls(first: 100) { nodes { id } } }', {}, viewer)
      const ids = everywhere.data.polls.nodes.map(({ id }: { id: string }) => id)
      expect(ids.includes(encodeId('poll', poll))).toBe(status === 'PUBLISHED')
    }
  })

  test.each([
    ['nobody', 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ['member', 'FORBIDDEN', 'NOT_FOUND'],
    ['staff', 'ok', 'NOT_FOUND'],
    ['owner', 'ok', 'ok'],
  ])(
    'is hung there by its author and staff: %s on a published one %s, on a draft %s',
    async (who, published, draft) => {
      const input = { question: 'Well?', options: [{ label: 'Yes' }, { label: 'No' }] }
      for (const [status, verdict] of [
        ['PUBLISHED', published],
        ['DRAFT', draft],
      ] as const) {
        const subjectId = encodeId('post', await postThatIs(status))
        expect(codeOf(await polls.run('createPoll', people[who] ?? null, { ...input, subjectId }))).toBe(verdict)
      }
    },
  )

  test('is not hung on a comment or on another poll', async () => {
    const owner = people.owner as Viewer
    const post = await postThatIs('PUBLISHED')
    const subjects = [
      encodeId('comment', await server.world.comment(owner, post)),
      encodeId('poll', await server.world.poll(owner)),
    ]
    const input = { question: 'Well?', options: [{ label: 'Yes' }, { label: 'No' }] }
    for (const subjectId of subjects) {
      expect(codeOf(await polls.run('createPoll', owner, { ...input, subjectId }))).toBe('FORBIDDEN')
    }
  })
})

describe('who voted for what', () => {
  const VOTERS =
    'query ($id: ID!) { node(id: $id) { ... on Poll { options { voters { totalCount nodes { handle } } } } } }'
  const votersFor = async (viewer: Viewer | null, poll: Uuid) => {
    const { data } = await polls.ask(VOTERS, { id: encodeId('poll', poll) }, viewer)
    return data.node.options.map(({ voters }: { voters: { nodes: { handle: string }[] } | null }) =>
      voters === null ? null : voters.nodes.map(({ handle }) => handle),
    )
  }

  test.each(['nobody', 'member', 'owner', 'staff', 'admin'])(
    '%s learns it of a public poll, and never of an anonymous one',
    async (who) => {
      const owner = people.owner as Viewer
      const viewer = people[who] ?? null
      const open = await server.world.poll(owner, { isAnonymous: false })
      const secret = await server.world.poll(owner)
      for (const poll of [open, secret]) await server.world.vote(other, poll, 1)
      expect(await votersFor(viewer, open)).toEqual([[], ['other']])
      expect(await votersFor(viewer, secret)).toEqual([null, null])
      await polls.run('closePoll', owner, { id: encodeId('poll', secret) })
      expect(await votersFor(viewer, secret)).toEqual([null, null])
    },
  )

  test('nobody learns it while the results are hidden from them', async () => {
    const owner = people.owner as Viewer
    const poll = await server.world.poll(owner, { isAnonymous: false, resultsShown: 'AFTER_VOTING' })
    await server.world.vote(other, poll, 1)
    for (const who of ['nobody', 'member', 'owner', 'staff', 'admin']) {
      expect(await votersFor(people[who] ?? null, poll)).toEqual([null, null])
    }
    expect(await votersFor(other, poll)).toEqual([[], ['other']])
    await polls.run('closePoll', owner, { id: encodeId('poll', poll) })
    expect(await votersFor(null, poll)).toEqual([[], ['other']])
  })
})
