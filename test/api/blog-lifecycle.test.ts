import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import { type PostStatus, postLifecycle } from '../../src/domain/blog/rules.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient, type PostMutation } from '../support/blog.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let blog: BlogClient
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  ada = await server.world.person({ handle: 'ada' })
})
afterAll(() => server.close())

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()
const DAY = 24

async function postThatIs(status: PostStatus): Promise<{ uuid: Uuid; id: string }> {
  const uuid = await server.world.draft(ada)
  const id = encodeId('post', uuid)
  if (status === 'SCHEDULED') await blog.run('schedulePost', ada, { id, publishAt: inHours(1) })
  if (status === 'PUBLISHED' || status === 'ARCHIVED') await blog.run('publishPost', ada, { id })
  if (status === 'ARCHIVED') await blog.run('archivePost', ada, { id })
  return { uuid, id }
}

const STEPS: [PostMutation, PostStatus][] = [
  ['schedulePost', 'SCHEDULED'],
  ['unschedulePost', 'DRAFT'],
  ['publishPost', 'PUBLISHED'],
  ['archivePost', 'ARCHIVED'],
]

describe('each step from each state', () => {
  const pairs = postLifecycle.states.flatMap((from) => STEPS.map(([step, to]) => [from, step, to] as const))

  test.each(pairs)('of %s, %s goes by the lifecycle (%s)', async (from, step, to) => {
    const { id, uuid } = await postThatIs(from)
    const before = await blog.see(ada, uuid)
    const input = step === 'schedulePost' ? { id, publishAt: inHours(2) } : { id }
    const { post, userErrors, refused } = await blog.run(step, ada, input)
    expect(refused).toBeNull()
    const after = await blog.see(ada, uuid)
    if (postLifecycle.can(from, to)) {
      expect(userErrors).toEqual([])
      expect(post.status).toBe(to)
      expect(after.status).toBe(to)
      return
    }
    expect(post).toBeNull()
    expect(userErrors).toEqual([
      {
        __typename: 'IllegalTransition',
        code: 'ILLEGAL_TRANSITION',
        message: expect.stringContaining(from),
        path: ['input', 'id'],
        from,
        allowed: postLifecycle.allowed(from),
      },
    ])
    expect(after).toEqual(before)
  })
})

describe('a scheduled post', () => {
  test.each([
    ['an hour ago', -1],
    ['right now', 0],
    ['six years ahead', 6 * 366 * DAY],
  ])('cannot be scheduled for %s', async (_, hours) => {
    const { id, uuid } = await postThatIs('DRAFT')
    const { post, userErrors } = await blog.run('schedulePost', ada, { id, publishAt: inHours(hours) })
    expect(post).toBeNull()
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'publishAt'] }])
    expect((await blog.see(ada, uuid)).status).toBe('DRAFT')
  })

  test('can be scheduled in any offset, and is shown in UTC', async () => {
    const { id } = await postThatIs('DRAFT')
    const year = new Date().getUTCFullYear() + 1
    const { post } = await blog.run('schedulePost', ada, { id, publishAt: `${year}-07-01T09:30:00+02:00` })
    expect(post).toMatchObject({ status: 'SCHEDULED', publishAt: `${year}-07-01T07:30:00.000Z`, publishedAt: null })
  })

  test('can be moved to another time, and taken back to the drafts', async () => {
    const { id } = await postThatIs('SCHEDULED')
    const publishAt = `${new Date().getUTCFullYear() + 2}-01-01T00:00:00.000Z`
    expect((await blog.run('schedulePost', ada, { id, publishAt })).post).toMatchObject({ publishAt })
    expect((await blog.run('unschedulePost', ada, { id })).post).toMatchObject({ status: 'DRAFT', publishAt: null })
  })

  test('is published at once when its author does not want to wait', async () => {
    const { id } = await postThatIs('SCHEDULED')
    const { post } = await blog.run('publishPost', ada, { id })
    expect(post).toMatchObject({ status: 'PUBLISHED', publishAt: null })
    expect(Math.abs(Date.parse(post.publishedAt) - Date.now())).toBeLessThan(10_000)
  })

  test('cannot be seen by others, in any list, before its time', async () => {
    const bram = await server.world.person({ handle: 'bram' })
    const { uuid } = await postThatIs('SCHEDULED')
    for (const viewer of [null, bram]) {
      expect(await blog.see(viewer, uuid)).toBe('NOT_FOUND')
      const { data } = await blog.ask('{ posts(first: 100) { nodes { id status } } }', {}, viewer)
      expect(data.posts.nodes.map((post: { id: string }) => post.id)).not.toContain(encodeId('post', uuid))
      expect(data.posts.nodes.every((post: { status: string }) => post.status === 'PUBLISHED')).toBe(true)
    }
  })
})

test('a post that comes back from the archive keeps the date of its first publication', async () => {
  const { id, uuid } = await postThatIs('PUBLISHED')
  const { publishedAt } = await blog.see(ada, uuid)
  await blog.run('archivePost', ada, { id })
  const { post } = await blog.run('publishPost', ada, { id })
  expect(post).toMatchObject({ status: 'PUBLISHED', publishedAt })
})

test('of fifty that publish one post at once, one does and the others learn that it is done', async () => {
  const { id } = await postThatIs('DRAFT')
  const answers = await Promise.all(Array.from({ length: 50 }, () => blog.run('publishPost', ada, { id })))
  const done = answers.filter(({ post }) => post !== null)
  expect(done).toHaveLength(1)
  const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))
  expect(codes).toEqual(Array.from({ length: 49 }, () => 'ILLEGAL_TRANSITION'))
})

test('a deleted post is gone for its author too, and what follows says so', async () => {
  const { id, uuid } = await postThatIs('PUBLISHED')
  await server.world.comment(ada, uuid)
  expect(await blog.run('deletePost', ada, { id })).toEqual({ post: id, userErrors: [], refused: null })
  expect(await blog.see(ada, uuid)).toBe('NOT_FOUND')
  for (const step of ['publishPost', 'archivePost', 'deletePost', 'updatePost'] as const) {
    const { userErrors } = await blog.run(step, ada, { id })
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'id'] }])
  }
})
