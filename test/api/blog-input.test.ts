import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let blog: BlogClient
let ada: Viewer
let id: string

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  ada = await server.world.person({ handle: 'ada' })
  const staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  for (let number = 1; number <= 12; number++) await server.world.tag(staff, `Tag ${number}`)
  for (let number = 1; number <= 4; number++) await server.world.category(staff, `Shelf ${number}`)
  await server.world.draft(ada, { slug: 'taken' })
  id = encodeId('post', await server.world.draft(ada, { title: 'Before', body: 'Before.' }))
})
afterAll(() => server.close())

const NUL = '\u0000'
const many = (count: number, word: string): string[] => Array.from({ length: count }, (_, at) => `${word}-${at + 1}`)
const code = (path: string[], kind = 'INVALID_INPUT') => ({ code: kind, path: ['input', ...path] })

const FAULTS: [string, Record<string, unknown>, ReturnType<typeof code>[]][] = [
  ['an empty title', { title: '' }, [code(['title'])]],
  ['a title of blanks', { title: ' \t ' }, [code(['title'])]],
  ['a title of 201 characters', { title: 'x'.repeat(201) }, [code(['title'])]],
  ['a title with a line break', { title: 'one\ntwo' }, [code(['title'])]],
  ['a title with NUL', { title: `a${NUL}b` }, [code(['title'])]],
  ['a title with an escape sequence', { title: 'a\u001b[31mb' }, [code(['title'])]],
  ['an empty body', { body: '\n\n' }, [code(['body'])]],
  ['a body with NUL', { body: `a${NUL}b` }, [code(['body'])]],
  ['a body with control characters', { body: 'a\u0007b' }, [code(['body'])]],
  ['a body of 500,001 characters', { body: 'x'.repeat(500_001) }, [code(['body'])]],
  ['an excerpt of 501 characters', { excerpt: 'x'.repeat(501) }, [code(['excerpt'])]],
  ['an excerpt with NUL', { excerpt: NUL }, [code(['excerpt'])]],
  ['a slug with a blank', { slug: 'a b' }, [code(['slug'])]],
  ['a slug with capitals', { slug: 'A' }, [code(['slug'])]],
  ['a slug with two hyphens in a row', { slug: 'a--b' }, [code(['slug'])]],
  ['a slug that climbs', { slug: '../admin' }, [code(['slug'])]],
  ['a slug with NUL', { slug: `a${NUL}` }, [code(['slug'])]],
  ['an empty slug', { slug: '' }, [code(['slug'])]],
  ['a slug of 101 characters', { slug: 'x'.repeat(101) }, [code(['slug'])]],
  ['a slug that is taken', { slug: 'taken' }, [code(['slug'], 'TAKEN')]],
  ['a cover that is a script', { coverUrl: 'javascript:alert(1)' }, [code(['coverUrl'])]],
  ['a cover that hides its scheme', { coverUrl: ' jAvAsCrIpT:alert(1)' }, [code(['coverUrl'])]],
  ['a cover of data', { coverUrl: 'data:text/html,<script>1</script>' }, [code(['coverUrl'])]],
  ['a cover with a password', { coverUrl: 'https://a:b@example.com/' }, [code(['coverUrl'])]],
  ['a cover that is no address', { coverUrl: 'picture.png' }, [code(['coverUrl'])]],
  ['a cover with NUL', { coverUrl: `https://example.com/${NUL}` }, [code(['coverUrl'])]],
  ['a cover with a line break', { coverUrl: 'https://example.com/a\nb' }, [code(['coverUrl'])]],
  ['a cover of 2,001 characters', { coverUrl: `https://example.com/${'x'.repeat(1981)}` }, [code(['coverUrl'])]],
  ['an unknown tag', { tags: ['tag-1', 'nope', 'tag-2'] }, [code(['tags', '1'])]],
  ['two unknown tags', { tags: ['no', 'tag-1', 'nope'] }, [code(['tags', '0']), code(['tags', '2'])]],
  ['a tag with NUL', { tags: [`tag-1${NUL}`] }, [code(['tags', '0'])]],
  ['eleven tags', { tags: many(11, 'tag') }, [code(['tags'])]],
  ['an unknown category', { categories: ['nope'] }, [code(['categories', '0'])]],
  ['four categories', { categories: many(4, 'shelf') }, [code(['categories'])]],
  [
    'many faults at once',
    { title: '', body: '', slug: 'A', coverUrl: 'x', excerpt: 'x'.repeat(501), tags: many(11, 'tag') },
    ['title', 'body', 'slug', 'excerpt', 'coverUrl', 'tags'].map((field) => code([field])),
  ],
  [
    'faults that only the database knows, all at once',
    { slug: 'taken', tags: ['no'], categories: ['shelf-1', 'no'] },
    [code(['slug'], 'TAKEN'), code(['tags', '0']), code(['categories', '1'])],
  ],
  [
    'faults of both kinds at once',
    { title: '', slug: 'taken', tags: ['no'] },
    [code(['title']), code(['slug'], 'TAKEN'), code(['tags', '0'])],
  ],
]

