import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeId } from '../../src/core/ids.ts'
import { clearDiscardedUploads } from '../../src/domain/upload/upkeep.ts'
import { type FakeS3, startFakeS3 } from '../support/s3.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { photograph, ready, send, sent, storedFiles, uploadOf } from '../support/upload.ts'

let s3: FakeS3
let server: TestServer
let token: string

beforeAll(async () => {
  s3 = await startFakeS3()
  server = await startTestServer({ config: { s3: s3.settings } })
  token = await server.tokenOf(await server.world.person({ handle: 'ada' }))
})
afterAll(async () => {
  await server.close()
  await s3.close()
})

const keysOf = (id: string): string[] => [...s3.objects.keys()].filter((key) => key.startsWith(decodeId('upload', id)))

test('with a bucket, files come from it and go with what showed them, and the disk keeps none', async () => {
  const content = await photograph(200, 100)
  const id = await ready(server, token, { content })
  expect(keysOf(id)).toHaveLength(12)
  expect(s3.calls).toContain(`DELETE ${decodeId('upload', id)}/original`)
  const query = `mutation { updateProfile(input: { avatarUploadId: "${id}" }) { account { avatarUrl } } }`
  const { avatarUrl } = (await server.ask(query, {}, token)).data.updateProfile.account
  const shown = await fetch(avatarUrl)
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp'])
  expect((await shown.arrayBuffer()).byteLength).toBe(
    s3.objects.get(`${decodeId('upload', id)}/small.webp`)?.body.length,
  )
  await server.ask('mutation { updateProfile(input: { avatarUploadId: null }) { account { id } } }', {}, token)
  expect((await fetch(avatarUrl)).status).toBe(404)
  await clearDiscardedUploads(server.running.atrium.deps)
  expect(keysOf(id)).toEqual([])
  expect(await storedFiles(server)).toEqual([])
})

test('a part of a file is asked of the bucket as a part', async () => {
  const id = await sent(server, { token, use: 'ATTACHMENT', content: '0123456789', filename: 'a.txt' })
  const { file } = await uploadOf(server, token, id)
  const part = await fetch(file.url, { headers: { range: 'bytes=2-4' } })
  expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10'])
  const none = await fetch(file.url, { headers: { range: 'bytes=10-' } })
  expect([none.status, none.headers.get('content-range')]).toEqual([416, 'bytes */10'])
})

test('while the bucket is away an upload is refused as our fault, and nothing is half stored', async () => {
  const before = s3.objects.size
  s3.fail(3, 503)
  const answer = await send(server, { token, use: 'ATTACHMENT', content: 'x', filename: 'a.txt' })
  expect(answer).toMatchObject({ status: 500, code: 'INTERNAL', extensions: { supportId: expect.any(String) } })
  expect(s3.objects.size).toBe(before)
  const left = await server.running.atrium.deps.db.query('select 1 from uploads where received_at is null')
  expect(left).toEqual([])
})
