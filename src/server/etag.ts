import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

/** Of what an answer holds: the same text has the same one on every server. */
export const etagOf = (text: string): string =>
  `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`

/** What `If-None-Match` says; null for a request without it. Tags are compared weakly (RFC 9110, 13.1.2). */
export function hasEtag({ headers }: Pick<FastifyRequest, 'headers'>, etag: string): boolean | null {
  const tags = headers['if-none-match']
  if (tags === undefined) return null
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
