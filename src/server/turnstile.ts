/** Between two pieces; one has at most 64 kB, so 32 MB in a second pass. */
const PACE_MS = 2

/**
 * Lets one piece of work through at a time, in the order of asking, with a pause behind each. Whoever streams much through
 * this process asks for a turn before each piece: files that come at once, however many, then leave the process to
 * everything else for most of its time, and wait in the network's buffers and not in ours.
 */
export interface Turnstile {
  turn(): Promise<void>
}

export function createTurnstile(paceMs = PACE_MS): Turnstile {
  const waiting: (() => void)[] = []
  let isTurning = false

  const next = (): void => {
    const through = waiting.shift()
    isTurning = through !== undefined
    if (through === undefined) return
    through()
    setTimeout(next, paceMs)
  }

  return {
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        if (!isTurning) next()
      }),
  }
}

/** How long somebody who got in counts as inside, in milliseconds. */
const COUNTED_MS = 10_000

/**
 * Lets `most` in at once, and the others wait outside. Who stays long is no longer counted, so that slow lines cannot keep
 * everybody else out.
 */
export interface Gate {
  /** Answers the function with which one leaves. */
  enter(): Promise<() => void>
}

export function createGate(most: number, countedMs = COUNTED_MS): Gate {
  const waiting: (() => void)[] = []
  let inside = 0

  const enter = (): (() => void) => {
    inside += 1
    let isCounted = true
    const leave = (): void => {
      if (!isCounted) return
      isCounted = false
      clearTimeout(timer)
      inside -= 1
      waiting.shift()?.()
    }
    const timer = setTimeout(leave, countedMs).unref()
    return leave
  }

  return {
    enter: () =>
      inside < most ? Promise.resolve(enter()) : new Promise((resolve) => waiting.push(() => resolve(enter()))),
  }
}
