import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { PostStatus } from '../../src/domain/blog/rules.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient, type PostMutation } from '../support/blog.ts'
import { rowsOf } from '../support/permissions.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let blog: BlogClient
const people: Record<string, Viewer | null> = { nobody: null }

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  people.author = await server.world.person({ handle: 'author' })
  people.member = await server.world.person({ handle: 'member' })
  people.chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
  people.staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  people.admin = await server.world.person({ handle: 'admin', role: 'ADMIN' })
})
afterAll(() => server.close())

const publishAt = new Date(Date.now() + 3_600_000).toISOString()

async function postThatIs(status: PostStatus): Promise<Uuid> {
  const author = people.author as Viewer
  const uuid = await server.world.draft(author, { title: 'Mine' })
  const id = encodeId('post', uuid)
  if (status === 'SCHEDULED') await blog.run('schedulePost', author, { id, publishAt })
  if (status === 'PUBLISHED' || status === 'ARCHIVED') await blog.run('publishPost', author, { id })
  if (status === 'ARCHIVED') await blog.run('archivePost', author, { id })
  return uuid
}

const ACTIONS = ['see', 'edit', 'publish', 'schedule', 'unschedule', 'archive', 'delete'] as const
type Action = (typeof ACTIONS)[number]

const MUTATIONS: Readonly<Record<Exclude<Action, 'see'>, [PostMutation, Record<string, unknown>]>> = {
  edit: ['updatePost', { title: 'Changed' }],
  publish: ['publishPost', {}],
  schedule: ['schedulePost', { publishAt }],
  unschedule: ['unschedulePost', {}],
  archive: ['archivePost', {}],
  delete: ['deletePost', {}],
}

/** `ok`, or the code of the refusal, be it a user error or a top-level one. */
async function outcome(viewer: Viewer | null, action: Action, post: Uuid): Promise<string> {
  if (action === 'see') {
    const seen = await blog.see(viewer, post)
    return typeof seen === 'string' ? seen : 'ok'
  }
  const [mutation, input] = MUTATIONS[action]
  const { refused, userErrors } = await blog.run(mutation, viewer, { id: encodeId('post', post), ...input })
  return refused ?? userErrors[0]?.code ?? 'ok'
}

const SHORT: Readonly<Record<string, string>> = {
  ok: 'ok',
  who: 'UNAUTHENTICATED',
  no: 'FORBIDDEN',
  none: 'NOT_FOUND',
  step: 'ILLEGAL_TRANSITION',
}

/** Columns in the order of `ACTIONS`. Another's draft is no different from no post; another's published post is seen and refused. */
const TABLE = `
  status     viewer   see   edit  publish  schedule  unschedule  archive  delete
  DRAFT      nobody   none  who   who      who       who         who      who
  DRAFT      member   none  none  none     none      none        none     none
  DRAFT      chef     none  none  none     none      none        none     none
  DRAFT      author   ok    ok    ok       ok        step        step     ok
  DRAFT      staff    none  none  none     none      none        none     none
  DRAFT      admin    none  none  none     none      none        none     none
  SCHEDULED  nobody   none  who   who      who       who         who      who
  SCHEDULED  member   none  none  none     none      none        none     none
  SCHEDULED  author   ok    ok    ok       ok        ok          step     ok
  SCHEDULED  staff    none  none  none     none      none        none     none
  SCHEDULED  admin    none  none  none     none      none        none     none
  PUBLISHED  nobody   ok    who   who      who       who         who      who
  PUBLISHED  member   ok    no    no       no        no          no       no
  PUBLISHED  chef     ok    no    no       no        no          no       no
  PUBLISHED  author   ok    ok    step     step      step        ok       ok
  PUBLISHED  staff    ok    no    no       no        no          ok       no
  PUBLISHED  admin    ok    no    no       no        no          ok       no
  ARCHIVED   nobody   none  who   who      who       who         who      who
  ARCHIVED   member   none  none  none     none      none        none     none
  ARCHIVED   author   ok    ok    ok       step      step        step     ok
  ARCHIVED   staff    ok    no    no       no        no          step     no
  ARCHIVED   admin    ok    no    no       no        no          step     no`

const rows = rowsOf(TABLE)

