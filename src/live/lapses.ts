import type { Log } from '../core/log.ts'
import type { Bus, Topic } from './bus.ts'

/** Clocks of several machines are read in whole milliseconds: looking a little late saves looking twice. */
const LATE_MS = 20
const SHORTEST_MS = 50
/** Of a look that failed or changed nothing it should have changed. */
const AGAIN_MS = 1_000

interface Watched {
  readonly topic: Topic<Record<string, never>>
  /** What the listeners were shown last. */
  readonly shown: string
  readonly lapsesAt: number
  /** When it is looked at next. */
  dueAt: number
  look(): Promise<unknown>
}

/** Tells the listeners of this process what no event tells: that something has lapsed. */
export interface Lapses {
  /**
   * To be called with each reading of what `topic` is about. It is looked at again after `dueMs`, as long as anybody
   * listens, and they are told when it has changed by then. What changes earlier has been told by an event.
   * @param look reads anew, and calls this again.
   */
  watch(topic: Topic<Record<string, never>>, shown: string, dueMs: number | null, look: () => Promise<unknown>): void
  close(): void
}

/** Bounded by the topics that are listened to: nothing is kept for a reading that nobody waits on. */
export function createLapses({ bus, log }: { bus: Bus; log: Log }): Lapses {
  const watched = new Map<string, Watched>()
  let timer: NodeJS.Timeout | undefined
  let timerAt = Number.POSITIVE_INFINITY
  let closed = false

  const lookAtDue = async (): Promise<void> => {
    timer = undefined
    timerAt = Number.POSITIVE_INFINITY
    const now = performance.now()
    const looks: Promise<unknown>[] = []
    for (const [channel, entry] of watched) {
      if (!bus.isHeard(entry.topic)) watched.delete(channel)
      else if (entry.dueAt <= now) {
        entry.dueAt = now + AGAIN_MS
        looks.push(entry.look())
      }
    }
    try {
      await Promise.all(looks)
    } catch (error) {
      log.error({ err: error }, 'What had lapsed could not be read')
    }
    schedule(Math.min(...[...watched.values()].map(({ dueAt }) => dueAt)))
  }

  const schedule = (dueAt: number): void => {
    if (closed || dueAt >= timerAt || !Number.isFinite(dueAt)) return
    clearTimeout(timer)
    timerAt = dueAt
    timer = setTimeout(() => void lookAtDue(), Math.max(dueAt - performance.now(), 0) + LATE_MS).unref()
  }

  return {
    watch(topic, shown, dueMs, look) {
      const known = watched.get(topic.channel)
      if (closed || !bus.isHeard(topic)) {
        watched.delete(topic.channel)
        return
      }
      const dueAt = dueMs === null ? Number.POSITIVE_INFINITY : performance.now() + Math.max(dueMs, SHORTEST_MS)
      watched.set(topic.channel, { topic, shown, lapsesAt: dueAt, dueAt, look })
      schedule(dueAt)
      const hasLapsed = known !== undefined && known.lapsesAt - SHORTEST_MS <= performance.now()
      if (hasLapsed && known.shown !== shown) bus.hint(topic, {})
    },
    close() {
      closed = true
      clearTimeout(timer)
      watched.clear()
    },
  }
}
