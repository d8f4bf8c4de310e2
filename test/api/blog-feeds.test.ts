import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { childrenOf, parseStrictXml, textOf, type XmlElement } from '../support/strict-xml.ts'

let server: TestServer
let blog: BlogClient
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  const { world } = server
  ada = await world.person({ handle: 'ada', name: 'Ada & <Co>' })
  const bram = await world.person({ handle: 'bram' })
  const staff = await world.person({ handle: 'staff', role: 'STAFF' })
  await world.tag(staff, 'Owls')
  await world.category(staff, 'Nature')
  const day = (number: number): Date => new Date(Date.UTC(2024, 0, number))
  await world.published(ada, {
    title: 'One <1> & "two"',
    body: 'Some *words* ]]> & <b>more</b>.',
    tags: ['owls'],
    publishedAt: day(1),
  })
  await world.published(bram, {
    title: 'Two',
    categories: ['nature'],
    coverUrl: 'https://example.com/a.png?x=1&y=2',
    publishedAt: day(2),
  })
  await world.published(ada, { title: 'Three', tags: ['owls'], categories: ['nature'], publishedAt: day(3) })
  await world.draft(ada, { title: 'Draft', tags: ['owls'] })
  const scheduled = encodeId('post', await world.draft(ada, { title: 'Scheduled' }))
  await blog.run('schedulePost', ada, { id: scheduled, publishAt: new Date(Date.now() + 3_600_000).toISOString() })
  const archived = encodeId('post', await world.published(ada, { title: 'Archived' }))
  await blog.run('archivePost', ada, { id: archived })
})
afterAll(() => server.close())

const get = (path: string, init: RequestInit = {}) => fetch(`${server.url}/feeds/${path}`, init)

async function read(path: string): Promise<XmlElement> {
  const response = await get(path)
  expect(response.status).toBe(200)
  return parseStrictXml(await response.text())
}

const one = (parent: XmlElement, name: string): XmlElement => {
  const [found, ...others] = childrenOf(parent, name)
  expect(others).toEqual([])
  if (found === undefined) throw new Error(`no <${name}> in <${parent.name}>`)
  return found
}

const titlesOf = (feed: XmlElement): string[] => {
  const items = feed.name === 'rss' ? childrenOf(one(feed, 'channel'), 'item') : childrenOf(feed, 'entry')
  return items.map((item) => textOf(one(item, 'title')))
}

const FEEDS: [string, string[]][] = [
  ['posts', ['Three', 'Two', 'One <1> & "two"']],
  ['authors/ada', ['Three', 'One <1> & "two"']],
  ['authors/ADA', ['Three', 'One <1> & "two"']],
  ['authors/bram', ['Two']],
  ['tags/owls', ['Three', 'One <1> & "two"']],
  ['categories/nature', ['Three', 'Two']],
]

describe.each(['rss', 'atom'])('%s', (format) => {
  test.each(FEEDS)(
    'the feed of %s has its published posts, the newest first, and nothing else',
    async (name, titles) => {
      const response = await get(`${name}.${format}`)
      expect(response.headers.get('content-type')).toBe(`application/${format}+xml; charset=utf-8`)
      expect(titlesOf(parseStrictXml(await response.text()))).toEqual(titles)
    },
  )

  test.each([
    'authors/nobody',
    'tags/none',
    'categories/none',
    'tags/ow%00ls',
    'authors/a%00da',
    'tags/%E0%A4%A',
    'others/x',
    'other',
  ])('there is no feed of %s, and JSON says so', async (name) => {
    const response = await get(`${name}.${format}`)
    expect([400, 404]).toContain(response.status)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
    expect(['NOT_FOUND', 'BAD_REQUEST']).toContain(errors[0]?.extensions.code)
  })

  test('is not sent again as long as it is the same', async () => {
    const first = await get(`authors/bram.${format}`)
    const etag = first.headers.get('etag') ?? ''
    const modified = first.headers.get('last-modified') ?? ''
    expect([etag, Date.parse(modified)]).toEqual([expect.stringMatching(/^"[\w-]{20,}"$/), expect.any(Number)])
    const conditions: [string, string][] = [
      ['if-none-match', etag],
      ['if-none-match', `"x", W/${etag}`],
      ['if-modified-since', modified],
    ]
    for (const condition of conditions) {
      const again = await get(`authors/bram.${format}`, { headers: [condition] })
      expect([again.status, await again.text()]).toEqual([304, ''])
      expect(again.headers.get('etag')).toBe(etag)
    }
    const other = await get(`authors/bram.${format}`, {
      headers: { 'if-none-match': '"x"', 'if-modified-since': modified },
    })
    expect(other.status).toBe(200)
  })

  test('answers HEAD as GET, without a body', async () => {
    const [head, whole] = [await get(`posts.${format}`, { method: 'HEAD' }), await get(`posts.${format}`)]
    expect([head.status, await head.text()]).toEqual([200, ''])
    for (const name of ['etag', 'last-modified', 'content-type', 'cache-control']) {
      expect(head.headers.get(name)).toBe(whole.headers.get(name))
    }
  })

  test('is another within a minute after a post changes', async () => {
    const before = await get(`tags/owls.${format}`)
    const { data } = await blog.ask('{ posts(filter: { author: "ada" }, first: 1) { nodes { id } } }')
    await blog.run('updatePost', ada, { id: data.posts.nodes[0].id, body: `Changed for ${format}.` })
    const etag = before.headers.get('etag') ?? ''
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000)
    const after = await get(`tags/owls.${format}`, { headers: { 'if-none-match': etag } })
    now.mockRestore()
    expect(after.status).toBe(200)
    expect(await after.text()).toContain(`Changed for ${format}.`)
  })
})

