import { fromBase64, textOf, toBase64, utf8 } from './bytes.ts'
import { EncryptionError } from './errors.ts'
import { isSignedBy, type KeyPair, sign } from './keys.ts'

/** Where a ciphertext belongs. It is signed, and bound to what it heads as additional data: it cannot be moved. */
export interface Head {
  readonly kind: 'keys' | 'text'
  readonly room: string
  /** The device that wrote it. */
  readonly device: string
  /** The sender key that it is sealed with, or brings: each device numbers its own, from 1 on. */
  readonly epoch: number
  /** The message's place on the chain of its epoch; 0 with `kind: 'keys'`. */
  readonly number: number
}

/** A sender key, sealed for one device. */
export interface SealedKey {
  readonly ephemeralKey: string
  readonly signedPrekeyId: number
  readonly oneTimePrekeyId: number | null
  readonly sealed: string
}

export interface Envelope {
  readonly head: Head
  /** The text that was signed, byte for byte, so that nothing depends on how JSON is printed again. */
  readonly headText: string
  /** Sealed text, or the JSON of sealed keys by device. */
  readonly body: string
  readonly signature: string
}

const VERSION = 1

const signedText = (headText: string, body: string): string => `atrium message v1\n${headText}\n${body}`

export const printHead = (head: Head): string => JSON.stringify({ version: VERSION, ...head })

/** The ciphertext that the server keeps: base64 of JSON. */
export async function closeEnvelope(identity: KeyPair, headText: string, body: string): Promise<string> {
  const signature = await sign(identity, signedText(headText, body))
  return toBase64(utf8(JSON.stringify({ head: headText, body, signature })))
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function parse(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new EncryptionError('MALFORMED')
  return value as Record<string, unknown>
}

function readHead(text: string): Head {
  const { version, kind, room, device, epoch, number } = parse(text)
  if (version !== VERSION || (kind !== 'keys' && kind !== 'text')) throw new EncryptionError('MALFORMED')
  if (typeof room !== 'string' || typeof device !== 'string' || !isWhole(epoch) || !isWhole(number)) {
    throw new EncryptionError('MALFORMED')
  }
  return { kind, room, device, epoch, number }
}

/** What a ciphertext says of itself. Nothing of it is to be believed before `checkSignature`. @throws `MALFORMED`. */
export function readEnvelope(ciphertext: string): Envelope {
  try {
    const { head: headText, body, signature } = parse(textOf(fromBase64(ciphertext)))
    if (typeof headText !== 'string' || typeof body !== 'string' || typeof signature !== 'string') {
      throw new EncryptionError('MALFORMED')
    }
    return { head: readHead(headText), headText, body, signature }
  } catch (cause) {
    throw new EncryptionError('MALFORMED', { cause })
  }
}

/** @throws EncryptionError `BAD_SIGNATURE`. */
export async function checkSignature({ headText, body, signature }: Envelope, identityKey: string): Promise<void> {
  if (!(await isSignedBy(identityKey, signedText(headText, body), signature)))
    throw new EncryptionError('BAD_SIGNATURE')
}

/** The sealed key for this device, or null. @throws EncryptionError `MALFORMED`. */
export function sealedKeyFor({ body }: Envelope, deviceId: string): SealedKey | null {
  try {
    const sealed = parse(body)[deviceId]
    if (sealed === undefined) return null
    const { ephemeralKey, signedPrekeyId, oneTimePrekeyId, sealed: box } = sealed as Record<string, unknown>
    if (typeof ephemeralKey !== 'string' || typeof box !== 'string' || !isWhole(signedPrekeyId)) {
      throw new EncryptionError('MALFORMED')
    }
    if (oneTimePrekeyId !== null && !isWhole(oneTimePrekeyId)) throw new EncryptionError('MALFORMED')
    return { ephemeralKey, signedPrekeyId, oneTimePrekeyId, sealed: box }
  } catch (cause) {
    throw new EncryptionError('MALFORMED', { cause })
  }
}
