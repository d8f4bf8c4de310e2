import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** Every SPKI of an uncompressed P-256 point begins so: algorithm id-ecPublicKey, curve prime256v1, 65 bytes of point (RFC 5480). */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')
const SPKI_BYTES = 91
const SIGNATURE_BYTES = 64

/** The bytes of base64 text (RFC 4648, 4) in its one canonical spelling; null for any other text, or another length. */
function decodeExactly(base64: string, length: number): Buffer | null {
  if (base64.length !== Math.ceil(length / 3) * 4) return null
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length === length && bytes.toString('base64') === base64 ? bytes : null
}

function publicKeyOf(base64: string): KeyObject | null {
  const bytes = decodeExactly(base64, SPKI_BYTES)
  if (bytes === null || !bytes.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD)) return null
  try {
    // OpenSSL refuses coordinates that are no point of the curve.
    return createPublicKey({ key: bytes, format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

/** Whether the text is a P-256 public key as WebCrypto exports it: SPKI in base64, uncompressed, a point of the curve. */
export const isP256PublicKey = (base64: string): boolean => publicKeyOf(base64) !== null

/**
 * Whether `signature` (base64 of r and s, 64 bytes, as WebCrypto makes it) is one of `text` by the private half of
 * `publicKey`: ECDSA on P-256 with SHA-256. False for anything that is no key or no signature.
 */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const key = publicKeyOf(publicKey)
  const bytes = decodeExactly(signature, SIGNATURE_BYTES)
  if (key === null || bytes === null) return false
  return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes)
}
