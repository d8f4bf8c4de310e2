import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Log } from '../../core/log.ts'
import { addressKey } from '../../core/network.ts'
import { clientAddress } from '../address.ts'
import { type Admission, readCookies } from '../admission.ts'
import type { OriginRules } from '../origin.ts'
import { CLOSE_CODES } from './close-codes.ts'
import { createOperations, type OperationsOptions, type SocketConnection } from './operations.ts'
import { createOutlets, type Outlet } from './outlet.ts'
import { answerRefusal, refusalOf, refuseUpgrade } from './upgrade.ts'

/** RFC 6455, 5.5: a control frame holds 125 bytes, two of which are the code. */
const REASON_BYTES = 123
/** How long a closed socket may take to read what is left, the close code last, before it is cut. */
const CLOSE_TIMEOUT_MS = 10_000
const STOP_TIMEOUT_MS = 2_000

export interface SocketTuning {
  /** A socket that has not answered a ping by the next one is cut. */
  keepAliveMs?: number
  /** What may wait for a slow reader before the socket is closed with `SLOW_READER`. */
  bufferedBytes?: number
  /** How long a message may wait for a slow reader before the same happens. */
  slowReaderMs?: number
}

interface SocketsOptions<Context extends object> extends OperationsOptions<Context>, SocketTuning {
  origins: OriginRules
}

export interface Sockets {
  /** Serves the upgrades of this HTTP server. */
  attach(server: Server): void
  /** Closes every socket with 1001, and cuts those that do not answer within two seconds. */
  stop(): Promise<void>
}

/** graphql-transport-ws over `ws`. The life of an operation is graphql-ws's; bytes, frames and time are ours. */
export function createSockets<Context extends object>(options: SocketsOptions<Context>): Sockets {
  const { origins, limits, admission, metrics, log } = options
  const { keepAliveMs = 15_000, bufferedBytes = 1_000_000, slowReaderMs = 10_000 } = options
  const protocol = makeServer(createOperations(options))
  const outlets = createOutlets({ bufferedBytes, slowReaderMs })
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    handleProtocols,
  })
  // Without a listener ws answers a broken handshake with text/html.
  server.on('wsClientError', (error, socket) =>
    answerRefusal(socket, { status: 400, code: 'BAD_REQUEST', message: error.message }),
  )
  /** Sockets, and whether they have answered since the last ping. */
  const open = new Map<WebSocket, { alive: boolean }>()
  const openPerAddress = new Map<string, number>()
  let stopping = false

  const keepAlive = setInterval(() => {
    for (const [socket, state] of open) {
      if (!state.alive) socket.terminate()
      state.alive = false
      socket.ping()
    }
  }, keepAliveMs).unref()

  const accept = (socket: WebSocket, request: IncomingMessage): void => {
    const state = { alive: true }
    open.set(socket, state)
    const address = addressKey(clientAddress(request, origins.trustProxy))
    openPerAddress.set(address, (openPerAddress.get(address) ?? 0) + 1)
    metrics.socketOpened()
    const outlet = outlets.open(socket, request.socket, () => {
      metrics.slowReaderClosed()
      close(socket, CLOSE_CODES.SLOW_READER, 'You read too slowly. Connect again and resynchronise.')
    })
    const connection = connectionOf(socket, request, outlet, origins.trustProxy)
    let handle: ((text: string) => Promise<void>) | undefined
    const ended = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => outlet.sendText(text),
        close: (code, reason) => close(socket, code, reason),
        onMessage: (callback) => {
          handle = callback
        },
      },
      connection,
    )
    // ws reports broken and oversized frames here and closes with the code of RFC 6455 by itself.
    socket.on('error', (error) => log.debug({ err: error }, 'A socket failed'))
    socket.on('pong', () => {
      state.alive = true
    })
    socket.on('message', (message, isBinary) => {
      // Frames that were on their way when we closed are not for us any more.
      if (socket.readyState !== socket.OPEN || handle === undefined) return
      state.alive = true
      if (isBinary) return close(socket, CLOSE_CODES.UNSUPPORTED_DATA, 'Messages are text.')
      connection.pending++
      handle(String(message))
        .catch((error: unknown) => closeBroken(socket, error, log))
        .finally(() => {
          connection.pending--
        })
    })
    socket.once('close', (code, reason) => {
      open.delete(socket)
      const left = (openPerAddress.get(address) ?? 1) - 1
      if (left > 0) openPerAddress.set(address, left)
      else openPerAddress.delete(address)
      metrics.socketClosed(code)
      outlet.closed()
      clearTimeout(connection.expiry)
      connection.unwatch?.()
      ended(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'A socket did not end cleanly'))
    })
  }

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // Node leaves the connection to us, errors included: an unheard one would end the process.
    socket.on('error', (error) => log.debug({ err: error }, 'An upgrade failed'))
    const refused = refuseUpgrade(request, origins) ?? (await refuseRate(admission, request))
    if (refused !== null) return answerRefusal(socket, refused)
    if (stopping) return answerRefusal(socket, STOPPING)
    // Looked at last: nothing is awaited from here until the socket is counted.
    const address = addressKey(clientAddress(request, origins.trustProxy))
    if ((openPerAddress.get(address) ?? 0) >= limits.socketsPerAddress) return answerRefusal(socket, TOO_MANY_SOCKETS)
    if (!socket.destroyed) server.handleUpgrade(request, socket, head, accept)
  }

  const refuseRate = async (gate: Admission, request: IncomingMessage) => {
    try {
      await gate.admitAddress(clientAddress(request, origins.trustProxy))
      return null
    } catch (error) {
      const refused = refusalOf(error)
      if (refused.status >= 500) log.error({ err: error }, 'An upgrade could not be admitted')
      return refused
    }
  }

  return {
    attach(http) {
      http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        upgrade(request, socket, head).catch((error: unknown) => {
          log.error({ err: error }, 'An upgrade failed')
          socket.destroy()
        })
      })
    },
    async stop() {
      stopping = true
      clearInterval(keepAlive)
      outlets.stop()
      const closed = [...open.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      for (const socket of open.keys()) close(socket, CLOSE_CODES.GOING_AWAY, 'The server is stopping.')
      const cut = setTimeout(() => {
        for (const socket of open.keys()) socket.terminate()
      }, STOP_TIMEOUT_MS)
      await Promise.all(closed)
      clearTimeout(cut)
    },
  }
}