const byPath = <T extends { path: string[] }>(errors: readonly T[]): T[] =>
  errors.toSorted((a, b) => a.path.join().localeCompare(b.path.join()))

describe('each fault is told by the name of its field, and nothing is changed', () => {
  const countPosts = async () => (await server.running.atrium.deps.db.query('select id from posts')).length

  test.each(FAULTS)('writing a post with %s', async (_, fault, expected) => {
    const posts = await countPosts()
    const { post, userErrors, refused } = await blog.run('createPost', ada, { title: 'T', body: 'B', ...fault })
    expect(refused).toBeNull()
    expect(post).toBeNull()
    expect(byPath(userErrors.map(({ code, path }) => ({ code, path })))).toEqual(byPath(expected))
    expect(await countPosts()).toBe(posts)
  })

  test.each(FAULTS)('changing a post to %s', async (_, fault, expected) => {
    const before = await blog.ask('query ($id: ID!) { node(id: $id) { ... on Post { title updatedAt } } }', { id }, ada)
    const { post, userErrors, refused } = await blog.run('updatePost', ada, { id, ...fault })
    expect(refused).toBeNull()
    expect(post).toBeNull()
    expect(byPath(userErrors.map(({ code, path }) => ({ code, path })))).toEqual(byPath(expected))
    expect(
      await blog.ask('query ($id: ID!) { node(id: $id) { ... on Post { title updatedAt } } }', { id }, ada),
    ).toEqual(before)
  })
})

describe('what is at the limit is taken', () => {
  test('200 characters of title, counted as people count them', async () => {
    const title = '🦉'.repeat(200)
    expect((await blog.run('createPost', ada, { title, body: 'B' })).post).toMatchObject({ title, slug: 'post' })
  })

  test('ten tags and three categories, each once however often it is named', async () => {
    const tags = [...many(9, 'tag'), 'TAG-1']
    const { post } = await blog.run('createPost', ada, {
      title: 'Tagged',
      body: 'B',
      tags,
      categories: many(3, 'shelf'),
    })
    expect(post.tags.map(({ slug }: { slug: string }) => slug)).toEqual(many(9, 'tag'))
    expect(post.categories).toHaveLength(3)
  })

  test('a body of 500,000 characters', async () => {
    const body = `${'word '.repeat(99_999)}words`
    const { post, userErrors } = await blog.run('createPost', ada, { title: 'Long', body })
    expect(userErrors).toEqual([])
    expect(post.body).toHaveLength(500_000)
  })

  test('more different words than can be searched is a fault of the body, not of the server', async () => {
    let body = ''
    for (let number = 0; body.length < 499_900; number++) body += `h${number}.com/${number}p `
    const { post, userErrors, refused } = await blog.run('createPost', ada, { title: 'List', body })
    expect({ post, refused }).toEqual({ post: null, refused: null })
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'body'] }])
  })
})

