import { vi } from 'vitest'
import { topic } from '../../src/live/bus.ts'
import { createHub, type HubOptions } from '../../src/live/hub/hub.ts'
import { type LiveSource, liveState, liveStream, type StateOptions, type StreamOptions } from '../../src/live/source.ts'
import { createCountedBus } from './counted-bus.ts'

export interface Row {
  seq: number
}

export const CHANGED = topic<Record<never, never>>('changed', 'it')
export const RECHECK = topic<Record<never, never>>('recheck', 'it')

/** What one subscriber of a rig hears. */
export interface Reader {
  readonly heard: string[]
  /** What it was ended with. */
  readonly errors: unknown[]
  /** Its socket takes nothing until it drains. */
  congest(): void
  drain(): void
  leave(): void
  hears(count: number): Promise<void>
}

export interface JoinOptions {
  /** The operation and its variables. */
  key?: string
  isPersonal?: boolean
  /** Depends on who listens, although no field says so. */
  isRevealing?: boolean
  name?: string
  isCongested?: boolean
  /** Executing takes as long as this. */
  late?: () => Promise<void>
}

export type Rig = ReturnType<typeof createRig>

/** A hub with readers that are no sockets, and everything that it does counted. */
export function createRig(options: Partial<HubOptions<string>> = {}) {
  const bus = createCountedBus()
  const counts = { shared: 0, own: 0, delivered: 0, groups: 0, admitted: 0, loaded: 0, fetched: 0 }
  const hub = createHub<string>({
    isSame: (a, b) => a === b,
    sweepMs: 10,
    metrics: {
      groupOpened: () => counts.groups++,
      groupClosed: () => counts.groups--,
      executed: (kind) => counts[kind]++,
      delivered: (count) => {
        counts.delivered += count
      },
    },
    ...options,
  })

  /** @throws what the gate throws. */
  const join = async (source: LiveSource, joining: JoinOptions = {}): Promise<Reader> => {
    const { key = 'operation', isPersonal = false, isRevealing = false, name = '', late = async () => {} } = joining
    const heard: string[] = []
    const errors: unknown[] = []
    let isCongested = joining.isCongested ?? false
    let draining: (() => void)[] = []
    const subscription = await hub.open({
      source,
      key,
      operation: () => ({
        isPersonal,
        async execute(value) {
          await late()
          return isRevealing ? null : JSON.stringify(value)
        },
      }),
      listener: {
        async execute(value) {
          await late()
          return `${name}: ${JSON.stringify(value)}`
        },
        send: (event) => void heard.push(event),
        isCongested: () => isCongested,
        drained: () => new Promise((resolve) => draining.push(resolve)),
        end: (error) => void errors.push(error),
      },
    })
    subscription.enter()
    return {
      heard,
      errors,
      congest: () => {
        isCongested = true
      },
      drain: () => {
        isCongested = false
        for (const resolve of draining) resolve()
        draining = []
      },
      leave: () => subscription.leave(),
      hears: (count) =>
        vi.waitFor(
          () => {
            if (heard.length < count) throw new Error(`heard ${heard.length} of ${count}: ${errors}`)
          },
          { interval: 2, timeout: 5_000 },
        ),
    }
  }

  return {
    bus,
    hub,
    counts,
    join,
    state: (more: Partial<StateOptions<unknown>> & Pick<StateOptions<unknown>, 'load'>) =>
      liveState({
        bus,
        key: 'state',
        topics: [CHANGED],
        recheckOn: [RECHECK],
        admit: async () => {
          counts.admitted++
          return ''
        },
        minIntervalMs: 20,
        healMs: 3_600_000,
        ...more,
        load: async (audience) => {
          counts.loaded++
          return more.load(audience)
        },
      }),
    stream: (table: Table, more: Partial<StreamOptions<Row>> = {}) =>
      liveStream<Row>({
        bus,
        key: 'stream',
        topics: [CHANGED],
        recheckOn: [RECHECK],
        admit: async () => {
          counts.admitted++
          return ''
        },
        after: null,
        healMs: 3_600_000,
        seqOf: ({ seq }) => seq,
        start: async () => table.rows.at(-1)?.seq ?? 0,
        ...more,
        fetch: async (after, limit) => {
          counts.fetched++
          return more.fetch?.(after, limit) ?? table.fetch(after, limit)
        },
      }),
    hint: () => bus.publish(CHANGED, {}),
  }
}

/** Rows as a table keeps them. */
export class Table {
  readonly rows: Row[] = []

  constructor(length = 0) {
    this.add(length)
  }

  add(count = 1): void {
    for (let n = 0; n < count; n++) this.rows.push({ seq: this.rows.length + 1 })
  }

  async fetch(after: number, limit: number): Promise<Row[]> {
    return this.rows.filter(({ seq }) => seq > after).slice(0, limit)
  }
}

/** `{"seq":1}` to `{"seq":n}`, as readers hear them. */
export const rowsFrom = (first: number, last: number): string[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => JSON.stringify({ seq: first + n }))

export const settled = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
