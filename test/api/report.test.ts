import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commentId, conversation, outcome, people, postId } from '../support/conversation.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const CROWD = Array.from({ length: 20 }, (_, n) => `member-${n}`)

let server: TestServer
let talk: ReturnType<typeof conversation>
let who: Awaited<ReturnType<typeof people<'ada' | 'bob'>>>
let crowd: string[]
let staff: string
let post: string
let comment: string
beforeAll(async () => {
  server = await startTestServer()
  talk = conversation(server)
  who = await people(server, ['ada', 'bob'])
  crowd = Object.values(await people(server, CROWD)).map(({ token }) => token)
  staff = (await people(server, ['keeper'], 'STAFF')).keeper.token
})
beforeEach(async () => {
  await server.running.atrium.deps.db.query('delete from reports')
  const id = await server.world.published(who.ada.viewer)
  post = postId(id)
  comment = commentId(await server.world.comment(who.bob.viewer, id, 'rude words'))
})
afterAll(() => server.close())

const stateOf = async (id: string) =>
  (await server.ask('query ($id: ID!) { node(id: $id) { ... on Comment { state } } }', { id }, staff)).data.node.state

const OPEN = `query ($first: Int, $after: String) { openReports(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { id reason note createdAt resolvedAt reporter { handle } subject { __typename id ... on Comment { body } } } } }`
const open = async (page: Record<string, unknown> = {}) => (await server.ask(OPEN, page, staff)).data.openReports

describe('reporting', () => {
  test('tells staff who reported what, and why', async () => {
    const { reportedId } = await talk.report(who.ada.token, comment, { reason: 'ABUSE', note: ' it hurts ' })
    expect(reportedId).toBe(comment)
    expect((await open()).nodes).toMatchObject([
      {
        reason: 'ABUSE',
        note: ' it hurts',
        resolvedAt: null,
        reporter: { handle: 'ada' },
        subject: { __typename: 'Comment', id: comment, body: 'rude words' },
      },
    ])
  })

  test('twenty times at once by one member is one report, and holds nothing', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => talk.report(who.ada.token, comment)))
    expect(answers.map(outcome)).toEqual(answers.map(() => 'done'))
    expect((await open()).totalCount).toBe(1)
    expect(await stateOf(comment)).toBe('VISIBLE')
  })

  test('by two members leaves a comment where it is, and by a third one holds it', async () => {
    const states = []
    for (const token of crowd.slice(0, 3)) {
      await talk.report(token, comment)
      states.push(await stateOf(comment))
    }
    expect(states).toEqual(['VISIBLE', 'VISIBLE', 'HELD'])
  })

  test('by twenty members at once holds it, whatever their order, and loses no report that was accepted', async () => {
    const answers = await Promise.all(crowd.map((token) => talk.report(token, comment)))
    const outcomes = answers.map(outcome)
    // Whoever comes once it is held does not find it any more.
    for (const each of outcomes) expect(['done', 'NOT_FOUND']).toContain(each)
    const accepted = outcomes.filter((each) => each === 'done').length
    expect(accepted).toBeGreaterThanOrEqual(3)
    expect((await open()).totalCount).toBe(accepted)
    expect(await stateOf(comment)).toBe('HELD')
  })

  test('by exactly three members at once holds it every time: none of them counts one too few', async () => {
    const author = who.bob.viewer
    const on = await server.world.published(who.ada.viewer)
    const ids = await Promise.all(Array.from({ length: 25 }, () => server.world.comment(author, on)))
    await Promise.all(ids.flatMap((id) => crowd.slice(0, 3).map((token) => talk.report(token, commentId(id)))))
    expect(await Promise.all(ids.map((id) => stateOf(commentId(id))))).toEqual(ids.map(() => 'HELD'))
  })

  test('a post tells staff and takes nothing away: that is for staff to decide', async () => {
    for (const token of crowd.slice(0, 5)) await talk.report(token, post)
    expect((await open()).totalCount).toBe(5)
    expect((await server.ask('query ($id: ID!) { node(id: $id) { id } }', { id: post })).data.node).toEqual({
      id: post,
    })
  })

  test.each([
    ['one’s own comment', () => comment, () => who.bob.token, 'INVALID_INPUT', ['input', 'subjectId']],
    ['one’s own post', () => post, () => who.ada.token, 'INVALID_INPUT', ['input', 'subjectId']],
    [
      'what is not there',
      () => 'comment_01jdzzzzzzzzzzzzzzzzzzzzzz',
      () => who.ada.token,
      'NOT_FOUND',
      ['input', 'subjectId'],
    ],
    ['what is no subject', () => 'nonsense', () => who.ada.token, 'NOT_FOUND', ['input', 'subjectId']],
  ])('%s is refused', async (_, id, token, code, path) => {
    const { reportedId, userErrors } = await talk.report(token(), id())
    expect(reportedId).toBeNull()
    expect(userErrors).toMatchObject([{ code, path }])
    expect((await open()).totalCount).toBe(0)
  })

  test('another’s draft is not found', async () => {
    const draft = postId(await server.world.draft(who.ada.viewer))
    expect(outcome(await talk.report(who.bob.token, draft))).toBe('NOT_FOUND')
  })

  test.each(['a'.repeat(1001), 'a\0b', '\ud800'])('a note like %j is refused by its name', async (note) => {
    const { userErrors } = await talk.report(who.ada.token, comment, { note })
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'note'] }])
  })
})