describe('explicit nulls', () => {
  test('leave out what may be left out', async () => {
    const input = { title: 'N', body: 'B', slug: null, excerpt: null, coverUrl: null, tags: null, categories: null }
    const { post, userErrors } = await blog.run('createPost', ada, { ...input, idempotencyKey: null })
    expect(userErrors).toEqual([])
    expect(post).toMatchObject({ slug: 'n', excerpt: 'B', coverUrl: null, tags: [], categories: [] })
  })

  test('change nothing but what can be taken away: excerpt and cover', async () => {
    const { post } = await blog.run('createPost', ada, {
      title: 'Whole',
      body: 'Text.',
      slug: 'whole',
      excerpt: 'Mine.',
      coverUrl: 'https://example.com/a.png',
      tags: ['tag-1'],
      categories: ['shelf-1'],
    })
    const kept = await blog.run('updatePost', ada, { id: post.id, excerpt: undefined, coverUrl: undefined })
    expect(kept.post).toMatchObject({ excerpt: 'Mine.', coverUrl: 'https://example.com/a.png' })
    const nulls = { title: null, body: null, slug: null, tags: null, categories: null, excerpt: null, coverUrl: null }
    const changed = await blog.run('updatePost', ada, { id: post.id, ...nulls })
    expect(changed.userErrors).toEqual([])
    expect(changed.post).toEqual({ ...post, excerpt: 'Text.', coverUrl: null, updatedAt: changed.post.updatedAt })
  })

  test('an empty list takes all tags away', async () => {
    const { post } = await blog.run('createPost', ada, { title: 'T', body: 'B', tags: ['tag-1'] })
    expect((await blog.run('updatePost', ada, { id: post.id, tags: [] })).post.tags).toEqual([])
  })

  test.each([
    ['filter', '{ posts(filter: null, first: null, after: null, last: null, before: null) { nodes { id } } }'],
    [
      'filters',
      '{ posts(filter: { author: null, tags: null, category: null, text: null, publishedFrom: null }) { nodes { id } } }',
    ],
    ['status', '{ viewer { posts(status: null) { nodes { id } } } }'],
    ['prefix', '{ tags(prefix: null) { nodes { id } } }'],
  ])('in arguments mean the same as leaving them out: %s', async (_, query) => {
    await server.world.published(ada)
    const { data, errors } = await blog.ask(query, {}, ada)
    expect(errors).toBeUndefined()
    expect(data).not.toBeNull()
  })
})

test.each([
  'query ($o: PostOrder) { posts(orderBy: $o) { nodes { id } } }',
  'query ($o: TimeZone) { posts { nodes { publishedOn(timeZone: $o) } } }',
  '{ posts(orderBy: null) { nodes { id } } }',
])('null for an argument that has a default is refused by its code: %s', async (query) => {
  await server.world.published(ada)
  const { errors } = await blog.ask(query, { o: null })
  expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']).toContain(errors?.[0]?.extensions.code)
})

describe('HTML in a post', () => {
  test.each([
    ['a script', '<script>alert(1)</script>after', 'alert(1)'],
    ['a handler', '<img src="https://example.com/a.png" onerror="alert(1)">', 'onerror'],
    ['a link to a script', '[x](javascript:alert(1))', 'href="javascript'],
    ['a raw link to a script', '<a href="java&#10;script:alert(1)">x</a>', 'alert'],
    ['a frame', '<iframe src="https://evil.example"></iframe>', '<iframe'],
    ['a style that covers the page', '<div style="position:fixed;inset:0">x</div>', 'style='],
    ['a form', '<form action="https://evil.example"><input name=password></form>', '<form'],
    ['an svg with a script', '<svg><script>alert(1)</script></svg>', '<script'],
  ])('is rendered harmless: %s', async (_, body, forbidden) => {
    const { post } = await blog.run('createPost', ada, { title: '<b>Bold</b> & brave', body: `Text. ${body}` })
    expect(post.bodyHtml.toLowerCase()).not.toContain(forbidden)
    expect(post.bodyHtml).toContain('Text.')
    expect(post).toMatchObject({ body: `Text. ${body}`, title: '<b>Bold</b> & brave' })
    expect(post.excerpt).not.toContain('<')
  })
})
