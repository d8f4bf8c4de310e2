/** RFC 6455, 5.2: the last fragment of a text message. What a server sends is not masked. */
const FINAL_TEXT = 0x81
/** Ids that clients count up are shared by many, random ones by nobody. */
const SHARED_ID_LENGTH = 8
const SHARED_FRAMES = 16

/** What stands before the payload in a message of graphql-transport-ws to one operation. */
export interface NextPrefix {
  readonly bytes: Buffer
  /** The id, where it is so short that many may have chosen it. */
  readonly sharedId: string | null
}

export const nextPrefix = (id: string): NextPrefix => ({
  bytes: Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`),
  sharedId: id.length <= SHARED_ID_LENGTH ? id : null,
})

/** A result that goes to many: serialised once, framed once for each id that many share. */
export class NextEvent {
  /** The payload, and the brace that ends the message. */
  readonly body: Buffer
  readonly #frames = new Map<string, Buffer>()
  /** A frame whose bytes have all left: the next one differs from it in the prefix alone. */
  #used: Buffer | null = null

  constructor(readonly json: string) {
    this.body = Buffer.from(`${json}}`)
  }

  frameBytes({ bytes }: NextPrefix): number {
    const length = bytes.length + this.body.length
    return length + headerBytes(length)
  }

  /**
   * The whole frame. The next call may overwrite it, which spares two thousand copies of the body and their way through
   * the processor's caches: whoever needs it for longer calls `keep`.
   */
  frame(prefix: NextPrefix): Buffer {
    const { sharedId } = prefix
    if (sharedId !== null) return this.#sharedFrame(sharedId, prefix)
    const bytes = this.frameBytes(prefix)
    const used = this.#used
    if (used?.length === bytes) {
      used.set(prefix.bytes, bytes - this.body.length - prefix.bytes.length)
      return used
    }
    this.#used = this.#newFrame(prefix)
    return this.#used
  }

  /** The last frame is still being written. */
  keep(): void {
    this.#used = null
  }

  #sharedFrame(id: string, prefix: NextPrefix): Buffer {
    const known = this.#frames.get(id)
    if (known !== undefined) return known
    const frame = this.#newFrame(prefix)
    if (this.#frames.size < SHARED_FRAMES) this.#frames.set(id, frame)
    return frame
  }

  #newFrame(prefix: NextPrefix): Buffer {
    const frame = Buffer.allocUnsafe(this.frameBytes(prefix))
    frame.set(this.body, this.writeHead(frame, 0, prefix))
    return frame
  }

  /** Writes everything that comes before `body`. @returns where that goes. */
  writeHead(target: Buffer, at: number, { bytes }: NextPrefix): number {
    const length = bytes.length + this.body.length
    const header = headerBytes(length)
    target[at] = FINAL_TEXT
    if (header === 2) {
      target[at + 1] = length
    } else if (header === 4) {
      target[at + 1] = 126
      target.writeUInt16BE(length, at + 2)
    } else {
      target[at + 1] = 127
      target.writeBigUInt64BE(BigInt(length), at + 2)
    }
    target.set(bytes, at + header)
    return at + header + bytes.length
  }
}

const headerBytes = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : 10)
