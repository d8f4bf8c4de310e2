import { concat, fromBase64, utf8 } from './bytes.ts'

export interface Party {
  readonly accountId: string
  /** Of all their devices, in any order. */
  readonly identityKeys: readonly string[]
}

/** Signal's own: together with 30 digits, more than 112 bits of work to find a second key with the same number. */
const ITERATIONS = 5_200
const VERSION = new Uint8Array([0, 0])
const GROUPS = 6
const GROUP_BYTES = 5

/**
 * Thirty digits for one party, as Signal makes them (libsignal, `fingerprint.rs`):
 *
 *     hash = SHA-512(version || keys || account || keys), then 5199 times hash = SHA-512(hash || keys)
 *     six times five bytes of it, big-endian, modulo 100000
 *
 * Signal has one identity key for each person; here it is the keys of all their devices, sorted.
 */
async function digits({ accountId, identityKeys }: Party): Promise<string> {
  const keys = concat(...[...identityKeys].sort().map(fromBase64))
  let hash = concat(VERSION, keys, utf8(accountId))
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    hash = new Uint8Array(await crypto.subtle.digest('SHA-512', concat(hash, keys)))
  }
  const view = new DataView(hash.buffer)
  return Array.from({ length: GROUPS }, (_, group) => {
    const at = group * GROUP_BYTES
    const number = view.getUint8(at) * 2 ** 32 + view.getUint32(at + 1)
    return String(number % 100_000).padStart(5, '0')
  }).join('')
}

/**
 * Sixty digits in twelve groups, the same on both sides. Two people who see the same, over another way than this server,
 * know that it shows each of them the other's real keys. It changes when either adds or revokes a device.
 */
export async function safetyNumber(one: Party, other: Party): Promise<string> {
  const both = await Promise.all([digits(one), digits(other)])
  return both
    .sort()
    .join('')
    .replace(/(\d{5})(?=\d)/g, '$1 ')
}
