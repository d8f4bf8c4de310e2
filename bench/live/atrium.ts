import { tmpdir } from 'node:os'
import { buildSchema } from 'graphql'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/core/log.ts'
import { createLocalBus, topic } from '../../src/live/bus.ts'
import { liveStream } from '../../src/live/source.ts'
import { createServer } from '../../src/server/server.ts'
import { weigh } from './weigh.ts'

/**
 * Everything of Atrium that is between an event and its subscribers (bus, hub, execution, limits, frames, sockets), in a
 * process of its own. The rows are in memory, as they are for the peers: what a database costs is not what is compared.
 */
const log = createLog('error')
const bus = createLocalBus({ log })
const added = topic<{ seq: number }>('commentAdded', 'post')

interface Row {
  readonly seq: number
  readonly comment: Readonly<Record<string, unknown>>
}
let rows: Row[] = []
let last = 0

const schema = buildSchema(`
  type Author { handle: String }
  type Comment { id: ID body: String state: String streamCursor: String createdAt: String author: Author }
  type Query { hello: String }
  type Subscription { commentAdded(on: ID!, after: String): Comment }
`)
const field = schema.getSubscriptionType()?.getFields().commentAdded
if (field === undefined) throw new Error('The schema has no subscription')
field.resolve = (row: Row) => row.comment
field.subscribe = () =>
  liveStream<Row>({
    bus,
    key: 'commentAdded:post',
    topics: [added],
    admit: async () => '',
    after: null,
    fetch: async (after, limit) => {
      const first = rows.findIndex(({ seq }) => seq > after)
      return first === -1 ? [] : rows.slice(first, first + limit)
    },
    seqOf: ({ seq }) => seq,
    start: async () => last,
  })

const config = readConfig({ ATRIUM_DATA: tmpdir(), JWT_SECRET: 'a secret for measuring, 32 long at least' })
const unlimited = { consume: async () => ({ allowed: true, retryAfterMs: 0 }) }
const server = await createServer({
  config: {
    ...config,
    host: '127.0.0.1',
    port: 0,
    limits: { ...config.limits, socketsPerAddress: Number.MAX_SAFE_INTEGER },
  },
  log,
  perViewer: unlimited,
  perAddress: unlimited,
  ping: async () => {},
  poolState: () => ({ open: 0, idle: 0, waiting: 0 }),
  door: {
    schema,
    authenticate: async () => null,
    createContext: () => ({}),
    personal: { viewer: [], connection: [] },
  },
})
const { url } = await server.listen()

interface Command {
  readonly payloads?: readonly string[]
  readonly isStart?: boolean
  readonly isEnd?: boolean
  readonly isMemoryAsked?: boolean
}

let cpu = process.cpuUsage()
process.on('disconnect', () => process.exit())
process.on('message', ({ payloads, isStart, isEnd, isMemoryAsked }: Command) => {
  if (isStart) cpu = process.cpuUsage()
  for (const payload of payloads ?? []) {
    last++
    rows.push({ seq: last, comment: JSON.parse(payload).data.commentAdded })
    // As many as a reader can be behind.
    if (rows.length > 2_000) rows = rows.slice(-1_000)
    bus.publish(added, { seq: last })
  }
  if (isMemoryAsked) void weigh().then((weight) => process.send?.(weight))
  if (isEnd) {
    const { user, system } = process.cpuUsage(cpu)
    process.send?.({ microseconds: user + system })
  }
})
process.send?.({ url: url.replace('http', 'ws') })
