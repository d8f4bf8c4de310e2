import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, parseId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ChatClient } from '../support/chat.ts'
import { codeOf, PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let polls: PollClient
let chat: ChatClient
let host: Viewer
let asker: Viewer
let member: Viewer
let staff: Viewer
let room: string

beforeAll(async () => {
  server = await startTestServer()
  polls = new PollClient(server)
  chat = new ChatClient(server)
  host = await server.world.person({ handle: 'host' })
  asker = await server.world.person({ handle: 'asker' })
  member = await server.world.person({ handle: 'member' })
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  room = await chat.group(host, [asker, member])
})
afterAll(() => server.close())

const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''
const ask = (settings: object = {}): Promise<Uuid> =>
  server.world.poll(asker, { on: { kind: 'ROOM', id: uuidOf(room) }, isAnonymous: false, ...settings })
const idOf = (poll: Uuid) => ({ id: encodeId('poll', poll) })

async function makeSurvey(viewer: Viewer, subjectId: string) {
  const { data } = await polls.ask(
    `mutation ($input: CreateSurveyInput!) { createSurvey(input: $input) { survey { id } userErrors { code } } }`,
    { input: { title: 'A survey', questions: [{ text: 'Why?', kind: 'TEXT' }], subjectId } },
    viewer,
  )
  return data.createSurvey
}

const onSurvey = async (verb: 'close' | 'delete', viewer: Viewer, id: string) => {
  const { data, errors } = await polls.ask(
    `mutation ($id: ID!) { done: ${verb}Survey(input: { id: $id }) { userErrors { code } } }`,
    { id },
    viewer,
  )
  return errors?.[0]?.extensions.code ?? data.done.userErrors[0]?.code ?? 'ok'
}

describe('in a room', () => {
  test('its owner closes and deletes the polls of others, and another member does not', async () => {
    const poll = await ask()
    expect(codeOf(await polls.run('closePoll', member, idOf(poll)))).toBe('FORBIDDEN')
    expect(codeOf(await polls.run('deletePoll', member, idOf(poll)))).toBe('FORBIDDEN')
    expect(await polls.see(member, poll)).toMatchObject({ viewerCanClose: false, viewerCanDelete: false })
    expect(await polls.see(host, poll)).toMatchObject({ viewerCanClose: true, viewerCanDelete: true })
    expect(codeOf(await polls.run('closePoll', host, idOf(poll)))).toBe('ok')
    expect(codeOf(await polls.run('openPoll', asker, idOf(poll)))).toBe('FORBIDDEN')
    expect(codeOf(await polls.run('deletePoll', host, idOf(poll)))).toBe('ok')
    expect(await polls.see(asker, poll)).toBe('NOT_FOUND')
  })

  test('and so do they with surveys', async () => {
    const { survey } = await makeSurvey(asker, room)
    expect(await onSurvey('close', member, survey.id)).toBe('FORBIDDEN')
    expect(await onSurvey('close', host, survey.id)).toBe('ok')
    expect(await onSurvey('delete', host, survey.id)).toBe('ok')
  })

  test('staff acts on what was reported only, and sees neither the room nor who voted', async () => {
    const poll = await ask()
    const { survey } = await makeSurvey(asker, room)
    expect(codeOf(await polls.vote(member, poll, [0]))).toBe('ok')
    expect(codeOf(await polls.run('closePoll', staff, idOf(poll)))).toBe('NOT_FOUND')
    expect(await onSurvey('close', staff, survey.id)).toBe('NOT_FOUND')
    await chat.run('report', member, { subjectId: idOf(poll).id, reason: 'SPAM' })
    await chat.run('report', member, { subjectId: survey.id, reason: 'SPAM' })
    const { data } = await polls.ask(
      `{ openReports { nodes { subject { __typename ... on Survey { subject { id } }
        ... on Poll { question subject { id } options { voters { nodes { handle } } } } } } } }`,
      {},
      staff,
    )
    const hidden = { __typename: 'Poll', subject: null, options: [{ voters: null }, { voters: null }] }
    expect(data.openReports.nodes).toMatchObject([
      { subject: hidden },
      { subject: { __typename: 'Survey', subject: null } },
    ])
    expect(codeOf(await polls.run('closePoll', staff, idOf(poll)))).toBe('ok')
    expect(codeOf(await polls.run('deletePoll', staff, idOf(poll)))).toBe('ok')
    expect(await onSurvey('close', staff, survey.id)).toBe('ok')
    expect(await onSurvey('delete', staff, survey.id)).toBe('ok')
  })

  test('who was removed finds their own polls and surveys of it no more', async () => {
    const place = await chat.group(host, [asker])
    await server.world.poll(asker, { on: { kind: 'ROOM', id: uuidOf(place) }, question: 'Of the place' })
    await makeSurvey(asker, place)
    const own = async (): Promise<number[]> => {
      const query =
        '{ viewer { polls { totalCount nodes { subject { id } } } surveys { totalCount nodes { subject { id } } } } }'
      const { data } = await polls.ask(query, {}, asker)
      const of = ({ nodes }: { nodes: { subject: { id: string } | null }[] }) =>
        nodes.filter(({ subject }) => subject?.id === place).length
      return [of(data.viewer.polls), of(data.viewer.surveys), data.viewer.polls.totalCount]
    }
    const [, , before = 0] = await own()
    expect(await own()).toEqual([1, 1, before])
    const accountId = encodeId('account', asker.accountId)
    expect((await chat.run('removeRoomMember', host, { roomId: place, accountId })).value).not.toBeNull()
    expect(await own()).toEqual([0, 0, before - 1])
  })

  test('a hundred that are open leave no place, until one is closed', async () => {
    const place = await chat.group(host, [asker])
    const { db } = server.running.atrium.deps
    const on = { kind: 'ROOM', id: uuidOf(place) } as const
    const first = await server.world.poll(asker, { on })
    for (let number = 1; number < 100; number += 1) await server.world.poll(asker, { on })
    const input = { question: 'One more?', options: [{ label: 'Yes' }, { label: 'No' }], subjectId: place }
    expect(codeOf(await polls.run('createPoll', asker, input))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(await polls.run('closePoll', asker, idOf(first)))).toBe('ok')
    expect(codeOf(await polls.run('createPoll', asker, input))).toBe('ok')
    expect(codeOf(await polls.run('openPoll', asker, idOf(first)))).toBe('LIMIT_EXCEEDED')
    const { survey } = await makeSurvey(asker, place)
    await db.query(
      `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'SURVEY' from generate_series(1, 99) returning id)
       insert into surveys (id, subject_id, owner_id, title, introduction, is_anonymous, results_shown, state, opened_at)
       select made.id, s.subject_id, s.owner_id, s.title, s.introduction, s.is_anonymous, s.results_shown, 'OPEN', now() from made, surveys s where s.id = $1::text::uuid`,
      [uuidOf(survey.id)],
    )
    expect((await makeSurvey(asker, place)).userErrors).toEqual([{ code: 'LIMIT_EXCEEDED' }])
    expect(await onSurvey('close', asker, survey.id)).toBe('ok')
    expect((await makeSurvey(asker, place)).userErrors).toEqual([])
  })
})

test('a poll whose results show at its end cannot be opened again once somebody has voted', async () => {
  const poll = await server.world.poll(asker, { resultsShown: 'AFTER_CLOSING' })
  await polls.run('closePoll', asker, idOf(poll))
  expect(codeOf(await polls.run('openPoll', asker, idOf(poll)))).toBe('ok')
  await server.world.vote(member, poll, 0)
  await polls.run('closePoll', asker, idOf(poll))
  expect((await polls.run('openPoll', asker, idOf(poll))).userErrors).toMatchObject([
    { code: 'ILLEGAL_TRANSITION', from: 'CLOSED', allowed: [] },
  ])
})

test('of many different reactions the twenty most frequent are counted, whatever their number', async () => {
  const post = await server.world.published(asker)
  const { db } = server.running.atrium.deps
  await db.query(
    `insert into reactions (subject_id, account_id, kind, emoji)
     select $1::text::uuid, $2::text::uuid, 'EMOJI', chr(128512 + n) from generate_series(1, 30) n`,
    [post, member.accountId],
  )
  await db.query(
    `insert into reactions (subject_id, account_id, kind, emoji) values ($1::text::uuid, $2::text::uuid, 'EMOJI', chr(128542))`,
    [post, host.accountId],
  )
  const query = 'query ($id: ID!) { node(id: $id) { ... on Post { reactionCount reactionCounts { emoji count } } } }'
  const { data } = await polls.ask(query, { id: encodeId('post', post) })
  expect(data.node.reactionCounts).toHaveLength(20)
  expect(data.node.reactionCounts[0]).toEqual({ emoji: String.fromCodePoint(128542), count: 2 })
})
