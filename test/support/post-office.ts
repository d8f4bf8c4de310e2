import { once } from 'node:events'
import { createServer } from 'node:http'

/** One event as a gateway posted it. */
export interface Letter {
  readonly id: string
  readonly type: string
  readonly body: string
  readonly signature: string
}

/** Stands between a gateway and the server: it passes events on at once, or keeps them for a test to hand out. */
export interface PostOffice {
  readonly url: string
  /** All that ever came, in order. */
  readonly letters: readonly Letter[]
  /** Where events go; null keeps them here. */
  forwardTo(serverUrl: string | null): void
  /** Hands an event to a server. Answers its status. */
  deliver(serverUrl: string, letter: Letter): Promise<number>
  stop(): void
}

export async function openPostOffice(): Promise<PostOffice> {
  const letters: Letter[] = []
  let target: string | null = null
  const deliver = async (serverUrl: string, { body, signature }: Letter): Promise<number> => {
    const response = await fetch(`${serverUrl}/webhooks/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body,
    })
    await response.arrayBuffer()
    return response.status
  }
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts).toString()
    const { id, type } = JSON.parse(body) as { id: string; type: string }
    const letter = { id, type, body, signature: String(request.headers['stripe-signature']) }
    if (!letters.some((before) => before.id === id)) letters.push(letter)
    response.writeHead(target === null ? 200 : await deliver(target, letter).catch(() => 502)).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    letters,
    forwardTo(serverUrl) {
      target = serverUrl
    },
    deliver,
    stop: () => void server.close(),
  }
}
