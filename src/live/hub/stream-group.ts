import { RESYNC } from '../bus.ts'
import type { StreamOptions } from '../source.ts'
import { Desk } from './desk.ts'
import type { Group, Member } from './member.ts'
import type { Workshop } from './workshop.ts'

const DEFAULT_PAGE_SIZE = 100
/** How many rows are executed at once. */
const SIDE_BY_SIDE = 4
/** How many pages are made at once for those who catch up. The others wait, and share what they wait for. */
const PAGES_AT_ONCE = 2

/** A row as it was sent or left out. */
interface Made<Event> {
  readonly seq: number
  /** Null where the row is gone, or where each listener executes it alone. */
  readonly event: Event | null
  readonly value: unknown
  readonly isGone: boolean
}

/**
 * Sends rows to many, in order, without gap or duplicate. Those who have everything that the group has are *live*: a row
 * is read, executed and serialised once for all of them. Everybody else catches up by pages from their own position,
 * and becomes live in the same tick in which they reach the position of the group, so there is no moment between the
 * two in which a row could fall through. A live member whose socket is backed up catches up again once it has drained.
 */
export class StreamGroup<Event> implements Group<Event> {
  readonly #members = new Set<Member<Event>>()
  readonly #live = new Set<Member<Event>>()
  readonly #stop: (() => void)[]
  readonly #pages = new Desk<string, readonly Made<Event>[]>(PAGES_AT_ONCE)
  readonly #pageSize: number
  /** The number of the last row that the live members have; null until the group knows where the stream stands. */
  #position: number | null = null
  #opening: Promise<void> | null = null
  #isHinted = true
  #isPumping = false
  #isOver = false

