import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { encodeId, type Uuid } from '../../src/core/ids.ts'

/** The keys of a device, made with Node's own functions and not with the example's: the two must agree by themselves. */
export interface DeviceKeys {
  readonly accountId: Uuid
  readonly identity: KeyPair
  readonly agreement: KeyPair
}

interface KeyPair {
  readonly privateKey: KeyObject
  /** SPKI in base64. */
  readonly publicKey: string
}

export function keyPair(namedCurve = 'P-256'): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
  return { privateKey, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }
}

export const deviceKeys = (accountId: Uuid): DeviceKeys => ({ accountId, identity: keyPair(), agreement: keyPair() })

export const signature = (by: KeyPair, ...lines: (string | number)[]): string =>
  sign('sha256', Buffer.from(lines.join('\n')), { key: by.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64')

export function signedPrekey({ accountId, identity }: DeviceKeys, keyId = 1) {
  const { publicKey } = keyPair()
  const signed = signature(identity, 'atrium signed prekey v1', encodeId('account', accountId), keyId, publicKey)
  return { keyId, publicKey, signature: signed }
}

export const prekeys = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => ({ keyId: from + at, publicKey: keyPair().publicKey }))

/** What `registerDevice` takes. */
export function registration(keys: DeviceKeys, oneTimePrekeys = prekeys(2), label = 'Phone') {
  const { accountId, identity, agreement } = keys
  const account = encodeId('account', accountId)
  return {
    label,
    identityKey: identity.publicKey,
    agreementKey: agreement.publicKey,
    agreementKeySignature: signature(identity, 'atrium agreement key v1', account, agreement.publicKey),
    signedPrekey: signedPrekey(keys),
    oneTimePrekeys,
  }
}

const ERRORS = 'userErrors { __typename code path ... on LimitExceeded { limit } }'

export const REGISTER = `mutation ($input: RegisterDeviceInput!) {
  registerDevice(input: $input) { device { id label identityKey agreementKey agreementKeySignature prekeysLeft revokedAt } ${ERRORS} } }`
export const REVOKE = `mutation ($input: RevokeDeviceInput!) { revokeDevice(input: $input) { device { id label revokedAt } ${ERRORS} } }`
export const UPLOAD = `mutation ($input: UploadPrekeysInput!) { uploadPrekeys(input: $input) { device { id prekeysLeft } ${ERRORS} } }`
export const CLAIM = `mutation ($input: ClaimPrekeysInput!) { claimPrekeys(input: $input) {
  prekeys { device { id } signedPrekey { keyId publicKey signature } oneTimePrekey { keyId publicKey } } ${ERRORS} } }`
