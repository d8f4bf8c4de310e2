import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

export interface NameServer {
  /** `127.0.0.1:40123` */
  readonly address: string
  readonly asked: { name: string; type: 'A' | 'AAAA' }[]
  close(): void
}

/** A name server on this machine (RFC 1035, 4.1): it knows some names, and does not answer for others. */
export async function openNameServer(known: Readonly<Record<string, readonly string[]>>): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: NameServer['asked'] = []
  socket.on('message', (question, { port, address }) => {
    const labels: string[] = []
    let at = 12
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length))
      at += 1 + length
    }
    const name = labels.join('.')
    const type = question.readUInt16BE(at + 1) === 28 ? 'AAAA' : 'A'
    asked.push({ name, type })
    const addresses = known[name]?.filter((each) => isIPv6(each) === (type === 'AAAA'))
    if (addresses === undefined) return
    const header = Buffer.from(question.subarray(0, 12))
    header.writeUInt16BE(0x8180, 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(addresses.length, 6)
    header.writeUInt32BE(0, 8)
    const answers = addresses.map((each) => {
      const data = Buffer.from(ipaddr.parse(each).toByteArray())
      const record = Buffer.alloc(12)
      record.writeUInt16BE(0xc00c, 0)
      record.writeUInt16BE(type === 'AAAA' ? 28 : 1, 2)
      record.writeUInt16BE(1, 4)
      record.writeUInt32BE(60, 6)
      record.writeUInt16BE(data.length, 10)
      return Buffer.concat([record, data])
    })
    socket.send(Buffer.concat([header, question.subarray(12, at + 5), ...answers]), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() }
}
