import { z } from 'zod'
import { encodeId, type Uuid } from '../../core/ids.ts'
import { isP256PublicKey, isSignedBy } from '../../core/p256.ts'

/** So many one-time prekeys wait for a device at most; a batch brings at most `MAX_PREKEY_BATCH`. */
export const MAX_PREKEYS = 200
export const MAX_PREKEY_BATCH = 100

export interface OneTimePrekey {
  readonly keyId: number
  readonly publicKey: string
}

export interface SignedPrekey extends OneTimePrekey {
  readonly signature: string
}

const KEY = 'is not a P-256 public key: SPKI of an uncompressed point, in base64.'

export const publicKey = (what: string) => z.string().refine(isP256PublicKey, `${what} ${KEY}`)

export const signature = z.string().length(88, 'A signature is 64 bytes (r and s) in base64.')

const keyId = z.int().min(1, 'The id of a key is at least 1.')

export const signedPrekey = z.object({ keyId, publicKey: publicKey('The prekey'), signature })

export const oneTimePrekeys = z
  .array(z.object({ keyId, publicKey: publicKey('The prekey') }))
  .max(MAX_PREKEY_BATCH, `At most ${MAX_PREKEY_BATCH} prekeys at once.`)
  .refine(
    (keys) => keys.every(({ keyId }, at) => at === 0 || keyId > (keys[at - 1]?.keyId ?? 0)),
    'The ids of prekeys must ascend.',
  )

/**
 * What the identity key of a device signs. Each kind of text begins with its own name, so that a signature for one is
 * none for another, and names the account, so that nobody can pass another's key off as theirs.
 */
export const agreementKeyText = (accountId: Uuid, agreementKey: string): string =>
  `atrium agreement key v1\n${encodeId('account', accountId)}\n${agreementKey}`

export const signedPrekeyText = (accountId: Uuid, { keyId, publicKey }: OneTimePrekey): string =>
  `atrium signed prekey v1\n${encodeId('account', accountId)}\n${keyId}\n${publicKey}`

export const isAgreementKeySigned = (
  accountId: Uuid,
  device: { identityKey: string; agreementKey: string; agreementKeySignature: string },
): boolean =>
  isSignedBy(device.identityKey, agreementKeyText(accountId, device.agreementKey), device.agreementKeySignature)

export const isPrekeySigned = (accountId: Uuid, identityKey: string, prekey: SignedPrekey): boolean =>
  isSignedBy(identityKey, signedPrekeyText(accountId, prekey), prekey.signature)
