// A server that is not ours, in a process of its own: `node main.mjs ws|socket.io|graphql-ws`. Sends the texts that it is
// told to, to everyone who is connected, as its documentation shows it.
import { EventEmitter, on } from 'node:events'
import { createServer } from 'node:http'
import { buildSchema } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { Server } from 'socket.io'
import { WebSocketServer } from 'ws'

const http = createServer()

/** `publish` sends one message, the same to all. */
const START = {
  ws() {
    const server = new WebSocketServer({ server: http, perMessageDeflate: false })
    return (payload) => {
      const message = Buffer.from(`{"id":"${'0'.repeat(36)}","type":"next","payload":${payload}}`)
      for (const socket of server.clients) socket.send(message, { binary: false })
    }
  },
  'socket.io'() {
    const server = new Server(http, { transports: ['websocket'], serveClient: false })
    server.on('connection', (socket) => socket.join('room'))
    return (payload) => server.to('room').emit('next', JSON.parse(payload))
  },
  'graphql-ws'() {
    const events = new EventEmitter().setMaxListeners(0)
    const schema = buildSchema(`
      type Author { handle: String }
      type Comment { id: ID body: String state: String streamCursor: String createdAt: String author: Author }
      type Query { hello: String }
      type Subscription { commentAdded(on: ID!, after: String): Comment }
    `)
    schema.getSubscriptionType().getFields().commentAdded.subscribe = async function* () {
      for await (const [commentAdded] of on(events, 'comment')) yield { commentAdded }
    }
    const server = new WebSocketServer({ server: http, path: '/graphql' })
    useServer({ schema }, server)
    return (payload) => events.emit('comment', JSON.parse(payload).data.commentAdded)
  },
}

const publish = START[process.argv[2]]()
let cpu = process.cpuUsage()
http.listen(0, '127.0.0.1', () => process.send({ url: `ws://127.0.0.1:${http.address().port}` }))
process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  if (message.payloads !== undefined) for (const payload of message.payloads) publish(payload)
  if (message.isStart) cpu = process.cpuUsage()
  if (message.isEnd) {
    const { user, system } = process.cpuUsage(cpu)
    process.send({ microseconds: user + system })
  }
})
