import { setTimeout as pause } from 'node:timers/promises'
import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'

const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } userErrors { code } } }`
const LISTEN = `subscription ($roomId: ID!, $after: String) {
  messageAdded(roomId: $roomId, after: $after) { id seq body author { handle } streamCursor } }`

export interface CrowdOptions {
  url: string
  /** One of each member; they write, and they read. */
  tokens: readonly string[]
  roomId: string
  messagesEach: number
  /** Where the room is before the first message. */
  after: string
  /** Every second reader is cut this often, and comes back with the last cursor that it has. */
  cuts: number
  /** How long nobody may hear anything before it is given up. */
  patienceMs: number
}

interface Heard {
  id: string
  seq: number
  body: string
  streamCursor: string
}

export interface CrowdReport {
  writeMs: number
  /** From the last message that was written until the last reader had it. */
  lagMs: number
  /** What each reader has, in the order in which it came. */
  reads: readonly (readonly Heard[])[]
  cuts: number
}

const open = (url: string, token: string, connected = (): void => {}): Client =>
  createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => {},
    on: { connected },
    connectionParams: { authorization: `Bearer ${token}` },
  })

/** A reader on a socket of its own, which may lose it and comes back on another. */
class Reader {
  readonly heard: Heard[] = []
  cuts = 0
  #client: Client | null = null
  #connected: Promise<void> = Promise.resolve()

  constructor(
    readonly options: CrowdOptions,
    readonly token: string,
  ) {}

  listen(): void {
    let connected = (): void => {}
    this.#connected = new Promise((resolve) => {
      connected = resolve
    })
    const client = open(this.options.url, this.token, connected)
    this.#client = client
    const { roomId } = this.options
    const after = this.heard.at(-1)?.streamCursor ?? this.options.after
    client.subscribe<{ messageAdded: Heard }>(
      { query: LISTEN, variables: { roomId, after } },
      {
        next: ({ data }) => {
          // What still arrives on a socket that was cut counts for nothing: its reader is gone.
          if (data != null && this.#client === client) this.heard.push(data.messageAdded)
        },
        error: () => {},
        complete: () => {},
      },
    )
  }

  async cut(): Promise<void> {
    await this.#connected
    const client = this.#client
    this.#client = null
    client?.terminate()
    this.cuts += 1
    await pause(Math.random() * 400)
    this.listen()
  }

  async leave(): Promise<void> {
    await this.#client?.dispose()
  }
}

const write = async (options: CrowdOptions, token: string, member: number): Promise<void> => {
  const client = open(options.url, token)
  for (let number = 0; number < options.messagesEach; number += 1) {
    const input = { roomId: options.roomId, body: `${member}/${number}`, clientId: `${member}-${number}` }
    const answer = client.iterate<{ sendMessage: { message: { id: string } | null } | null }>({
      query: SEND,
      variables: { input },
    })
    const { value } = await answer.next()
    if (value?.data?.sendMessage?.message == null) throw new Error(`not sent: ${JSON.stringify(value)}`)
    await answer.return?.()
  }
  await client.dispose()
}

/** Everybody writes and reads at once, and half of the readers lose their connection in the middle of it. */
export async function runCrowd(options: CrowdOptions): Promise<CrowdReport> {
  const { tokens, messagesEach, cuts, patienceMs } = options
  const readers = tokens.map((token) => new Reader(options, token))
  for (const reader of readers) reader.listen()
  const expected = tokens.length * messagesEach
  const startedAtMs = performance.now()
  const writing = Promise.all(tokens.map((token, member) => write(options, token, member)))
  let isOver = false
  const cutting = readers
    .filter((_, position) => position % 2 === 0)
    .map(async (reader) => {
      for (let cut = 0; cut < cuts; cut += 1) {
        // At some message and not at some time, so that slow machines cut as often as fast ones.
        const at = Math.floor(((cut + Math.random()) * expected) / cuts)
        while (!isOver && reader.heard.length < at) await pause(20)
        if (!isOver) await reader.cut()
      }
    })
  await writing
  const writeMs = performance.now() - startedAtMs
  const writtenAtMs = performance.now()
  const heardByAll = (): number => readers.reduce((sum, { heard }) => sum + heard.length, 0)
  let progress = { heard: heardByAll(), atMs: writtenAtMs }
  while (readers.some(({ heard }) => heard.length < expected)) {
    const heard = heardByAll()
    if (heard > progress.heard) progress = { heard, atMs: performance.now() }
    if (performance.now() - progress.atMs > patienceMs) {
      isOver = true
      throw new Error(`some readers miss messages: ${readers.map(({ heard }) => heard.length).join(' ')}`)
    }
    await pause(20)
  }
  await Promise.all(cutting)
  const lagMs = performance.now() - writtenAtMs
  await Promise.all(readers.map((reader) => reader.leave()))
  return {
    writeMs,
    lagMs,
    reads: readers.map(({ heard }) => heard),
    cuts: readers.reduce((sum, reader) => sum + reader.cuts, 0),
  }
}

/** How many readers have exactly what the first one has, in the same order, each message once. */
export function countAlike({ reads }: CrowdReport, expected: number): number {
  const [first = []] = reads
  const ids = first.map(({ id }) => id)
  const isComplete =
    new Set(ids).size === expected && first.every(({ seq }, n) => n === 0 || seq > (first[n - 1]?.seq ?? 0))
  if (!isComplete) return 0
  return reads.filter((read) => read.length === ids.length && read.every(({ id }, n) => id === ids[n])).length
}
