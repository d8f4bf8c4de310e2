import { isIP, type LookupFunction } from 'node:net'
import { Agent, fetch } from 'undici'
import { isPublicAddress } from './address.ts'
import { decodePage } from './charset.ts'
import { addressesOf } from './names.ts'

export const PAGE_PROBLEMS = [
  'ADDRESS_NOT_ALLOWED',
  'UNREACHABLE',
  'TIMED_OUT',
  'TOO_MANY_REDIRECTS',
  'TOO_LARGE',
  'NO_PAGE',
] as const
export type PageProblem = (typeof PAGE_PROBLEMS)[number]

/** A page could not be had. The message is for people, and says nothing of the network that the server stands in. */
export class PageError extends Error {
  override readonly name = 'PageError'
  constructor(
    readonly problem: PageProblem,
    message: string,
  ) {
    super(message)
  }
}

export interface WebPage {
  readonly html: string
  /** Where it was found in the end. */
  readonly url: string
}

export interface WebPages {
  /** @throws PageError. */
  fetch(url: string): Promise<WebPage>
}

export interface WebPagesOptions {
  /** What else may be asked than public addresses at the usual ports: for tests, whose pages are on this machine. */
  isAllowed?: ((address: string, port: number) => boolean) | undefined
  /** Asked for the addresses of names in place of those of this machine: `127.0.0.1:5353`. */
  nameServers?: readonly string[] | undefined
  maxBytes?: number
  /** For all of it: every redirect and the last byte. */
  timeoutMs?: number
}

const MAX_REDIRECTS = 5
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Of HTTP and HTTPS. Elsewhere are databases and mail servers. */
const PORTS: ReadonlySet<number> = new Set([80, 443])
const MEDIA_TYPES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml'])

class Forbidden extends Error {}

const notAllowed = (): PageError => new PageError('ADDRESS_NOT_ALLOWED', 'This address cannot be asked for pages.')

/**
 * Fetches pages that members name, from the public internet only. Addresses are checked when the connection is made, on
 * what the name was resolved to, and that very address is connected to: a name that answers differently a moment later
 * gains nothing. Every redirect goes the same way.
 */
export function createWebPages(options: WebPagesOptions = {}): WebPages {
  const { isAllowed, nameServers, maxBytes = 3_000_000, timeoutMs = 10_000 } = options
  const mayAsk = (address: string, port: number): boolean =>
    (PORTS.has(port) && isPublicAddress(address)) || isAllowed?.(address, port) === true

  function checkedUrl(text: string): URL {
    if (!URL.canParse(text)) throw notAllowed()
    const url = new URL(text)
    if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
      throw notAllowed()
    }
    // A literal address is never looked up. The parser has written 0x7f.1 and 2130706433 out already.
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) !== 0 ? !mayAsk(host, portOf(url)) : !(PORTS.has(portOf(url)) || isAllowed !== undefined)) {
      throw notAllowed()
    }
    return url
  }

  const agentFor = (port: number): Agent =>
    new Agent({
      connect: {
        lookup: checkedLookup((address) => mayAsk(address, port), nameServers),
        timeout: timeoutMs,
      },
      maxHeaderSize: 32_768,
      pipelining: 0,
    })

  return {
    async fetch(text) {
      const signal = AbortSignal.timeout(timeoutMs)
      let url = checkedUrl(text)
      for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
        const agent = agentFor(portOf(url))
        try {
          const answer = await fetch(url, {
            dispatcher: agent,
            redirect: 'manual',
            signal,
            headers: { accept: 'text/html, application/xhtml+xml', 'user-agent': 'Atrium recipe import' },
          })
          const next = REDIRECTS.has(answer.status) ? answer.headers.get('location') : null
          if (next !== null) {
            url = checkedUrl(URL.canParse(next, url.href) ? new URL(next, url.href).href : '')
            continue
          }
          if (!answer.ok) throw new PageError('NO_PAGE', `The page answered ${answer.status}.`)
          const contentType = answer.headers.get('content-type') ?? ''
          if (!MEDIA_TYPES.has((contentType.split(';')[0] ?? '').trim().toLowerCase())) {
            throw new PageError('NO_PAGE', 'This is no web page.')
          }
          return { html: decodePage(await readAll(answer.body, maxBytes), contentType), url: url.href }
        } catch (error) {
          throw told(error, signal)
        } finally {
          // What is left of an answer that is not read goes with its connection.
          await agent.destroy()
        }
      }
      throw new PageError('TOO_MANY_REDIRECTS', `The page redirects more than ${MAX_REDIRECTS} times.`)
    },
  }
}

const portOf = ({ port, protocol }: URL): number => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port))

/** Resolves a name, and fails if any of its addresses may not be asked: one that mixes them means no good. */
const checkedLookup =
  (mayAsk: (address: string) => boolean, nameServers: readonly string[] | undefined): LookupFunction =>
  (name, options, answer) => {
    addressesOf(name, nameServers).then(
      (found) => {
        const [first] = found
        if (first === undefined || !found.every(({ address }) => mayAsk(address))) return answer(new Forbidden(), [])
        if (options.all === true) answer(null, found)
        else answer(null, first.address, first.family)
      },
      (error: Error) => answer(error, []),
    )
  }

/** Counted as they come, after decompression: a small answer may unfold to gigabytes. */
async function readAll(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new PageError('TOO_LARGE', `The page is larger than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function told(error: unknown, signal: AbortSignal): PageError {
  if (error instanceof PageError) return error
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof Forbidden) return notAllowed()
  }
  if (signal.aborted) return new PageError('TIMED_OUT', 'The page took too long.')
  return new PageError('UNREACHABLE', 'The page could not be reached.')
}
