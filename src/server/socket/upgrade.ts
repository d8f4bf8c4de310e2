import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { DomainError } from '../../core/errors.ts'
import { parseUrl } from '../address.ts'
import { isAllowedOrigin, type OriginRules } from '../origin.ts'

const PATH = '/graphql'

interface Refusal {
  status: number
  code: string
  message: string
  headers?: Readonly<Record<string, string>>
}

/** Why this request is no upgrade that we serve, or null. */
export function refuseUpgrade(request: IncomingMessage, rules: OriginRules): Refusal | null {
  const url = parseUrl(request.url ?? '', 'http://localhost')
  if (url === null) return { status: 400, code: 'BAD_REQUEST', message: 'This is not a valid URL.' }
  if (url.pathname !== PATH) return { status: 404, code: 'NOT_FOUND', message: `Sockets are at ${PATH} only.` }
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
    return { status: 400, code: 'BAD_REQUEST', message: 'The only upgrade here is to a websocket.' }
  }
  // Browsers send cookies along with a socket from any page, and no CORS protects it: the origin is all there is to tell
  // whose page it is (RFC 6455, 10.2). Programs that are no browsers send none.
  const { origin } = request.headers
  if (origin !== undefined && !isAllowedOrigin(origin, request, rules)) {
    return { status: 403, code: 'FORBIDDEN', message: 'This origin may not open a socket here.' }
  }
  return null
}

/** The refusal for something that was thrown on the way in. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof DomainError)) {
    return { status: 500, code: 'INTERNAL', message: 'Something went wrong on our side.' }
  }
  const seconds = error.details.retryAfterSeconds
  return {
    status: error.code === 'RATE_LIMITED' ? 429 : 400,
    code: error.code,
    message: error.message,
    ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
  }
}

/** Answers in HTTP, as the socket is none yet. */
export function answerRefusal(socket: Duplex, { status, code, message, headers = {} }: Refusal): void {
  if (socket.destroyed) return
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] })
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
