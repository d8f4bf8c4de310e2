import type { Log } from '../core/log.ts'

/** What a listener receives instead of a payload when events may have been missed: read the present state anew. */
export const RESYNC: unique symbol = Symbol('resync')
export type Resync = typeof RESYNC

/** Ids and little else: whoever hears of an event loads the rows fresh, under the rules that hold for its viewer. */
export type EventPayload<Payload> = { [Field in keyof Payload]: string | number | boolean | null }

declare const payloadOf: unique symbol

/** A named stream of events. `Payload` exists for the compiler only. */
export interface Topic<Payload> {
  readonly channel: string
  readonly [payloadOf]?: Payload
}

/** `topic<{ commentId: Uuid }>('commentAdded', postId)`: the comments of one post. */
export const topic = <Payload extends EventPayload<Payload>>(name: string, key: string): Topic<Payload> => ({
  channel: `${name}:${key}`,
})

export type Listener<Payload> = (event: Payload | Resync) => void

/**
 * Carries events from where they happen to whoever listens. An event is a hint: it may be lost in an outage, and then
 * a `RESYNC` follows as soon as the outage is over.
 */
export interface Bus {
  /** Never throws and never waits. Listeners in this process are called before it returns. */
  publish<Payload>(topic: Topic<Payload>, payload: Payload): void
  /** As `publish`, to the listeners of this process alone: for what each server notices by itself. */
  hint<Payload>(topic: Topic<Payload>, payload: Payload): void
  /** Whether anybody in this process listens. */
  isHeard(topic: Topic<unknown>): boolean
  /** Returns the function that ends the subscription; calling it again does nothing. */
  subscribe<Payload>(topic: Topic<Payload>, listener: Listener<Payload>): () => void
  /** Ends all subscriptions. Later calls do nothing. */
  close(): void
}

/** For a single server: events stay in this process. */
export function createLocalBus({ log }: { log: Log }): Bus {
  const listeners = createListeners(log)
  return {
    publish: (topic, payload) => listeners.deliver(topic.channel, payload),
    hint: (topic, payload) => listeners.deliver(topic.channel, payload),
    isHeard: (topic) => listeners.has(topic.channel),
    subscribe: (topic, listener) => listeners.add(topic.channel, listener as Listener<unknown>),
    close: () => listeners.clear(),
  }
}

/** The listeners of one process by channel. Delivery is a plain call, so there is no queue that could grow. */
export interface Listeners {
  add(channel: string, listener: Listener<unknown>): () => void
  deliver(channel: string, event: unknown): void
  deliverToAll(event: Resync): void
  has(channel: string): boolean
  channels(): string[]
  clear(): void
}

export function createListeners(
  log: Log,
  onFirst: (channel: string) => void = () => {},
  onLast: (channel: string) => void = () => {},
): Listeners {
  /** An entry per subscription, so that one function that subscribes twice is called twice and ends each for itself. */
  type Entry = { readonly listener: Listener<unknown> }
  const byChannel = new Map<string, Set<Entry>>()
  let closed = false

  const deliver = (channel: string, event: unknown): void => {
    const entries = byChannel.get(channel)
    if (entries === undefined) return
    // A copy: a listener may subscribe others, which must not hear of an event from before their time.
    for (const entry of [...entries]) {
      if (!entries.has(entry)) continue
      try {
        entry.listener(event)
      } catch (error) {
        log.error({ err: error, channel }, 'A listener of the live bus failed')
      }
    }
  }

  return {
    deliver,
    deliverToAll: (event) => {
      for (const channel of [...byChannel.keys()]) deliver(channel, event)
    },
    has: (channel) => byChannel.has(channel),
    channels: () => [...byChannel.keys()],
    add(channel, listener) {
      if (closed) return () => {}
      const entry: Entry = { listener }
      const entries = byChannel.get(channel) ?? new Set()
      entries.add(entry)
      if (entries.size === 1) {
        byChannel.set(channel, entries)
        onFirst(channel)
      }
      return () => {
        if (!entries.delete(entry) || entries.size > 0) return
        byChannel.delete(channel)
        onLast(channel)
      }
    },
    clear() {
      closed = true
      for (const entries of byChannel.values()) entries.clear()
      byChannel.clear()
    },
  }
}
