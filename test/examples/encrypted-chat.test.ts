import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { EncryptedRoom, type Reading } from '../../examples/encrypted-chat/encrypted-room.ts'
import { FileStore } from '../../examples/encrypted-chat/file-store.ts'
import { Graph } from '../../examples/encrypted-chat/graph.ts'
import { graphServer } from '../../examples/encrypted-chat/graph-server.ts'
import { LocalDevice } from '../../examples/encrypted-chat/local-device.ts'
import type { PublicDevice, Server, StoredMessage } from '../../examples/encrypted-chat/server.ts'
import { MemoryStore, type Store } from '../../examples/encrypted-chat/store.ts'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ChatClient } from '../support/chat.ts'
import { everythingKept } from '../support/everything-kept.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let server: TestServer
let chat: ChatClient
let count = 0
const graphs: Graph[] = []
beforeAll(async () => {
  server = await startTestServer({ config: { demo: true } })
  chat = new ChatClient(server)
})
afterAll(async () => {
  for (const graph of graphs) await graph.close()
  await server.close()
})

interface Client {
  readonly viewer: Viewer
  readonly server: Server
  readonly device: LocalDevice
  open(roomId: string, hear?: (device: PublicDevice) => void): EncryptedRoom
}

const person = () => server.world.person({ handle: `person${count++}` })

/** A program on a machine of the viewer's, with a session and keys of its own. */
async function start(viewer: Viewer, store: Store = new MemoryStore()): Promise<Client> {
  const graph = new Graph(`${server.url}/graphql`, { webSocket: WebSocket })
  graphs.push(graph)
  graph.authorize(await server.tokenOf(viewer))
  const own = graphServer(graph)
  const device = await LocalDevice.open(own, store, 'Program')
  return {
    viewer,
    server: own,
    device,
    open: (roomId, onNewDevice) => new EncryptedRoom(device, own, roomId, onNewDevice && { onNewDevice }),
  }
}

/** An encrypted group of these people, each with a program. */
async function group(...viewers: Viewer[]) {
  const [owner, ...others] = viewers as [Viewer, ...Viewer[]]
  const roomId = await chat.group(owner, others, { encryption: 'END_TO_END' })
  const clients: Client[] = []
  for (const viewer of viewers) clients.push(await start(viewer))
  return { roomId, clients: clients as [Client, Client, ...Client[]] }
}

/** The next `wanted` texts (or what stands in the place of one) that the room tells after the cursor. */
async function hear(room: EncryptedRoom, wanted: number, after: string | null = null): Promise<Reading[]> {
  const heard: Reading[] = []
  for await (const reading of room.listen(after)) {
    if (reading.kind === 'keys') continue
    heard.push(reading)
    if (heard.length === wanted) break
  }
  return heard
}

const said = (reading: Reading): string =>
  reading.kind === 'text' ? reading.text : reading.kind === 'unreadable' ? reading.error.code : reading.kind

