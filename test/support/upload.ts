import sharp from 'sharp'
import { expect } from 'vitest'
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

/** Waits until the picture is processed, well or not. */
export async function settled(server: TestServer, token: string, id: string) {
  return expect.poll(async () => uploadOf(server, token, id), { timeout: 25_000, interval: 50 })
}
