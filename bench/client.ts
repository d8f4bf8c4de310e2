import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Client {
  /** Sends one operation and waits for its whole answer. @throws when the answer is no success. */
  ask(query: string, variables?: Record<string, unknown>): Promise<string>
  close(): void
}

const HEAD_END = '\r\n\r\n'

/**
 * HTTP on one open connection with next to no cost of its own: it runs in the process that is measured. While tables are
 * filled the server may find the connection idle for too long and close it; the next question opens another one.
 */
export async function openClient(url: string): Promise<Client> {
  const { hostname, port } = new URL(url)
  let received: Buffer = Buffer.alloc(0)
  let settle: (answer: string) => void = () => {}
  let fail: (reason: Error) => void = () => {}
  let open: Socket | null = null

  const hear = (chunk: Buffer): void => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const headEnd = received.indexOf(HEAD_END)
    if (headEnd === -1) return
    const head = received.toString('latin1', 0, headEnd)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
    const total = headEnd + HEAD_END.length + length
    if (received.length < total) return
    const body = received.toString('utf8', headEnd + HEAD_END.length, total)
    received = received.subarray(total)
    if (head.startsWith('HTTP/1.1 200') && !body.startsWith('{"errors"')) settle(body)
    else fail(new Error(`${head.split('\r\n')[0]}: ${body.slice(0, 500)}`))
  }

  async function connected(): Promise<Socket> {
    const socket = connect(Number(port), hostname)
    socket.setNoDelay(true)
    await once(socket, 'connect')
    received = Buffer.alloc(0)
    socket.on('data', hear)
    socket.on('error', (error) => fail(error))
    const end = (): void => {
      if (open === socket) open = null
      fail(new Error('the server closed the connection before it answered'))
    }
    socket.on('end', end)
    socket.on('close', end)
    open = socket
    return socket
  }

  await connected()
  return {
    async ask(query, variables = {}) {
      const body = JSON.stringify({ query, variables })
      const socket = open ?? (await connected())
      return new Promise((resolve, reject) => {
        settle = resolve
        fail = reject
        socket.write(
          `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        )
      })
    },
    close: () => open?.destroy(),
  }
}
