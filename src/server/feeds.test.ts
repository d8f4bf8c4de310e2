import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DomainError } from '../core/errors.ts'
import type { FeedData, FeedSelector } from '../domain/blog/feed-source.ts'
import { feeds } from './feeds.ts'

const DATA: FeedData = {
  title: 'Posts',
  description: '',
  siteUrl: 'https://blog.example/',
  language: 'en',
  updated: '2020-01-31T10:00:00.789Z',
  posts: [],
}

let app: FastifyInstance
let asked: FeedSelector[]
let data: FeedData
let nowMs: number

beforeEach(async () => {
  asked = []
  data = DATA
  nowMs = 0
  app = Fastify()
  app.setErrorHandler((error, _request, reply) => {
    const code = error instanceof DomainError ? error.code : 'INTERNAL'
    return reply.code(code === 'NOT_FOUND' ? 404 : 500).send({ code })
  })
  await app.register(feeds, {
    publicUrl: () => 'https://api.example',
    now: () => nowMs,
    async findFeed(selector) {
      asked.push(selector)
      if (selector.kind === 'author' && selector.handle === 'nobody') throw new DomainError('NOT_FOUND', 'No author.')
      return data
    },
  })
})
afterEach(() => app.close())

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

describe('a feed', () => {
  test.each([
    ['/feeds/posts.rss', { kind: 'all' }, 'application/rss+xml; charset=utf-8'],
    ['/feeds/posts.atom', { kind: 'all' }, 'application/atom+xml; charset=utf-8'],
    ['/feeds/authors/ada.rss', { kind: 'author', handle: 'ada' }, 'application/rss+xml; charset=utf-8'],
    ['/feeds/authors/a.b-c_d.atom', { kind: 'author', handle: 'a.b-c_d' }, 'application/atom+xml; charset=utf-8'],
    ['/feeds/tags/c%2B%2B.rss', { kind: 'tag', slug: 'c++' }, 'application/rss+xml; charset=utf-8'],
    [
      '/feeds/categories/site-news.atom',
      { kind: 'category', slug: 'site-news' },
      'application/atom+xml; charset=utf-8',
    ],
  ])('is at %s', async (url, selector, type) => {
    const response = await get(url)
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe(type)
    expect(response.headers['cache-control']).toBe('public, max-age=300')
    expect(asked).toEqual([selector])
    expect(response.body).toContain(`href="https://api.example${url}"`)
  })

  test.each([
    '/feeds/posts.json',
    '/feeds/posts',
    '/feeds/.rss',
    '/feeds/others.rss',
    '/feeds/people/ada.rss',
    '/feeds/constructor/ada.rss',
    '/feeds/authors/nobody.rss',
  ])('is not at %s', async (url) => {
    const response = await get(url)
    expect([response.statusCode, response.json()]).toEqual([404, { code: 'NOT_FOUND' }])
  })

  test('answers HEAD without a body', async () => {
    const response = await app.inject({ method: 'HEAD', url: '/feeds/posts.rss' })
    expect([response.statusCode, response.body]).toEqual([200, ''])
    expect(response.headers.etag).toBe((await get('/feeds/posts.rss')).headers.etag)
  })
})

describe('a reader that asks again', () => {
  test('is told that nothing changed, by tag and by date', async () => {
    const first = await get('/feeds/posts.rss')
    const etag = String(first.headers.etag)
    const lastModified = String(first.headers['last-modified'])
    expect(lastModified).toBe('Fri, 31 Jan 2020 10:00:00 GMT')
    const conditions: Record<string, string>[] = [
      { 'if-none-match': etag },
      { 'if-none-match': `"other", W/${etag}` },
      { 'if-none-match': '*' },
      { 'if-modified-since': lastModified },
    ]
    for (const headers of conditions) {
      const again = await get('/feeds/posts.rss', headers)
      expect([again.statusCode, again.body, again.headers.etag], JSON.stringify(headers)).toEqual([304, '', etag])
    }
  })

  test('gets the new feed after a change, even within the second that its date can tell', async () => {
    const etag = String((await get('/feeds/posts.rss')).headers.etag)
    data = { ...DATA, title: 'Renamed' }
    nowMs = 60_000
    const headers = { 'if-none-match': etag, 'if-modified-since': 'Fri, 31 Jan 2020 10:00:00 GMT' }
    expect((await get('/feeds/posts.rss', headers)).statusCode).toBe(200)
    expect((await get('/feeds/posts.rss', { 'if-modified-since': 'Fri, 31 Jan 2020 09:59:59 GMT' })).statusCode).toBe(
      200,
    )
    expect((await get('/feeds/posts.rss', { 'if-modified-since': 'nonsense' })).statusCode).toBe(200)
  })
})

describe('a feed that many ask for', () => {
  test('is rendered once a minute, for parallel requests too', async () => {
    await Promise.all(Array.from({ length: 20 }, () => get('/feeds/posts.rss')))
    nowMs = 59_999
    await get('/feeds/posts.rss', { 'if-none-match': '"other"' })
    expect(asked).toHaveLength(1)
    nowMs = 60_000
    await get('/feeds/posts.rss')
    expect(asked).toHaveLength(2)
  })

  test('is forgotten when many others are asked for, so that they do not fill the memory', async () => {
    await get('/feeds/posts.rss')
    for (let n = 0; n < 32; n++) await get(`/feeds/tags/t${n}.rss`)
    await get('/feeds/posts.rss')
    expect(asked).toHaveLength(34)
  })

  test('is asked for again after a failure', async () => {
    await get('/feeds/authors/nobody.rss')
    await get('/feeds/authors/nobody.rss')
    expect(asked).toHaveLength(2)
  })
})
