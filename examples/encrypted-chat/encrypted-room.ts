import { type Bytes, textOf, utf8 } from './bytes.ts'
import { checkSignature, closeEnvelope, type Envelope, type Head, printHead, readEnvelope } from './envelope.ts'
import { EncryptionError } from './errors.ts'
import type { Key } from './keys.ts'
import type { LocalDevice } from './local-device.ts'
import { Peers } from './peers.ts'
import { type Chain, follow, newChainKey, startChain, step } from './ratchet.ts'
import { open, pad, seal, unpad } from './sealing.ts'
import { openSenderKey, sealSenderKey } from './sender-key.ts'
import type { ClaimedPrekey, PublicDevice, Server, StoredMessage } from './server.ts'

/** A new sender key after so many messages, also where nobody came or left: what was stolen once is soon worth nothing. */
const MAX_EPOCH_MESSAGES = 200
const MAX_TEXT_BYTES = 24_000
/** As many as a request may name. */
const CLAIM_BATCH = 100
const MAX_TRIES = 3

/** The sender key of this device. */
interface Sending {
  readonly epoch: number
  readonly chain: Chain
  /** The devices that have it; null until all were sent it. */
  readonly recipients: readonly string[] | null
}

/** The key of one message, kept so that history can be read again. */
interface KeptKey {
  readonly key: Key
  /** The message that it opened: it opens no other. Null while it waits for one. */
  readonly messageId: string | null
  readonly isLate: boolean
  readonly missing: number
}

export type Reading =
  | {
      readonly kind: 'text'
      readonly message: StoredMessage
      readonly text: string
      readonly deviceId: string
      /** It came behind a later one of the same device: the server may have changed the order. */
      readonly isLate: boolean
      /** So many of this device were not there before it: deleted, edited, late, or held back by the server. */
      readonly missing: number
    }
  | { readonly kind: 'unreadable'; readonly message: StoredMessage; readonly error: EncryptionError }
  | { readonly kind: 'deleted'; readonly message: StoredMessage }
  /** It brought a sender key; there is nothing to show. */
  | { readonly kind: 'keys'; readonly message: StoredMessage }

export interface RoomOptions {
  /** Somebody who was seen before uses a new device: their safety number is another now. */
  readonly onNewDevice?: (device: PublicDevice) => void
  /** The server shows keys that cannot be right. Nothing can be sent until it shows others. */
  readonly onAlarm?: (error: EncryptionError) => void
}

/** An end-to-end encrypted room, as this device reads and writes it. */
export class EncryptedRoom {
  readonly #device: LocalDevice
  readonly #server: Server
  readonly #roomId: string
  readonly #options: RoomOptions
  readonly #peers: Peers
  #last: Promise<unknown> = Promise.resolve()

  constructor(device: LocalDevice, server: Server, roomId: string, options: RoomOptions = {}) {
    this.#device = device
    this.#server = server
    this.#roomId = roomId
    this.#options = options
    this.#peers = new Peers(server, device.store)
  }

  /** @returns the id of the message. @throws EncryptionError `TOO_LONG`, or those of keys that cannot be right. */
  send(text: string): Promise<string> {
    return this.#alone(async () => {
      const bytes = utf8(text)
      if (bytes.length > MAX_TEXT_BYTES) throw new EncryptionError('TOO_LONG')
      const sending = await this.#senderKey()
      const { epoch, chain } = sending
      const { messageKey: key, next } = await step(chain)
      const head: Head = { kind: 'text', room: this.#roomId, device: this.#device.id, epoch, number: chain.number }
      const kept: KeptKey = { key, messageId: null, isLate: false, missing: 0 }
      // Before it is used: a crash in between loses a number, and never uses a key twice.
      await this.#device.store.write({
        [this.#sendingName]: { ...sending, chain: next },
        [this.#messageKeyName(head)]: kept,
      })
      const headText = printHead(head)
      const body = await seal(key, pad(bytes), headText)
      const ciphertext = await closeEnvelope(this.#device.identity, headText, body)
      return this.#server.send(this.#roomId, ciphertext, crypto.randomUUID())
    })
  }

  /** What was written after the cursor (from the beginning for null), then what is written. */
  async *listen(after: string | null = null): AsyncGenerator<Reading, void> {
    const devices = this.#server.watchDevices(this.#roomId)[Symbol.asyncIterator]()
    const watching = this.#watch(devices)
    try {
      for await (const message of this.#server.messages(this.#roomId, after)) yield await this.read(message)
    } finally {
      await devices.return?.()
      await watching
    }
  }

  async #watch(devices: AsyncIterator<PublicDevice[]>): Promise<void> {
    try {
      for (let next = await devices.next(); !next.done; next = await devices.next()) {
        const { value } = next
        await this.#alone(() => this.#learn(value))
      }
    } catch (error) {
      // A connection that is lost is noticed where the messages come from.
      if (error instanceof EncryptionError) this.#options.onAlarm?.(error)
    }
  }

