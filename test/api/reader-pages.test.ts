import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let ada: Viewer
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.world.person({ handle: 'ada', name: 'Ada "Countess" <Lovelace>' })
})
afterAll(() => server.close())

const get = async (path: string) => {
  const response = await fetch(server.url + path, { redirect: 'manual' })
  return { status: response.status, headers: response.headers, html: await response.text() }
}

const contentOf = (html: string, name: string): string | undefined =>
  new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`).exec(html)?.[1]

describe('the page of a post, for those that run no script', () => {
  test('says what the post is, with every character of its author’s as text', async () => {
    await server.world.published(ada, {
      title: '</title><script>alert(1)</script> & "more"',
      slug: 'sharp',
      excerpt: 'On <b>edges</b> & "quotes" of $& and $1.',
      coverUrl: 'https://pictures.example/a.png?x=1&y="2',
      publishedAt: new Date('2026-01-02T03:04:05Z'),
    })
    const { status, html, headers } = await get('/posts/ada/sharp')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    const title = '&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;'
    expect(html).toContain(`<title>${title} · Atrium</title>`)
    expect(html).not.toContain('<script>')
    expect(contentOf(html, 'og:title')).toBe(title)
    expect(contentOf(html, 'description')).toBe(
      'On &lt;b&gt;edges&lt;/b&gt; &amp; &quot;quotes&quot; of $&amp; and $1.',
    )
    expect(contentOf(html, 'author')).toBe('Ada &quot;Countess&quot; &lt;Lovelace&gt;')
    expect(contentOf(html, 'og:type')).toBe('article')
    expect(contentOf(html, 'og:url')).toBe(`${server.url}/posts/ada/sharp`)
    expect(contentOf(html, 'og:image')).toMatch(/^https:\/\/pictures\.example\/a\.png\?x=1&amp;y=/)
    expect(contentOf(html, 'article:published_time')).toBe('2026-01-02T03:04:05.000Z')
    expect(html).toContain(`<link rel="canonical" href="${server.url}/posts/ada/sharp" />`)
    expect(html).toContain(
      '<link rel="alternate" type="application/atom+xml" title="Atom" href="/feeds/authors/ada.atom" />',
    )
  })

  test('a long excerpt is shortened to what previews show', async () => {
    await server.world.published(ada, { title: 'Long', excerpt: '𝒳'.repeat(500) })
    expect([...(contentOf((await get('/posts/ada/long')).html, 'description') ?? '')]).toHaveLength(200)
  })

  test('a former slug, or a handle in capitals, leads to the present address', async () => {
    const token = await server.tokenOf(ada)
    const { data } = await server.ask(
      'mutation { createPost(input: { title: "Old name", body: "Words." }) { post { id } } }',
      {},
      token,
    )
    const { id } = data.createPost.post
    await server.ask('mutation ($id: ID!) { publishPost(input: { id: $id }) { post { id } } }', { id }, token)
    await server.ask(
      'mutation ($id: ID!) { updatePost(input: { id: $id, slug: "new-name" }) { post { id } } }',
      { id },
      token,
    )
    const former = await get('/posts/ada/old-name?from=feed')
    expect([former.status, former.headers.get('location')]).toEqual([302, '/posts/ada/new-name?from=feed'])
    const loud = await get('/posts/ADA/new-name')
    expect([loud.status, loud.headers.get('location')]).toEqual([302, '/posts/ada/new-name'])
    expect((await get('/posts/ada/new-name')).status).toBe(200)
  })

  test.each([
    ['a draft', '/posts/ada/secret-draft'],
    ['an archived post', '/posts/ada/secret-archive'],
    ['a post that was never written', '/posts/ada/nothing'],
    ['a post of nobody', '/posts/nobody/nothing'],
    ['an author alone', '/posts/ada'],
    ['too long a path', '/posts/ada/sharp/more'],
    ['a tag that does not exist', '/tags/nothing'],
    ['an author who does not exist', '/authors/nobody'],
    ['a category that does not exist', '/categories/nothing'],
    ['a name with NUL in it', '/tags/%00'],
    ['a name that is longer than any', `/authors/${'a'.repeat(90)}`],
  ])('%s is a page that says 404, tells nothing and stays out of search engines', async (_what, path) => {
    await server.world.draft(ada, { title: 'Secret draft' }).catch(() => {})
    const id = await server.world.published(ada, { title: 'Secret archive' }).catch(() => null)
    if (id !== null)
      await server.running.atrium.deps.db.query("update posts set status = 'ARCHIVED' where id = $1", [id])
    const { status, html } = await get(path)
    expect(status).toBe(404)
    expect(html).toContain('<title>There is nothing here · Atrium</title>')
    expect(html).toContain('<meta name="robots" content="noindex" />')
    expect(html).not.toContain('Secret')
  })
})

describe('the other pages of the blog', () => {
  test('a tag, a category and an author have their names, their addresses and their feeds', async () => {
    const staff = await server.world.person({ handle: 'dara', role: 'STAFF' })
    await server.world.tag(staff, 'Functional programming')
    await server.world.category(staff, 'Out of doors')
    for (const [path, name] of [
      ['/tags/functional-programming', 'Functional programming'],
      ['/categories/out-of-doors', 'Out of doors'],
      ['/authors/dara', 'dara'],
    ]) {
      const { status, html } = await get(path ?? '')
      expect(status).toBe(200)
      expect(html).toContain(`<title>${name} · Atrium</title>`)
      expect(html).toContain(`<link rel="canonical" href="${server.url}${path}" />`)
      expect(html).toContain(`href="/feeds${path}.atom"`)
      expect((await get(`/feeds${path}.atom`)).status).toBe(200)
    }
  })

  test('a search says what was searched for, as text, and is not indexed', async () => {
    const { status, html } = await get(`/?q=${encodeURIComponent('<img src=x onerror=alert(1)>')}`)
    expect(status).toBe(200)
    expect(html).toContain('<title>“&lt;img src=x onerror=alert(1)&gt;” · Atrium</title>')
    expect(html).toContain('noindex')
  })

  test('a search that is none is the list of posts', async () => {
    for (const path of ['/', '/?q=', '/?q=a&q=b']) expect((await get(path)).html).toContain('<title>Atrium</title>')
  })

  test('no page runs a script, or takes a style, that is not a file of this server, nor lets itself be framed', async () => {
    const { headers } = await get('/')
    const policy = headers.get('content-security-policy') ?? ''
    const { host } = new URL(server.url)
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src 'self' ws://${host} wss://${host}`,
      "img-src 'self' https: http: data:",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('no password stands in the page of a server without demo data', async () => {
    expect((await get('/')).html).toContain('id="settings">{"people":[]}</script>')
  })
})
