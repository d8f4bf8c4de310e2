import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { type FeedKind, renderFeed } from '../domain/blog/feed.ts'
import type { FeedData, FeedSelector } from '../domain/blog/feed-source.ts'
import { etagOf, hasEtag } from './etag.ts'

export interface FeedsOptions {
  /** Without a slash at its end. */
  publicUrl: () => string
  /** @throws DomainError `NOT_FOUND` for an author, tag or category that does not exist. */
  findFeed: (selector: FeedSelector) => Promise<FeedData>
  /** In milliseconds; for tests. */
  now?: () => number
}

interface Rendered {
  readonly xml: string
  readonly etag: string
  readonly updated: string
}

const CONTENT_TYPE: Readonly<Record<FeedKind, string>> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
}

/** Feed readers ask every few minutes to hours; five minutes of age do not matter to them. */
const CACHE_CONTROL = 'public, max-age=300'

/** Rendering reads thirty posts; readers that all come at the full hour get one rendering. */
const FRESH_MS = 60_000
/** A feed of thirty long posts weighs a few megabytes. */
const KEPT_FEEDS = 32

const SELECTORS: Readonly<Record<string, (name: string) => FeedSelector>> = {
  authors: (handle) => ({ kind: 'author', handle }),
  tags: (slug) => ({ kind: 'tag', slug }),
  categories: (slug) => ({ kind: 'category', slug }),
}

const noSuchFeed = (): DomainError => new DomainError('NOT_FOUND', 'There is no such feed.')

/** `name.rss` in its parts. A name may itself contain dots. */
function parseFile(file: string): { name: string; format: FeedKind } {
  const match = /^(.+)\.(rss|atom)$/.exec(file)
  if (match === null) throw noSuchFeed()
  return { name: match[1] as string, format: match[2] as FeedKind }
}

/** RFC 9110, 13.2.2: with `If-None-Match`, the date is not looked at. */
function isUnchanged(request: FastifyRequest, etag: string, updated: string): boolean {
  const isKnown = hasEtag(request, etag)
  if (isKnown !== null) return isKnown
  const since = Date.parse(request.headers['if-modified-since'] ?? '')
  return !Number.isNaN(since) && Math.floor(Date.parse(updated) / 1000) * 1000 <= since
}

/**
 * `GET /feeds/posts.{rss,atom}` and `/feeds/{authors,tags,categories}/<name>.{rss,atom}`, with conditional requests.
 * Errors are thrown: the application's error handler writes them as JSON.
 */
export const feeds: FastifyPluginAsync<FeedsOptions> = async (app, { publicUrl, findFeed, now = () => Date.now() }) => {
  /** By address, in order of rendering. One that is being rendered is here too, so that others wait for it. */
  const kept = new Map<string, { renderedAt: number; rendered: Promise<Rendered> }>()

  const render = async (selector: FeedSelector, format: FeedKind, selfUrl: string): Promise<Rendered> => {
    const data = await findFeed(selector)
    const xml = renderFeed({ ...data, kind: format, selfUrl })
    return { xml, etag: etagOf(xml), updated: data.updated }
  }

  const recent = (selector: FeedSelector, format: FeedKind, selfUrl: string): Promise<Rendered> => {
    const known = kept.get(selfUrl)
    if (known !== undefined && now() - known.renderedAt < FRESH_MS) return known.rendered
    const entry = { renderedAt: now(), rendered: render(selector, format, selfUrl) }
    kept.delete(selfUrl)
    kept.set(selfUrl, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_FEEDS) break
      kept.delete(oldest)
    }
    // A failure is not kept; whoever asked hears of it.
    entry.rendered.catch(() => {
      if (kept.get(selfUrl) === entry) kept.delete(selfUrl)
    })
    return entry.rendered
  }

  app.get<{ Params: { file: string } }>('/feeds/:file', async (request, reply) => {
    const { name, format } = parseFile(request.params.file)
    if (name !== 'posts') throw noSuchFeed()
    return answer(request, reply, { kind: 'all' }, format, `/feeds/posts.${format}`)
  })

  app.get<{ Params: { folder: string; file: string } }>('/feeds/:folder/:file', async (request, reply) => {
    const { folder, file } = request.params
    const select = Object.hasOwn(SELECTORS, folder) ? SELECTORS[folder] : undefined
    if (select === undefined) throw noSuchFeed()
    const { name, format } = parseFile(file)
    return answer(request, reply, select(name), format, `/feeds/${folder}/${encodeURIComponent(name)}.${format}`)
  })

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    selector: FeedSelector,
    format: FeedKind,
    path: string,
  ): Promise<unknown> {
    const { xml, etag, updated } = await recent(selector, format, publicUrl() + path)
    reply
      .header('cache-control', CACHE_CONTROL)
      .header('etag', etag)
      .header('last-modified', new Date(updated).toUTCString())
    if (isUnchanged(request, etag, updated)) return reply.code(304).send()
    return reply.header('content-type', CONTENT_TYPE[format]).header('x-content-type-options', 'nosniff').send(xml)
  }
}
