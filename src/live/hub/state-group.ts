import { setImmediate as nextTurn } from 'node:timers/promises'
import { RESYNC } from '../bus.ts'
import type { StateOptions } from '../source.ts'
import type { Group, Member } from './member.ts'
import type { Workshop } from './workshop.ts'

const DEFAULT_MIN_INTERVAL_MS = 100
/**
 * After a look that took long, the next one for all waits so many times as long. What is shared costs once, but fifty
 * documents that differ in a name are fifty looks at each change, and anybody can send them: all together leave most of
 * the time to others then, as what each waits for the others counts as well.
 */
const DEAR_MS = 25
const REST_FACTOR = 4
const LONGEST_REST_MS = 5_000

/**
 * Shows one state to many. Looks are one after the other, so nobody gets an older state after a newer one. Who comes
 * gets a look that was begun after they came, at once; everyone gets one when the state may have changed, at most one
 * in `minIntervalMs`, and one after the last change in any case.
 */
export class StateGroup<Event> implements Group<Event> {
  readonly #members = new Set<Member<Event>>()
  readonly #stop: (() => void)[]
  /** Those who have seen nothing yet, or have missed what the others saw. */
  #newcomers = new Set<Member<Event>>()
  /** Were held or congested when there was something to see. */
  readonly #missed = new Set<Member<Event>>()
  #last: Event | null = null
  /** Not all have seen `#last`, or some have seen something else since. */
  #isMixed = false
  #isChanged = false
  #isLooking = false
  #isOver = false
  #sentAtMs = Number.NEGATIVE_INFINITY
  /** How long the last look took, outages left out. */
  #tookMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor(
    readonly workshop: Workshop<Event>,
    readonly options: StateOptions<unknown>,
    readonly audience: string,
    readonly onEmpty: () => void,
  ) {
    this.#stop = options.topics.map((topic) =>
      options.bus.subscribe(topic, (event) => {
        if (event === RESYNC) for (const member of [...this.#members]) member.recheck()
        this.heal()
      }),
    )
  }

  get size(): number {
    return this.#members.size
  }

  add(member: Member<Event>): void {
    this.#members.add(member)
    this.#welcome(member)
  }

  remove(member: Member<Event>): void {
    if (!this.#members.delete(member)) return
    this.#newcomers.delete(member)
    this.#missed.delete(member)
    if (this.#members.size === 0) this.#close()
  }

  hold(): void {}

  resume(member: Member<Event>): void {
    if (this.#missed.delete(member) || this.workshop.operation.isPersonal) this.#welcome(member)
  }

  heal(): void {
    this.#isChanged = true
    void this.#look()
  }

  #welcome(member: Member<Event>): void {
    this.#newcomers.add(member)
    void this.#look()
  }

  #close(): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    for (const unsubscribe of this.#stop) unsubscribe()
    this.onEmpty()
  }

  get #restMs(): number {
    const afterLookMs = this.#tookMs < DEAR_MS ? 0 : Math.min(this.#tookMs * REST_FACTOR, LONGEST_REST_MS)
    const intervalMs = Math.max(this.options.minIntervalMs ?? DEFAULT_MIN_INTERVAL_MS, afterLookMs)
    return this.#sentAtMs + intervalMs - performance.now()
  }

  async #timed<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const fromMs = performance.now()
    const answer = await work()
    this.#tookMs += performance.now() - fromMs
    return answer
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      while (this.#isDue()) {
        // Those who come in one turn of the loop share a look.
        await nextTurn()
        await this.#show()
      }
    } catch (error) {
      for (const member of [...this.#members]) member.end(error)
    } finally {
      this.#isLooking = false
    }
  }

  #isDue(): boolean {
    if (this.#isOver) return false
    if (this.#newcomers.size > 0) return true
    if (!this.#isChanged) return false
    const restMs = this.#restMs
    if (restMs <= 0) return true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#look(), restMs)
    return false
  }

  async #show(): Promise<void> {
    const { retrying, operation, metrics, isSame, executeOwn } = this.workshop
    const isForAll = this.#isChanged && this.#restMs <= 0
    // Before the read: a change that comes while it runs may be one that it does not see.
    if (isForAll) this.#isChanged = false
    const newcomers = this.#newcomers
    this.#newcomers = new Set()
    const isWanted = (): boolean => !this.#isOver
    this.#tookMs = 0
    const value = await retrying(() => this.#timed(() => this.options.load(this.audience)), isWanted)
    const event = await retrying(() => this.#timed(() => operation.execute(value)), isWanted)
    metrics.executed('shared')
    if (this.#isOver) return

    const isNews = event === null || this.#isMixed || this.#last === null || !isSame(this.#last, event)
    const audience = isForAll && isNews ? [...this.#members] : [...newcomers]
    // Who came while it was looked up gets a look of their own, even if this one happens to be for all.
    const hearing = audience.filter((member) => this.#members.has(member) && !this.#newcomers.has(member))
    if (isForAll || hearing.length === this.#members.size) {
      this.#last = event
      this.#isMixed = event === null
    } else if (isNews) {
      this.#isMixed = true
    }
    if (isForAll) this.#sentAtMs = performance.now()
    if (event === null) {
      await executeOwn(hearing, value, (member, own) => metrics.delivered(this.#deliver(member, own)))
      return
    }
    let delivered = 0
    for (const member of hearing) delivered += this.#deliver(member, event)
    metrics.delivered(delivered)
  }

  /** How often it was sent: once, or not. */
  #deliver(member: Member<Event>, event: Event): 0 | 1 {
    if (!this.#members.has(member)) return 0
    if (!member.isHeld && !member.listener.isCongested()) {
      member.listener.send(event)
      return 1
    }
    if (this.#missed.has(member)) return 0
    this.#missed.add(member)
    // Held ones are resumed by their own look.
    if (!member.isHeld) {
      void member.listener.drained().then(() => {
        if (this.#missed.delete(member)) this.#welcome(member)
      })
    }
    return 0
  }
}
