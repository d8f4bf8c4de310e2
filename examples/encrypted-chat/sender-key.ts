import { begin, complete } from './agreement.ts'
import type { Bytes } from './bytes.ts'
import { closeEnvelope, type Envelope, printHead, type SealedKey, sealedKeyFor } from './envelope.ts'
import { EncryptionError } from './errors.ts'
import { isSignedBy, signedPrekeyText } from './keys.ts'
import type { LocalDevice } from './local-device.ts'
import { open, seal } from './sealing.ts'
import type { ClaimedPrekey, PublicDevice } from './server.ts'

/** So many sealed keys fit into one ciphertext of 64 kB with room to spare. */
const DEVICES_PER_ENVELOPE = 80

/** To whom, from whom and with which keys: a sealed key that is moved anywhere else does not open. */
const contextOf = (
  headText: string,
  recipient: { id: string; identityKey: string },
  senderIdentityKey: string,
  { ephemeralKey, signedPrekeyId, oneTimePrekeyId }: Omit<SealedKey, 'sealed'>,
): string =>
  [
    'atrium sender key v1',
    headText,
    recipient.id,
    recipient.identityKey,
    senderIdentityKey,
    ephemeralKey,
    signedPrekeyId,
    oneTimePrekeyId ?? 'none',
  ].join('\n')

async function sealFor(
  device: LocalDevice,
  headText: string,
  recipient: PublicDevice,
  { signedPrekey, oneTimePrekey }: ClaimedPrekey,
  chainKey: Bytes,
): Promise<SealedKey> {
  const { keyId, publicKey, signature } = signedPrekey
  if (!(await isSignedBy(recipient.identityKey, signedPrekeyText(recipient.accountId, keyId, publicKey), signature))) {
    throw new EncryptionError('BAD_DEVICE')
  }
  const { key, ephemeralKey } = await begin(device.agreement, {
    agreementKey: recipient.agreementKey,
    signedPrekey: publicKey,
    oneTimePrekey: oneTimePrekey?.publicKey ?? null,
  })
  const parts = { ephemeralKey, signedPrekeyId: keyId, oneTimePrekeyId: oneTimePrekey?.keyId ?? null }
  const context = contextOf(headText, recipient, device.identity.publicKey, parts)
  return { ...parts, sealed: await seal(key, chainKey, context) }
}

/**
 * The ciphertexts that bring a sender key to each of the recipients, and to nobody else.
 * @throws EncryptionError `BAD_DEVICE` for a prekey that its device did not sign.
 */
export async function sealSenderKey(
  device: LocalDevice,
  { room, epoch }: { room: string; epoch: number },
  recipients: readonly PublicDevice[],
  prekeys: ReadonlyMap<string, ClaimedPrekey>,
  chainKey: Bytes,
): Promise<string[]> {
  const headText = printHead({ kind: 'keys', room, device: device.id, epoch, number: 0 })
  const ciphertexts: string[] = []
  for (let from = 0; from < recipients.length; from += DEVICES_PER_ENVELOPE) {
    const sealed: Record<string, SealedKey> = {}
    for (const recipient of recipients.slice(from, from + DEVICES_PER_ENVELOPE)) {
      const claimed = prekeys.get(recipient.id)
      if (claimed === undefined) throw new EncryptionError('BAD_DEVICE')
      sealed[recipient.id] = await sealFor(device, headText, recipient, claimed, chainKey)
    }
    ciphertexts.push(await closeEnvelope(device.identity, headText, JSON.stringify(sealed)))
  }
  return ciphertexts
}

/**
 * The sender key in an envelope whose signature was checked, with what to forget once it is kept; null when it holds
 * none for this device. @throws EncryptionError `NOT_FOR_THIS_DEVICE` when the prekey is used or lost, `TAMPERED`.
 */
export async function openSenderKey(
  device: LocalDevice,
  envelope: Envelope,
  sender: { identityKey: string; agreementKey: string },
): Promise<{ chainKey: Bytes; used: Record<string, undefined> } | null> {
  const sealed = sealedKeyFor(envelope, device.id)
  if (sealed === null) return null
  const prekeys = await device.prekeys(sealed.signedPrekeyId, sealed.oneTimePrekeyId)
  if (prekeys === null) throw new EncryptionError('NOT_FOR_THIS_DEVICE')
  const { used, ...pairs } = prekeys
  const own = { agreement: device.agreement, ...pairs }
  const key = await complete(own, sender.agreementKey, sealed.ephemeralKey)
  const recipient = { id: device.id, identityKey: device.identity.publicKey }
  const context = contextOf(envelope.headText, recipient, sender.identityKey, sealed)
  return { chainKey: await open(key, sealed.sealed, context), used }
}
