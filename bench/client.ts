import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Client {
  /** Sends one operation and waits for its whole answer. @throws when the answer is no success, or never comes. */
  ask(query: string, variables?: Record<string, unknown>): Promise<string>
  close(): void
}

const HEAD_END = '\r\n\r\n'

interface Connection {
  readonly socket: Socket
  ask(request: string): Promise<string>
}

async function openConnection(hostname: string, port: number): Promise<Connection> {
  const socket: Socket = connect(port, hostname)
  socket.setNoDelay(true)
  await once(socket, 'connect')
  let received: Buffer = Buffer.alloc(0)
  let settle: ((answer: string) => void) | null = null
  let fail: (reason: Error) => void = () => {}
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const headEnd = received.indexOf(HEAD_END)
    if (headEnd === -1) return
    const head = received.toString('latin1', 0, headEnd)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
    const total = headEnd + HEAD_END.length + length
    if (received.length < total) return
    const body = received.toString('utf8', headEnd + HEAD_END.length, total)
    received = received.subarray(total)
    if (head.startsWith('HTTP/1.1 200') && !body.startsWith('{"errors"')) settle?.(body)
    else fail(new Error(`${head.split('\r\n')[0]}: ${body.slice(0, 500)}`))
  })
  socket.on('error', (error) => fail(error))
  socket.on('close', () => fail(new Error('the server has closed the connection')))
  return {
    socket,
    ask: (request) =>
      new Promise((resolve, reject) => {
        settle = resolve
        fail = reject
        socket.write(request)
      }),
  }
}

/**
 * HTTP on one open connection with next to no cost of its own: it runs in the process that is measured. The server closes
 * what is idle for long, as behind a part that takes minutes without asking anything; then the next question opens another.
 */
export async function openClient(url: string): Promise<Client> {
  const { hostname, port } = new URL(url)
  let connection = await openConnection(hostname, Number(port))
  return {
    async ask(query, variables = {}) {
      if (!connection.socket.writable) connection = await openConnection(hostname, Number(port))
      const body = JSON.stringify({ query, variables })
      return connection.ask(
        `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    },
    close: () => connection.socket.destroy(),
  }
}
