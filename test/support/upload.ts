import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, vi } from 'vitest'
import type { Answer, TestServer } from './server.ts'

export interface UploadReply {
  status: number
  /** The typed id of the upload. */
  id: string | undefined
  code: string | undefined
  message: string | undefined
  extensions: Record<string, unknown>
  headers: Headers
}

export interface Sending {
  token?: string | null
  use?: string
  content: Uint8Array | string
  filename?: string
  /** As the sender's browser would call it. */
  type?: string
  headers?: Record<string, string>
}

/** One file to `POST /uploads`, as a browser's form sends it. */
export async function send(
  server: TestServer,
  { token, use = 'AVATAR', content, filename = 'picture.jpg', type = 'image/jpeg', headers = {} }: Sending,
): Promise<UploadReply> {
  const form = new FormData()
  form.append('file', new Blob([Buffer.from(content)], { type }), filename)
  return reply(
    await fetch(`${server.url}/uploads?use=${use}`, {
      method: 'POST',
      body: form,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    }),
  )
}

export async function reply(response: Response): Promise<UploadReply> {
  const body = (await response.json()) as { id?: string } & Pick<Answer, 'errors'>
  const error = body.errors?.[0]
  return {
    status: response.status,
    id: body.id,
    code: error?.extensions.code,
    message: error?.message,
    extensions: error?.extensions ?? {},
    headers: response.headers,
  }
}

/** A JPEG of one colour with soft noise, so that it is as large as a photograph. */
export const photograph = (width = 640, height = 480): Promise<Buffer> =>
  sharp({
    create: { width, height, channels: 3, background: '#3a6', noise: { type: 'gaussian', mean: 120, sigma: 12 } },
  })
    .jpeg({ quality: 85 })
    .toBuffer()

/** Sends a file that is taken, and answers its id. */
export async function sent(server: TestServer, sending: Sending): Promise<string> {
  const answer = await send(server, sending)
  expect(answer).toMatchObject({ status: 201 })
  return answer.id ?? ''
}

const UPLOAD = `query ($id: ID!) { node(id: $id) { ... on Upload { id use status problem filename bytes isUsed expiresAt
  image { id status url width height averageColor } file { filename mediaType bytes url } } } }`

export const uploadOf = async (server: TestServer, token: string | null, id: string) =>
  (await server.ask(UPLOAD, { id }, token)).data?.node

/** Sends a picture and waits until it can be shown. */
export async function ready(server: TestServer, token: string, sending: Omit<Sending, 'token'>): Promise<string> {
  const id = await sent(server, { ...sending, token })
  const isReady = async () => expect((await uploadOf(server, token, id)).status).toBe('READY')
  await vi.waitFor(isReady, { timeout: 25_000, interval: 50 })
  return id
}

/** Names of all stored files, in whatever storage below the data directory. */
export async function storedFiles(server: TestServer): Promise<string[]> {
  const folder = join(server.dataDirectory, 'files')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

/** What a member's files take of their quota. */
export const usedBytes = async (server: TestServer, token: string): Promise<number> =>
  (await server.ask('{ viewer { uploadQuota { used } } }', {}, token)).data.viewer.uploadQuota.used