const TOO_MANY_SOCKETS = {
  status: 429,
  code: 'RATE_LIMITED',
  message: 'Too many sockets are open from this address.',
  // When one closes is not ours to know.
  headers: { 'retry-after': '60' },
}
const STOPPING = { status: 503, code: 'NOT_READY', message: 'The server is stopping.' }

function connectionOf(
  socket: WebSocket,
  request: IncomingMessage,
  outlet: Outlet,
  trustProxy: boolean,
): SocketConnection {
  return {
    address: clientAddress(request, trustProxy),
    userAgent: request.headers['user-agent'] ?? null,
    cookies: readCookies(request.headers.cookie),
    outlet,
    bearer: null,
    pending: 0,
    expiry: undefined,
    unwatch: undefined,
    isOpen: () => socket.readyState === socket.OPEN,
    close: (code, reason) => close(socket, code, reason),
  }
}

function close(socket: WebSocket, code = 1000, reason = ''): void {
  if (socket.readyState !== socket.OPEN) return
  let short = reason
  while (Buffer.byteLength(short) > REASON_BYTES) short = short.slice(0, -1)
  socket.close(code, short)
  const cut = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS)
  socket.once('close', () => clearTimeout(cut))
}

/** Message types that only servers send make graphql-ws throw; whatever else it throws is a bug of ours. */
function closeBroken(socket: WebSocket, error: unknown, log: Log): void {
  if (error instanceof Error && error.message.startsWith('Unexpected message')) {
    close(socket, CloseCode.BadRequest, 'Invalid message received')
  } else {
    log.error({ err: error }, 'A socket message could not be handled')
    close(socket, CLOSE_CODES.INTERNAL, 'Something went wrong on our side.')
  }
}