describe('staff', () => {
  test('reads open reports page by page, the oldest first', async () => {
    for (const token of crowd.slice(0, 5)) await talk.report(token, post)
    const handles: string[] = []
    for (let after: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof open>> = await open({ first: 2, after })
      handles.push(...page.nodes.map(({ reporter }: { reporter: { handle: string } }) => reporter.handle))
      if (!page.pageInfo.hasNextPage) break
      after = page.pageInfo.endCursor
    }
    expect(handles).toEqual(CROWD.slice(0, 5))
  })

  test('closes a report, and closing it again changes nothing', async () => {
    await talk.report(who.ada.token, comment)
    const [{ id }] = (await open()).nodes
    const first = await talk.resolve(staff, id)
    expect(first.report).toEqual({ id, resolvedAt: expect.stringMatching(/Z$/) })
    expect((await talk.resolve(staff, id)).report).toEqual(first.report)
    expect((await open()).totalCount).toBe(0)
  })

  test.each([
    ['VISIBLE', 'HELD'],
    ['REMOVED', 'REMOVED'],
  ])('that decides %s settles the reports; when their members report it again it is %s', async (state, after) => {
    for (const token of crowd.slice(0, 3)) await talk.report(token, comment)
    expect(outcome(await talk.moderate(staff, comment, state))).toBe('done')
    expect((await open()).totalCount).toBe(0)
    for (const token of crowd.slice(0, 3)) expect(outcome(await talk.report(token, comment))).toBe('done')
    expect((await open()).totalCount).toBe(3)
    expect(await stateOf(comment)).toBe(after)
  })

  test('that holds a comment keeps its reports open', async () => {
    await talk.report(who.ada.token, comment)
    await talk.moderate(staff, comment, 'HELD')
    expect((await open()).totalCount).toBe(1)
  })

  test('may restore a comment that three others then report, and it is held again', async () => {
    for (const token of crowd.slice(0, 3)) await talk.report(token, comment)
    await talk.moderate(staff, comment, 'VISIBLE')
    for (const token of crowd.slice(3, 6)) await talk.report(token, comment)
    expect(await stateOf(comment)).toBe('HELD')
  })
})

describe('the owner of the post', () => {
  test('settles no report by removing or restoring', async () => {
    await talk.report(crowd[0] ?? null, comment)
    for (const state of ['REMOVED', 'VISIBLE']) {
      expect(outcome(await talk.moderate(who.ada.token, comment, state))).toBe('done')
      expect((await open()).totalCount).toBe(1)
    }
  })

  test('may remove what reports held, but restores it neither at once nor by way of a removal', async () => {
    for (const token of crowd.slice(0, 3)) await talk.report(token, comment)
    expect(outcome(await talk.moderate(who.ada.token, comment, 'VISIBLE'))).toBe('FORBIDDEN')
    expect(outcome(await talk.moderate(who.ada.token, comment, 'REMOVED'))).toBe('done')
    expect(outcome(await talk.moderate(who.ada.token, comment, 'VISIBLE'))).toBe('FORBIDDEN')
    expect((await open()).totalCount).toBe(3)
    expect(await stateOf(comment)).toBe('REMOVED')
  })
})

describe('reports are for staff', () => {
  test.each([
    ['nobody', () => null, 'UNAUTHENTICATED', 'NOT_FOUND'],
    ['the reporter', () => who.ada.token, 'FORBIDDEN', 'NOT_FOUND'],
    ['the reported', () => who.bob.token, 'FORBIDDEN', 'NOT_FOUND'],
    ['staff', () => staff, 'done', 'done'],
  ])('%s', async (_, token, listing, finding) => {
    await talk.report(who.ada.token, comment)
    const [{ id }] = (await open()).nodes
    const node = await server.ask('query ($id: ID!) { node(id: $id) { id ... on Report { note } } }', { id }, token())
    expect(outcome(node)).toBe(finding)
    expect(outcome(await server.ask(OPEN, {}, token()))).toBe(listing)
    expect(outcome(await talk.resolve(token(), id))).toBe(listing)
    if (listing !== 'done') expect((await open()).totalCount).toBe(1)
  })

  test('one that is not there cannot be resolved', async () => {
    for (const id of ['report_01jdzzzzzzzzzzzzzzzzzzzzzz', comment, '']) {
      expect(outcome(await talk.resolve(staff, id))).toBe('NOT_FOUND')
    }
  })
})
