import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { decodeId } from '../core/ids.ts'
import { drawPoster, type PosterFacts, posterPath } from '../domain/cinema/poster.ts'

export interface PostersOptions {
  findPoster: (movieId: string) => Promise<PosterFacts | null>
}

/** A picture that is opened as a page of its own runs nothing and loads nothing. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'none'; sandbox; frame-ancestors 'none'"

/** `GET /posters/<movie>/<version>.svg`. A version is of one picture only, so it may be kept for ever; others lead to it. */
export const posters: FastifyPluginAsync<PostersOptions> = async (app, { findPoster }) => {
  app.get<{ Params: { id: string; file: string } }>('/posters/:id/:file', async (request, reply) => {
    const movie = await findPoster(decodeId('movie', request.params.id))
    if (movie === null) throw new DomainError('NOT_FOUND', 'There is no such poster.')
    const path = posterPath(movie)
    if (path !== `/posters/${request.params.id}/${request.params.file}`) {
      return reply.header('cache-control', 'no-cache').redirect(path, 302)
    }
    return reply
      .type('image/svg+xml; charset=utf-8')
      .headers({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        // Pages of other origins may show it.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .send(drawPoster(movie))
  })
}
