import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { fromBase64, randomBytes, textOf, toBase64, utf8 } from '../../examples/encrypted-chat/bytes.ts'
import { EncryptedRoom, type Reading } from '../../examples/encrypted-chat/encrypted-room.ts'
import { closeEnvelope, printHead, readEnvelope } from '../../examples/encrypted-chat/envelope.ts'
import { LocalDevice } from '../../examples/encrypted-chat/local-device.ts'
import { follow, MAX_SKIPPED, newChainKey, startChain, step } from '../../examples/encrypted-chat/ratchet.ts'
import { safetyNumber } from '../../examples/encrypted-chat/safety-number.ts'
import { open, pad, seal, unpad } from '../../examples/encrypted-chat/sealing.ts'
import type { Server, StoredMessage } from '../../examples/encrypted-chat/server.ts'
import { MemoryStore } from '../../examples/encrypted-chat/store.ts'
import { Relay } from '../support/relay.ts'

interface Client {
  readonly server: Server
  readonly device: LocalDevice
  readonly room: EncryptedRoom
}

async function client(relay: Relay, accountId: string, changed: Partial<Server> = {}): Promise<Client> {
  const server = { ...relay.as(accountId), ...changed }
  const device = await LocalDevice.open(server, new MemoryStore(), 'Test')
  return { server, device, room: new EncryptedRoom(device, server, relay.roomId) }
}

const readAll = async ({ room }: Client, messages: readonly StoredMessage[]): Promise<Reading[]> => {
  const readings: Reading[] = []
  for (const message of messages) readings.push(await room.read(message))
  return readings
}
const textsOf = (readings: readonly Reading[]) => readings.flatMap((each) => (each.kind === 'text' ? [each.text] : []))
const outcome = (reading: Reading): string => (reading.kind === 'unreadable' ? reading.error.code : reading.kind)

const rawKey = async (key: CryptoKeyLike) => toBase64(new Uint8Array(await crypto.subtle.exportKey('raw', key)))
type CryptoKeyLike = Parameters<typeof crypto.subtle.exportKey>[1]

describe('the ratchet', () => {
  test('gives the same keys in whatever order they are asked for, and none twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), async (order) => {
        const bytes = newChainKey()
        const expected: string[] = []
        let sender = await startChain(bytes, true)
        for (let number = 0; number <= 20; number++) {
          const { messageKey, next } = await step(sender)
          expected.push(await rawKey(messageKey))
          sender = next
        }
        expect(new Set(expected).size).toBe(expected.length)
        let receiver = await startChain(bytes, true)
        const known = new Map<number, string>()
        for (const number of order) {
          const { keys, next } = await follow(receiver, number)
          for (const [at, key] of keys) known.set(at, await rawKey(key))
          receiver = next
        }
        for (const number of order) expect(known.get(number)).toBe(expected[number])
      }),
      { numRuns: 30 },
    )
  })

  test('is HMAC-SHA-256 with the constants of the Double Ratchet, as Node computes it', async () => {
    const hmac = (key: Uint8Array, constant: number) =>
      createHmac('sha256', key).update(Uint8Array.of(constant)).digest()
    const bytes = newChainKey()
    let [chain, chainKey] = [await startChain(bytes, true), Buffer.from(bytes)]
    for (let number = 0; number < 5; number++) {
      const { messageKey, next } = await step(chain)
      expect(await rawKey(messageKey)).toBe(hmac(chainKey, 1).toString('base64'))
      chain = next
      chainKey = hmac(chainKey, 2)
    }
    expect(await rawKey(chain.key)).toBe(chainKey.toString('base64'))
  })

  test('goes forward only: a chain has no key of a message before it', async () => {
    let chain = await startChain(newChainKey(), true)
    for (let number = 0; number < 5; number++) chain = (await step(chain)).next
    expect([...(await follow(chain, 4)).keys.keys()]).toEqual([])
    expect([...(await follow(chain, 6)).keys.keys()]).toEqual([5, 6])
  })

  test('waits for a thousand missing messages and no more', async () => {
    const chain = await startChain(newChainKey(), false)
    expect((await follow(chain, MAX_SKIPPED)).keys.size).toBe(MAX_SKIPPED + 1)
    await expect(follow(chain, MAX_SKIPPED + 1)).rejects.toMatchObject({ code: 'TOO_FAR_AHEAD' })
  })
})