describe('who may do what with a post', () => {
  test.each(rows)('that is %s: %s', async (status, who, ...cells) => {
    const viewer = people[who ?? ''] ?? null
    const expected: Record<string, string> = {}
    const found: Record<string, string> = {}
    for (const [column, action] of ACTIONS.entries()) {
      const post = await postThatIs(status as PostStatus)
      const before = await blog.see(people.author ?? null, post)
      expected[action] = SHORT[cells[column] ?? ''] ?? 'an empty cell'
      found[action] = await outcome(viewer, action, post)
      if (found[action] !== 'ok') expect(await blog.see(people.author ?? null, post)).toEqual(before)
    }
    expect(found).toEqual(expected)
  })

  test.each(rows)('what is shown as possible is what is possible: %s, %s', async (status, who, see, edit, ...rest) => {
    const shown = await blog.see(people[who ?? ''] ?? null, await postThatIs(status as PostStatus))
    if (see !== 'ok') return expect(shown).toBe('NOT_FOUND')
    expect(shown).toMatchObject({ viewerCanEdit: edit === 'ok', viewerCanArchive: rest[3] === 'ok' })
  })
})

describe('a post that staff archived', () => {
  const archived = async (): Promise<string> => {
    const id = encodeId('post', await postThatIs('PUBLISHED'))
    await blog.run('archivePost', people.staff ?? null, { id })
    return id
  }

  test.each([
    ['nobody', 'UNAUTHENTICATED'],
    ['member', 'NOT_FOUND'],
    ['author', 'FORBIDDEN'],
    ['staff', 'ok'],
    ['admin', 'ok'],
  ])('is published again by %s: %s', async (who, expected) => {
    const { refused, userErrors } = await blog.run('publishPost', people[who] ?? null, { id: await archived() })
    expect(refused ?? userErrors[0]?.code ?? 'ok').toBe(expected)
  })

  test('is the author’s to archive and publish again once staff has brought it back', async () => {
    const id = await archived()
    await blog.run('publishPost', people.staff ?? null, { id })
    for (const step of ['archivePost', 'publishPost'] as const) {
      expect(await blog.run(step, people.author ?? null, { id })).toMatchObject({ refused: null, userErrors: [] })
    }
  })
})

describe('an id that is none', () => {
  test.each([
    '',
    'post',
    'post_',
    'post_zzzz',
    '00000000-0000-0000-0000-000000000000',
    'post_8zzzzzzzzzzzzzzzzzzzzzzzzz',
  ])('is not found: %s', async (id) => {
    const { userErrors, refused } = await blog.run('publishPost', people.author ?? null, { id })
    expect(refused).toBeNull()
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'id'] }])
    const { errors } = await blog.ask('query ($id: ID!) { node(id: $id) { id } }', { id })
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })

  test('and so is the id of another kind of thing', async () => {
    const author = people.author as Viewer
    const id = encodeId('account', author.accountId)
    expect((await blog.run('updatePost', author, { id, title: 'x' })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
  })
})

describe('tags and categories are kept by staff', () => {
  test.each([
    ['nobody', 'UNAUTHENTICATED'],
    ['member', 'FORBIDDEN'],
    ['chef', 'FORBIDDEN'],
    ['staff', 'ok'],
    ['admin', 'ok'],
  ])('%s: %s', async (who, expected) => {
    const ask = async (mutation: string, input: string) => {
      const query = `mutation { done: ${mutation}(input: { ${input} }) { userErrors { code } ... on Create${mutation.slice(6)}Payload { made: ${mutation.slice(6).toLowerCase()} { id } } } }`
      return blog.ask(query, {}, people[who] ?? null)
    }
    for (const kind of ['Tag', 'Category']) {
      const { data, errors } = await ask(`create${kind}`, `name: "${kind} of ${who}"`)
      expect(errors?.[0]?.extensions.code ?? 'ok').toBe(expected)
      const gone = encodeId(kind.toLowerCase(), (people.author as Viewer).accountId)
      const id = data?.done?.made.id ?? gone
      const removed = await blog.ask(
        `mutation { done: delete${kind}(input: { id: "${id}" }) { deletedId userErrors { code } } }`,
        {},
        people[who] ?? null,
      )
      expect(removed.errors?.[0]?.extensions.code ?? 'ok').toBe(expected)
      expect(removed.data?.done?.deletedId ?? null).toBe(expected === 'ok' ? id : null)
    }
  })
})
