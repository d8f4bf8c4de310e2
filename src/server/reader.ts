import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { escapeHtml } from '../core/html.ts'
import type { FeedSelector } from '../domain/blog/feed-source.ts'
import type { Preview } from '../domain/blog/preview.ts'
import { builtPage, type PageOptions, socketSources } from './page.ts'

export interface ReaderOptions extends PageOptions {
  /** Without a slash at its end. */
  publicUrl: () => string
  /** Null for a post that is not there for everybody. */
  findPreview: (author: string, slug: string) => Promise<Preview | null>
  /** @throws DomainError `NOT_FOUND` for an author, tag or category that does not exist. */
  findTitle: (selector: FeedSelector) => Promise<string>
}

const SITE = 'Atrium'

const SHELVES: Readonly<Record<string, (name: string) => FeedSelector>> = {
  authors: (handle) => ({ kind: 'author', handle }),
  tags: (slug) => ({ kind: 'tag', slug }),
  categories: (slug) => ({ kind: 'category', slug }),
}

/** What stands in the page's head for those that do not run its script: crawlers and previews of links. */
interface Head {
  title: string
  description?: string
  /** Path of the one address that this page should be known by; null keeps it out of search engines. */
  canonical: string | null
  feed: string
  post?: Preview
}

const ALL = '/feeds/posts.atom'
const NOWHERE: Head = { title: `There is nothing here · ${SITE}`, canonical: null, feed: ALL }

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
      title: isSearch ? `“${q.trim()}” · ${SITE}` : SITE,
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
      title: `${post.title} · ${SITE}`,
      description: post.excerpt,
      canonical: post.path,
      feed: `/feeds${pathOf('authors', post.authorHandle)}.atom`,
      post,
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
      return send(request, reply, { title: `${title} · ${SITE}`, canonical: path, feed: `/feeds${path}.atom` })
    })
  }

  // A slip in an address that people share is answered with the page that says so, not with JSON.
  for (const folder of ['posts', ...Object.keys(SHELVES)]) {
    app.get(`/${folder}/*`, (request, reply) => send(request, reply, NOWHERE))
  }
}

const pathOf = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`

/** At most 200 characters: previews show no more, and an author's excerpt may have 500. */
const shorten = (text: string): string => {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length <= 200 ? characters.join('') : `${characters.slice(0, 199).join('')}…`
}

function renderHead({ title, description, canonical, feed, post }: Head, publicUrl: string): string {
  const tag = (name: string, attributes: Readonly<Record<string, string>>): string =>
    `<${name} ${Object.entries(attributes)
      .map(([key, value]) => `${key}="${escapeHtml(value)}"`)
      .join(' ')} />`
  const meta = (name: string, content: string): string => tag('meta', { name, content })
  const graph = (property: string, content: string): string => tag('meta', { property, content })
  const about = description === undefined || description === '' ? [] : [shorten(description)]
  return [
    `<title>${escapeHtml(title)}</title>`,
    ...about.map((text) => meta('description', text)),
    canonical === null ? meta('robots', 'noindex') : tag('link', { rel: 'canonical', href: publicUrl + canonical }),
    tag('link', { rel: 'alternate', type: 'application/atom+xml', title: 'Atom', href: feed }),
    graph('og:site_name', SITE),
    graph('og:title', post?.title ?? title),
    ...about.map((text) => graph('og:description', text)),
    graph('og:type', post === undefined ? 'website' : 'article'),
    ...(canonical === null ? [] : [graph('og:url', publicUrl + canonical)]),
    ...(post === undefined
      ? []
      : [
          meta('author', post.authorName),
          graph('article:published_time', post.publishedAt),
          graph('article:modified_time', post.updatedAt),
          ...(post.coverUrl === null ? [] : [graph('og:image', post.coverUrl)]),
          meta('twitter:card', post.coverUrl === null ? 'summary' : 'summary_large_image'),
        ]),
  ].join('\n    ')
}
