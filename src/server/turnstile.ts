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
 * Lets `most` in at once, and of each so many; the others wait outside, in the order of coming. Who stays long is no longer counted,
 * so that slow lines cannot keep everybody else out; and one who sends many files slowly keeps out nobody but themselves.
 */
export interface Gate {
  /** Answers the function with which one leaves. */
  enter(who: string): Promise<() => void>
}

export interface GateOptions {
  readonly most: number
  readonly ofEach: number
  readonly countedMs?: number
}

export function createGate({ most, ofEach, countedMs = COUNTED_MS }: GateOptions): Gate {
  const waiting: { who: string; come(): void }[] = []
  const inside = new Map<string, number>()
  let all = 0

  const change = (who: string, by: 1 | -1): void => {
    const left = (inside.get(who) ?? 0) + by
    all += by
    if (left === 0) inside.delete(who)
    else inside.set(who, left)
  }
  const hasRoom = (who: string): boolean => all < most && (inside.get(who) ?? 0) < ofEach

  const enter = (who: string): (() => void) => {
    change(who, 1)
    let isCounted = true
    const leave = (): void => {
      if (!isCounted) return
      isCounted = false
      clearTimeout(timer)
      change(who, -1)
      const next = waiting.findIndex((each) => hasRoom(each.who))
      if (next >= 0) for (const { come } of waiting.splice(next, 1)) come()
    }
    const timer = setTimeout(leave, countedMs).unref()
    return leave
  }

  return {
    enter: (who) =>
      hasRoom(who)
        ? Promise.resolve(enter(who))
        : new Promise((resolve) => waiting.push({ who, come: () => resolve(enter(who)) })),
  }
}
