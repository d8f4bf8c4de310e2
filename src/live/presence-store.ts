/** What is known of one account, in milliseconds from now; negative is past. */
export interface Sighting {
  /** When the last lease of an open socket ends; null where no socket is open. */
  readonly leaseMs: number | null
  /** How long ago they did something; null where nobody remembers. */
  readonly idleMs: number | null
}

export interface Touch {
  /** An open socket of this server counts for so long from now; 0 takes it back; null leaves it as it is. */
  readonly leaseMs: number | null
  /**
   * They did something so long ago. Null: not that we know; then a socket that opens where none was counts as doing
   * something, and one that comes back within its lease does not.
   */
  readonly idleMs: number | null
}

export interface Typing {
  /** Who types, at most `MAX_SHOWN_TYPING`. */
  readonly accountIds: readonly string[]
  /** When the first of them stops, unless they go on. */
  readonly lapsesInMs: number | null
}

/** Where servers keep what they know of people for one another. Nothing in it outlives its time. */
export interface PresenceStore {
  /** What was known before, and what is known now. Like all the others, it never rejects. */
  touch(accountId: string, touch: Touch): Promise<{ before: Sighting; after: Sighting }>
  /** In the order asked. */
  read(accountIds: readonly string[]): Promise<readonly Sighting[]>
  /** Answers whether they had not been typing there. */
  startTyping(place: string, accountId: string, ttlMs: number): Promise<boolean>
  /** Answers whether they had been typing there. */
  stopTyping(place: string, accountId: string): Promise<boolean>
  readTyping(place: string): Promise<Typing>
  /** Called when what was known may have been lost and can be told again. */
  onReturn?(listener: () => void): void
}

/** "Last seen" is forgotten after this time. */
export const KEEP_MS = 7 * 86_400_000
/** More names than this are read by nobody. */
export const MAX_SHOWN_TYPING = 50

export const UNKNOWN: Sighting = { leaseMs: null, idleMs: null }

interface Person {
  /** When each server's lease ends. */
  readonly leases: Map<string, number>
  seenAt: number | null
}

/** What the stores of one process share; several servers in one process are what tests make. */
export interface PresenceMemory {
  readonly people: Map<string, Person>
  readonly places: Map<string, Map<string, number>>
}

export const createPresenceMemory = (): PresenceMemory => ({ people: new Map(), places: new Map() })

const MAX_PEOPLE = 100_000
const MAX_PLACES = 10_000
const MAX_TYPING = 1_000
/** How many are looked at for one that may be forgotten, each time that a new one comes to a full house. */
const LOOKED_AT = 20

/** For a single server, and for as long as Redis is away. */
export function createMemoryStore(server: string, { people, places } = createPresenceMemory()): PresenceStore {
  const sightingOf = (person: Person | undefined, now: number): Sighting => {
    if (person === undefined) return UNKNOWN
    let leaseMs: number | null = null
    for (const [holder, until] of person.leases) {
      if (until <= now) person.leases.delete(holder)
      else leaseMs = Math.max(leaseMs ?? 0, until - now)
    }
    return { leaseMs, idleMs: person.seenAt === null ? null : now - person.seenAt }
  }

  /** The oldest come first; whoever is here stays. */
  const makeRoom = (now: number): void => {
    let looked = 0
    for (const [accountId, person] of people) {
      if (people.size < MAX_PEOPLE || looked++ >= LOOKED_AT) return
      if (sightingOf(person, now).leaseMs === null) people.delete(accountId)
    }
  }

  const typingAt = (place: string, now: number): Map<string, number> => {
    const typing = places.get(place) ?? new Map<string, number>()
    for (const [accountId, until] of typing) if (until <= now) typing.delete(accountId)
    if (typing.size === 0) places.delete(place)
    return typing
  }

  return {
    async touch(accountId, { leaseMs, idleMs }) {
      const now = performance.now()
      const person = people.get(accountId) ?? { leases: new Map<string, number>(), seenAt: null }
      const before = sightingOf(person, now)
      const idle = idleMs ?? (leaseMs !== null && leaseMs > 0 && before.leaseMs === null ? 0 : null)
      if (idle !== null) person.seenAt = Math.max(person.seenAt ?? Number.NEGATIVE_INFINITY, now - idle)
      if (leaseMs !== null) {
        if (leaseMs > 0) person.leases.set(server, now + leaseMs)
        else person.leases.delete(server)
      }
      people.delete(accountId)
      if (people.size >= MAX_PEOPLE) makeRoom(now)
      if (people.size < MAX_PEOPLE) people.set(accountId, person)
      return { before, after: sightingOf(person, now) }
    },
    async read(accountIds) {
      const now = performance.now()
      return accountIds.map((accountId) => {
        const sighting = sightingOf(people.get(accountId), now)
        return sighting.idleMs !== null && sighting.idleMs > KEEP_MS ? { ...sighting, idleMs: null } : sighting
      })
    },
    async startTyping(place, accountId, ttlMs) {
      const now = performance.now()
      const typing = typingAt(place, now)
      const isNew = !typing.has(accountId)
      if (isNew && typing.size >= MAX_TYPING) return false
      if (!places.has(place) && places.size >= MAX_PLACES) for (const other of places.keys()) typingAt(other, now)
      if (!places.has(place) && places.size >= MAX_PLACES) return false
      typing.set(accountId, now + ttlMs)
      places.set(place, typing)
      return isNew
    },
    async stopTyping(place, accountId) {
      const typing = typingAt(place, performance.now())
      const wasTyping = typing.delete(accountId)
      if (typing.size === 0) places.delete(place)
      return wasTyping
    },
    async readTyping(place) {
      const now = performance.now()
      const entries = [...typingAt(place, now)].slice(0, MAX_SHOWN_TYPING)
      return {
        accountIds: entries.map(([accountId]) => accountId),
        lapsesInMs: entries.length === 0 ? null : Math.min(...entries.map(([, until]) => until - now)),
      }
    },
  }
}
