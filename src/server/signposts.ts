import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { escapeHtml } from '../core/html.ts'
import { decodeId, type Uuid } from '../core/ids.ts'
import { type PrivatePrefix, privateSignpost, type Signpost } from '../domain/signpost.ts'
import { SITE } from './head.ts'
import { PRINTABLE_HEADERS, printable } from './printable.ts'

type Find<Key> = (key: Key) => Promise<Signpost | null>

/** Each is null for what is not there for everybody. */
export interface SignpostsOptions {
  readonly findMovie: Find<Uuid>
  readonly findShowtime: Find<Uuid>
  readonly findProduct: Find<string>
}

const PRIVATE_FOLDERS: readonly (readonly [folder: string, PrivatePrefix])[] = [
  ['rooms', 'room'],
  ['orders', 'order'],
  ['bills', 'billgroup'],
  ['workouts', 'workout'],
]

const paragraph = (text: string, style = ''): string =>
  text === '' ? '' : `<p${style === '' ? '' : ` class="${style}"`}>${escapeHtml(text)}</p>`

function draw({ title, subtitle, facts, advice, more, operation }: Signpost): string {
  const list = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')
  const links = more.map(({ label, path }) => `<p><a href="${escapeHtml(path)}">${escapeHtml(label)}</a></p>`).join('')
  return `<header><h1>${SITE}</h1><a href="/">Start page</a></header>
<article><h2>${escapeHtml(title)}</h2>${paragraph(subtitle, 'quiet')}${list === '' ? '' : `<dl>${list}</dl>`}</article>
<article>${paragraph(advice)}${links}<p class="screen"><a href="/graphql">Open the playground</a> and ask:</p><p class="screen"><code>${escapeHtml(operation)}</code></p></article>`
}

/** The pages of what mails link to and the reader does not show: movies, showtimes, products, rooms, orders, bills and workouts. */
export const signposts: FastifyPluginAsync<SignpostsOptions> = async (app, options) => {
  const send = (reply: FastifyReply, found: Signpost | null): FastifyReply => {
    if (found === null) throw new DomainError('NOT_FOUND', 'There is no such page.')
    return reply
      .headers(PRINTABLE_HEADERS)
      .type('text/html; charset=utf-8')
      .send(printable({ title: found.title, body: draw(found) }))
  }
  app.get<{ Params: { id: string } }>('/movies/:id', async ({ params }, reply) =>
    send(reply, await options.findMovie(decodeId('movie', params.id))),
  )
  app.get<{ Params: { id: string } }>('/showtimes/:id', async ({ params }, reply) =>
    send(reply, await options.findShowtime(decodeId('showtime', params.id))),
  )
  app.get<{ Params: { slug: string } }>('/shop/:slug', async ({ params }, reply) =>
    send(reply, await options.findProduct(params.slug)),
  )
  for (const [folder, prefix] of PRIVATE_FOLDERS) {
    app.get<{ Params: { id: string } }>(`/${folder}/:id`, async ({ params }, reply) =>
      send(reply, privateSignpost(prefix, decodeId(prefix, params.id))),
    )
  }
}
