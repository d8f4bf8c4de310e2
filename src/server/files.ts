import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'
import type { FileAddress, LinkedFile } from '../domain/upload/link.ts'
import { type ByteRange, RangeNotSatisfiable, type StoredFile } from '../gateways/storage/storage.ts'

export interface FilesOptions {
  path: string
  /** Null for no file, and for a link that does not lead to it. */
  find: (address: FileAddress) => Promise<LinkedFile | null>
  open: (key: string, range: ByteRange | undefined) => Promise<StoredFile | null>
  nowMs: () => number
}

/** Opened as a page of its own it runs nothing and loads nothing. */
const POLICY = "default-src 'none'; style-src 'none'; sandbox; frame-ancestors 'none'"

const YEAR_SECONDS = 31_536_000

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** One range of bytes (RFC 9110, 14.1.2); several at once are answered with all of it, as is what is no range. */
export function parseRange(header: string | undefined): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') return { lastBytes: Number(last) }
  if (last !== '' && Number(last) < Number(first)) return undefined
  return { first: Number(first), last: last === '' ? null : Number(last) }
}

/** RFC 6266: the name in ASCII for old programs, and as it is for all others. */
function saveAs(filename: string): string {
  const ascii = filename
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["\\%]/g, '_')
  const full = encodeURIComponent(filename).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`
}

const notThere = () => new DomainError('NOT_FOUND', 'There is no such file, or this link has ended.')

/** `GET /files/<upload>/<variant>`. A file never changes under its address, so it may be kept as long as it may be seen. */
export const files: FastifyPluginAsync<FilesOptions> = async (app, { path, find, open, nowMs }) => {
  app.route<{ Params: { id: string; name: string } }>({
    method: ['GET', 'HEAD'],
    url: `${path}/:id/:name`,
    async handler(request, reply) {
      const { id, name } = request.params
      const { expires, signature } = request.query as Record<string, unknown>
      const file = await find({ id, name, expires: text(expires), signature: text(signature) })
      if (file === null) throw notThere()
      const etag = `"${id}/${name}"`
      const seconds = file.expires === null ? YEAR_SECONDS : Math.max(0, file.expires - Math.ceil(nowMs() / 1000))
      reply.headers({
        'cache-control': `${file.expires === null ? 'public' : 'private'}, max-age=${seconds}, immutable`,
        etag,
        'accept-ranges': 'bytes',
        'content-security-policy': POLICY,
        // Pages of other origins may show it, as the API is for them too.
        'cross-origin-resource-policy': 'cross-origin',
        'content-disposition': file.filename === null ? 'inline' : saveAs(file.filename),
      })
      if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
      const ifRange = request.headers['if-range']
      const range = ifRange === undefined || ifRange === etag ? parseRange(request.headers.range) : undefined
      let stored: StoredFile | null
      try {
        stored = await open(file.key, range)
      } catch (error) {
        if (!(error instanceof RangeNotSatisfiable)) throw error
        return reply.code(416).header('content-range', `bytes */${error.totalBytes}`).send()
      }
      if (stored === null) throw notThere()
      const { stream, first, last, totalBytes } = stored
      reply.headers({ 'content-type': file.mediaType, 'content-length': last - first + 1 })
      if (range !== undefined) reply.code(206).header('content-range', `bytes ${first}-${last}/${totalBytes}`)
      if (request.method !== 'HEAD') return reply.send(stream)
      stream.destroy()
      return reply.send()
    },
  })
}
