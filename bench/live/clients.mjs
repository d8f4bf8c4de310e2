// Subscribers in a process of their own. They look at every message and only check the number in it: what reads here must
// not keep what is measured from its processor.
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'

const QUERY = `subscription Added($on: ID!, $after: String) {
  commentAdded(on: $on, after: $after) { id body state streamCursor createdAt author { handle } } }`

/** How each server is spoken to: what a client sends when it is open, and when it is ready to hear. */
const SPEAK = {
  ws: { path: '', protocols: [], hello: () => [], isReady: () => false, isReadyAtOnce: true },
  'socket.io': {
    path: '/socket.io/?EIO=4&transport=websocket',
    protocols: [],
    hello: () => ['40'],
    isReady: (text) => text.startsWith('40'),
  },
  'graphql-ws': {
    path: '/graphql',
    protocols: ['graphql-transport-ws'],
    hello: () => ['{"type":"connection_init"}'],
    isReady: (text) => text.startsWith('{"type":"connection_ack"'),
    subscribe: (variables) =>
      JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query: QUERY, variables } }),
  },
}
SPEAK.atrium = SPEAK['graphql-ws']

const sockets = []
let received = 0
/** Sockets that missed a message, or got one twice or in another order. */
let isBroken = false
let bytes = 0
let awaited = Number.POSITIVE_INFINITY

const tell = () => {
  if (received < awaited) return
  awaited = Number.POSITIVE_INFINITY
  process.send({ received, isBroken, bytes })
}

function connect({ kind, url, variables }) {
  const { path, protocols, hello, isReady, isReadyAtOnce, subscribe } = SPEAK[kind]
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}${path}`, protocols, { perMessageDeflate: false })
    let last = null
    socket.on('error', reject)
    socket.on('close', (code) => process.send({ closed: code }))
    socket.on('open', () => {
      for (const text of hello()) socket.send(text)
      if (isReadyAtOnce) resolve(socket)
    })
    socket.on('message', (message) => {
      const at = message.indexOf('n:')
      if (at === -1) {
        const text = String(message)
        if (text === '2') socket.send('3')
        if (isReady(text)) {
          if (subscribe) socket.send(subscribe(variables))
          resolve(socket)
        }
        return
      }
      const number = Number.parseInt(message.toString('latin1', at + 2, at + 12), 10)
      isBroken ||= last !== null && number !== last + 1
      last = number
      received++
      bytes += message.length
      tell()
    })
    sockets.push(socket)
  })
}

process.on('disconnect', () => process.exit())
process.on('message', async (message) => {
  if (message.connect) {
    for (let left = message.count; left > 0; left -= 50) {
      await Promise.all(Array.from({ length: Math.min(50, left) }, () => connect(message)))
    }
    process.send({ connected: sockets.length })
  }
  if (message.awaited !== undefined) {
    awaited = message.awaited
    tell()
  }
  if (message.isPaused) for (const socket of sockets) socket.pause()
})