  constructor(
    readonly workshop: Workshop<Event>,
    readonly options: StreamOptions<unknown>,
    readonly onEmpty: () => void,
  ) {
    this.#pageSize = options.pageSize ?? DEFAULT_PAGE_SIZE
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
    // Who begins with what comes from now on stands where the stream stands.
    if (this.#members.size === 0 && this.#isAtEnd(member)) this.#position = member.position
    this.#members.add(member)
    void this.#catchUp(member)
  }

  remove(member: Member<Event>): void {
    if (!this.#members.delete(member)) return
    this.#live.delete(member)
    if (this.#members.size === 0) this.#close()
  }

  hold(member: Member<Event>): void {
    if (this.#live.delete(member)) void this.#catchUp(member)
  }

  /** It waits in `#catchUp` to be released. */
  resume(): void {}

  heal(): void {
    this.#isHinted = true
    void this.#pump()
  }

  #isAtEnd(member: Member<Event>): boolean {
    return member.source.kind === 'stream' && member.source.options.after === null
  }

  #close(): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const unsubscribe of this.#stop) unsubscribe()
    this.onEmpty()
  }

  #endAll(error: unknown): void {
    for (const member of [...this.#members]) member.end(error)
  }

  /** Where the stream stands when the group begins: what is older, each member fetches for itself. */
  #open(): Promise<void> {
    this.#opening ??= this.workshop
      .retrying(
        () => this.options.start(),
        () => !this.#isOver,
      )
      .then((position) => {
        this.#position ??= position
      })
    return this.#opening
  }

  /** Brings a member to the position of the group, at the pace of its socket, and makes it live. */
  async #catchUp(member: Member<Event>): Promise<void> {
    try {
      if (this.#position === null) await this.#open()
      while (this.#members.has(member)) {
        if (member.isHeld) {
          await member.released()
        } else if (member.listener.isCongested()) {
          await member.listener.drained()
        } else if (member.position >= (this.#position ?? 0)) {
          // In the tick in which it was compared.
          this.#live.add(member)
          void this.#pump()
          return
        } else {
          await this.#sendPage(member)
        }
      }
    } catch (error) {
      member.end(error)
    }
  }

  async #sendPage(member: Member<Event>): Promise<void> {
    const from = member.position
    const reached = this.#position ?? from
    const appetite = Math.min(member.appetite, this.#pageSize)
    // Full pages end at round numbers, so that those who began at different rows soon share their pages.
    const end = appetite < this.#pageSize ? from + appetite : from - (from % this.#pageSize) + this.#pageSize
    const page = await this.#pages.ask(`${from}-${end}`, () => this.#makePage(from, end))
    if (page.length === 0) {
      // What the group had sent meanwhile was taken away since.
      member.position = Math.max(member.position, reached)
      return
    }
    let sent = 0
    let delivered = 0
    for (const made of page) {
      if (!this.#members.has(member) || member.isHeld || member.listener.isCongested()) break
      sent++
      if (made.seq <= member.position) continue
      if (made.event === null && !made.isGone) {
        await this.workshop.executeOwn([member], made.value, (_member, event) => {
          delivered++
          member.listener.send(event)
        })
      } else if (made.event !== null) {
        delivered++
        member.listener.send(made.event)
      }
      member.position = made.seq
    }
    this.workshop.metrics.delivered(delivered)
    // What it had no room for is made anew when it has: it may have been taken away by then.
    member.appetite = sent < page.length ? Math.max(1, sent) : appetite * 2
  }

  /** The rows above `from`, up to `end` if there are any: executed in the moment in which they were read. */
  async #makePage(from: number, end: number): Promise<readonly Made<Event>[]> {
    const rows = await this.#fetch(from)
    const upTo = rows.filter((row) => this.options.seqOf(row) <= end)
    const page = upTo.length > 0 ? upTo : rows.slice(0, 1)
    const made: Made<Event>[] = []
    for await (const slice of this.#make(page)) made.push(...slice)
    return made
  }

  async #fetch(from: number): Promise<readonly unknown[]> {
    const { fetch, seqOf } = this.options
    const rows = await this.workshop.retrying(
      () => fetch(from, this.#pageSize),
      () => !this.#isOver,
    )
    let last = from
    for (const row of rows) {
      const seq = seqOf(row)
      if (seq <= last) throw new Error(`A stream went back from ${last} to ${seq}`)
      last = seq
    }
    return rows
  }

  /** Executes rows a few at a time, in order. */
  async *#make(rows: readonly unknown[]): AsyncGenerator<readonly Made<Event>[], void, undefined> {
    for (let next = 0; next < rows.length; next += SIDE_BY_SIDE) {
      yield await Promise.all(rows.slice(next, next + SIDE_BY_SIDE).map((row) => this.#makeRow(row)))
    }
  }

  async #makeRow(row: unknown): Promise<Made<Event>> {
    const { options, workshop } = this
    const { operation, metrics } = workshop
    const seq = options.seqOf(row)
    const isWanted = (): boolean => !this.#isOver
    const { current } = options
    const value = current === undefined ? row : await workshop.retrying(() => current(row), isWanted)
    if (value === null) return { seq, value, event: null, isGone: true }
    const event = await workshop.retrying(() => operation.execute(value), isWanted)
    metrics.executed('shared')
    return { seq, value, event, isGone: false }
  }

  /** Where the live members stand, at the least. */
  #floor(): number {
    let floor = Number.POSITIVE_INFINITY
    for (const { position } of this.#live) floor = Math.min(floor, position)
    return Math.max(this.#position ?? 0, floor)
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return
    this.#isPumping = true
    try {
      while (!this.#isOver && this.#isHinted && this.#live.size > 0) {
        // Before the fetch: a hint that comes while it runs may be for a row that it does not see.
        this.#isHinted = false
        this.#position = this.#floor()
        const rows = await this.#fetch(this.#position)
        this.#isHinted ||= rows.length >= this.#pageSize
        for await (const slice of this.#make(rows)) {
          for (const made of slice) await this.#deliver(made)
        }
      }
    } catch (error) {
      this.#endAll(error)
    } finally {
      this.#isPumping = false
    }
  }

  async #deliver({ seq, event, value, isGone }: Made<Event>): Promise<void> {
    // First of all: whoever joins from here on has this row or fetches it.
    this.#position = Math.max(this.#position ?? 0, seq)
    const alone: Member<Event>[] = []
    let delivered = 0
    for (const member of this.#live) {
      if (member.position >= seq) continue
      if (!isGone && member.listener.isCongested()) {
        this.hold(member)
        continue
      }
      if (event === null && !isGone) {
        alone.push(member)
        continue
      }
      member.position = seq
      if (event === null) continue
      member.listener.send(event)
      delivered++
    }
    this.workshop.metrics.delivered(delivered)
    if (alone.length === 0) return
    await this.workshop.executeOwn(alone, value, (member, own) => {
      // Whoever was held meanwhile fetches the row again.
      if (!this.#live.has(member) || member.position >= seq) return
      if (member.listener.isCongested()) return this.hold(member)
      member.position = seq
      this.workshop.metrics.delivered(1)
      member.listener.send(own)
    })
  }
}
