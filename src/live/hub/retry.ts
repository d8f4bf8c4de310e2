import { setTimeout as pause } from 'node:timers/promises'

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 2_000

export interface Patience {
  /** Whether an outage is behind this error, which may be over soon. */
  isTransient(error: unknown): boolean
  /** How long an outage may last before it counts as a failure. */
  readonly forMs: number
}

/**
 * Tries again while an outage lasts, later each time, and no two at the same moment.
 * @param isWanted false once nobody waits for the answer any more.
 */
export async function retrying<T>(work: () => Promise<T>, patience: Patience, isWanted: () => boolean): Promise<T> {
  const endMs = performance.now() + patience.forMs
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await work()
    } catch (error) {
      if (!patience.isTransient(error) || !isWanted() || performance.now() + waitMs > endMs) throw error
      await pause(waitMs * (0.5 + Math.random()), undefined, { ref: false })
    }
  }
}
