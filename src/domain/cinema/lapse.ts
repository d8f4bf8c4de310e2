import type { Uuid } from '../../core/ids.ts'
import type { Bus } from '../../live/bus.ts'
import { seatMapChanged } from './claim.ts'

/** The database must find the hold lapsed when it is asked, also if this clock runs a little fast. */
const LATER_MS = 25

const timers = new WeakMap<Bus, Map<Uuid, NodeJS.Timeout>>()

/**
 * Tells this process's listeners of a seat map when the next hold on it lapses. Whoever has loaded the map knows how long that
 * is by the database's clock, so there is no job for each hold, and nothing happens for showtimes that nobody looks at.
 */
export function announceLapse(bus: Bus, showtimeId: Uuid, nextLapseInMs: number | null): void {
  const ofBus = timers.get(bus) ?? new Map<Uuid, NodeJS.Timeout>()
  timers.set(bus, ofBus)
  clearTimeout(ofBus.get(showtimeId))
  ofBus.delete(showtimeId)
  if (nextLapseInMs === null) return
  const announce = (): void => {
    ofBus.delete(showtimeId)
    bus.publish(seatMapChanged(showtimeId), {})
  }
  ofBus.set(showtimeId, setTimeout(announce, Math.max(0, nextLapseInMs) + LATER_MS).unref())
}
