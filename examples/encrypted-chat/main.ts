import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WebSocket from 'ws'
import { EncryptedRoom } from './encrypted-room.ts'
import { FileStore } from './file-store.ts'
import { done, Graph } from './graph.ts'
import { graphServer } from './graph-server.ts'
import { LocalDevice } from './local-device.ts'
import { OpenRoom, RevokeDevice, SignIn, Somebody } from './operations.ts'
import { safetyNumber } from './safety-number.ts'
import type { StoredMessage } from './server.ts'

const url = (process.argv[2] ?? process.env.ATRIUM_URL ?? 'http://localhost:4000').replace(/\/+$/, '')
const folder = await mkdtemp(join(tmpdir(), 'encrypted-chat-'))

/** A demo person with a device, whose keys are in a file. */
async function arrive(handle: string) {
  const graph = new Graph(`${url}/graphql`, { webSocket: WebSocket })
  const { signIn } = await graph.ask(SignIn, {
    email: `${handle}@example.com`,
    password: 'open the demo atrium please',
  })
  graph.authorize(done(signIn?.session, signIn).accessToken ?? '')
  const server = graphServer(graph)
  const device = await LocalDevice.open(server, new FileStore(join(folder, `${handle}.json`)), 'Example')
  return { graph, server, device }
}

const ada = await arrive('ada')
const bram = await arrive('bram')
const { account } = await ada.graph.ask(Somebody, { handle: 'bram' })
const { openDirectRoom } = await ada.graph.ask(OpenRoom, { with: account?.id ?? '' })
const roomId = done(openDirectRoom?.room, openDirectRoom).id

const atAda = new EncryptedRoom(ada.device, ada.server, roomId)
const atBram = new EncryptedRoom(bram.device, bram.server, roomId)
const party = ({ device }: typeof ada) => ({ accountId: device.accountId, identityKeys: [device.identity.publicKey] })
console.log(`Safety number: ${await safetyNumber(party(ada), party(bram))}`)

await atAda.send('Can anybody else read this?')
await atBram.send('Only we two.')

const stored: StoredMessage[] = []
let count = 0
for await (const reading of atBram.listen()) {
  stored.push(reading.message)
  if (reading.kind !== 'text') continue
  const name = reading.message.authorId === bram.device.accountId ? 'Bram' : 'Ada'
  console.log(`Bram reads, by ${name}: ${reading.text}`)
  count += 1
  if (count === 2) break
}
console.log(`The server keeps ${stored.length} ciphertexts, such as ${stored.at(-1)?.ciphertext?.slice(0, 60)}…`)

// Their keys go with the folder: nobody shall encrypt for them any more.
for (const { graph, device } of [ada, bram]) {
  const { revokeDevice } = await graph.ask(RevokeDevice, { id: device.id })
  done(revokeDevice?.device, revokeDevice)
  await graph.close()
}
await rm(folder, { recursive: true })
console.log('Done.')
