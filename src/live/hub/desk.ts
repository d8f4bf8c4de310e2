/**
 * Does a few things at a time. Who asks for what already waits in line gets the same answer: it was begun after they
 * asked, so it is as fresh as one of their own. The busier the desk is, the more of them share.
 */
export class Desk<Key, Answer> {
  readonly #waiting = new Map<Key, Promise<Answer>>()
  readonly #line: (() => void)[] = []
  #free: number

  constructor(width: number) {
    this.#free = width
  }

  ask(key: Key, work: () => Promise<Answer>): Promise<Answer> {
    const known = this.#waiting.get(key)
    if (known !== undefined) return known
    const answer = this.#answer(key, work)
    this.#waiting.set(key, answer)
    return answer
  }

  async #answer(key: Key, work: () => Promise<Answer>): Promise<Answer> {
    // Always awaited, so that all who ask in one moment share.
    await this.#turn()
    this.#waiting.delete(key)
    try {
      return await work()
    } finally {
      const next = this.#line.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }

  #turn(): Promise<void> {
    if (this.#free > 0) {
      this.#free--
      return Promise.resolve()
    }
    return new Promise((resolve) => this.#line.push(resolve))
  }
}
