import type { IncomingMessage } from 'node:http'
import { clientHost, parseUrl } from './address.ts'

export interface OriginRules {
  allowedOrigins: readonly string[]
  publicUrl: string | null
  trustProxy: boolean
}

/** Whether a page of this origin may use what a browser's cookies open. */
export function isAllowedOrigin(
  origin: string,
  request: IncomingMessage,
  { allowedOrigins, publicUrl, trustProxy }: OriginRules,
): boolean {
  if (allowedOrigins.includes(origin)) return true
  const parsed = parseUrl(origin)
  if (parsed === null || parsed.host === '') return false
  // The scheme is not compared: behind a proxy that ends TLS we see http where the browser sees https.
  if (parsed.host === clientHost(request, trustProxy)?.toLowerCase()) return true
  return publicUrl !== null && parseUrl(publicUrl)?.origin === parsed.origin
}
