import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { NextEvent, NextPrefix } from './frame.ts'

/** Live events are not added to more than this; a burst that a reader is too slow for is read from the table instead. */
const CONGESTED_BYTES = 64 * 1024
const SWEEP_MS = 1_000
/** Larger payloads are not copied for each socket, but written behind a head of their own. */
const COPIED_BYTES = 4_096

export interface OutletTuning {
  /** What may wait for a slow reader before the socket is closed with `SLOW_READER`. */
  readonly bufferedBytes: number
  /** How long a message may wait for a slow reader before the same happens. */
  readonly slowReaderMs: number
}

/** What all outlets of a server share. */
export interface Outlets {
  open(socket: WebSocket, tcp: Socket, closeSlow: () => void): Outlet
  stop(): void
}

export function createOutlets(tuning: OutletTuning): Outlets {
  /** Those that have been given something in this turn of the loop. */
  let filled: Outlet[] = []
  /** Those that have something to send which the system does not take yet. */
  const waiting = new Set<Outlet>()

  const flush = (): void => {
    const outlets = filled
    filled = []
    for (const outlet of outlets) outlet.flush()
  }
  const desk: OutletDesk = {
    bufferedBytes: tuning.bufferedBytes,
    slowReaderMs: tuning.slowReaderMs,
    filled(outlet) {
      // The events of one turn leave in one packet.
      if (filled.push(outlet) === 1) setImmediate(flush)
    },
    waits: (outlet) => void waiting.add(outlet),
    closed: (outlet) => void waiting.delete(outlet),
  }
  const sweep = setInterval(
    () => {
      const now = performance.now()
      for (const outlet of waiting) if (!outlet.isSlow(now)) waiting.delete(outlet)
    },
    Math.min(SWEEP_MS, tuning.slowReaderMs / 4),
  ).unref()

  return {
    open: (socket, tcp, closeSlow) => new Outlet(socket, tcp, closeSlow, desk),
    stop: () => clearInterval(sweep),
  }
}

interface OutletDesk extends OutletTuning {
  filled(outlet: Outlet): void
  waits(outlet: Outlet): void
  closed(outlet: Outlet): void
}

/**
 * What one socket sends. `tcp` is the stream below the WebSocket: whole frames that are written to it stand between those
 * that ws writes, as nothing is compressed or fragmented here.
 */
export class Outlet {
  /** The first event of this turn, and those after it: mostly there is only one. */
  #event: NextEvent | null = null
  #prefix: NextPrefix | null = null
  #more: (readonly [NextEvent, NextPrefix])[] = []
  /** What these are in bytes. */
  #filledBytes = 0
  #isWaiting = false
  /** When everything before this byte has left, the reader has kept up. */
  #mark = 0
  #markedAtMs = 0
  #draining: (() => void)[] = []
  readonly #congestedBytes: number

  constructor(
    readonly socket: WebSocket,
    readonly tcp: Socket,
    readonly closeSlow: () => void,
    readonly desk: OutletDesk,
  ) {
    // Below the stream's own mark it would not tell that it has drained.
    const congestedBytes = Math.min(CONGESTED_BYTES, desk.bufferedBytes / 4)
    this.#congestedBytes = Math.max(congestedBytes, tcp.writableHighWaterMark)
  }

  get #isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN
  }

  /** A result for the operation with this prefix. Leaves with everything else of this turn of the loop. */
  sendNext(event: NextEvent, prefix: NextPrefix): void {
    if (!this.#isOpen) return
    this.#filledBytes += event.frameBytes(prefix)
    if (this.#event === null) {
      this.#event = event
      this.#prefix = prefix
      this.desk.filled(this)
    } else {
      this.#more.push([event, prefix])
    }
  }

  /**
   * Any other message. Resolves once the operating system has it. A reader that is too slow for that is closed: it
   * neither fills our memory nor keeps its place.
   */
  sendText(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.flush()
      if (!this.#isOpen) return resolve()
      const waitingBytes = this.socket.bufferedAmount
      // A single message may be larger than the limit; only what piles up behind it is too much.
      if (waitingBytes > 0 && waitingBytes + text.length > this.desk.bufferedBytes) {
        this.closeSlow()
        return resolve()
      }
      // A failed write ends the socket by itself.
      this.socket.send(text, () => resolve())
      this.#watch()
    })
  }

  flush(): void {
    const event = this.#event
    const prefix = this.#prefix
    if (event === null || prefix === null) return
    const more = this.#more
    const bytes = this.#filledBytes
    this.#event = null
    this.#prefix = null
    this.#filledBytes = 0
    if (more.length > 0) this.#more = []
    // After a close nothing may follow.
    if (!this.#isOpen) return
    if (more.length === 0 && event.body.length <= COPIED_BYTES) this.tcp.write(event.frame(prefix))
    else this.#write([[event, prefix], ...more], bytes)
    // The system has taken everything already, as it nearly always has.
    if (this.tcp.writableLength === 0) return
    event.keep()
    this.#watch()
  }

  isCongested(): boolean {
    if (!this.#isOpen) return true
    if (this.tcp.writableLength + this.#filledBytes < this.#congestedBytes) return false
    // A burst is no congestion as long as the system takes it.
    this.flush()
    return this.tcp.writableLength >= this.#congestedBytes
  }

  /** Resolves when everything has left; never, where the socket closes instead. */
  drained(): Promise<void> {
    if (!this.isCongested()) return Promise.resolve()
    return new Promise((resolve) => {
      if (this.#draining.push(resolve) > 1) return
      this.tcp.once('drain', () => {
        const draining = this.#draining
        this.#draining = []
        if (this.#isOpen) for (const each of draining) each()
      })
    })
  }

  /** Whether it has still something to send. Closes it when that takes too long. */
  isSlow(nowMs: number): boolean {
    const { writableLength, bytesWritten } = this.tcp
    if (writableLength === 0 || !this.#isOpen) {
      this.#isWaiting = false
      return false
    }
    if (bytesWritten - writableLength >= this.#mark) {
      this.#mark = bytesWritten
      this.#markedAtMs = nowMs
    } else if (nowMs - this.#markedAtMs > this.desk.slowReaderMs) {
      this.#isWaiting = false
      this.closeSlow()
      return false
    }
    return true
  }

  closed(): void {
    this.#draining = []
    this.desk.closed(this)
  }

  /** Small frames in one piece, and large payloads as they are. */
  #write(events: readonly (readonly [NextEvent, NextPrefix])[], bytes: number): void {
    let room = bytes
    for (const [{ body }] of events) if (body.length > COPIED_BYTES) room -= body.length
    const copied = Buffer.allocUnsafe(room)
    let from = 0
    let at = 0
    this.tcp.cork()
    for (const [event, prefix] of events) {
      at = event.writeHead(copied, at, prefix)
      if (event.body.length > COPIED_BYTES) {
        this.tcp.write(copied.subarray(from, at))
        this.tcp.write(event.body)
        from = at
      } else {
        copied.set(event.body, at)
        at += event.body.length
      }
    }
    if (from < at) this.tcp.write(copied.subarray(from, at))
    this.tcp.uncork()
  }

  #watch(): void {
    if (this.#isWaiting || this.tcp.writableLength === 0) return
    this.#isWaiting = true
    this.#mark = this.tcp.bytesWritten
    this.#markedAtMs = performance.now()
    this.desk.waits(this)
  }
}
