import { afterAll, beforeAll, expect, test } from 'vitest'
import { countAlike, runCrowd } from '../../bench/chat-crowd.ts'
import { encodeCursor } from '../../src/core/cursor.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { roomId } from '../support/chat.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const MEMBERS = 24
const MESSAGES_EACH = 15

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
}, 60_000)
afterAll(() => server.close())

test('members who all write and read at once, half of them cut and coming back with their cursor, end with the same messages in the same order', async () => {
  const members: Viewer[] = []
  for (let n = 0; n < MEMBERS; n++) members.push(await server.world.person({ handle: `member-${n}` }))
  const room = await server.world.room(members[0] as Viewer, {}, members.slice(1))
  const report = await runCrowd({
    url: server.url,
    tokens: await Promise.all(members.map((member) => server.tokenOf(member))),
    roomId: roomId(room),
    messagesEach: MESSAGES_EACH,
    after: encodeCursor('ROOM', [String(MEMBERS)]),
    cuts: 3,
    patienceMs: 60_000,
  })
  expect(report.cuts).toBe((MEMBERS / 2) * 3)
  expect(countAlike(report, MEMBERS * MESSAGES_EACH)).toBe(MEMBERS)
  for (const [member] of members.entries()) {
    const own = report.reads[0]?.map(({ body }) => body).filter((body) => body.startsWith(`${member}/`))
    expect(own).toEqual(Array.from({ length: MESSAGES_EACH }, (_, n) => `${member}/${n}`))
  }
}, 120_000)
