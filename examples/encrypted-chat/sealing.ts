import { type Bytes, concat, fromBase64, randomBytes, toBase64, utf8 } from './bytes.ts'
import { EncryptionError } from './errors.ts'
import type { Key } from './keys.ts'

const IV_BYTES = 12

/**
 * AES-256-GCM with a tag of 128 bits. Every key seals one text only. The 96 random bits of the IV (NIST SP 800-38D,
 * 8.2.2) stand by for the day when a copied or restored store makes a device use a key a second time.
 * @returns IV, ciphertext and tag in base64. @param context is not secret, and must be the same to open it again.
 */
export async function seal(key: Key, plaintext: Bytes, context: string): Promise<string> {
  const iv = randomBytes(IV_BYTES)
  const parameters = { name: 'AES-GCM', iv, additionalData: utf8(context) }
  return toBase64(concat(iv, new Uint8Array(await crypto.subtle.encrypt(parameters, key, plaintext))))
}

/** @throws EncryptionError `TAMPERED`. */
export async function open(key: Key, sealed: string, context: string): Promise<Bytes> {
  try {
    const bytes = fromBase64(sealed)
    const parameters = { name: 'AES-GCM', iv: bytes.slice(0, IV_BYTES), additionalData: utf8(context) }
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, bytes.slice(IV_BYTES)))
  } catch (cause) {
    throw new EncryptionError('TAMPERED', { cause })
  }
}

const BLOCK_BYTES = 256
const LENGTH_BYTES = 4

/** To whole blocks, so that the length of a ciphertext tells less about the text. */
export function pad(text: Bytes): Bytes {
  const length = new Uint8Array(LENGTH_BYTES)
  new DataView(length.buffer).setUint32(0, text.length)
  const filled = Math.ceil((LENGTH_BYTES + text.length) / BLOCK_BYTES) * BLOCK_BYTES
  return concat(length, text, new Uint8Array(filled - LENGTH_BYTES - text.length))
}

/** @throws EncryptionError `MALFORMED`. */
export function unpad(padded: Bytes): Bytes {
  const length = padded.length < LENGTH_BYTES ? -1 : new DataView(padded.buffer).getUint32(0)
  if (length < 0 || LENGTH_BYTES + length > padded.length) throw new EncryptionError('MALFORMED')
  return padded.slice(LENGTH_BYTES, LENGTH_BYTES + length)
}