  /** One message. Never throws for what is in it. */
  read(message: StoredMessage): Promise<Reading> {
    return this.#alone(async (): Promise<Reading> => {
      if (message.ciphertext === null) return { kind: 'deleted', message }
      try {
        const envelope = readEnvelope(message.ciphertext)
        const sender = await this.#senderOf(message, envelope)
        if (envelope.head.kind === 'text') return await this.#readText(message, envelope)
        await this.#takeSenderKey(envelope, sender)
        return { kind: 'keys', message }
      } catch (error) {
        if (error instanceof EncryptionError) return { kind: 'unreadable', message, error }
        throw error
      }
    })
  }

  async #senderOf(message: StoredMessage, envelope: Envelope) {
    const { room, device } = envelope.head
    if (room !== this.#roomId) throw new EncryptionError('FOREIGN_ROOM')
    const sender = await this.#peers.get(device)
    if (message.authorId !== null && sender.accountId !== message.authorId) throw new EncryptionError('WRONG_SENDER')
    await checkSignature(envelope, sender.identityKey)
    if (sender.revokedAt !== null && Date.parse(message.createdAt) > Date.parse(sender.revokedAt)) {
      throw new EncryptionError('REVOKED_DEVICE')
    }
    return sender
  }

  async #readText(message: StoredMessage, { head, headText, body }: Envelope): Promise<Reading> {
    const { store } = this.#device
    const name = this.#messageKeyName(head)
    const kept = await store.get<KeptKey>(name)
    if (kept !== undefined) {
      if (kept.messageId !== null && kept.messageId !== message.id) throw new EncryptionError('REPLAYED')
      const text = textOf(unpad(await open(kept.key, body, headText)))
      if (kept.messageId === null) await store.write({ [name]: { ...kept, messageId: message.id } })
      const { isLate, missing } = kept
      return { kind: 'text', message, text, deviceId: head.device, isLate, missing }
    }
    const chain = await store.get<Chain>(this.#receivingName(head))
    if (chain === undefined) throw new EncryptionError('NOT_FOR_THIS_DEVICE')
    if (head.number < chain.number) throw new EncryptionError('REPLAYED')
    const { keys, next } = await follow(chain, head.number)
    // Nothing is kept before it opened: a false number must not move the chain.
    const text = textOf(unpad(await open(keys.get(head.number) as Key, body, headText)))
    const missing = head.number - chain.number
    const changes: Record<string, unknown> = { [this.#receivingName(head)]: next }
    for (const [number, key] of keys) {
      const isThis = number === head.number
      changes[this.#messageKeyName({ ...head, number })] = {
        key,
        messageId: isThis ? message.id : null,
        isLate: !isThis,
        missing: isThis ? missing : 0,
      } satisfies KeptKey
    }
    await store.write(changes)
    return { kind: 'text', message, text, deviceId: head.device, isLate: false, missing }
  }

  async #takeSenderKey(envelope: Envelope, sender: { identityKey: string; agreementKey: string }): Promise<void> {
    const { store } = this.#device
    const name = this.#receivingName(envelope.head)
    // The first one stays: an old one that comes again must not set the chain back.
    if (envelope.head.device === this.#device.id || (await store.get(name)) !== undefined) return
    const opened = await openSenderKey(this.#device, envelope, sender)
    if (opened === null) return
    await store.write({ [name]: await startChain(opened.chainKey, store.needsBytes), ...opened.used })
  }

  /** The present sender key, a new one where somebody came or left since, or the old one was used enough. */
  async #senderKey(): Promise<Sending> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
      // Asked each time: a message must not reach who left a moment ago, nor miss who just came.
      const devices = await this.#server.devicesOf(this.#roomId)
      await this.#learn(devices)
      if (!devices.some(({ id }) => id === this.#device.id)) throw new EncryptionError('REVOKED_DEVICE')
      const recipients = devices.filter(({ id }) => id !== this.#device.id)
      const ids = recipients.map(({ id }) => id).sort()
      const sending = await this.#device.store.get<Sending>(this.#sendingName)
      const isCurrent = sending?.recipients?.join() === ids.join() && sending.chain.number < MAX_EPOCH_MESSAGES
      if (sending !== undefined && isCurrent) return sending
      const prekeys = await this.#claim(ids)
      if (prekeys !== null) return this.#changeSenderKey((sending?.epoch ?? 0) + 1, recipients, ids, prekeys)
    }
    throw new EncryptionError('UNKNOWN_DEVICE')
  }

  /** Null when one of the devices was revoked meanwhile. */
  async #claim(ids: readonly string[]): Promise<Map<string, ClaimedPrekey> | null> {
    const claimed = new Map<string, ClaimedPrekey>()
    for (let from = 0; from < ids.length; from += CLAIM_BATCH) {
      const batch = await this.#server.claimPrekeys(ids.slice(from, from + CLAIM_BATCH))
      if (batch === null) return null
      for (const each of batch) claimed.set(each.deviceId, each)
    }
    return claimed
  }

  async #changeSenderKey(
    epoch: number,
    recipients: readonly PublicDevice[],
    ids: readonly string[],
    prekeys: ReadonlyMap<string, ClaimedPrekey>,
  ): Promise<Sending> {
    const { store } = this.#device
    const chainKey: Bytes = newChainKey()
    const begun: Sending = { epoch, chain: await startChain(chainKey, store.needsBytes), recipients: null }
    const place = { room: this.#roomId, epoch }
    const ciphertexts = await sealSenderKey(this.#device, place, recipients, prekeys, chainKey)
    // The number is used up even if the sending fails: half of the devices may have this key already.
    await store.write({ [this.#sendingName]: begun })
    for (const ciphertext of ciphertexts) await this.#server.send(this.#roomId, ciphertext, crypto.randomUUID())
    const sent: Sending = { ...begun, recipients: ids }
    await store.write({ [this.#sendingName]: sent })
    return sent
  }

  async #learn(devices: readonly PublicDevice[]): Promise<void> {
    for (const added of await this.#peers.learn(devices)) {
      if (added.id !== this.#device.id) this.#options.onNewDevice?.(added)
    }
  }

  get #sendingName(): string {
    return `sending/${this.#roomId}`
  }

  readonly #receivingName = ({ device, epoch }: Head): string => `receiving/${this.#roomId}/${device}/${epoch}`

  readonly #messageKeyName = ({ device, epoch, number }: Head): string =>
    `message-key/${this.#roomId}/${device}/${epoch}/${number}`

  /** One thing after the other: two sends at once must not take the same key. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work)
    this.#last = done
    return done
  }
}
