import type { Log } from '../core/log.ts'
import type { Bus, Listener, Topic } from './bus.ts'

const RETRY_MS = 1_000

/**
 * A bus on which `topic` also tells what happens on others, whichever those are at the moment: `list` is asked again after
 * each event of `topic` itself. For states made of many things, such as somebody's list of rooms: to tell everybody who
 * might look would make a message in a room of a thousand cost a thousand events on every server.
 */
export function following(
  { bus, log }: { bus: Bus; log: Log },
  topic: Topic<unknown>,
  list: () => Promise<readonly Topic<unknown>[]>,
): Bus {
  return {
    publish: (on, payload) => bus.publish(on, payload),
    hint: (on, payload) => bus.hint(on, payload),
    isHeard: (on) => bus.isHeard(on),
    subscribe: (on, listener) =>
      on.channel === topic.channel ? follow({ bus, log }, on, listener, list) : bus.subscribe(on, listener),
    close() {},
  }
}

function follow<Payload>(
  { bus, log }: { bus: Bus; log: Log },
  topic: Topic<Payload>,
  listener: Listener<Payload>,
  list: () => Promise<readonly Topic<unknown>[]>,
): () => void {
  const followed = new Map<string, () => void>()
  // What it carries is not looked at by whoever listens for a state.
  const hint = (): void => listener({} as Payload)
  let isOver = false
  let isAsking = false
  let isStale = false
  let retry: NodeJS.Timeout | undefined

  const refresh = async (): Promise<void> => {
    const present = new Map((await list()).map((each) => [each.channel, each]))
    if (isOver) return
    for (const [channel, stop] of followed) {
      if (present.has(channel)) continue
      stop()
      followed.delete(channel)
    }
    let isNew = false
    for (const [channel, each] of present) {
      if (followed.has(channel)) continue
      followed.set(channel, bus.subscribe(each, hint))
      isNew = true
    }
    // Something may have happened there before it was listened to.
    if (isNew) hint()
  }
  const ask = async (): Promise<void> => {
    isStale = true
    if (isAsking || isOver) return
    isAsking = true
    try {
      while (isStale && !isOver) {
        isStale = false
        await refresh()
      }
    } catch (error) {
      log.warn({ err: error }, 'What to listen to could not be read; trying again')
      clearTimeout(retry)
      retry = setTimeout(() => void ask(), RETRY_MS).unref()
    } finally {
      isAsking = false
    }
  }

  const stopOwn = bus.subscribe(topic, (event) => {
    void ask()
    listener(event)
  })
  void ask()
  return () => {
    isOver = true
    clearTimeout(retry)
    stopOwn()
    for (const stop of followed.values()) stop()
    followed.clear()
  }
}
