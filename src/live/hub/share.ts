import { setTimeout as pause } from 'node:timers/promises'

/** For each millisecond that it worked for somebody, it rests three before it works for them again. */
const REST_FACTOR = 3
const LONGEST_REST_MS = 2_000

export interface ShareOptions {
  /** In milliseconds; only differences count. */
  now?: () => number
  rest?: (ms: number) => Promise<unknown>
}

/**
 * Gives everybody at most a quarter of the time. Work for one key is done one after the other, and after each piece the
 * key rests in proportion to what it took. Somebody who opens fifty dear subscriptions that nobody can share slows down
 * these fifty, and no one else; with one cheap subscription nobody notices it.
 */
export class FairShare {
  readonly #lastOf = new Map<string, Promise<void>>()
  readonly #now: () => number
  readonly #rest: (ms: number) => Promise<unknown>

  constructor(options: ShareOptions = {}) {
    this.#now = options.now ?? (() => performance.now())
    this.#rest = options.rest ?? ((ms) => pause(ms, undefined, { ref: false }))
  }

  async use<Answer>(key: string, work: () => Promise<Answer>): Promise<Answer> {
    const before = this.#lastOf.get(key)
    let free = (): void => {}
    const mine = new Promise<void>((resolve) => {
      free = resolve
    })
    this.#lastOf.set(key, mine)
    await before
    const startedAt = this.#now()
    try {
      return await work()
    } finally {
      void this.#leave(key, mine, this.#now() - startedAt).then(free)
    }
  }

  /** Keys for which something is done, waits or rests. */
  get size(): number {
    return this.#lastOf.size
  }

  async #leave(key: string, mine: Promise<void>, tookMs: number): Promise<void> {
    await this.#rest(Math.min(tookMs * REST_FACTOR, LONGEST_REST_MS))
    if (this.#lastOf.get(key) === mine) this.#lastOf.delete(key)
  }
}