describe('two programs', () => {
  test('read each other over a server that keeps no word of it', async () => {
    const { roomId, clients } = await group(await person(), await person())
    const [ada, bob] = clients
    const secrets = ['The harbour at seven, by the blue boat.', 'Agreed: I bring the oars. ⛵']
    const atBob = hear(bob.open(roomId), 2)
    await ada.open(roomId).send(secrets[0] ?? '')
    await bob.open(roomId).send(secrets[1] ?? '')
    expect((await atBob).map(said)).toEqual(secrets)
    expect((await hear(ada.open(roomId), 2)).map(said)).toEqual(secrets)

    const kept = await everythingKept(server.running.atrium.deps.db)
    // What is looked through is what is kept: the titles of rooms are found, and the ciphertexts.
    expect(kept.text).toContain('A room')
    expect(kept.columns).toContain('messages.ciphertext')
    for (const word of ['harbour at seven', 'blue boat', 'the oars', '⛵']) expect(kept.finds(word)).toBe(false)
  })

  test('catch up from a cursor with what was written while one was away, in order and once', async () => {
    const { roomId, clients } = await group(await person(), await person())
    const [ada, bob] = clients
    const [writer, reader] = [ada.open(roomId), bob.open(roomId)]
    await writer.send('One.')
    const [first] = await hear(reader, 1)
    for (const each of ['Two.', 'Three.', 'Four.']) await writer.send(each)
    const missed = await hear(reader, 3, first?.message.cursor)
    expect(missed.map(said)).toEqual(['Two.', 'Three.', 'Four.'])
    expect(missed.every((each) => each.kind === 'text' && !each.isLate && each.missing === 0)).toBe(true)
  })

  test('send at once without using a key twice', async () => {
    const { roomId, clients } = await group(await person(), await person())
    const [ada, bob] = clients
    const room = ada.open(roomId)
    const words = Array.from({ length: 20 }, (_, at) => `At once ${at}`)
    await Promise.all(words.map((each) => room.send(each)))
    expect((await hear(bob.open(roomId), 20)).map(said)).toEqual(words)
  })

  test('read what they read before after a restart, with keys from a file, and go on', async () => {
    const [a, b] = [await person(), await person()]
    const roomId = await chat.group(a, [b], { encryption: 'END_TO_END' })
    const file = join(server.dataDirectory, 'keys.json')
    const ada = await start(a)
    const bob = await start(b, new FileStore(file))
    await ada.open(roomId).send('Before the restart.')
    await hear(bob.open(roomId), 1)
    await bob.open(roomId).send('From the file.')
    const restarted = await start(b, new FileStore(file))
    expect(restarted.device.id).toBe(bob.device.id)
    await ada.open(roomId).send('After the restart.')
    expect((await hear(restarted.open(roomId), 3)).map(said)).toEqual([
      'Before the restart.',
      'From the file.',
      'After the restart.',
    ])
    await rm(file)
  })
})

