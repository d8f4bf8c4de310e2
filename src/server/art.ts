import type { FastifyPluginAsync } from 'fastify'
import { drawArt } from '../core/art.ts'
import { DomainError } from '../core/errors.ts'

/** The address says all there is to know about the picture, so it never has to be asked for again. */
const FOR_EVER = 'public, max-age=31536000, immutable'

/** An SVG that is opened by itself is a document: nothing in it may run, load or be framed. */
const POLICY = "default-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox"

/** `GET /art/<motif>/<seed>.svg`: pictures of the demo's products and films, drawn when they are asked for. */
export const art: FastifyPluginAsync = async (app) => {
  app.get<{ Params: { motif: string; file: string } }>('/art/:motif/:file', async (request, reply) => {
    const { motif, file } = request.params
    const seed = /^([a-z0-9-]{1,60})\.svg$/.exec(file)?.[1]
    const picture = seed === undefined ? null : drawArt(motif, seed)
    if (picture === null) throw new DomainError('NOT_FOUND', 'There is no such picture.')
    return reply
      .headers({
        'content-type': 'image/svg+xml; charset=utf-8',
        'cache-control': FOR_EVER,
        'content-security-policy': POLICY,
      })
      .send(picture)
  })
}
