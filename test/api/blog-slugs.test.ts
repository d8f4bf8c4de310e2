import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let blog: BlogClient
let ada: Viewer
let bram: Viewer

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  ada = await server.world.person({ handle: 'ada' })
  bram = await server.world.person({ handle: 'bram' })
})
afterAll(() => server.close())

const write = async (author: Viewer, title: string, slug?: string) => {
  const { post, userErrors } = await blog.run('createPost', author, { title, body: 'B', slug })
  expect(userErrors).toEqual([])
  return post as { id: string; slug: string; url: string }
}

/** What the address leads to, or why it does not. */
async function at(
  author: string,
  slug: string,
  viewer: Viewer | null = null,
): Promise<{ id: string; slug: string } | string> {
  const query = 'query ($author: String!, $slug: String!) { post(author: $author, slug: $slug) { id slug } }'
  const { data, errors } = await blog.ask(query, { author, slug }, viewer)
  return errors?.[0]?.extensions.code ?? data.post
}

describe('slugs that nobody chose', () => {
  test('are made of the title, and numbered where the author has it already', async () => {
    const slugs = []
    for (let turn = 0; turn < 3; turn++) slugs.push((await write(ada, 'Same title')).slug)
    expect(slugs).toEqual(['same-title', 'same-title-2', 'same-title-3'])
  })

  test('are the author’s own: two authors may have the same', async () => {
    const [one, two] = [await write(ada, 'Shared'), await write(bram, 'Shared')]
    expect([one.slug, two.slug]).toEqual(['shared', 'shared'])
    expect(one.url).toBe(`${server.url}/posts/ada/shared`)
    expect(await at('bram', 'shared', bram)).toMatchObject({ id: two.id })
  })

  test('are all different when thirty posts of one title are written at once', async () => {
    const posts = await Promise.all(Array.from({ length: 30 }, () => write(ada, 'Race')))
    const slugs = posts.map(({ slug }) => slug)
    expect(new Set(slugs).size).toBe(30)
    for (const slug of slugs) expect(slug).toMatch(/^race(-\d+)?$/)
    for (const { id, slug } of posts) expect(await at('ada', slug, ada)).toEqual({ id, slug })
  })
})

test('of thirty that ask for one slug at once, one gets it and the others learn that it is taken', async () => {
  const input = { title: 'Wanted', body: 'B', slug: 'wanted' }
  const answers = await Promise.all(Array.from({ length: 30 }, () => blog.run('createPost', ada, input)))
  expect(answers.filter(({ post }) => post !== null)).toHaveLength(1)
  const errors = answers.flatMap(({ userErrors }) => userErrors)
  expect(errors).toHaveLength(29)
  for (const error of errors) expect(error).toMatchObject({ code: 'TAKEN', path: ['input', 'slug'] })
})

describe('a post that is renamed', () => {
  test('is found under every slug that it had, and shows the present one', async () => {
    const { id } = await write(ada, 'First name', 'name-1')
    for (const slug of ['name-2', 'name-3']) await blog.run('updatePost', ada, { id, slug })
    await blog.run('publishPost', ada, { id })
    for (const slug of ['name-1', 'name-2', 'name-3', ' NAME-3'.trim().toLowerCase()]) {
      expect(await at('ada', slug)).toEqual({ id, slug: 'name-3' })
    }
    expect(await at('bram', 'name-1')).toBe('NOT_FOUND')
  })

  test('keeps its slug when its title changes', async () => {
    const { id } = await write(ada, 'Before the change')
    const { post } = await blog.run('updatePost', ada, { id, title: 'After the change' })
    expect(post).toMatchObject({ title: 'After the change', slug: 'before-the-change' })
  })

  test('may take back a slug that it had', async () => {
    const { id } = await write(ada, 'Back', 'back-1')
    await blog.run('updatePost', ada, { id, slug: 'back-2' })
    const { post, userErrors } = await blog.run('updatePost', ada, { id, slug: 'back-1' })
    expect(userErrors).toEqual([])
    expect(post.slug).toBe('back-1')
  })

  test('keeps its old slugs from every other post of the author, chosen or made', async () => {
    const { id } = await write(ada, 'Old', 'old-name')
    await blog.run('updatePost', ada, { id, slug: 'new-name' })
    const { userErrors } = await blog.run('createPost', ada, { title: 'T', body: 'B', slug: 'old-name' })
    expect(userErrors).toMatchObject([{ code: 'TAKEN', path: ['input', 'slug'] }])
    expect((await write(ada, 'Old name')).slug).toBe('old-name-2')
    expect((await write(bram, 'Old name')).slug).toBe('old-name')
    expect(await at('ada', 'old-name', ada)).toEqual({ id, slug: 'new-name' })
  })
})

test('a deleted post gives its slugs back', async () => {
  const { id } = await write(ada, 'Gone', 'gone')
  await blog.run('deletePost', ada, { id })
  expect(await at('ada', 'gone', ada)).toBe('NOT_FOUND')
  expect((await write(ada, 'Gone', 'gone')).slug).toBe('gone')
})

test('the address of a draft leads its author there, and nobody else', async () => {
  const { id, slug } = await write(ada, 'Only mine')
  expect(await at('ada', slug, ada)).toEqual({ id, slug })
  for (const viewer of [null, bram]) expect(await at('ada', slug, viewer)).toBe('NOT_FOUND')
})

test('a title without Latin letters gets a slug all the same', async () => {
  const slugs = [await write(bram, '日本語の記事'), await write(bram, '🦉🦉🦉')].map(({ slug }) => slug)
  expect(slugs).toEqual(['post', 'post-2'])
})
