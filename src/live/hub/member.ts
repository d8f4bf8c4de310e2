import type { LiveSource } from '../source.ts'
import type { Listener } from './operation.ts'

/** Members of one group hear the same events. */
export interface Group<Event> {
  readonly size: number
  add(member: Member<Event>): void
  remove(member: Member<Event>): void
  /** The member may hear nothing until it has been looked at again. */
  hold(member: Member<Event>): void
  /** It may hear again. */
  resume(member: Member<Event>): void
  /** Looks for what a lost event would have told. */
  heal(): void
}

/** What a member needs of the hub. */
export interface Membership<Event> {
  admit(member: Member<Event>): Promise<string>
  /** As `admit`, but sits an outage out. */
  admitAgain(member: Member<Event>): Promise<string>
  enter(member: Member<Event>): void
  left(member: Member<Event>): void
}

/** One subscription: who listens, whether they still may, and how far they are. */
export class Member<Event> {
  audience = ''
  group: Group<Event> | null = null
  /** Streams: the number of the last row that was sent to it or left out. */
  position = 0
  /** Streams: how many rows it takes at a time; fewer where they are large. */
  appetite = 16
  /** When it is looked at again in any case. */
  checkAtMs = Number.POSITIVE_INFINITY
  isHeld = false
  isEnded = false
  #question = 0
  #released: (() => void)[] = []
  readonly #stop: (() => void)[] = []

  constructor(
    readonly source: LiveSource,
    readonly listener: Listener<Event>,
    readonly hub: Membership<Event>,
  ) {}

  /** @throws what `admit` throws. */
  async open(): Promise<void> {
    const { bus, recheckOn = [] } = this.source.options
    // Before the first look, so that what changes while it lasts is looked at once more.
    for (const topic of recheckOn) this.#stop.push(bus.subscribe(topic, () => this.recheck()))
    try {
      this.audience = await this.hub.admit(this)
    } catch (error) {
      this.leave()
      throw error
    }
  }

  enter(): void {
    if (!this.isEnded) this.hub.enter(this)
  }

  /** Something says that it may not listen any more: nothing is sent until that is clear. */
  recheck(): void {
    if (this.isEnded) return
    if (!this.isHeld) {
      this.isHeld = true
      this.group?.hold(this)
    }
    void this.check()
  }

  /** Asks whether it may still listen, and what. */
  async check(): Promise<void> {
    this.#question++
    const question = this.#question
    let audience: string
    try {
      audience = await this.hub.admitAgain(this)
    } catch (error) {
      this.end(error)
      return
    }
    // A later question decides.
    if (this.isEnded || question !== this.#question) return
    const wasHeld = this.isHeld
    this.isHeld = false
    for (const resolve of this.#released.splice(0)) resolve()
    if (audience !== this.audience) {
      this.audience = audience
      if (this.group === null) return
      this.group.remove(this)
      this.enter()
    } else if (wasHeld) {
      this.group?.resume(this)
    }
  }

  /** Resolves when it is no longer held, or has left. */
  released(): Promise<void> {
    return this.isHeld && !this.isEnded ? new Promise((resolve) => this.#released.push(resolve)) : Promise.resolve()
  }

  /** Ends it from our side. */
  end(error: unknown): void {
    if (this.isEnded) return
    this.leave()
    this.listener.end(error)
  }

  /** The subscriber has gone. */
  leave(): void {
    if (this.isEnded) return
    this.isEnded = true
    for (const unsubscribe of this.#stop.splice(0)) unsubscribe()
    for (const resolve of this.#released.splice(0)) resolve()
    this.group?.remove(this)
    this.group = null
    this.hub.left(this)
  }
}
