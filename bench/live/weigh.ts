import { setTimeout as pause } from 'node:timers/promises'

export interface Weight {
  /** What the program holds: its heap, and buffers outside of it. */
  readonly used: number
  /** What the system has given it, in use or not. */
  readonly rss: number
}

/** Bytes of this process without its garbage; buffers are let go of a moment after what held them. */
export async function weigh(): Promise<Weight> {
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc?.()
    await pause(50)
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { used: heapUsed + external, rss }
}
