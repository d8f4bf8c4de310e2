import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { tellNextVoters } from '../../src/domain/poll/announcement.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { inbox } from '../support/inbox.ts'
import { PollClient } from '../support/poll.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let polls: PollClient
let box: ReturnType<typeof inbox>
let people = 0
beforeAll(async () => {
  server = await startTestServer()
  polls = new PollClient(server)
  box = inbox(server)
})
afterAll(() => server.close())

const person = () => server.world.person({ handle: `voter-${people++}` })
const close = (owner: Viewer, poll: string) => polls.run('closePoll', owner, { id: encodeId('poll', poll) })
const heard = async (viewer: Viewer): Promise<number> =>
  (await box.list(viewer, { kinds: ['POLL_CLOSED'] })).nodes.length

describe('who is told that a poll is closed', () => {
  test('who voted in it, and neither who closed it nor who only looked', async () => {
    const [owner, ada, bram, passer] = [await person(), await person(), await person(), await person()]
    const poll = await server.world.poll(owner)
    await server.world.vote(ada, poll, 0)
    await server.world.vote(bram, poll, 1)
    await server.world.vote(owner, poll, 1)
    await close(owner, poll)
    await vi.waitFor(async () => expect([await heard(ada), await heard(bram)]).toEqual([1, 1]), 10_000)
    expect((await box.list(ada)).nodes).toMatchObject([
      { kind: 'POLL_CLOSED', subject: { __typename: 'Poll', id: encodeId('poll', poll) }, readAt: null },
    ])
    expect([await heard(owner), await heard(passer)]).toEqual([0, 0])
  })

  test('its owner as well where its time came, though nobody voted', async () => {
    const owner = await person()
    await server.world.poll(owner, { closesAt: new Date(Date.now() + 1_200).toISOString() })
    await vi.waitFor(async () => expect(await heard(owner)).toBe(1), 15_000)
  })

  test('nobody of a poll that was opened again before they were told', async () => {
    const [owner, ada] = [await person(), await person()]
    const poll = await server.world.poll(owner)
    await server.world.vote(ada, poll, 0)
    await tellNextVoters(server.running.atrium.deps, { pollId: poll, closedBy: null, after: null })
    expect([await heard(ada), await heard(owner)]).toEqual([0, 0])
  })

  test('each once, where there are more of them than are told at a time', async () => {
    const owner = await person()
    const poll = await server.world.poll(owner)
    const { db } = server.running.atrium.deps
    await db.query(
      `with people as (
         insert into accounts (id, handle, name, email, password_hash)
         select gen_random_uuid(), 'crowd-' || n, 'Crowd', 'crowd-' || n || '@example.com', '' from generate_series(1, 450) n returning id
       ) insert into poll_ballots (id, poll_id, account_id) select gen_random_uuid(), $1::text::uuid, id from people`,
      [poll],
    )
    await close(owner, poll)
    const count = async (): Promise<unknown> =>
      db.query(
        `select count(*)::int as "entries", count(distinct recipient_id)::int as "people" from notifications where subject_id = $1::text::uuid`,
        [poll],
      )
    await vi.waitFor(async () => expect(await count()).toEqual([{ entries: 450, people: 450 }]), 20_000)
  })
})
