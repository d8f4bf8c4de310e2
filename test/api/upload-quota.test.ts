import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { atOnce } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { send, sent, storedFiles, usedBytes } from '../support/upload.ts'

let server: TestServer
const KB = 1_000
const file = (bytes: number): string => 'x'.repeat(bytes)

beforeAll(async () => {
  server = await startTestServer({ limits: { uploadQuotaBytes: 100 * KB, uploadsPerViewer: 40 } })
})
afterAll(() => server.close())

const member = async (handle: string) => server.tokenOf(await server.world.person({ handle }))
const attach = (token: string, bytes: number) =>
  send(server, { token, use: 'ATTACHMENT', content: file(bytes), filename: 'a.txt' })

interface Drip {
  readonly answer: Promise<{ status: number; code: string }>
  hangUp(): void
}

/** Sends so many bytes of a file, and never its end; without saying how long it is. */
function drip(token: string, bytes: number): Drip {
  const sending = request(`${server.url}/uploads?use=ATTACHMENT`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=slow' },
  })
  const answer = new Promise<{ status: number; code: string }>((resolve) => {
    sending.on('error', () => {})
    sending.on('response', async (response) => {
      let text = ''
      for await (const piece of response) text += piece
      resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).errors?.[0]?.extensions.code })
    })
  })
  sending.write(`--slow\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${file(bytes)}`)
  return { answer, hangUp: () => sending.destroy() }
}

const isAnswered = ({ answer }: Drip): Promise<boolean> =>
  Promise.race([answer.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))])

async function answeredOf(dripping: readonly Drip[]): Promise<Drip[]> {
  const flags = await Promise.all(dripping.map(isAnswered))
  return dripping.filter((_, at) => flags[at])
}

describe('the quota', () => {
  test('holds for twenty files at once: as many are kept as there is room for, and nothing is left of the others', async () => {
    const token = await member('greedy')
    const before = (await storedFiles(server)).length
    const answers = await atOnce(20, () => attach(token, 15 * KB))
    const codes = answers.map(({ status, code }) => code ?? status)
    expect(codes.filter((code) => code === 201)).toHaveLength(6)
    expect(codes.filter((code) => code === 'QUOTA_EXCEEDED')).toHaveLength(14)
    expect(await usedBytes(server, token)).toBe(90 * KB)
    expect(await storedFiles(server)).toHaveLength(before + 6)
    const refused = answers.find(({ code }) => code === 'QUOTA_EXCEEDED')
    expect(refused).toMatchObject({ status: 413, extensions: { limit: 100 * KB } })
  })

  test('is asked before a file is read: what is announced as too much is refused at once', async () => {
    const token = await member('early')
    await sent(server, { token, use: 'ATTACHMENT', content: file(60 * KB) })
    expect(await attach(token, 60 * KB)).toMatchObject({ code: 'QUOTA_EXCEEDED', extensions: { used: 60 * KB } })
  })

  test('holds also for what only comes slowly: nobody fills the disk with files that they never finish', async () => {
    const token = await member('dripping')
    const drafts = async () => (await storedFiles(server)).filter((name) => name.startsWith('incoming/'))
    const before = (await drafts()).length
    const dripping = Array.from({ length: 8 }, () => drip(token, 30 * KB))
    await vi.waitFor(
      async () => expect((await Promise.all(dripping.map(isAnswered))).filter(Boolean)).toHaveLength(5),
      {
        timeout: 10_000,
        interval: 50,
      },
    )
    expect((await drafts()).length - before).toBeLessThanOrEqual(3)
    const answered = await Promise.all((await answeredOf(dripping)).map(({ answer }) => answer))
    for (const each of answered) expect(each).toMatchObject({ status: 413, code: 'QUOTA_EXCEEDED' })
    for (const { hangUp } of dripping) hangUp()
    await vi.waitFor(async () => expect(await drafts()).toHaveLength(before), { timeout: 10_000, interval: 50 })
    // What hung up is not counted any more.
    expect(await attach(token, 90 * KB)).toMatchObject({ status: 201 })
  })

  test('is each member’s own, and free again for what was discarded', async () => {
    const token = await member('tidy')
    const id = await sent(server, { token, use: 'ATTACHMENT', content: file(90 * KB) })
    expect(await attach(token, 20 * KB)).toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(await attach(await member('other'), 20 * KB)).toMatchObject({ status: 201 })
    await server.ask(`mutation { discardUpload(input: { id: "${id}" }) { discardedId } }`, {}, token)
    expect(await attach(token, 90 * KB)).toMatchObject({ status: 201 })
  })
})

test('so many files in an hour, and no more', async () => {
  const token = await member('busy')
  const answers = await atOnce(45, () => attach(token, 10))
  const limited = answers.filter(({ code }) => code === 'RATE_LIMITED')
  expect(limited).toHaveLength(5)
  expect(limited[0]?.status).toBe(429)
  expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
})