test('what RSS 2.0 asks for is there: channel, links, dates after RFC 822, a guid that stays', async () => {
  const rss = await read('posts.rss')
  expect(rss).toMatchObject({ name: 'rss', attributes: { version: '2.0' } })
  const channel = one(rss, 'channel')
  for (const name of ['title', 'link', 'description']) expect(textOf(one(channel, name))).not.toBe('')
  expect(one(channel, 'atom:link').attributes).toMatchObject({ rel: 'self', href: `${server.url}/feeds/posts.rss` })
  for (const item of childrenOf(channel, 'item')) {
    expect(textOf(one(item, 'pubDate'))).toMatch(
      /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
    )
    expect(one(item, 'guid')).toMatchObject({ attributes: { isPermaLink: 'false' } })
    expect(textOf(one(item, 'link'))).toMatch(new RegExp(`^${server.url}/posts/(ada|bram)/[a-z0-9-]+$`))
  }
  const first = childrenOf(channel, 'item').at(-1) as XmlElement
  expect(textOf(one(first, 'content:encoded'))).toContain('Some <em>words</em> ]]&gt; &amp; <b>more</b>.')
  expect(textOf(one(first, 'dc:creator'))).toBe('Ada & <Co>')
})

test('what RFC 4287 asks of Atom is there: ids, times, authors, self and alternate links', async () => {
  const feed = await read('authors/ada.atom')
  expect(feed).toMatchObject({ name: 'feed', attributes: { xmlns: 'http://www.w3.org/2005/Atom' } })
  for (const name of ['id', 'title', 'updated']) expect(textOf(one(feed, name))).not.toBe('')
  const links = childrenOf(feed, 'link').map(({ attributes }) => attributes.rel)
  expect(links.sort()).toEqual(['alternate', 'self'])
  const entries = childrenOf(feed, 'entry')
  expect(new Set(entries.map((entry) => textOf(one(entry, 'id')))).size).toBe(entries.length)
  for (const entry of entries) {
    expect(textOf(one(entry, 'id'))).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
    for (const name of ['published', 'updated']) expect(textOf(one(entry, name))).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(textOf(one(one(entry, 'author'), 'name'))).toBe('Ada & <Co>')
    expect(one(entry, 'content').attributes).toMatchObject({ type: 'html' })
  }
})

test('a feed has the thirty newest posts', async () => {
  const many = await server.world.person({ handle: 'many' })
  for (let number = 0; number < 32; number++) await server.world.published(many, { title: `No. ${number}` })
  const titles = titlesOf(await read('authors/many.rss'))
  expect(titles).toHaveLength(30)
  expect(titles.slice(0, 2)).toEqual(['No. 31', 'No. 30'])
})

test('a post that is too long for a feed is in it with its excerpt', async () => {
  const long = await server.world.person({ handle: 'long' })
  await server.world.published(long, { title: 'Long', excerpt: 'Short & <sweet>', body: 'word '.repeat(15_000) })
  const response = await get('authors/long.rss')
  const xml = await response.text()
  expect(xml.length).toBeLessThan(10_000)
  const [item] = childrenOf(one(parseStrictXml(xml), 'channel'), 'item')
  if (item === undefined) throw new Error('no item')
  expect(textOf(one(item, 'content:encoded'))).toBe('<p>Short &amp; &lt;sweet&gt;</p>')
})
