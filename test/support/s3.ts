import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { S3Settings } from '../../src/gateways/storage/s3.ts'

export interface FakeS3 {
  readonly settings: S3Settings
  /** By key. */
  readonly objects: Map<string, { body: Buffer; type: string }>
  /** Method and key of each request that was signed well. */
  readonly calls: string[]
  /** The next so many requests are answered like this; `drop` cuts the connection. */
  fail(times: number, how: number | 'drop'): void
  close(): Promise<void>
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * Whether a request carries the signature that AWS documents ("Authenticating Requests: Using the Authorization Header",
 * Signature Version 4), written down here from that text and not taken from the library under test.
 */
function isSigned(request: IncomingMessage, { accessKeyId, secretAccessKey, region }: S3Settings): boolean {
  const { headers, method = '', url = '' } = request
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  if (parts === null) return false
  const [, id = '', day = '', ofRegion = '', signed = '', signature = ''] = parts
  const at = String(headers['x-amz-date'])
  const [, year, month, date, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(at) ?? []
  const age = Date.now() - Date.parse(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`)
  if (id !== accessKeyId || ofRegion !== region || !at.startsWith(day) || !(Math.abs(age) < 15 * 60_000)) return false
  const names = signed.split(';')
  for (const needed of ['host', 'x-amz-date', 'x-amz-content-sha256']) if (!names.includes(needed)) return false
  const { pathname, searchParams } = new URL(url, 'http://s3')
  const canonical = [
    method,
    pathname
      .split('/')
      .map((part) => encoded(decodeURIComponent(part)))
      .join('/'),
    [...searchParams]
      .map((pair) => pair.map(encoded).join('='))
      .sort()
      .join('&'),
    ...names.map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    signed,
    String(headers['x-amz-content-sha256']),
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = `AWS4-HMAC-SHA256\n${at}\n${scope}\n${sha256(canonical)}`
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), 's3'), 'aws4_request')
  return timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'))
}

/** A bucket in memory that answers as S3 does, and takes nothing that is not signed. */
export async function startFakeS3(): Promise<FakeS3> {
  const objects: FakeS3['objects'] = new Map()
  const calls: string[] = []
  let failures: (number | 'drop')[] = []

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, code: string, headers: Record<string, string> = {}): void => {
      request.resume()
      response.writeHead(status, { 'content-type': 'application/xml', ...headers })
      response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>No.</Message></Error>`)
    }
    const failure = failures.shift()
    if (failure === 'drop') return void request.socket.destroy()
    if (failure !== undefined) return refuse(failure, 'SlowDown')
    if (!isSigned(request, settings)) return refuse(403, 'SignatureDoesNotMatch')
    const key = decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname).replace(/^\/the-bucket\//, '')
    calls.push(`${request.method} ${key}`)
    const found = objects.get(key)
    switch (request.method) {
      case 'PUT': {
        if (request.headers['content-length'] === undefined) return refuse(411, 'MissingContentLength')
        const body = Buffer.concat(await request.toArray())
        objects.set(key, { body, type: String(request.headers['content-type']) })
        response.writeHead(200, { etag: '"x"' }).end()
        return
      }
      case 'DELETE':
        objects.delete(key)
        response.writeHead(204).end()
        return
      default: {
        if (found === undefined) return refuse(404, 'NoSuchKey')
        const { body, type } = found
        const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? []
        if (from === undefined || to === undefined) {
          response.writeHead(200, { 'content-length': body.length, 'content-type': type }).end(body)
          return
        }
        const first = from === '' ? Math.max(0, body.length - Number(to)) : Number(from)
        const last = from === '' || to === '' ? body.length - 1 : Math.min(Number(to), body.length - 1)
        if (first >= body.length || (from === '' && to === '0')) {
          return refuse(416, 'InvalidRange', { 'content-range': `bytes */${body.length}` })
        }
        const part = body.subarray(first, last + 1)
        const range = `bytes ${first}-${last}/${body.length}`
        response
          .writeHead(206, { 'content-length': part.length, 'content-type': type, 'content-range': range })
          .end(part)
      }
    }
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const settings: S3Settings = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket: 'the-bucket',
    region: 'eu-test-1',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  }
  return {
    settings,
    objects,
    calls,
    fail(times, how) {
      failures = Array(times).fill(how)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
