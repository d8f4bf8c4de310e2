import type { PublicKeysFragment, RoomDevicesQuery, SealedMessageFragment } from './gql/graphql.ts'
import { done, type Graph, GraphError } from './graph.ts'
import {
  ClaimPrekeys,
  DevicesChanged,
  History,
  Me,
  MessageAdded,
  OneDevice,
  RegisterDevice,
  RoomDevices,
  SendMessage,
  UploadPrekeys,
} from './operations.ts'
import type { PublicDevice, Server, StoredMessage } from './server.ts'

const toDevice = ({ account, ...device }: PublicKeysFragment): PublicDevice => ({ ...device, accountId: account.id })

const toMessage = ({ id, author, ciphertext, createdAt, streamCursor }: SealedMessageFragment): StoredMessage => ({
  id,
  authorId: author?.id ?? null,
  ciphertext: ciphertext ?? null,
  createdAt,
  cursor: streamCursor,
})

const noRoom = (): GraphError => new GraphError('NOT_FOUND', 'No room with this id.')

/** What encrypted rooms ask of Atrium, as operations of its graph. */
export function graphServer(graph: Graph): Server {
  async function page(roomId: string, after: string | null) {
    const { node } = await graph.ask(History, { roomId, after })
    if (node?.__typename !== 'Room') throw noRoom()
    return node
  }

  async function devicesOf(roomId: string): Promise<PublicDevice[]> {
    const found: PublicDevice[] = []
    for (let after: string | null | undefined = null, hasMore = true; hasMore; ) {
      const { node }: RoomDevicesQuery = await graph.ask(RoomDevices, { roomId, after })
      if (node?.__typename !== 'Room' || node.devices == null) throw noRoom()
      found.push(...node.devices.nodes.map(toDevice))
      after = node.devices.pageInfo.endCursor
      hasMore = node.devices.pageInfo.hasNextPage
    }
    return found
  }

  return {
    async accountId() {
      const { viewer } = await graph.ask(Me, {})
      if (viewer == null) throw new GraphError('UNAUTHENTICATED', 'Sign in first.')
      return viewer.account.id
    },
    async registerDevice(device) {
      const { registerDevice } = await graph.ask(RegisterDevice, {
        input: { ...device, oneTimePrekeys: [...device.oneTimePrekeys] },
      })
      return done(registerDevice?.device, registerDevice).id
    },
    async device(id) {
      const { nodes } = await graph.ask(OneDevice, { id })
      const [node] = nodes
      return node?.__typename === 'Device' ? { ...toDevice(node), prekeysLeft: node.prekeysLeft ?? null } : null
    },
    async uploadPrekeys(deviceId, prekeys, signedPrekey) {
      const input = { deviceId, oneTimePrekeys: [...prekeys], ...(signedPrekey && { signedPrekey }) }
      const { uploadPrekeys } = await graph.ask(UploadPrekeys, { input })
      done(uploadPrekeys?.device, uploadPrekeys)
    },
    async claimPrekeys(deviceIds) {
      const { claimPrekeys } = await graph.ask(ClaimPrekeys, { deviceIds: [...deviceIds] })
      if (claimPrekeys?.userErrors.some(({ code }) => code === 'NOT_FOUND')) return null
      const prekeys = done(claimPrekeys?.prekeys, claimPrekeys)
      return prekeys.map(({ device, oneTimePrekey, signedPrekey }) => ({
        deviceId: device.id,
        signedPrekey,
        oneTimePrekey: oneTimePrekey ?? null,
      }))
    },
    devicesOf,
    watchDevices: (roomId) =>
      mapped(graph.listen(DevicesChanged, { on: roomId }), async ({ devicesChanged: { devices } }) =>
        devices.pageInfo.hasNextPage ? devicesOf(roomId) : devices.nodes.map(toDevice),
      ),
    async send(roomId, ciphertext, clientId) {
      const { sendMessage } = await graph.ask(SendMessage, { roomId, ciphertext, clientId })
      return done(sendMessage?.message, sendMessage).id
    },
    async *messages(roomId, after) {
      let cursor = after
      for (let hasMore = true; hasMore; ) {
        const { messages, streamCursor } = await page(roomId, cursor)
        yield* messages.nodes.map(toMessage)
        hasMore = messages.pageInfo.hasNextPage
        // The place of the room itself only where the list had nothing: the two were read in one request, not at once.
        cursor = messages.pageInfo.endCursor ?? cursor ?? streamCursor
      }
      const live = graph.listen(MessageAdded, { roomId, after: cursor })
      yield* mapped(live, ({ messageAdded }) => toMessage(messageAdded))
    },
  }
}

/** No generator: leaving it must not wait for the next event. */
function mapped<From, To>(
  from: AsyncIterableIterator<From>,
  map: (value: From) => To | Promise<To>,
): AsyncIterableIterator<To> {
  return {
    async next() {
      const { value, done } = await from.next()
      return done === true ? { value: undefined, done } : { value: await map(value), done: false }
    },
    async return() {
      await from.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
