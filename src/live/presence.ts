import type { Log } from '../core/log.ts'
import { type Bus, topic } from './bus.ts'
import { createLapses } from './lapses.ts'
import type { PresenceStore, Sighting } from './presence-store.ts'

/** Of an account: whether they are here may have changed. Listeners ask `Presence.of` again. */
export const presenceChanged = (accountId: string) => topic<Record<string, never>>('presenceChanged', accountId)

/** Of a place: who types there may have changed. Listeners ask `Presence.typingIn` again. */
export const typingChanged = (place: string) => topic<Record<string, never>>('typingChanged', place)

/** AWAY has a socket open and has done nothing for a while. */
export type PresenceState = 'ONLINE' | 'AWAY' | 'OFFLINE'

export interface PresenceStatus {
  readonly state: PresenceState
  /** ISO 8601; when they last did something, null where that is long ago or not known. */
  readonly lastSeenAt: string | null
}

/**
 * Who is here, and who types where. Nothing of it is stored: what is not renewed lapses, a killed server's people with
 * it, and whoever listens to `presenceChanged` or `typingChanged` after having asked hears of that too. No call throws
 * or rejects; while Redis is away, each server knows of its own people.
 */
export interface Presence {
  /** A socket of theirs is open here. Returns the function that says that it has closed; calling it again does nothing. */
  connected(accountId: string): () => void
  /** They did something just now. */
  active(accountId: string): void
  /** They type at a place, such as a room's id; for `ttlMs` (6,000; at most a minute) unless they go on or stop. */
  typing(place: string, accountId: string, ttlMs?: number): void
  stopTyping(place: string, accountId: string): void
  /** All that were asked for, in one round trip. */
  of(accountIds: readonly string[]): Promise<ReadonlyMap<string, PresenceStatus>>
  /** At most fifty. */
  typingIn(place: string): Promise<readonly string[]>
  /** The people of this server have left it. */
  close(): Promise<void>
}

export interface PresenceTuning {
  /** Who has a socket open and does nothing for so long is away. */
  awayAfterMs?: number
  /** Who does something without a socket is online for so long. */
  lingerMs?: number
  /** A socket that closes counts for so long: pages reload, and tokens are renewed by connecting again. */
  graceMs?: number
  /** The people of a server that was killed vanish after so long. Renewed three times in this time. */
  leaseMs?: number
  /** How often `active` is passed on at most, for each account. */
  activeEveryMs?: number
}

const MAX_TYPING_MS = 60_000
/** Accounts that are passed on side by side when leases are renewed. */
const RENEWED_AT_ONCE = 200
const MAX_REMEMBERED = 100_000

/** What this server knows of one of its own people. */
interface Own {
  sockets: number
  /** `performance.now()` of the last time that they did something here. */
  seenAt: number | null
  toldAt: number
}

