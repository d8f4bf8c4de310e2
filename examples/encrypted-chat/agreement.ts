import { type Bytes, concat, utf8 } from './bytes.ts'
import { agree, type Key, type KeyPair, makeAgreementPair } from './keys.ts'

/**
 * The first secret between two devices, of which one may be offline: X3DH (Signal, "The X3DH Key Agreement Protocol",
 * 3.3) over P-256, with the agreement key in the place of the identity key IK, which WebCrypto does not let sign.
 *
 *     DH1 = DH(IK_A, SPK_B)   DH2 = DH(EK_A, IK_B)   DH3 = DH(EK_A, SPK_B)   DH4 = DH(EK_A, OPK_B)
 *     SK  = HKDF(DH1 || DH2 || DH3 || DH4)
 *
 * DH1 and DH2 say that it is these two devices; DH3 and DH4 make that later theft of their keys reveals nothing.
 */
export interface PrekeyBundle {
  readonly agreementKey: string
  readonly signedPrekey: string
  readonly oneTimePrekey: string | null
}

const INFO = utf8('atrium x3dh v1')
/** As long as the hash's output, of zeros: RFC 5869, 2.2, where there is no salt. */
const NO_SALT = new Uint8Array(32)

/** HKDF with SHA-256 (RFC 5869) to a key for AES-256-GCM whose bytes stay in WebCrypto. */
async function wrappingKey(secret: Bytes): Promise<Key> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: NO_SALT, info: INFO }
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** The side that begins. The ephemeral public key goes along with what the secret seals. */
export async function begin(own: KeyPair, bundle: PrekeyBundle): Promise<{ key: Key; ephemeralKey: string }> {
  const ephemeral = await makeAgreementPair(false)
  const secrets = await Promise.all([
    agree(own, bundle.signedPrekey),
    agree(ephemeral, bundle.agreementKey),
    agree(ephemeral, bundle.signedPrekey),
    ...(bundle.oneTimePrekey === null ? [] : [agree(ephemeral, bundle.oneTimePrekey)]),
  ])
  return { key: await wrappingKey(concat(...secrets)), ephemeralKey: ephemeral.publicKey }
}

export interface OwnPrekeys {
  readonly agreement: KeyPair
  readonly signedPrekey: KeyPair
  readonly oneTimePrekey: KeyPair | null
}

/** The side that answers, later, with the same secret. */
export async function complete(own: OwnPrekeys, agreementKey: string, ephemeralKey: string): Promise<Key> {
  const secrets = await Promise.all([
    agree(own.signedPrekey, agreementKey),
    agree(own.agreement, ephemeralKey),
    agree(own.signedPrekey, ephemeralKey),
    ...(own.oneTimePrekey === null ? [] : [agree(own.oneTimePrekey, ephemeralKey)]),
  ])
  return wrappingKey(concat(...secrets))
}
