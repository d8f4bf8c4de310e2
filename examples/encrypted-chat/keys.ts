import { type Bytes, fromBase64, toBase64, utf8 } from './bytes.ts'

/** A key that WebCrypto holds. Whether its bytes can be had is fixed when it is made. */
export type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

export interface KeyPair {
  readonly privateKey: Key
  /** SPKI in base64, as the server and other devices know it. */
  readonly publicKey: string
}

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const
const AGREEMENT = { name: 'ECDH', namedCurve: 'P-256' } as const

async function pairOf({ publicKey, privateKey }: { publicKey: Key; privateKey: Key }): Promise<KeyPair> {
  return { privateKey, publicKey: toBase64(new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))) }
}

/** For signatures. `extractable` only where the store cannot keep a key otherwise. */
export const makeSigningPair = async (extractable: boolean): Promise<KeyPair> =>
  pairOf(await crypto.subtle.generateKey(SIGNING, extractable, ['sign', 'verify']))

/** For agreeing on a secret (ECDH). */
export const makeAgreementPair = async (extractable: boolean): Promise<KeyPair> =>
  pairOf(await crypto.subtle.generateKey(AGREEMENT, extractable, ['deriveBits']))

/** ECDSA with SHA-256: r and s, 64 bytes, in base64. */
export async function sign(pair: KeyPair, text: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign(SIGNATURE, pair.privateKey, utf8(text))))
}

/** False for anything that is no key or no signature as well. */
export async function isSignedBy(publicKey: string, text: string, signature: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('spki', fromBase64(publicKey), SIGNING, false, ['verify'])
    return await crypto.subtle.verify(SIGNATURE, key, fromBase64(signature), utf8(text))
  } catch {
    return false
  }
}

/** The secret that two devices have in common: 32 bytes, never to be used but through a key derivation function. */
export async function agree(pair: KeyPair, publicKey: string): Promise<Bytes> {
  const other = await crypto.subtle.importKey('spki', fromBase64(publicKey), AGREEMENT, false, [])
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, pair.privateKey, 256))
}

/** What an identity key signs about a device: the same lines that the server checks. */
export const agreementKeyText = (accountId: string, agreementKey: string): string =>
  `atrium agreement key v1\n${accountId}\n${agreementKey}`

export const signedPrekeyText = (accountId: string, keyId: number, publicKey: string): string =>
  `atrium signed prekey v1\n${accountId}\n${keyId}\n${publicKey}`
