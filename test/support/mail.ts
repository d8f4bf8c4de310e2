import { vi } from 'vitest'
import type { TestServer } from './server.ts'

/** Until the queue has nothing of the mails left to do, beside those that wait for their readers to look first. */
export const untilMailsSent = ({ running }: TestServer): Promise<void> =>
  vi.waitFor(
    async () => {
      const { db } = running.atrium.deps
      const left = await db.query(
        "select 1 from pgboss.job where name = 'mail.send' and state <= 'active' and not (state = 'created' and start_after > now())",
      )
      if (left.length > 0) throw new Error(`${left.length} mails wait`)
    },
    { timeout: 20_000, interval: 30 },
  )

export interface ParsedMail {
  /** Names in lower case, values unfolded and decoded. */
  headers: Record<string, string | undefined>
  /** Bodies by content type, decoded. */
  parts: Record<string, string | undefined>
}

/** Reads a mail the way a mail program does: RFC 5322 headers, RFC 2047 words, MIME parts. Independent of what wrote it. */
export function parseMail(source: string): ParsedMail {
  const [head = '', ...rest] = source.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const headers: ParsedMail['headers'] = {}
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = decodeWords(line.slice(colon + 1).trim())
  }
  const type = headers['content-type'] ?? 'text/plain'
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1]
  if (boundary === undefined) {
    const text = decodeBody(body, headers['content-transfer-encoding'] ?? '7bit').replaceAll('\r\n', '\n')
    return { headers, parts: { [type.split(';')[0] ?? '']: text } }
  }
  const parts: ParsedMail['parts'] = {}
  for (const part of `\r\n${body}`.split(`\r\n--${boundary}`).slice(1)) {
    if (part.startsWith('--')) break
    Object.assign(parts, parseMail(part.replace(/^\r\n/, '')).parts)
  }
  return { headers, parts }
}

const decodeWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, encoding: string, text: string) =>
      encoding.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : quotedPrintable(text.replaceAll('_', ' ')),
    )

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  return encoding === 'quoted-printable' ? quotedPrintable(body.replace(/=\r\n/g, '')) : body
}

const quotedPrintable = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
