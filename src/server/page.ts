import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Somebody of the demo data whom a visitor may act as. The password stands in the page: demo data only. */
export interface DemoPerson {
  readonly handle: string
  readonly name: string
  readonly email: string
  readonly password: string
  readonly role: string
}

export interface PageOptions {
  /** What `vite build` wrote, `dist/web`. */
  readonly directory: string
  /** Null where this server has no demo data. */
  readonly demo: { readonly people: readonly DemoPerson[] } | null
}

/** The page as HTML with the settings in it; null where it was never built, which the reply then says as JSON. */
export type Page = (request: FastifyRequest, reply: FastifyReply) => Promise<string | null>

const SETTINGS_PLACE = '<script type="application/json" id="settings"></script>'

/** One of the pages of `web/`, by the name of its folder. */
export function builtPage(name: 'playground' | 'reader', { directory, demo }: PageOptions): Page {
  const file = join(directory, name, 'index.html')
  // `<` could end the script element early; everything else is safe inside it.
  const settings = JSON.stringify({ people: demo?.people ?? [] }).replaceAll('<', '\\u003c')
  const filled = SETTINGS_PLACE.replace('><', () => `>${settings}<`)
  const code = `${name.toUpperCase()}_NOT_BUILT`

  return async (request, reply) => {
    try {
      // Read each time: a rebuild names other assets, and the page is one kilobyte.
      return (await readFile(file, 'utf8')).replace(SETTINGS_PLACE, () => filled)
    } catch (error) {
      request.log.warn({ err: error }, `the ${name} is not built`)
      const message = `The ${name} is not built: run "npm run build". The API answers POST /graphql.`
      reply.code(503).send({ errors: [{ message, extensions: { code } }] })
      return null
    }
  }
}

/**
 * Sources of sockets to the page's own host, which not every browser counts as 'self'. The host is the client's word:
 * checked, so that it cannot add a directive.
 */
export const socketSources = (host: string): string =>
  /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/i.test(host) ? ` ws://${host} wss://${host}` : ''
