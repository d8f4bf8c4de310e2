import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { varyOn } from './accept.ts'
import { builtPage, type PageOptions, socketSources } from './page.ts'

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
