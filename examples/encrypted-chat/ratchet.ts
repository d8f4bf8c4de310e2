import { type Bytes, randomBytes } from './bytes.ts'
import { EncryptionError } from './errors.ts'
import type { Key } from './keys.ts'

/**
 * A chain of keys that can be followed forward only. Each step makes the key of one message and the next chain key, both
 * by HMAC-SHA-256 under the present one, with the constants that Signal recommends (The Double Ratchet Algorithm, 5.2):
 *
 *     message key = HMAC(chain key, 0x01)      next chain key = HMAC(chain key, 0x02)
 *
 * Whoever has a chain key has all later message keys and no earlier one.
 */
export interface Chain {
  /** Of the next message, from 0 on. */
  readonly number: number
  readonly key: Key
}

export const CHAIN_KEY_BYTES = 32

/** So many messages may be missing before one: a wrong number must not keep a device busy for hours. */
export const MAX_SKIPPED = 1_000

const MESSAGE_KEY = new Uint8Array([1])
const NEXT_CHAIN_KEY = new Uint8Array([2])
const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

const chainKeyOf = (bytes: Bytes, extractable: boolean): Promise<Key> =>
  crypto.subtle.importKey('raw', bytes, HMAC, extractable, ['sign'])

export const newChainKey = (): Bytes => randomBytes(CHAIN_KEY_BYTES)

/** The beginning of the chain that grows from these bytes. */
export async function startChain(bytes: Bytes, extractable: boolean): Promise<Chain> {
  if (bytes.length !== CHAIN_KEY_BYTES) throw new EncryptionError('MALFORMED')
  return { number: 0, key: await chainKeyOf(bytes, extractable) }
}

export async function step({ number, key }: Chain): Promise<{ messageKey: Key; next: Chain }> {
  const [message, following] = await Promise.all([
    crypto.subtle.sign(HMAC, key, MESSAGE_KEY),
    crypto.subtle.sign(HMAC, key, NEXT_CHAIN_KEY),
  ])
  const usages = ['encrypt', 'decrypt'] as const
  const messageKey = await crypto.subtle.importKey('raw', message, 'AES-GCM', key.extractable, [...usages])
  return {
    messageKey,
    next: { number: number + 1, key: await chainKeyOf(new Uint8Array(following), key.extractable) },
  }
}

/**
 * The keys of all messages up to and with `number`, and the chain behind it. The chain that was given stays as it is, so
 * that a message that turns out to be false moves nothing.
 * @throws EncryptionError `TOO_FAR_AHEAD`.
 */
export async function follow(chain: Chain, number: number): Promise<{ keys: Map<number, Key>; next: Chain }> {
  if (number - chain.number > MAX_SKIPPED) throw new EncryptionError('TOO_FAR_AHEAD')
  const keys = new Map<number, Key>()
  let next = chain
  while (next.number <= number) {
    const made = await step(next)
    keys.set(next.number, made.messageKey)
    next = made.next
  }
  return { keys, next }
}