test('what is sealed opens with its own key and in its own place only', async () => {
  const [one, other] = [await startChain(newChainKey(), false), await startChain(newChainKey(), false)]
  const [{ messageKey }, { messageKey: foreign }] = [await step(one), await step(other)]
  const sealed = await seal(messageKey, utf8('words'), 'here')
  expect(textOf(await open(messageKey, sealed, 'here'))).toBe('words')
  await expect(open(messageKey, sealed, 'there')).rejects.toMatchObject({ code: 'TAMPERED' })
  await expect(open(foreign, sealed, 'here')).rejects.toMatchObject({ code: 'TAMPERED' })
  expect(await seal(messageKey, utf8('words'), 'here')).not.toBe(sealed)
})

test('padding hides the length of a text within blocks, and takes nothing from it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const padded = pad(new Uint8Array(bytes))
      expect(padded.length % 256).toBe(0)
      expect([...unpad(padded)]).toEqual([...bytes])
    }),
  )
})

describe('two clients', () => {
  let relay: Relay
  let ada: Client
  let bob: Client
  beforeAll(async () => {
    relay = new Relay()
    ada = await client(relay, 'account_ada')
    bob = await client(relay, 'account_bob')
  })

  test('read each other and themselves', async () => {
    await ada.room.send('Hello, Bob.')
    await bob.room.send('Hello, Ada. 😀')
    for (const each of [ada, bob]) {
      expect(textsOf(await readAll(each, relay.messages))).toEqual(['Hello, Bob.', 'Hello, Ada. 😀'])
    }
    // And again, as after a reload.
    expect(textsOf(await readAll(bob, relay.messages))).toEqual(['Hello, Bob.', 'Hello, Ada. 😀'])
  })

  test('read whatever the order of delivery, and are told of what came late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }).chain((count) =>
          fc.shuffledSubarray(
            Array.from({ length: count }, (_, at) => at),
            { minLength: count, maxLength: count },
          ),
        ),
        async (order) => {
          const shuffled = new Relay()
          const [writer, reader] = [await client(shuffled, 'account_w'), await client(shuffled, 'account_r')]
          for (const at of [...order].sort()) await writer.room.send(`No. ${at}`)
          const [keys, ...sent] = shuffled.messages
          const readings = await readAll(reader, [keys, ...order.map((at) => sent[at])] as StoredMessage[])
          expect(readings.map(outcome)).toEqual(['keys', ...order.map(() => 'text')])
          expect(textsOf(readings)).toEqual(order.map((at) => `No. ${at}`))
          let highest = -1
          for (const [position, at] of order.entries()) {
            const isLate = at < highest
            expect(readings[position + 1]).toMatchObject({ isLate, missing: isLate ? 0 : at - highest - 1 })
            highest = Math.max(highest, at)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  test('read nothing else than was written, whatever is changed in the ciphertext', async () => {
    await ada.room.send('Pay Bob 5 euros.')
    const genuine = relay.messages.at(-1) as StoredMessage
    const bytes = fromBase64(genuine.ciphertext ?? '')
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = new Uint8Array(bytes)
        changed[at] = (changed[at] ?? 0) ^ mask
        const reading = await bob.room.read({ ...genuine, id: 'message_forged', ciphertext: toBase64(changed) })
        expect(reading.kind).toBe('unreadable')
      }),
      { numRuns: 200 },
    )
    expect(textsOf([await bob.room.read(genuine)])).toEqual(['Pay Bob 5 euros.'])
  })

  test('read no text that is no ciphertext of this protocol', async () => {
    for (const ciphertext of [
      '',
      'x',
      '====',
      toBase64(utf8('{}')),
      toBase64(utf8('null')),
      toBase64(randomBytes(99)),
    ]) {
      const message = { id: 'm', authorId: 'account_ada', ciphertext, createdAt: relay.now(), cursor: '0' }
      expect(outcome(await bob.room.read(message))).toBe('MALFORMED')
    }
  })

  test('notice a message that comes a second time, under another author, or from another room', async () => {
    await ada.room.send('Once.')
    const genuine = relay.messages.at(-1) as StoredMessage
    expect(outcome(await bob.room.read({ ...genuine, authorId: 'account_bob' }))).toBe('WRONG_SENDER')
    const elsewhere = new EncryptedRoom(bob.device, bob.server, 'room_2')
    expect(outcome(await elsewhere.read(genuine))).toBe('FOREIGN_ROOM')
    expect(outcome(await bob.room.read(genuine))).toBe('text')
    expect(outcome(await bob.room.read({ ...genuine, id: 'message_copy' }))).toBe('REPLAYED')
  })

  test('notice what a member writes in another’s name, though members have the keys', async () => {
    await ada.room.send('Signed by Ada.')
    const { head, body } = readEnvelope(relay.messages.at(-1)?.ciphertext ?? '')
    const forged = await closeEnvelope(bob.device.identity, printHead(head), body)
    const message = { id: 'm', authorId: 'account_ada', ciphertext: forged, createdAt: relay.now(), cursor: '0' }
    expect(outcome(await bob.room.read(message))).toBe('BAD_SIGNATURE')
  })

  test('cannot read what was sealed for a number or an epoch that the text is not of', async () => {
    await ada.room.send('In its place.')
    const genuine = relay.messages.at(-1) as StoredMessage
    const { head, body } = readEnvelope(genuine.ciphertext ?? '')
    for (const [moved, code] of [
      [{ ...head, number: head.number + 1 }, 'TAMPERED'],
      [{ ...head, number: head.number + 5_000 }, 'TOO_FAR_AHEAD'],
      [{ ...head, epoch: head.epoch + 1 }, 'NOT_FOR_THIS_DEVICE'],
    ] as const) {
      const ciphertext = await closeEnvelope(ada.device.identity, printHead(moved), body)
      expect(outcome(await bob.room.read({ ...genuine, id: 'moved', ciphertext }))).toBe(code)
    }
    expect(outcome(await bob.room.read(genuine))).toBe('text')
  })
})

