import type { Uuid } from '../../core/ids.ts'
import { findRoomIdsOfMember } from '../../db/queries/chat.ts'
import type { Bus, Listener, Topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { roomChanged, roomListChanged } from './events.ts'

const RETRY_MS = 1_000

/**
 * A bus on which `roomListChanged` of the account also tells what happens in each of its rooms, whichever those are at the
 * moment. The alternative is to tell every member of every message, which would make a message in a room of a thousand cost
 * a thousand events on every server.
 */
export function roomListBus({ bus, db, log }: Pick<Deps, 'bus' | 'db' | 'log'>, accountId: Uuid): Bus {
  const own = roomListChanged(accountId)
  return {
    publish: (topic, payload) => bus.publish(topic, payload),
    hint: (topic, payload) => bus.hint(topic, payload),
    isHeard: (topic) => bus.isHeard(topic),
    close() {},
    subscribe<Payload>(topic: Topic<Payload>, listener: Listener<Payload>) {
      if (topic.channel !== own.channel) return bus.subscribe(topic, listener)
      return followRooms(topic, listener)
    },
  }

  function followRooms<Payload>(topic: Topic<Payload>, listener: Listener<Payload>): () => void {
    const rooms = new Map<Uuid, () => void>()
    // What it carries is not looked at by whoever listens for a state.
    const hint = (): void => listener({} as Payload)
    let isOver = false
    let isFollowing = false
    let isStale = false
    let retry: NodeJS.Timeout | undefined

    const follow = async (): Promise<void> => {
      isStale = true
      if (isFollowing || isOver) return
      isFollowing = true
      try {
        while (isStale && !isOver) {
          isStale = false
          await refresh()
        }
      } catch (error) {
        log.warn({ err: error }, 'The rooms of a live list could not be read; trying again')
        retry = setTimeout(() => void follow(), RETRY_MS).unref()
      } finally {
        isFollowing = false
      }
    }
    const refresh = async (): Promise<void> => {
      const present = new Set(await findRoomIdsOfMember(db, accountId))
      if (isOver) return
      for (const [id, stop] of rooms) {
        if (present.has(id)) continue
        stop()
        rooms.delete(id)
      }
      let isNew = false
      for (const id of present) {
        if (rooms.has(id)) continue
        rooms.set(id, bus.subscribe(roomChanged(id), hint))
        isNew = true
      }
      // Something may have happened in it before it was listened to.
      if (isNew) hint()
    }

    const stopOwn = bus.subscribe(topic, (event) => {
      void follow()
      listener(event)
    })
    void follow()
    return () => {
      isOver = true
      clearTimeout(retry)
      stopOwn()
      for (const stop of rooms.values()) stop()
      rooms.clear()
    }
  }
}
