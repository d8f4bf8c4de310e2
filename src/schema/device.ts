import { Field, ID, InputType, Int } from 'type-graphql'
import { Account } from './account.ts'
import { connectionOf } from './connection.ts'
import { Node } from './node.ts'
import { GraphObject } from './object.ts'
import { DateTime } from './scalars.ts'
import { payloadOf } from './user-error.ts'

const PUBLIC_KEY = 'A P-256 public key: SPKI of the uncompressed point, in base64, as WebCrypto exports it.'
const SIGNATURE = 'ECDSA with SHA-256 by the identity key, 64 bytes (r and s) in base64, of the UTF-8 text'
const AGREEMENT_TEXT = '`atrium agreement key v1`, the account’s id and the agreement key, each on a line of its own.'
const PREKEY_TEXT = '`atrium signed prekey v1`, the account’s id, `keyId` and `publicKey`, each on a line of its own.'

@GraphObject(
  'A member’s device that takes part in end-to-end encrypted rooms. The server keeps its public keys and never sees a private one. Verify the signatures: a server that lies about keys is found out by comparing safety numbers.',
  [Node],
)
export class Device extends Node {
  @Field(() => Account)
  account: Account

  @Field(() => String, { description: `What it signs with. ${PUBLIC_KEY}` })
  identityKey: string

  @Field(() => String, { description: `What it agrees on keys with (ECDH). ${PUBLIC_KEY}` })
  agreementKey: string

  @Field(() => String, { description: `${SIGNATURE} ${AGREEMENT_TEXT}` })
  agreementKeySignature: string

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime, { nullable: true, description: 'Since when nothing may be encrypted for it any more.' })
  revokedAt: string | null

  @Field(() => String, { nullable: true, description: 'As its owner calls it; null for everybody else.' })
  label: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it last brought prekeys; null for all but its owner.' })
  lastSeenAt: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'One-time prekeys that are left: bring new ones when they run low. Null for all but its owner.',
  })
  prekeysLeft: number | null
}

@GraphObject('A key that is used once, for the first secret between two devices.')
export class OneTimePrekey {
  @Field(() => Int)
  keyId: number

  @Field(() => String, { description: PUBLIC_KEY })
  publicKey: string
}

@GraphObject('A key for the first secret between two devices that is used by many until it is renewed.')
export class SignedPrekey extends OneTimePrekey {
  @Field(() => String, { description: `${SIGNATURE} ${PREKEY_TEXT}` })
  signature: string
}

@GraphObject('What is needed to share a first secret with a device that may be offline.')
export class ClaimedPrekey {
  @Field(() => Device)
  device: Device

  @Field(() => SignedPrekey)
  signedPrekey: SignedPrekey

  @Field(() => OneTimePrekey, {
    nullable: true,
    description: 'Nobody else gets it. Null when they are used up: the signed prekey then stands alone.',
  })
  oneTimePrekey: OneTimePrekey | null
}

export const { Connection: DeviceConnection } = connectionOf(Device)

@GraphObject('The devices of an account, or of the members of a room: whom to encrypt for.')
export class DeviceRoster {
  @Field(() => ID, { description: 'The account or room.' })
  on: string
}

@InputType()
export class OneTimePrekeyInput {
  @Field(() => Int, { description: 'From 1 on; each new one is higher than all before it.' })
  keyId: number

  @Field(() => String, { description: PUBLIC_KEY })
  publicKey: string
}

@InputType()
export class SignedPrekeyInput extends OneTimePrekeyInput {
  @Field(() => String, { description: `${SIGNATURE} ${PREKEY_TEXT}` })
  signature: string
}

@InputType()
export class RegisterDeviceInput {
  @Field(() => String, { description: 'For its owner to tell devices apart, 1 to 60 characters: `Phone`.' })
  label: string

  @Field(() => String, { description: PUBLIC_KEY })
  identityKey: string

  @Field(() => String, { description: PUBLIC_KEY })
  agreementKey: string

  @Field(() => String, { description: `${SIGNATURE} ${AGREEMENT_TEXT}` })
  agreementKeySignature: string

  @Field(() => SignedPrekeyInput)
  signedPrekey: SignedPrekeyInput

  @Field(() => [OneTimePrekeyInput], { description: 'At most 100.' })
  oneTimePrekeys: OneTimePrekeyInput[]

  @Field(() => String, { nullable: true, description: 'The same key and input again get the first answer.' })
  idempotencyKey?: string
}

@InputType()
export class RevokeDeviceInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class UploadPrekeysInput {
  @Field(() => ID)
  deviceId: string

  @Field(() => SignedPrekeyInput, { nullable: true, description: 'In the place of the present one, every few weeks.' })
  signedPrekey?: SignedPrekeyInput

  @Field(() => [OneTimePrekeyInput], { description: 'At most 100 at once, and 200 that wait. None says: still here.' })
  oneTimePrekeys: OneTimePrekeyInput[]

  @Field(() => String, { nullable: true, description: 'The same key and input again get the first answer.' })
  idempotencyKey?: string
}

@InputType()
export class ClaimPrekeysInput {
  @Field(() => [ID], { description: '1 to 100 devices.' })
  deviceIds: string[]
}

export const RegisterDevicePayload = payloadOf('RegisterDevicePayload', 'device', () => Device, 'The new device.')
export const RevokeDevicePayload = payloadOf('RevokeDevicePayload', 'device', () => Device, 'The revoked device.')
export const UploadPrekeysPayload = payloadOf('UploadPrekeysPayload', 'device', () => Device, 'The device.')
export const ClaimPrekeysPayload = payloadOf(
  'ClaimPrekeysPayload',
  'prekeys',
  () => [ClaimedPrekey],
  'In the order of the ids.',
  { atMost: 100 },
)
