/** What the time is. Tests hand in their own; rules that races depend on ask the database instead. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
