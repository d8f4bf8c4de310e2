import type { IncomingMessage } from 'node:http'

/** What a proxy in front of us added to a list header: the last entry. Those before it are claims of the client. */
const lastEntry = (header: string | string[] | undefined): string | null => {
  const entry = String(header ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return entry === undefined || entry === '' ? null : entry
}

/** The same address and host that Fastify finds with `trustProxy: 1`; a WebSocket upgrade does not pass through it. */
export const clientAddress = (request: IncomingMessage, trustProxy: boolean): string =>
  (trustProxy ? lastEntry(request.headers['x-forwarded-for']) : null) ?? request.socket.remoteAddress ?? 'unknown'

export const clientHost = (request: IncomingMessage, trustProxy: boolean): string | null =>
  (trustProxy ? lastEntry(request.headers['x-forwarded-host']) : null) ?? request.headers.host ?? null

/** `URL.parse` is newer than the oldest Node that we run on. */
export const parseUrl = (url: string, base?: string): URL | null =>
  URL.canParse(url, base) ? new URL(url, base) : null
