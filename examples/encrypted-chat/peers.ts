import { EncryptionError } from './errors.ts'
import { agreementKeyText, isSignedBy } from './keys.ts'
import type { PublicDevice, Server } from './server.ts'
import type { Store } from './store.ts'

const peerName = (deviceId: string): string => `peer/${deviceId}`
const accountName = (accountId: string): string => `account/${accountId}`

/** What of a device may never change. */
type Pinned = Pick<PublicDevice, 'accountId' | 'identityKey' | 'agreementKey'>

/**
 * The devices of others. Trust on first use: the keys under which a device is first seen are kept, and it is never
 * believed under others. Whether the first ones were right, people find out by comparing safety numbers.
 */
export class Peers {
  readonly #server: Server
  readonly #store: Store
  /** As the server last showed them. */
  #shown = new Map<string, PublicDevice>()

  constructor(server: Server, store: Store) {
    this.#server = server
    this.#store = store
  }

  /**
   * Takes the present devices of a room. What is not among them is asked for anew when it is met.
   * @returns those that are new with accounts of which devices were seen before: their safety number is another now.
   * @throws EncryptionError `BAD_DEVICE`, `KEY_CHANGED`.
   */
  async learn(devices: readonly PublicDevice[]): Promise<PublicDevice[]> {
    const isKnown = new Map<string, boolean>()
    for (const { accountId } of devices)
      isKnown.set(accountId, (await this.#store.get(accountName(accountId))) === true)
    const added: PublicDevice[] = []
    for (const device of devices) {
      if ((await this.#pin(device)) && isKnown.get(device.accountId) === true) added.push(device)
    }
    this.#shown = new Map(devices.map((device) => [device.id, device]))
    return added
  }

  /** @throws EncryptionError `UNKNOWN_DEVICE`, `BAD_DEVICE`, `KEY_CHANGED`. */
  async get(id: string): Promise<Pinned & { readonly revokedAt: string | null }> {
    const shown = this.#shown.get(id) ?? (await this.#server.device(id))
    if (shown !== null) {
      await this.#pin(shown)
      this.#shown.set(id, shown)
      return shown
    }
    // Its account was deleted. What it wrote before can still be checked.
    const pinned = await this.#store.get<Pinned>(peerName(id))
    if (pinned === undefined) throw new EncryptionError('UNKNOWN_DEVICE')
    return { ...pinned, revokedAt: null }
  }

  async #pin(device: PublicDevice): Promise<boolean> {
    const { id, accountId, identityKey, agreementKey, agreementKeySignature } = device
    const pinned = await this.#store.get<Pinned>(peerName(id))
    if (pinned !== undefined) {
      const isSame =
        pinned.accountId === accountId && pinned.identityKey === identityKey && pinned.agreementKey === agreementKey
      if (!isSame) throw new EncryptionError('KEY_CHANGED')
      return false
    }
    if (!(await isSignedBy(identityKey, agreementKeyText(accountId, agreementKey), agreementKeySignature))) {
      throw new EncryptionError('BAD_DEVICE')
    }
    await this.#store.write({
      [peerName(id)]: { accountId, identityKey, agreementKey } satisfies Pinned,
      [accountName(accountId)]: true,
    })
    return true
  }
}
