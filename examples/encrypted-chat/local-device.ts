import { EncryptionError } from './errors.ts'
import { agreementKeyText, type KeyPair, makeAgreementPair, makeSigningPair, sign, signedPrekeyText } from './keys.ts'
import type { NewDevice, OneTimePrekey, Server, SignedPrekey } from './server.ts'
import type { Store } from './store.ts'

const PREKEYS = 50
/** New ones are brought when fewer are left. */
const FEW_PREKEYS = 20
const RENEW_SIGNED_PREKEY_MS = 7 * 24 * 60 * 60 * 1_000
/** Those who got an older one may still answer with it; after this many it is forgotten. */
const KEPT_SIGNED_PREKEYS = 4

interface Kept {
  /** Null until the server has answered. */
  readonly id: string | null
  readonly accountId: string
  readonly identity: KeyPair
  readonly agreement: KeyPair
  readonly signedPrekeyId: number
  readonly signedPrekeyAt: number
  readonly lastPrekeyId: number
  /** To send the very same again when the answer got lost. */
  readonly registration: NewDevice
}

const KEPT = 'device'
const signedPrekeyName = (keyId: number): string => `signed-prekey/${keyId}`
const oneTimePrekeyName = (keyId: number): string => `one-time-prekey/${keyId}`

async function makePrekeys(store: Store, from: number, count: number) {
  const pairs: Record<string, KeyPair> = {}
  const publicKeys: OneTimePrekey[] = []
  for (let keyId = from; keyId < from + count; keyId++) {
    const pair = await makeAgreementPair(store.needsBytes)
    pairs[oneTimePrekeyName(keyId)] = pair
    publicKeys.push({ keyId, publicKey: pair.publicKey })
  }
  return { pairs, publicKeys }
}

async function makeSignedPrekey(store: Store, identity: KeyPair, accountId: string, keyId: number) {
  const pair = await makeAgreementPair(store.needsBytes)
  const signature = await sign(identity, signedPrekeyText(accountId, keyId, pair.publicKey))
  const prekey: SignedPrekey = { keyId, publicKey: pair.publicKey, signature }
  return { pair, prekey }
}

async function makeDevice(store: Store, accountId: string, label: string): Promise<Kept> {
  const [identity, agreement] = await Promise.all([
    makeSigningPair(store.needsBytes),
    makeAgreementPair(store.needsBytes),
  ])
  const signed = await makeSignedPrekey(store, identity, accountId, 1)
  const { pairs, publicKeys } = await makePrekeys(store, 1, PREKEYS)
  const kept: Kept = {
    id: null,
    accountId,
    identity,
    agreement,
    signedPrekeyId: 1,
    signedPrekeyAt: Date.now(),
    lastPrekeyId: PREKEYS,
    registration: {
      label,
      identityKey: identity.publicKey,
      agreementKey: agreement.publicKey,
      agreementKeySignature: await sign(identity, agreementKeyText(accountId, agreement.publicKey)),
      signedPrekey: signed.prekey,
      oneTimePrekeys: publicKeys,
      idempotencyKey: crypto.randomUUID(),
    },
  }
  await store.write({ [KEPT]: kept, [signedPrekeyName(1)]: signed.pair, ...pairs })
  return kept
}

/** This device: its private keys, which never leave the store. */
export class LocalDevice {
  readonly store: Store
  readonly #server: Server
  #kept: Kept & { readonly id: string }

  private constructor(server: Server, store: Store, kept: Kept & { readonly id: string }) {
    this.#server = server
    this.store = store
    this.#kept = kept
  }

  /**
   * The device that the store knows, or a new one, registered with the server.
   * @param label for its owner to tell devices apart.
   * @throws EncryptionError `REVOKED_DEVICE` when the server no longer takes it: begin anew with an empty store.
   */
  static async open(server: Server, store: Store, label: string): Promise<LocalDevice> {
    const accountId = await server.accountId()
    const kept = (await store.get<Kept>(KEPT)) ?? (await makeDevice(store, accountId, label))
    if (kept.accountId !== accountId) throw new EncryptionError('UNKNOWN_DEVICE')
    const id = kept.id ?? (await server.registerDevice(kept.registration))
    const known = { ...kept, id }
    if (kept.id === null) await store.write({ [KEPT]: known })
    const device = new LocalDevice(server, store, known)
    await device.refresh()
    return device
  }

  get id(): string {
    return this.#kept.id
  }

  get accountId(): string {
    return this.#kept.accountId
  }

  get identity(): KeyPair {
    return this.#kept.identity
  }

  get agreement(): KeyPair {
    return this.#kept.agreement
  }

  /** Brings new prekeys when few are left, and a new signed one every week. */
  async refresh(): Promise<void> {
    const { id, accountId, identity, lastPrekeyId, signedPrekeyId, signedPrekeyAt } = this.#kept
    const shown = await this.#server.device(id)
    if (shown === null || shown.revokedAt !== null) throw new EncryptionError('REVOKED_DEVICE')
    const isOld = Date.now() - signedPrekeyAt > RENEW_SIGNED_PREKEY_MS
    if ((shown.prekeysLeft ?? 0) >= FEW_PREKEYS && !isOld) return
    const { pairs, publicKeys } = await makePrekeys(this.store, lastPrekeyId + 1, PREKEYS)
    const renewed = isOld ? await makeSignedPrekey(this.store, identity, accountId, signedPrekeyId + 1) : null
    this.#kept = {
      ...this.#kept,
      lastPrekeyId: lastPrekeyId + PREKEYS,
      ...(renewed && { signedPrekeyId: signedPrekeyId + 1, signedPrekeyAt: Date.now() }),
    }
    // Kept before they are brought: somebody may use one before the answer arrives.
    await this.store.write({
      [KEPT]: this.#kept,
      ...pairs,
      ...(renewed && {
        [signedPrekeyName(signedPrekeyId + 1)]: renewed.pair,
        [signedPrekeyName(signedPrekeyId + 1 - KEPT_SIGNED_PREKEYS)]: undefined,
      }),
    })
    await this.#server.uploadPrekeys(id, publicKeys, renewed?.prekey)
  }

  /** The private halves that a sealed key was made for; null when they were used, or never there. */
  async prekeys(signedPrekeyId: number, oneTimePrekeyId: number | null) {
    const signedPrekey = await this.store.get<KeyPair>(signedPrekeyName(signedPrekeyId))
    if (signedPrekey === undefined) return null
    if (oneTimePrekeyId === null) return { signedPrekey, oneTimePrekey: null, used: {} }
    const name = oneTimePrekeyName(oneTimePrekeyId)
    const oneTimePrekey = await this.store.get<KeyPair>(name)
    // To be forgotten in the write that keeps what it opened: nobody can open it a second time.
    return oneTimePrekey === undefined ? null : { signedPrekey, oneTimePrekey, used: { [name]: undefined } }
  }
}
