import { isDatabaseUnavailable, sqlState } from '../../db/unavailable.ts'
import type { LiveSource } from '../source.ts'
import { Desk } from './desk.ts'
import { type Group, Member, type Membership } from './member.ts'
import type { Listener, Operation } from './operation.ts'
import { retrying } from './retry.ts'
import { StateGroup } from './state-group.ts'
import { StreamGroup } from './stream-group.ts'
import type { HubMetrics, Workshop } from './workshop.ts'

const DEFAULT_HEAL_MS = 30_000
/** How many listeners are looked at at once: a Redis that comes back asks for all of them. */
const ADMISSIONS = 8
/** How many executions run at once where each listener needs its own. */
const OWN_EXECUTIONS = 8
const QUERY_CANCELED = '57014'

export interface HubOptions<Event> {
  metrics: HubMetrics
  /** Whether two events say the same: then the second one is not sent. */
  isSame(a: Event, b: Event): boolean
  /** How long an outage of the database may last before subscriptions end with it. */
  outageMs?: number
  /** How often it looks for those whose time to be looked at again has come. */
  sweepMs?: number
}

/** A subscription that was admitted. */
export interface Subscription {
  /** From now on events are sent. */
  enter(): void
  leave(): void
}

export interface OpenRequest<Event> {
  readonly source: LiveSource
  /** Same key, same events: document, operation, variables but for the place in a stream, and the viewer if it matters. */
  readonly key: string
  /** Called for the first subscription with this key. */
  operation(): Operation<Event>
  readonly listener: Listener<Event>
}

/**
 * Executes and serialises an operation once for all who may see the same. It knows neither GraphQL nor sockets: those
 * are the `Operation` and the `Listener`.
 */
export interface Hub<Event> {
  /**
   * Asks whether the listener may listen; nothing is sent before `enter`.
   * @throws what `admit` and `start` of the source throw.
   */
  open(request: OpenRequest<Event>): Promise<Subscription>
  close(): void
}

interface Entry<Event> {
  readonly key: string
  readonly workshop: Workshop<Event>
  readonly groups: Map<string, Group<Event>>
  readonly members: Set<Member<Event>>
}

const isTransient = (error: unknown): boolean => isDatabaseUnavailable(error) || sqlState(error) === QUERY_CANCELED

export function createHub<Event>(options: HubOptions<Event>): Hub<Event> {
  const { metrics, isSame, outageMs = 30_000, sweepMs = 1_000 } = options
  const patience = { isTransient, forMs: outageMs }
  const entries = new Map<string, Entry<Event>>()
  const entryOf = new WeakMap<Member<Event>, Entry<Event>>()
  const healAt = new Map<Group<Event>, { atMs: number; everyMs: number }>()
  const admissions = new Desk<Member<Event>, string>(ADMISSIONS)
  const starts = new Desk<string, number>(ADMISSIONS)

  // Spread out, so that thousands who came with one reconnect do not all ask in the same moment for ever.
  const laterMs = (everyMs: number): number => performance.now() + everyMs * (0.9 + Math.random() * 0.2)
  const healMsOf = ({ source }: Member<Event>): number => source.options.healMs ?? DEFAULT_HEAL_MS

  const createWorkshop = (operation: Operation<Event>): Workshop<Event> => ({
    operation,
    metrics,
    isSame,
    retrying: (work, isWanted) => retrying(work, patience, isWanted),
    async executeOwn(members, value, deliver) {
      let next = 0
      const worker = async (): Promise<void> => {
        for (let member = members[next++]; member !== undefined; member = members[next++]) {
          const { listener } = member
          const isWanted = (): boolean => !(member?.isEnded ?? true)
          try {
            metrics.executed('own')
            const event = await retrying(() => listener.execute(value), patience, isWanted)
            if (isWanted()) deliver(member, event)
          } catch (error) {
            member.end(error)
          }
        }
      }
      await Promise.all(Array.from({ length: OWN_EXECUTIONS }, worker))
    },
  })

  const openGroup = (entry: Entry<Event>, name: string, member: Member<Event>): Group<Event> => {
    const onEmpty = (): void => {
      if (entry.groups.get(name) === group) entry.groups.delete(name)
      healAt.delete(group)
      metrics.groupClosed()
    }
    const { source, audience } = member
    const group: Group<Event> =
      source.kind === 'state'
        ? new StateGroup(entry.workshop, source.options, audience, onEmpty)
        : new StreamGroup(entry.workshop, source.options, onEmpty)
    entry.groups.set(name, group)
    const everyMs = healMsOf(member)
    healAt.set(group, { atMs: laterMs(everyMs), everyMs })
    metrics.groupOpened()
    return group
  }

  const membership: Membership<Event> = {
    admit(member) {
      member.checkAtMs = laterMs(healMsOf(member))
      return admissions.ask(member, () => member.source.options.admit())
    },
    admitAgain: (member) =>
      retrying(
        () => membership.admit(member),
        patience,
        () => !member.isEnded,
      ),
    enter(member) {
      const entry = entryOf.get(member)
      if (entry === undefined) return
      const name = JSON.stringify([member.source.kind, member.source.options.key, member.audience])
      const group = entry.groups.get(name) ?? openGroup(entry, name, member)
      member.group = group
      group.add(member)
    },
    left(member) {
      const entry = entryOf.get(member)
      if (entry === undefined) return
      entry.members.delete(member)
      if (entry.members.size === 0 && entries.get(entry.key) === entry) entries.delete(entry.key)
    },
  }

  const sweep = setInterval(() => {
    const now = performance.now()
    for (const [group, heal] of healAt) {
      if (heal.atMs > now) continue
      heal.atMs = laterMs(heal.everyMs)
      group.heal()
    }
    for (const { members } of entries.values()) {
      // Nothing says that they may not listen any more, so they go on listening meanwhile.
      for (const member of members) if (member.checkAtMs <= now) void member.check()
    }
  }, sweepMs).unref()

  return {
    async open({ source, key, operation, listener }) {
      const entry = entries.get(key) ?? {
        key,
        workshop: createWorkshop(operation()),
        groups: new Map(),
        members: new Set(),
      }
      entries.set(key, entry)
      const member = new Member<Event>(source, listener, membership)
      entry.members.add(member)
      entryOf.set(member, entry)
      await member.open()
      if (source.kind === 'stream') {
        const { after, start, key: sourceKey } = source.options
        try {
          // "From now on" counts from here.
          member.position = after ?? (await starts.ask(sourceKey, () => start()))
        } catch (error) {
          member.leave()
          throw error
        }
      }
      return member
    },
    close: () => clearInterval(sweep),
  }
}
