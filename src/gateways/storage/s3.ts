import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { request } from 'undici'
import { createDrafts } from './drafts.ts'
import { type ByteRange, checkedKey, RangeNotSatisfiable, type Storage } from './storage.ts'

/** A bucket that speaks the protocol of Amazon S3. */
export interface S3Settings {
  /** `https://s3.eu-central-1.amazonaws.com`, without a slash at its end. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Before what failed on the way, or on the other side, is tried again. */
const RETRIES_MS = [200, 1_000]
const TIMEOUTS = { headersTimeout: 30_000, bodyTimeout: 60_000 }

interface Call {
  method: 'GET' | 'PUT' | 'DELETE'
  key: string
  headers?: Record<string, string>
  /** Called for each attempt. */
  body?: () => Readable
}

const headerOf = (range: ByteRange): string =>
  'lastBytes' in range ? `bytes=-${range.lastBytes}` : `bytes=${range.first}-${range.last ?? ''}`

/** Files in a bucket, addressed by path (`endpoint/bucket/key`), each request signed (AWS Signature Version 4). */
export function createS3Storage(settings: S3Settings, draftDirectory: string): Storage {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = settings

  const send = async ({ method, key, headers = {}, body }: Call) => {
    const signer = new AwsV4Signer({
      method,
      url: `${endpoint}/${bucket}/${checkedKey(key)}`,
      headers,
      service: 's3',
      region,
      accessKeyId,
      secretAccessKey,
    })
    const signed = await signer.sign()
    return request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers),
      ...(body === undefined ? {} : { body: body() }),
      ...TIMEOUTS,
    })
  }

  const call = async (what: Call) => {
    for (const delayMs of [...RETRIES_MS, null]) {
      try {
        const response = await send(what)
        if (delayMs === null || (response.statusCode < 500 && response.statusCode !== 429)) return response
        await response.body.dump()
      } catch (error) {
        if (delayMs === null) throw error
      }
      await pause(delayMs ?? 0)
    }
    throw new Error('the storage was not asked')
  }

  const refused = async ({ statusCode, body }: Awaited<ReturnType<typeof call>>, method: string): Promise<Error> => {
    const code = /<Code>(\w+)<\/Code>/.exec((await body.text()).slice(0, 2_000))?.[1] ?? ''
    return new Error(`the storage answered ${method} with ${statusCode} ${code}`.trimEnd())
  }

  return {
    draft: createDrafts(draftDirectory),
    async put(key, draft, mediaType) {
      const { size } = await stat(draft)
      const headers = { 'content-length': String(size), 'content-type': mediaType }
      const response = await call({ method: 'PUT', key, headers, body: () => createReadStream(draft) })
      if (response.statusCode !== 200) throw await refused(response, 'PUT')
      await response.body.dump()
      await rm(draft, { force: true })
    },
    async get(key, range) {
      const headers: Record<string, string> = range === undefined ? {} : { range: headerOf(range) }
      const response = await call({ method: 'GET', key, headers })
      const told = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(String(response.headers['content-range'] ?? ''))
      if (response.statusCode === 404) {
        await response.body.dump()
        return null
      }
      if (response.statusCode === 416) {
        await response.body.dump()
        throw new RangeNotSatisfiable(Number(told?.[3] ?? 0))
      }
      if (response.statusCode === 206 && told?.[1] !== undefined) {
        const [first, last, totalBytes] = [Number(told[1]), Number(told[2]), Number(told[3])]
        return { stream: response.body, first, last, totalBytes }
      }
      if (response.statusCode !== 200) throw await refused(response, 'GET')
      const totalBytes = Number(response.headers['content-length'])
      return { stream: response.body, first: 0, last: totalBytes - 1, totalBytes }
    },
    async delete(keys) {
      for (const key of keys) {
        const response = await call({ method: 'DELETE', key })
        if (response.statusCode >= 300 && response.statusCode !== 404) throw await refused(response, 'DELETE')
        await response.body.dump()
      }
    },
  }
}
