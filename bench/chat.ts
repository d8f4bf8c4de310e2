import { encodeCursor } from '../src/core/cursor.ts'
import { encodeId } from '../src/core/ids.ts'
import { openSession } from '../src/domain/account/session.ts'
import { countAlike, runCrowd } from './chat-crowd.ts'
import type { Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'

const MEMBERS = 200
const MESSAGES_EACH = 50
const CUTS = 3

/** 200 members post 50 messages each into one room and read all of them; half of the readers are cut and come back. */
export async function measureChat({ running, world }: BenchServer): Promise<Verdict[]> {
  const { deps } = running.atrium
  const owner = await world.person({ handle: 'room-owner' })
  const members = [owner]
  for (let number = 1; number < MEMBERS; number += 1) {
    members.push(await world.person({ handle: `talker-${number}` }))
  }
  const room = await world.room(owner, { title: 'Two hundred' }, members.slice(1))
  const tokens: string[] = []
  for (const { accountId } of members) {
    const origin = { address: '127.0.0.1', userAgent: null }
    tokens.push((await deps.db.transaction((tx) => openSession(deps, tx, accountId, origin))).access.token)
  }
  const cpu = process.cpuUsage()
  const report = await runCrowd({
    url: running.url,
    tokens,
    roomId: encodeId('room', room),
    messagesEach: MESSAGES_EACH,
    // Every member who came is an event of the room.
    after: encodeCursor('ROOM', [String(MEMBERS)]),
    cuts: CUTS,
    patienceMs: 60_000,
  })
  const { user, system } = process.cpuUsage(cpu)
  const messages = MEMBERS * MESSAGES_EACH
  const alike = countAlike(report, messages)
  const perSecond = Math.round(messages / (report.writeMs / 1000))
  const delivered = messages * MEMBERS
  return [
    {
      what: `Readers of ${messages} messages who miss one, have one twice, or in another order`,
      value: MEMBERS - alike,
      limit: 0,
      unit: 'readers',
      detail: `${MEMBERS} readers, ${report.cuts} cuts`,
    },
    {
      what: `Writing ${messages} messages into one room`,
      value: report.writeMs / 1000,
      limit: Number.POSITIVE_INFINITY,
      unit: 's',
      detail: `${perSecond} a second, each delivered ${MEMBERS} times; the last one ${Math.round(report.lagMs)} ms later`,
    },
    {
      what: 'Processor time of a delivered message',
      value: (user + system) / delivered,
      limit: Number.POSITIVE_INFINITY,
      unit: 'µs',
      detail: 'server, writers and readers together, all in one process',
    },
  ]
}
