import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
