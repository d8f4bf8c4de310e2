import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { builtPage, type PageOptions, socketSources } from './page.ts'

/** The quality (0 to 1) that an `Accept` header gives a media type by its own name; null where it is not named. */
function qualityOf(accept: string, type: string): number | null {
  for (const range of accept.toLowerCase().split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim())
    if (name !== type) continue
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    return Number.isNaN(quality) ? 0 : quality
  }
  return null
}

/** Whether the client is a browser that opens a page: it names `text/html` and no form of JSON that it likes better. */
export function acceptsHtml(request: { readonly headers: { readonly accept?: string | undefined } }): boolean {
  const accept = request.headers.accept ?? ''
  const html = qualityOf(accept, 'text/html') ?? 0
  const json = Math.max(
    qualityOf(accept, 'application/json') ?? 0,
    qualityOf(accept, 'application/graphql-response+json') ?? 0,
  )
  return html > 0 && html >= json
}

/** The policy of the playground's page, for the host under which the browser reached it. */
export function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    // Monaco lays out each line with style attributes and writes its theme into style elements, and takes no nonce.
    // With images and fonts from here alone, a style has nowhere to carry anything.
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self'${socketSources(host)}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Adds to what others, such as CORS, have said that the answer depends on. */
function varyOn(reply: FastifyReply, header: string): string {
  const present = reply.getHeader('vary')
  return present === undefined ? header : `${present}, ${header}`
}

/** Answers `GET /graphql` to a browser with the playground's page; 503 as JSON where it was never built. */
export function playgroundHandler(options: PageOptions) {
  const read = builtPage('playground', options)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const page = await read(request, reply)
    if (page === null) return reply
    return reply
      .type('text/html; charset=utf-8')
      .headers({
        'content-security-policy': contentSecurityPolicy(request.host),
        // The page names the assets of the present build, and the same address answers API clients with JSON.
        'cache-control': 'no-cache',
        vary: varyOn(reply, 'accept'),
      })
      .send(page)
  }
}

/** A worker has the policy of its own script, not of the page: it loads further scripts from here, and asks nothing. */
const ASSET_POLICY = "default-src 'none'; script-src 'self'"

/** Serves the built scripts, styles and workers under `/assets/`. Their names hold a hash of their content. */
export const playground: FastifyPluginAsync<Pick<PageOptions, 'directory'>> = async (server, { directory }) => {
  // Not through `setHeaders` of the file server: it writes to the raw response, where headers of the reply win.
  server.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'content-security-policy': ASSET_POLICY, vary: varyOn(reply, 'accept-encoding') })
  })
  await server.register(fastifyStatic, {
    root: join(directory, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
  })
}
