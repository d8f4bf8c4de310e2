import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export interface ReceivedMail {
  from: string
  to: string[]
  /** Headers and body as they came over the wire, dots unstuffed. */
  source: string
}

export interface TestSmtpServer {
  url: string
  mails: ReceivedMail[]
  /** Answers the next commands of this kind with a reply of your own, such as `451 try again later`. */
  answer(command: string, reply: string | null): void
  stop(): Promise<void>
}

const STANDARD: Readonly<Record<string, string>> = { DATA: '354 go on', QUIT: '221 bye' }

/** As much of RFC 5321 as it takes to receive mail on a loopback port. */
export async function startSmtpServer(): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = []
  const replies = new Map<string, string>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}))
    let mail: ReceivedMail = { from: '', to: [], source: '' }
    let inData = false
    let unread = ''
    const reply = (line: string) => void socket.write(`${line}\r\n`)
    const onData = (line: string): void => {
      if (line !== '.') {
        mail.source += `${line.startsWith('.') ? line.slice(1) : line}\r\n`
        return
      }
      inData = false
      mails.push(mail)
      mail = { from: '', to: [], source: '' }
      reply('250 taken')
    }
    const onCommand = (line: string): void => {
      const command = line.split(/[ :]/)[0]?.toUpperCase() ?? ''
      const address = /<(.*?)>/.exec(line)?.[1] ?? ''
      const own = replies.get(command)
      if (command === 'MAIL') mail.from = address
      if (command === 'RCPT' && own === undefined) mail.to.push(address)
      inData = command === 'DATA' && own === undefined
      reply(own ?? STANDARD[command] ?? '250 ok')
      if (command === 'QUIT') socket.end()
    }
    socket.setEncoding('utf8').on('data', (chunk) => {
      const lines = (unread + chunk).split('\r\n')
      unread = lines.pop() ?? ''
      for (const line of lines) {
        if (inData) onData(line)
        else onCommand(line)
      }
    })
    reply('220 test')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    answer: (command, reply) => void (reply === null ? replies.delete(command) : replies.set(command, reply)),
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
