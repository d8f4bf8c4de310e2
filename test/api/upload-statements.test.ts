import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import { createPost } from '../../src/domain/blog/post.ts'
import { publishPost } from '../../src/domain/blog/publication.ts'
import { sendMessage } from '../../src/domain/chat/message.ts'
import { receiveFile } from '../../src/domain/upload/receive.ts'
import type { UploadUse } from '../../src/domain/upload/uses.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let ada: Viewer
let token: string
let room: string

/** A file by the domain's own door: fifty of them are not what is tested here. */
async function upload(use: UploadUse, content: Buffer): Promise<Uuid> {
  const pieces = async function* () {
    yield content
  }
  const { deps } = server.running.atrium
  const { signal } = new AbortController()
  return (await receiveFile(deps, ada, { use, filename: 'a', content: pieces(), signal })).keep()
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  const { deps } = server.running.atrium
  ada = await server.world.person({ handle: 'ada' })
  token = await server.tokenOf(ada)
  const roomId = await server.world.room(ada)
  room = encodeId('room', roomId)
  for (let number = 0; number < 50; number += 1) {
    const coverUploadId = await upload('COVER', PNG)
    const post = await createPost(deps, ada, { title: `Post ${number}`, body: 'Words.', coverUploadId })
    await publishPost(deps, ada, post)
    const attachments = [
      { uploadId: await upload('ATTACHMENT', PNG) },
      { uploadId: await upload('ATTACHMENT', Buffer.from('%PDF-1.7')) },
    ]
    await sendMessage(deps, ada, { roomId, attachments })
  }
}, 120_000)
afterAll(() => server.close())

const IMAGE = 'status url(size: SMALL) width height alt'
test.each([
  [
    'posts with covers',
    `query ($n: Int!) { posts(first: $n) { nodes { coverUrl cover { ${IMAGE} } author { avatarUrl avatar { ${IMAGE} } } } } }`,
  ],
  [
    'messages with files',
    `query ($n: Int!, $room: ID) { nodes(ids: [$room]) { ... on Room { messages(last: $n) { nodes { attachments { image { ${IMAGE} } file { url bytes } } } } } } }`,
  ],
  [
    'uploads',
    `query ($n: Int!) { viewer { uploads(first: $n) { nodes { status isUsed image { ${IMAGE} } file { url } } } } }`,
  ],
])('fifty %s cost as many statements as five', async (_, query) => {
  const asked = query.replace(', $room: ID)', ')').replace('[$room]', `["${room}"]`)
  const count = async (n: number): Promise<number> => {
    const ask = async (): Promise<void> => {
      const { data, errors } = await server.ask(asked, { n }, token)
      expect(errors).toBeUndefined()
      expect(JSON.stringify(data).match(/"status"/g)?.length).toBeGreaterThanOrEqual(Math.floor(n / 2))
    }
    await ask()
    return (await statements.during(ask)).length
  }
  const five = await count(5)
  expect(await count(50)).toBe(five)
  expect(five).toBeLessThanOrEqual(8)
})

test('the clock’s look for what is to be cleared reads no table from end to end', async () => {
  const { db } = server.running.atrium.deps
  await db.query('analyze uploads')
  for (const where of [
    'discarded_at is not null and (received_at is not null or discarded_at < now())',
    'claimed_at is null and discarded_at is null and created_at < now()',
  ]) {
    await db.transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off')
      const plan = await tx.query<{ 'QUERY PLAN': string }>(`explain select id from uploads where ${where}`)
      const text = plan.map((row) => row['QUERY PLAN']).join('\n')
      expect(text).toMatch(/uploads_(discarded|unclaimed)/)
      expect(text).not.toMatch(/Seq Scan/)
    })
  }
})