describe('keys change', () => {
  test('when somebody comes: they read what follows, and nothing before', async () => {
    const relay = new Relay()
    const [ada, bob] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    await ada.room.send('Before.')
    const eve = await client(relay, 'account_eve')
    await ada.room.send('After.')
    expect(textsOf(await readAll(bob, relay.messages))).toEqual(['Before.', 'After.'])
    expect((await readAll(eve, relay.messages)).map(outcome)).toEqual(['keys', 'NOT_FOR_THIS_DEVICE', 'keys', 'text'])
  })

  test('when somebody goes or a device is revoked: what follows is not for them, though they had every key', async () => {
    const relay = new Relay()
    const [ada, bob] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    const eve = await client(relay, 'account_eve')
    const phone = await client(relay, 'account_bob')
    await ada.room.send('For all.')
    relay.members.delete('account_eve')
    await ada.room.send('Without Eve.')
    relay.revoke(phone.device.id)
    await ada.room.send('Without Bob’s phone.')
    const read = async (who: Client) => textsOf(await readAll(who, relay.messages))
    expect(await read(bob)).toEqual(['For all.', 'Without Eve.', 'Without Bob’s phone.'])
    expect(await read(eve)).toEqual(['For all.'])
    expect(await read(phone)).toEqual(['For all.', 'Without Eve.'])
    await expect(phone.room.send('Still here?')).rejects.toMatchObject({ code: 'REVOKED_DEVICE' })
  })

  test('what a revoked device writes afterwards is not believed, what it wrote before is', async () => {
    const relay = new Relay()
    const [ada, bob] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    await ada.room.send('Before.')
    const ciphertexts: string[] = []
    const thief = new EncryptedRoom(
      ada.device,
      { ...ada.server, send: async (_, text) => `${ciphertexts.push(text)}` },
      relay.roomId,
    )
    await thief.send('From a stolen phone.')
    relay.revoke(ada.device.id)
    const late = relay.keep('account_ada', ciphertexts.at(-1) ?? '')
    const readings = await readAll(bob, [...relay.messages.filter((each) => each !== late), late])
    expect(readings.map(outcome)).toEqual(['keys', 'text', 'REVOKED_DEVICE'])
  })

  test('after two hundred messages by themselves', async () => {
    const relay = new Relay()
    const [ada, bob] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    for (let each = 0; each < 201; each++) await ada.room.send(`${each}`)
    const readings = await readAll(bob, relay.messages)
    expect(readings.filter(({ kind }) => kind === 'keys')).toHaveLength(2)
    expect(textsOf(readings)).toHaveLength(201)
  })

  test('without one-time prekeys too, with the signed one', async () => {
    const relay = new Relay()
    const [ada, bob] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    relay.devices.get(bob.device.id)?.oneTimePrekeys.splice(0)
    await ada.room.send('All the same.')
    expect(textsOf(await readAll(bob, relay.messages))).toEqual(['All the same.'])
  })

  test('and a one-time prekey is forgotten by whom it was for', async () => {
    const relay = new Relay()
    const [ada, bob] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    const before = await bob.device.store.names('one-time-prekey/')
    await ada.room.send('First.')
    await readAll(bob, relay.messages)
    expect(await bob.device.store.names('one-time-prekey/')).toHaveLength(before.length - 1)
  })

  test('reloaded from its store, a device goes on with the next number and reads what it read', async () => {
    const relay = new Relay()
    const [ada, bob] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    await ada.room.send('One.')
    await readAll(bob, relay.messages)
    const reloaded = await LocalDevice.open(ada.server, ada.device.store, 'Test')
    expect(reloaded.id).toBe(ada.device.id)
    await new EncryptedRoom(reloaded, ada.server, relay.roomId).send('Two.')
    expect(relay.messages).toHaveLength(3)
    expect(textsOf(await readAll(bob, relay.messages))).toEqual(['One.', 'Two.'])
  })
})

