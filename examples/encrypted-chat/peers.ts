import { EncryptionError } from './errors.ts'
import { agreementKeyText, isSignedBy } from './keys.ts'
import type { PublicDevice, Server } from './server.ts'
import type { Store } from './store.ts'

const peerName = (deviceId: string): string => `peer/${deviceId}`
const listedName = (deviceId: string): string => `listed/${deviceId}`
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
   * @returns those that are new on accounts whose devices were shown before: their safety number is another now.
   * @throws EncryptionError `BAD_DEVICE`, `KEY_CHANGED`.
   */
  async learn(devices: readonly PublicDevice[]): Promise<PublicDevice[]> {
    const added: PublicDevice[] = []
    const changes: Record<string, true> = {}
    for (const device of devices) {
      await this.#pin(device)
      // Not the same as pinned: a device that was met in old messages was never shown as a present one.
      if ((await this.#store.get(listedName(device.id))) === true) continue
      if ((await this.#store.get(accountName(device.accountId))) === true) added.push(device)
      changes[listedName(device.id)] = true
      changes[accountName(device.accountId)] = true
    }
    if (Object.keys(changes).length > 0) await this.#store.write(changes)
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

  async #pin(device: PublicDevice): Promise<void> {
    const { id, accountId, identityKey, agreementKey, agreementKeySignature } = device
    const pinned = await this.#store.get<Pinned>(peerName(id))
    if (pinned !== undefined) {
      const isSame =
        pinned.accountId === accountId && pinned.identityKey === identityKey && pinned.agreementKey === agreementKey
      if (!isSame) throw new EncryptionError('KEY_CHANGED')
      return
    }
    if (!(await isSignedBy(identityKey, agreementKeyText(accountId, agreementKey), agreementKeySignature))) {
      throw new EncryptionError('BAD_DEVICE')
    }
    await this.#store.write({ [peerName(id)]: { accountId, identityKey, agreementKey } satisfies Pinned })
  }
}
