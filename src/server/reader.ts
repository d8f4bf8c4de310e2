import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../core/errors.ts'
import type { FeedSelector } from '../domain/blog/feed-source.ts'
import type { Preview } from '../domain/blog/preview.ts'
import { type Head, renderHead, SITE, siteTitle } from './head.ts'
import { builtPage, type PageOptions, socketSources } from './page.ts'

export interface ReaderOptions extends PageOptions {
  /** Without a slash at its end. */
  publicUrl: () => string
  /** Null for a post that is not there for everybody. */
  findPreview: (author: string, slug: string) => Promise<Preview | null>
  /** @throws DomainError `NOT_FOUND` for an author, tag or category that does not exist. */
  findTitle: (selector: FeedSelector) => Promise<string>
}

const SHELVES: Readonly<Record<string, (name: string) => FeedSelector>> = {
  authors: (handle) => ({ kind: 'author', handle }),
  tags: (slug) => ({ kind: 'tag', slug }),
  categories: (slug) => ({ kind: 'category', slug }),
}

const ALL = '/feeds/posts.atom'
const NOWHERE: Head = { title: siteTitle('There is nothing here'), canonical: null, feed: ALL }

/** The policy of the reader's pages. Pictures come from wherever posts have them; nothing else does. */
const contentSecurityPolicy = (host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${socketSources(host)}`,
    "img-src 'self' https: http: data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** `GET /` and the pages of posts, authors, tags and categories: one page, whose head says what is there. */
export const reader: FastifyPluginAsync<ReaderOptions> = async (app, options) => {
  const { publicUrl, findPreview, findTitle } = options
  const read = builtPage('reader', options)

  const send = async (request: FastifyRequest, reply: FastifyReply, head: Head): Promise<FastifyReply> => {
    const page = await read(request, reply)
    if (page === null) return reply
    return reply
      .code(head === NOWHERE ? 404 : 200)
      .type('text/html; charset=utf-8')
      .headers({
        'content-security-policy': contentSecurityPolicy(request.host),
        // The page names the assets of the present build.
        'cache-control': 'no-cache',
      })
      .send(page.replace(`<title>${SITE}</title>`, () => renderHead(head, publicUrl())))
  }

  app.get<{ Querystring: { q?: unknown } }>('/', (request, reply) => {
    const { q } = request.query
    const isSearch = typeof q === 'string' && q.trim() !== ''
    return send(request, reply, {
      title: isSearch ? siteTitle(`“${q.trim()}”`) : SITE,
      ...(!isSearch && { description: 'The newest posts.' }),
      canonical: isSearch ? null : '/',
      feed: ALL,
    })
  })

  app.get<{ Params: { author: string; slug: string } }>('/posts/:author/:slug', async (request, reply) => {
    const { author, slug } = request.params
    const post = await findPreview(author, slug)
    if (post === null) return send(request, reply, NOWHERE)
    if (post.path !== pathOf('posts', author, slug)) {
      // Not for good: a post may take a former slug back, and who had kept this answer would go in circles.
      const search = new URL(request.url, 'http://localhost').search
      return reply.header('cache-control', 'no-cache').redirect(post.path + search, 302)
    }
    return send(request, reply, {
      title: siteTitle(post.title),
      description: post.excerpt,
      canonical: post.path,
      feed: `/feeds${pathOf('authors', post.authorHandle)}.atom`,
      article: post,
    })
  })

  for (const [folder, select] of Object.entries(SHELVES)) {
    app.get<{ Params: { name: string } }>(`/${folder}/:name`, async (request, reply) => {
      const { name } = request.params
      const path = pathOf(folder, name)
      const title = await findTitle(select(name)).catch((error: unknown) => {
        if (error instanceof DomainError && error.code === 'NOT_FOUND') return null
        throw error
      })
      if (title === null) return send(request, reply, NOWHERE)
      return send(request, reply, { title: siteTitle(title), canonical: path, feed: `/feeds${path}.atom` })
    })
  }

  // A slip in an address that people share is answered with the page that says so, not with JSON.
  for (const folder of ['posts', ...Object.keys(SHELVES)]) {
    app.get(`/${folder}/*`, (request, reply) => send(request, reply, NOWHERE))
  }
}

const pathOf = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`