describe('a server that lies', () => {
  test('cannot show another key for a device that was seen before', async () => {
    const relay = new Relay()
    const [ada] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    await ada.room.send('First.')
    const mallory = await client(new Relay(), 'account_bob')
    const kept = [...relay.devices.values()].find(({ device }) => device.accountId === 'account_bob')
    if (kept === undefined) throw new Error('Bob has a device')
    const { identityKey, agreementKey, agreementKeySignature } =
      (await mallory.server.device(mallory.device.id)) ?? kept.device
    kept.device = { ...kept.device, identityKey, agreementKey, agreementKeySignature }
    await expect(ada.room.send('Second.')).rejects.toMatchObject({ code: 'KEY_CHANGED' })
  })

  test('cannot put its own agreement key or prekey under a device', async () => {
    const other = await client(new Relay(), 'account_bob')
    const foreign = await other.server.device(other.device.id)
    for (const swap of ['agreementKey', 'prekey'] as const) {
      const relay = new Relay()
      const ada = await client(relay, 'account_ada', {
        claimPrekeys: async (ids) => {
          const claimed = await relay.as('account_ada').claimPrekeys(ids)
          const theirs = (await other.server.claimPrekeys([other.device.id]))?.[0]
          if (swap !== 'prekey' || theirs === undefined) return claimed
          return claimed?.map((each) => ({ ...theirs, deviceId: each.deviceId })) ?? null
        },
      })
      const bob = await client(relay, 'account_bob')
      const kept = relay.devices.get(bob.device.id)
      if (kept !== undefined && swap === 'agreementKey') {
        kept.device = { ...kept.device, agreementKey: foreign?.agreementKey ?? '' }
      }
      await expect(ada.room.send('Secret.')).rejects.toMatchObject({ code: 'BAD_DEVICE' })
      expect(relay.messages).toEqual([])
    }
  })

  test('is found out by the safety number when it shows a device of its own as somebody’s', async () => {
    const relay = new Relay()
    const [ada, bob] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
    const seen: string[] = []
    const careful = new EncryptedRoom(ada.device, ada.server, relay.roomId, {
      onNewDevice: ({ id }) => seen.push(id),
    })
    const keysOf = async (who: Client, accountId: string) => ({
      accountId,
      identityKeys: (await who.server.devicesOf(relay.roomId))
        .filter((each) => each.accountId === accountId)
        .map(({ identityKey }) => identityKey),
    })
    const atBob = await safetyNumber(await keysOf(bob, 'account_bob'), await keysOf(bob, 'account_ada'))
    expect(atBob).toMatch(/^(\d{5} ){11}\d{5}$/)
    const atAda = async () => safetyNumber(await keysOf(ada, 'account_ada'), await keysOf(ada, 'account_bob'))
    expect(await atAda()).toBe(atBob)
    await careful.send('Hello.')
    const ghost = await client(relay, 'account_bob')
    await careful.send('Who is listening?')
    expect(seen).toEqual([ghost.device.id])
    expect(await atAda()).not.toBe(atBob)
  })
})

test('devices that are there at the first look are no news, also those that were met in old messages before it', async () => {
  const relay = new Relay()
  const [ada, second] = [await client(relay, 'account_ada'), await client(relay, 'account_ada')]
  await ada.room.send('Old words.')
  const bob = await client(relay, 'account_bob')
  const seen: string[] = []
  const room = new EncryptedRoom(bob.device, bob.server, relay.roomId, { onNewDevice: ({ id }) => seen.push(id) })
  for (const message of relay.messages) await room.read(message)
  await room.send('First words.')
  expect(seen).toEqual([])
  const third = await client(relay, 'account_ada')
  await room.send('Second words.')
  expect(seen).toEqual([third.device.id])
  expect(second.device.id).not.toBe(third.device.id)
})

test('what is sealed is nothing but base64, and holds no word of the text', async () => {
  const relay = new Relay()
  const [ada] = [await client(relay, 'account_ada'), await client(relay, 'account_bob')]
  await ada.room.send('A word that nobody else may read.')
  for (const { ciphertext } of relay.messages) {
    expect(ciphertext).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
    expect(textOf(fromBase64(ciphertext ?? ''))).not.toMatch(/word|nobody/)
  }
  await expect(ada.room.send('x'.repeat(24_001))).rejects.toMatchObject({ code: 'TOO_LONG' })
  await ada.room.send('é'.repeat(12_000))
  expect(relay.messages.at(-1)?.ciphertext?.length).toBeLessThanOrEqual(65_536)
})
