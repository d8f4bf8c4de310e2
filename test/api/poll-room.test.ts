import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeId, parseId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ChatClient } from '../support/chat.ts'
import { codeOf, PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let polls: PollClient
let chat: ChatClient
let ada: Viewer
let bram: Viewer
let stranger: Viewer

beforeAll(async () => {
  server = await startTestServer()
  polls = new PollClient(server)
  chat = new ChatClient(server)
  ada = await server.world.person({ handle: 'ada' })
  bram = await server.world.person({ handle: 'bram' })
  stranger = await server.world.person({ handle: 'stranger' })
})
afterAll(() => server.close())

const poll = { question: 'When do we meet?', options: [{ label: 'Today' }, { label: 'Tomorrow' }] }

test('a poll in a room is asked, seen, voted in and watched by its members, and by nobody else', async () => {
  const subjectId = await chat.group(ada, [bram])
  expect(codeOf(await polls.run('createPoll', stranger, { ...poll, subjectId }))).toBe('NOT_FOUND')
  const made = await polls.run('createPoll', bram, { ...poll, subjectId })
  expect(made).toMatchObject({ refused: null, userErrors: [], poll: { subject: { id: subjectId } } })
  const id = parseId(made.poll.id)?.uuid ?? ''
  expect(codeOf(await polls.vote(ada, id, [1]))).toBe('ok')
  expect(await polls.see(stranger, id)).toBe('NOT_FOUND')
  expect(await polls.see(null, id)).toBe('NOT_FOUND')
  const input = { pollId: made.poll.id, optionIds: [made.poll.options[0].id] }
  expect(codeOf(await polls.run('castVote', stranger, input))).toBe('NOT_FOUND')
  const everywhere = await polls.ask('{ polls { nodes { id } } }', {}, bram)
  expect(everywhere.data.polls.nodes).toEqual([])
  const inRoom = await polls.ask(`{ polls(filter: { subjectId: "${subjectId}" }) { nodes { question } } }`, {}, bram)
  expect(inRoom.data.polls.nodes).toEqual([{ question: 'When do we meet?' }])
})

test('who leaves the room loses the poll at once, also on the socket', async () => {
  const room = await chat.group(ada, [bram])
  const id = await server.world.poll(ada, { on: { kind: 'ROOM', id: parseId(room)?.uuid ?? '' } })
  const watcher = await polls.watch(id, bram)
  await watcher.until(({ voterCount }) => voterCount === 0)
  expect((await chat.run('leaveRoom', bram, { roomId: room })).value).not.toBeNull()
  await expect.poll(() => watcher.isEnded(), { timeout: 10_000 }).toBe(true)
  expect(watcher.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  expect(await polls.see(bram, id)).toBe('NOT_FOUND')
  expect(await polls.see(ada, id)).toMatchObject({ id: encodeId('poll', id) })
})
