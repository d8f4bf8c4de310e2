import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { NextEvent } from './frame.ts'

/** Live events are not added to more than this; a burst that a reader is too slow for is read from the table instead. */
const CONGESTED_BYTES = 64 * 1024
const SWEEP_MS = 1_000

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
  /** Those that were written to since the last flush. */
  let corked: Outlet[] = []
  /** Those that have something to send which the system does not take yet. */
  const waiting = new Set<Outlet>()

  const flush = (): void => {
    const outlets = corked
    corked = []
    for (const outlet of outlets) outlet.uncork()
  }
  const desk: OutletDesk = {
    tuning,
    corked(outlet) {
      // The events of one turn of the loop leave in one packet.
      if (corked.push(outlet) === 1) setImmediate(flush)
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

interface OutletDesk {
  readonly tuning: OutletTuning
  corked(outlet: Outlet): void
  waits(outlet: Outlet): void
  closed(outlet: Outlet): void
}

/**
 * What one socket sends. `tcp` is the stream below the WebSocket: whole frames that are written to it stand between those
 * that ws writes, as nothing is compressed or fragmented here.
 */
export class Outlet {
  #isCorked = false
  #isWaiting = false
  /** When everything before this byte has left, the reader has kept up. */
  #mark = 0
  #markedAtMs = 0
  #draining: (() => void)[] = []

  constructor(
    readonly socket: WebSocket,
    readonly tcp: Socket,
    readonly closeSlow: () => void,
    readonly desk: OutletDesk,
  ) {}

  get #isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN
  }

  /** A result for the operation whose `nextPrefix` this is. Leaves with everything else of this turn of the loop. */
  sendNext(event: NextEvent, prefix: string): void {
    if (!this.#isOpen) return
    if (!this.#isCorked) {
      this.#isCorked = true
      this.tcp.cork()
      this.desk.corked(this)
    }
    for (const piece of event.frame(prefix)) this.tcp.write(piece)
  }

  /**
   * Any other message. Resolves once the operating system has it. A reader that is too slow for that is closed: it
   * neither fills our memory nor keeps its place.
   */
  sendText(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.uncork()
      if (!this.#isOpen) return resolve()
      const waitingBytes = this.socket.bufferedAmount
      // A single message may be larger than the limit; only what piles up behind it is too much.
      if (waitingBytes > 0 && waitingBytes + text.length > this.desk.tuning.bufferedBytes) {
        this.closeSlow()
        return resolve()
      }
      // A failed write ends the socket by itself.
      this.socket.send(text, () => resolve())
      this.#watch()
    })
  }

  uncork(): void {
    if (!this.#isCorked) return
    this.#isCorked = false
    this.tcp.uncork()
    this.#watch()
  }

  isCongested(): boolean {
    if (!this.#isOpen) return true
    if (this.tcp.writableLength < this.#congestedBytes) return false
    // A burst is no congestion as long as the system takes it.
    this.uncork()
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
    } else if (nowMs - this.#markedAtMs > this.desk.tuning.slowReaderMs) {
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

  /** Below the stream's own mark it would not tell that it has drained. */
  get #congestedBytes(): number {
    const { bufferedBytes } = this.desk.tuning
    return Math.max(Math.min(CONGESTED_BYTES, bufferedBytes / 4), this.tcp.writableHighWaterMark)
  }

  #watch(): void {
    if (this.#isWaiting || this.tcp.writableLength === 0) return
    this.#isWaiting = true
    this.#mark = this.tcp.bytesWritten
    this.#markedAtMs = performance.now()
    this.desk.waits(this)
  }
}