/** Presence over a store, which several servers may share. */
export function createPresence(
  { bus, store, log }: { bus: Bus; store: PresenceStore; log: Log },
  tuning: PresenceTuning = {},
): Presence {
  const { awayAfterMs = 5 * 60_000, lingerMs = 60_000, graceMs = 5_000, leaseMs = 45_000 } = tuning
  const { activeEveryMs = 10_000 } = tuning
  const own = new Map<string, Own>()
  const leaving = new Map<string, NodeJS.Timeout>()
  let closed = false

  const stateOf = (sighting: Sighting): PresenceState => {
    const idleMs = sighting.idleMs ?? Number.POSITIVE_INFINITY
    if (sighting.leaseMs === null) return idleMs < lingerMs ? 'ONLINE' : 'OFFLINE'
    return idleMs < awayAfterMs ? 'ONLINE' : 'AWAY'
  }
  /** When the state changes if nothing happens. */
  const lapsesInMs = (sighting: Sighting): number | null => {
    const state = stateOf(sighting)
    if (state === 'OFFLINE') return null
    const idleMs = sighting.idleMs ?? 0
    if (sighting.leaseMs === null) return lingerMs - idleMs
    return state === 'ONLINE' ? Math.min(sighting.leaseMs, awayAfterMs - idleMs) : sighting.leaseMs
  }

  const lapses = createLapses({ bus, log })

  const touch = async (accountId: string, lease: number | null, idleMs: number | null): Promise<void> => {
    const { before, after } = await store.touch(accountId, { leaseMs: lease, idleMs })
    // Whoever watches counts on the lease that has just been given back: they look anew at what is left.
    const left = before.leaseMs !== null && after.leaseMs === null
    if (left || stateOf(before) !== stateOf(after)) bus.publish(presenceChanged(accountId), {})
  }
  const idleMsOf = ({ seenAt }: Own): number | null => (seenAt === null ? null : performance.now() - seenAt)

  const remember = (accountId: string): Own => {
    const known = own.get(accountId)
    if (known !== undefined) return known
    const made: Own = { sockets: 0, seenAt: null, toldAt: Number.NEGATIVE_INFINITY }
    own.set(accountId, made)
    return made
  }

  const renew = async (): Promise<void> => {
    const now = performance.now()
    const here: [string, Own][] = []
    for (const [accountId, person] of own) {
      if (person.sockets > 0 || leaving.has(accountId)) here.push([accountId, person])
      else if (now - (person.seenAt ?? 0) > Math.max(lingerMs, activeEveryMs)) own.delete(accountId)
    }
    for (let from = 0; from < here.length && !closed; from += RENEWED_AT_ONCE) {
      const some = here.slice(from, from + RENEWED_AT_ONCE)
      await Promise.all(some.map(([accountId, person]) => touch(accountId, leaseMs, idleMsOf(person))))
    }
  }
  let renewing = false
  const beat = (): void => {
    if (renewing || closed) return
    renewing = true
    void renew().finally(() => {
      renewing = false
    })
  }
  const heartbeat = setInterval(beat, leaseMs / 3).unref()
  store.onReturn?.(beat)

  const leave = (accountId: string): void => {
    clearTimeout(leaving.get(accountId))
    leaving.delete(accountId)
    const person = own.get(accountId)
    if (person === undefined || person.sockets > 0) return
    own.delete(accountId)
    void touch(accountId, 0, idleMsOf(person))
  }

  const typingIn = async (place: string): Promise<readonly string[]> => {
    const { accountIds, lapsesInMs: dueMs } = await store.readTyping(place)
    const seen = [...accountIds].sort()
    lapses.watch(typingChanged(place), seen.join(), dueMs, () => typingIn(place))
    return seen
  }

  const of = async (accountIds: readonly string[]): Promise<ReadonlyMap<string, PresenceStatus>> => {
    const asked = [...new Set(accountIds)]
    const sightings = asked.length === 0 ? [] : await store.read(asked)
    const now = Date.now()
    const found = new Map<string, PresenceStatus>()
    for (const [position, accountId] of asked.entries()) {
      const sighting = sightings[position] ?? { leaseMs: null, idleMs: null }
      const state = stateOf(sighting)
      const { idleMs } = sighting
      found.set(accountId, { state, lastSeenAt: idleMs === null ? null : new Date(now - idleMs).toISOString() })
      lapses.watch(presenceChanged(accountId), state, lapsesInMs(sighting), () => of([accountId]))
    }
    return found
  }

  return {
    connected(accountId) {
      if (closed) return () => {}
      const person = remember(accountId)
      person.sockets++
      if (person.sockets === 1) {
        const cameBack = leaving.has(accountId)
        clearTimeout(leaving.get(accountId))
        leaving.delete(accountId)
        if (!cameBack) void touch(accountId, leaseMs, null)
      }
      let isOpen = true
      return () => {
        if (!isOpen || closed) return
        isOpen = false
        person.sockets--
        if (person.sockets > 0) return
        leaving.set(accountId, setTimeout(leave, graceMs, accountId).unref())
      }
    },
    active(accountId) {
      if (closed || (!own.has(accountId) && own.size >= MAX_REMEMBERED)) return
      const person = remember(accountId)
      const now = performance.now()
      person.seenAt = now
      if (now - person.toldAt < activeEveryMs) return
      person.toldAt = now
      void touch(accountId, null, 0)
    },
    typing(place, accountId, ttlMs = 6_000) {
      const boundedMs = Math.min(Math.max(ttlMs, 1), MAX_TYPING_MS)
      void store.startTyping(place, accountId, boundedMs).then((isNew) => {
        if (isNew) bus.publish(typingChanged(place), {})
      })
    },
    stopTyping(place, accountId) {
      void store.stopTyping(place, accountId).then((wasTyping) => {
        if (wasTyping) bus.publish(typingChanged(place), {})
      })
    },
    of,
    typingIn,
    async close() {
      if (closed) return
      closed = true
      clearInterval(heartbeat)
      lapses.close()
      for (const timer of leaving.values()) clearTimeout(timer)
      const people = [...own].filter(([accountId, { sockets }]) => sockets > 0 || leaving.has(accountId))
      await Promise.all(people.map(([accountId, person]) => touch(accountId, 0, idleMsOf(person))))
    },
  }
}