describe('who comes and who goes', () => {
  test('a third member reads what follows and nothing that was before, and is read by the others', async () => {
    const { roomId, clients } = await group(await person(), await person())
    const [ada, bob] = clients
    const room = ada.open(roomId)
    await room.send('Before Eve.')
    const eve = await start(await person())
    await chat.bring(ada.viewer, roomId, eve.viewer)
    await room.send('With Eve.')
    await eve.open(roomId).send('Here I am.')
    expect((await hear(eve.open(roomId), 3)).map(said)).toEqual(['NOT_FOR_THIS_DEVICE', 'With Eve.', 'Here I am.'])
    expect((await hear(bob.open(roomId), 3)).map(said)).toEqual(['Before Eve.', 'With Eve.', 'Here I am.'])
  })

  test('who is removed cannot read what follows, not even with all ciphertexts and keys that they had', async () => {
    const { roomId, clients } = await group(await person(), await person(), await person())
    const [ada, bob, eve] = clients as [Client, Client, Client]
    const [room, atEve] = [ada.open(roomId), eve.open(roomId)]
    await room.send('With Eve.')
    expect((await hear(atEve, 1)).map(said)).toEqual(['With Eve.'])
    await chat.run('removeRoomMember', ada.viewer, {
      roomId,
      accountId: encodeId('account', eve.viewer.accountId),
    })
    await room.send('Without Eve.')
    await expect(hear(atEve, 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const stolen: StoredMessage[] = []
    for (const { message } of await hear(bob.open(roomId), 2)) stolen.push(message)
    expect(said(await atEve.read(stolen[1] as StoredMessage))).toBe('NOT_FOR_THIS_DEVICE')
  })

  test('a revoked device reads nothing that follows, writes nothing that is read, and the member’s other one goes on', async () => {
    const { roomId, clients } = await group(await person(), await person())
    const [ada, bob] = clients
    const phone = await start(bob.viewer)
    const room = ada.open(roomId)
    await room.send('For both devices.')
    const atPhone = phone.open(roomId)
    expect((await hear(atPhone, 1)).map(said)).toEqual(['For both devices.'])
    await server.ask(
      'mutation ($id: ID!) { revokeDevice(input: { id: $id }) { userErrors { code } } }',
      { id: phone.device.id },
      await chat.tokenOf(bob.viewer),
    )
    await room.send('For one.')
    expect((await hear(atPhone, 2)).map(said)).toEqual(['For both devices.', 'NOT_FOR_THIS_DEVICE'])
    expect((await hear(bob.open(roomId), 2)).map(said)).toEqual(['For both devices.', 'For one.'])
    await expect(atPhone.send('Still here?')).rejects.toMatchObject({ code: 'REVOKED_DEVICE' })
    await expect(LocalDevice.open(phone.server, phone.device.store, 'Program')).rejects.toMatchObject({
      code: 'REVOKED_DEVICE',
    })
  })

  test('a new device is announced to whoever listens, while they listen', async () => {
    const { roomId, clients } = await group(await person(), await person())
    const [ada, bob] = clients
    const seen: PublicDevice[] = []
    const room = ada.open(roomId, (device) => seen.push(device))
    const listening = hear(room, 1)
    const looked = async () => expect(await ada.device.store.names('listed/')).toHaveLength(2)
    await vi.waitFor(looked, { timeout: 10_000 })
    expect(seen).toEqual([])
    const second = await start(bob.viewer)
    await vi.waitFor(() => expect(seen.map(({ id }) => id)).toEqual([second.device.id]), { timeout: 10_000 })
    await second.open(roomId).send('From the second.')
    expect((await listening).map(said)).toEqual(['From the second.'])
  })
})

describe('what the server changes', () => {
  test('in the database is noticed: another text, another author, another room, a copy', async () => {
    const { roomId, clients } = await group(await person(), await person())
    const [ada, bob] = clients
    await ada.open(roomId).send('Pay the baker.')
    await ada.open(roomId).send('Pay the miller.')
    const { db } = server.running.atrium.deps
    const own = await hear(ada.open(roomId), 2)
    const ids = own.map(({ message }) => message.id)
    const stored = await db.query<{ id: string; ciphertext: string }>(
      'select m.id, m.ciphertext from messages m where m.author_id = $1 order by m.seq desc limit 2',
      [ada.viewer.accountId],
    )
    const [second, first] = stored
    // The server lets Bob seem to have said it.
    await db.query('update messages set author_id = $1 where id = $2', [bob.viewer.accountId, first?.id])
    const atBob = bob.open(roomId)
    expect((await hear(atBob, 2)).map(said)).toEqual(['WRONG_SENDER', 'Pay the miller.'])
    await db.query('update messages set author_id = $1 where id = $2', [ada.viewer.accountId, first?.id])
    // It shows the second text in the place of the first.
    await db.query('update messages set ciphertext = $1 where id = $2', [second?.ciphertext, first?.id])
    expect((await hear(atBob, 2)).map(said)).toEqual(['REPLAYED', 'Pay the miller.'])
    // It changes a byte in the middle of what was sealed.
    const text = first?.ciphertext ?? ''
    const middle = Math.floor(text.length / 2)
    const changed = `${text.slice(0, middle)}${text[middle] === 'A' ? 'B' : 'A'}${text.slice(middle + 1)}`
    await db.query('update messages set ciphertext = $1 where id = $2', [changed, first?.id])
    expect(['BAD_SIGNATURE', 'MALFORMED']).toContain((await hear(atBob, 2)).map(said)[0])
    await db.query('update messages set ciphertext = $1 where id = $2', [first?.ciphertext, first?.id])
    const healed = await hear(atBob, 2)
    expect(healed.map(said)).toEqual(['Pay the baker.', 'Pay the miller.'])
    expect(healed.map(({ message }) => message.id)).toEqual(ids)
  })
})

test('the program of the README lets two people read each other, and ends by itself', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/encrypted-chat/main.ts', server.url], {
    cwd: root,
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(errors).toBe('')
  expect(await ended).toBe(0)
  expect(output.trim().split('\n')).toEqual([
    expect.stringMatching(/^Safety number: (\d{5} ){11}\d{5}$/),
    'Bram reads, by Ada: Can anybody else read this?',
    'Bram reads, by Bram: Only we two.',
    expect.stringMatching(/^The server keeps 4 ciphertexts, such as [A-Za-z0-9+/]{60}…$/),
    'Done.',
  ])
  expect((await everythingKept(server.running.atrium.deps.db)).finds('anybody else read')).toBe(false)
})
