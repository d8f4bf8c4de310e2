import type {
  ClaimedPrekey,
  NewDevice,
  OneTimePrekey,
  PublicDevice,
  Server,
  SignedPrekey,
  StoredMessage,
} from '../../examples/encrypted-chat/server.ts'

interface Kept {
  device: PublicDevice
  signedPrekey: SignedPrekey
  oneTimePrekeys: OneTimePrekey[]
}

/**
 * A server in memory with one room, that can be made to lie: a thousand orders of delivery are tried on it, and what a
 * real one would never do. That the real one and the client understand each other is for other tests.
 */
export class Relay {
  readonly roomId = 'room_1'
  readonly members = new Set<string>()
  readonly devices = new Map<string, Kept>()
  readonly messages: StoredMessage[] = []
  #clock = Date.parse('2026-11-21T00:00:00Z')

  now(): string {
    this.#clock += 1_000
    return new Date(this.#clock).toISOString()
  }

  keep(authorId: string, ciphertext: string): StoredMessage {
    const id = `message_${this.messages.length + 1}`
    const message = { id, authorId, ciphertext, createdAt: this.now(), cursor: String(this.messages.length) }
    this.messages.push(message)
    return message
  }

  revoke(deviceId: string): void {
    const kept = this.devices.get(deviceId)
    if (kept !== undefined) kept.device = { ...kept.device, revokedAt: this.now() }
  }

  present(): PublicDevice[] {
    const all = [...this.devices.values()].map(({ device }) => device)
    return all.filter(({ accountId, revokedAt }) => revokedAt === null && this.members.has(accountId))
  }

  as(accountId: string): Server {
    this.members.add(accountId)
    return {
      accountId: async () => accountId,
      registerDevice: async ({ label: _, signedPrekey, oneTimePrekeys, idempotencyKey: __, ...keys }: NewDevice) => {
        const id = `device_${this.devices.size + 1}`
        const device = { id, accountId, ...keys, revokedAt: null }
        this.devices.set(id, { device, signedPrekey, oneTimePrekeys: [...oneTimePrekeys] })
        return id
      },
      device: async (id) => {
        const kept = this.devices.get(id)
        return kept === undefined ? null : { ...kept.device, prekeysLeft: kept.oneTimePrekeys.length }
      },
      uploadPrekeys: async (id, prekeys, renewed) => {
        const kept = this.devices.get(id)
        kept?.oneTimePrekeys.push(...prekeys)
        if (kept !== undefined && renewed !== undefined) kept.signedPrekey = renewed
      },
      claimPrekeys: async (ids) => {
        const claimed = ids.map((deviceId): ClaimedPrekey | null => {
          const kept = this.devices.get(deviceId)
          if (kept === undefined || kept.device.revokedAt !== null) return null
          return { deviceId, signedPrekey: kept.signedPrekey, oneTimePrekey: kept.oneTimePrekeys.shift() ?? null }
        })
        return claimed.every((each) => each !== null) ? claimed : null
      },
      devicesOf: async () => this.present(),
      async *watchDevices() {},
      send: async (_roomId, ciphertext) => this.keep(accountId, ciphertext).id,
      messages: async function* () {},
    }
  }
}
