/** RFC 6455, 5.2: the last fragment of a text message. What a server sends is not masked. */
const FINAL_TEXT = 0x81
/** Larger payloads are not copied for each id, but written behind a head of their own. */
const COPIED_BYTES = 4_096
/** Ids that clients count up are shared by many, random ones by nobody. */
const SHARED_ID_LENGTH = 8
const SHARED_FRAMES = 16

/** What stands before the payload in a message of graphql-transport-ws to the operation with this id. */
export const nextPrefix = (id: string): string => `{"id":${JSON.stringify(id)},"type":"next","payload":`

/** A result that goes to many: serialised once, framed once for each id. */
export class NextEvent {
  /** The payload, and the brace that ends the message. */
  readonly #body: Buffer
  readonly #frames = new Map<string, Buffer>()

  constructor(readonly json: string) {
    this.#body = Buffer.from(`${json}}`)
  }

  /** The frame for the operation whose `nextPrefix` this is, in one piece or two. */
  frame(prefix: string): readonly Buffer[] {
    const known = this.#frames.get(prefix)
    if (known !== undefined) return [known]
    const body = this.#body
    const prefixBytes = Buffer.byteLength(prefix)
    const isCopied = body.length <= COPIED_BYTES
    const head = headOf(prefixBytes + body.length, prefixBytes + (isCopied ? body.length : 0))
    const at = head.length - prefixBytes - (isCopied ? body.length : 0)
    head.write(prefix, at)
    if (!isCopied) return [head, body]
    body.copy(head, at + prefixBytes)
    const isShared = prefix.length <= nextPrefix('').length + SHARED_ID_LENGTH
    if (isShared && this.#frames.size < SHARED_FRAMES) this.#frames.set(prefix, head)
    return [head]
  }
}

/** A buffer that begins with the header of a frame and has room for `roomBytes` more. */
function headOf(payloadBytes: number, roomBytes: number): Buffer {
  if (payloadBytes < 126) {
    const buffer = Buffer.allocUnsafe(2 + roomBytes)
    buffer[1] = payloadBytes
    buffer[0] = FINAL_TEXT
    return buffer
  }
  if (payloadBytes < 65_536) {
    const buffer = Buffer.allocUnsafe(4 + roomBytes)
    buffer[0] = FINAL_TEXT
    buffer[1] = 126
    buffer.writeUInt16BE(payloadBytes, 2)
    return buffer
  }
  const buffer = Buffer.allocUnsafe(10 + roomBytes)
  buffer[0] = FINAL_TEXT
  buffer[1] = 127
  buffer.writeBigUInt64BE(BigInt(payloadBytes), 2)
  return buffer
}
