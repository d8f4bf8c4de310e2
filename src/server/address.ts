import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

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

/** One household has 2^64 IPv6 addresses, so their network counts (RFC 6177); an IPv4 address counts as it is. */
export function addressKey(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(bare)) return bare
  const [head = '', tail] = bare.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** `URL.parse` is newer than the oldest Node that we run on. */
export const parseUrl = (url: string, base?: string): URL | null =>
  URL.canParse(url, base) ? new URL(url, base) : null
