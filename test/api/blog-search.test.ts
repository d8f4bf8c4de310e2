import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let blog: BlogClient
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  ada = await server.world.person({ handle: 'ada' })
  const { world } = server
  await world.published(ada, { title: 'Vacuum', body: 'Nothing about it.', publishedAt: new Date('2020-01-01') })
  await world.published(ada, { title: 'Once', body: `A vacuum among ${'other words '.repeat(200)}` })
  await world.published(ada, { title: 'Often', body: 'The vacuum vacuumed what vacuums vacuum.' })
  await world.published(ada, { title: 'Leaves', body: 'Green tea from the hills, brewed slowly.' })
  await world.published(ada, { title: 'Café', body: 'Coffee in the naïve café.' })
  await world.published(ada, { title: 'Markup', body: '`<b>quoted</b>` and **strongly** & "said" owls <i>fly</i>' })
  await world.draft(ada, { title: 'Vacuum draft', body: 'A secret vacuum.' })
})
afterAll(() => server.close())

async function search(text: string, orderBy = 'RELEVANCE'): Promise<{ title: string; highlight: string | null }[]> {
  const query = `query ($text: String!) { posts(first: 50, orderBy: ${orderBy}, filter: { text: $text }) { edges { highlight node { title } } } }`
  const { data, errors } = await blog.ask(query, { text })
  expect(errors).toBeUndefined()
  return data.posts.edges.map(({ highlight, node }: { highlight: string; node: { title: string } }) => ({
    highlight,
    ...node,
  }))
}

const found = async (text: string, orderBy?: string): Promise<string[]> =>
  (await search(text, orderBy)).map(({ title }) => title)

describe('a search', () => {
  test('finds words in every form, in titles and texts, and no drafts', async () => {
    expect((await found('vacuums')).sort()).toEqual(['Often', 'Once', 'Vacuum'])
  })

  test('ranks the title above the text, and many mentions above one in passing', async () => {
    expect(await found('vacuum')).toEqual(['Vacuum', 'Often', 'Once'])
    expect(await found('vacuum', 'OLDEST')).toEqual(['Vacuum', 'Once', 'Often'])
  })

  test.each([
    ['green tea', ['Leaves']],
    ['"green tea"', ['Leaves']],
    ['"tea green"', []],
    ['tea or coffee', ['Café', 'Leaves']],
    ['tea -green', []],
    ['café', ['Café']],
    ['zzz', []],
    ['the', []],
    ['-'.repeat(400), []],
    ['   ', ['Café', 'Leaves', 'Markup', 'Often', 'Once', 'Vacuum']],
  ])('reads %s as a web search does', async (text, expected) => {
    expect((await found(text)).sort()).toEqual(expected)
  })

  test('is no place for injections: whatever is typed, it answers', async () => {
    const odd = fc.constantFrom("'", '"', ':*', '&', '|', '!', '(', ')', '<->', '\\', '%', '\u0000', '--', ' or ', '-')
    const text = fc
      .array(fc.oneof(odd, fc.string({ unit: 'grapheme' }), fc.constant('tea')))
      .map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(text, async (typed) => {
        await search(typed)
      }),
      { numRuns: 150 },
    )
  })

  test('and neither does a very long one fail', async () => {
    expect(await found('tea '.repeat(5_000))).toEqual(['Leaves'])
  })
})

describe('highlights', () => {
  test('mark the matching words in the text around them', async () => {
    const [leaves] = await search('hills brewing')
    expect(leaves?.highlight).toBe('Green tea from the <mark>hills</mark>, <mark>brewed</mark> slowly')
  })

  test('are escaped: what looks like markup in the text stays text', async () => {
    const [markup] = await search('quoted owls')
    expect(markup?.highlight).toContain('<mark>quoted</mark>')
    expect(markup?.highlight).toContain('<mark>owls</mark>')
    expect(markup?.highlight?.replaceAll(/<\/?mark>/g, '')).not.toMatch(/[<>"']/)
  })

  test('cannot be forged by control characters hidden in entities', async () => {
    const body = '<p>kestrel &#1;&#2;&#x1; <span>&#2;</span> \\&#1; kestrel</p>\n\nkestrel &#1; &#2;&#2;'
    await server.world.published(ada, { title: 'Forged', body })
    const [forged] = await search('kestrel')
    const tags = forged?.highlight?.match(/<[^>]*>/g) ?? []
    expect(tags.length).toBeGreaterThan(0)
    expect(tags).toEqual(tags.map((_, at) => (at % 2 === 0 ? '<mark>' : '</mark>')))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(forged?.highlight).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
  })

  test('are there only in a search', async () => {
    const { data } = await blog.ask('{ posts(first: 1) { edges { highlight } } }')
    expect(data.posts.edges).toEqual([{ highlight: null }])
  })
})

test('a post is found by what it says now, not by what it said before', async () => {
  const id = (await blog.run('createPost', ada, { title: 'Change', body: 'Mentions pangolins.' })).post.id
  await blog.run('publishPost', ada, { id })
  expect(await found('pangolin')).toEqual(['Change'])
  await blog.run('updatePost', ada, { id, body: 'Mentions axolotls.' })
  expect(await found('pangolin')).toEqual([])
  expect(await found('axolotl')).toEqual(['Change'])
})
