import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Log } from '../core/log.ts'
import { type Bus, createListeners, type Listener, RESYNC } from './bus.ts'

const PREFIX = 'atrium:'
/** Every server listens here: whoever could not publish asks all others to look for themselves once it can again. */
const CONTROL_CHANNEL = `${PREFIX}resync`
const HEARTBEAT_MS = 5_000
const RETRY_MS = 1_000
/** One report a second is enough: each makes every listener of every other server look for itself. */
const REPORT_MS = 1_000
/** Commands in flight that no answer has come for. More than this is a Redis that does not keep up: then drop. */
const MOST_IN_FLIGHT = 1_000
/** Redis answers a SUBSCRIBE of thousands of channels in one go, so a reconnect of a busy server sends several. */
const CHANNELS_PER_COMMAND = 500

const Message = z.tuple([
  z.string(),
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable(),
])

/**
 * For several servers: events travel over Redis as well. Listeners of this process get their own server's events
 * directly, exactly once, whether Redis is there or not.
 *
 * Every listener gets `RESYNC` when events of other servers may have been missed: once its channel is subscribed
 * (until then Redis did not send), after a reconnect, and when another server reports that it could not publish.
 *
 * @param redis publishes; it stays the caller's to close. The bus opens one more connection with the same options.
 */
export function createRedisBus({ redis, log }: { redis: Redis; log: Log }): Bus {
  const server = randomUUID()
  const subscriber = redis.duplicate({ autoResubscribe: false })
  // The publishing client shares Redis's fate and reports its outages already.
  subscriber.on('error', () => {})

  let closed = false
  let retry: NodeJS.Timeout | undefined
  let inFlight = 0
  let report: NodeJS.Timeout | undefined

  const subscribe = async (channels: readonly string[]): Promise<void> => {
    if (subscriber.status !== 'ready') return // 'ready' subscribes to everything
    try {
      for (let from = 0; from < channels.length; from += CHANNELS_PER_COMMAND) {
        // Its last listener may have left while an earlier chunk was on its way.
        const chunk = channels.slice(from, from + CHANNELS_PER_COMMAND).filter(isWanted)
        if (chunk.length === 0) continue
        await subscriber.subscribe(...chunk)
        for (const channel of chunk) {
          if (channel === CONTROL_CHANNEL) continue
          listeners.deliver(channel.slice(PREFIX.length), RESYNC)
        }
      }
    } catch (error) {
      if (closed || subscriber.status !== 'ready' || retry !== undefined) return
      log.warn({ reason: (error as Error).message }, 'Redis refused a subscription; retrying')
      retry = setTimeout(() => {
        retry = undefined
        void subscribe(allChannels())
      }, RETRY_MS).unref()
    }
  }

  const listeners = createListeners(
    log,
    (channel) => void subscribe([PREFIX + channel]),
    (channel) => {
      if (subscriber.status === 'ready') subscriber.unsubscribe(PREFIX + channel).catch(() => {})
    },
  )
  const isWanted = (name: string): boolean => name === CONTROL_CHANNEL || listeners.has(name.slice(PREFIX.length))
  const allChannels = (): string[] => [CONTROL_CHANNEL, ...listeners.channels().map((channel) => PREFIX + channel)]

  const send = (channel: string, payload: unknown): void => {
    if (redis.status !== 'ready' || inFlight >= MOST_IN_FLIGHT) {
      reportDropped()
      return
    }
    inFlight++
    redis
      .publish(channel, JSON.stringify([server, payload]))
      .catch(reportDropped)
      .finally(() => inFlight--)
  }
  const reportDropped = (): void => {
    if (closed) return
    report ??= setTimeout(() => {
      report = undefined
      send(CONTROL_CHANNEL, null) // dropped as well, it tries again
    }, REPORT_MS).unref()
  }

  subscriber.on('ready', () => void subscribe(allChannels()))
  subscriber.on('message', (name, text) => {
    const message = parseMessage(text)
    if (message === null || message[0] === server) return
    if (name === CONTROL_CHANNEL) listeners.deliverToAll(RESYNC)
    else if (message[1] !== null) listeners.deliver(name.slice(PREFIX.length), message[1])
  })

  // A connection that only listens would never notice that the other end is gone: the client closes one whose answer
  // stays away, and 'ready' follows.
  const heartbeat = setInterval(() => {
    if (subscriber.status === 'ready') subscriber.ping().catch(() => {})
  }, HEARTBEAT_MS).unref()

  return {
    publish(topic, payload) {
      if (closed) return
      listeners.deliver(topic.channel, payload)
      send(PREFIX + topic.channel, payload)
    },
    hint: (topic, payload) => listeners.deliver(topic.channel, payload),
    isHeard: (topic) => listeners.has(topic.channel),
    subscribe: (topic, listener) => listeners.add(topic.channel, listener as Listener<unknown>),
    close() {
      if (closed) return
      closed = true
      clearInterval(heartbeat)
      clearTimeout(retry)
      clearTimeout(report)
      listeners.clear()
      subscriber.disconnect()
    },
  }
}

/** Anyone who can reach Redis can write into it, and an older server may write what this one does not know. */
function parseMessage(text: string): z.infer<typeof Message> | null {
  try {
    return Message.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
