import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { decodeId } from '../../src/core/ids.ts'
import { findFile, imageLink } from '../../src/domain/upload/link.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { photograph, ready, sent, uploadOf } from '../support/upload.ts'

let server: TestServer
let token: string
let avatar: string
let attachment: string

const CONTENT = 'The quick brown fox jumps over the lazy dog.\n'

beforeAll(async () => {
  server = await startTestServer()
  token = await server.tokenOf(await server.world.person({ handle: 'ada' }))
  const id = await ready(server, token, { content: await photograph(64, 48) })
  const { data } = await server.ask(
    `mutation { updateProfile(input: { avatarUploadId: "${id}" }) { account { avatarUrl } } }`,
    {},
    token,
  )
  avatar = data.updateProfile.account.avatarUrl
  const note = await sent(server, { token, use: 'ATTACHMENT', content: CONTENT, filename: 'Notiz für dich.txt' })
  attachment = (await uploadOf(server, token, note)).file.url
})
afterAll(() => server.close())

describe('a public picture', () => {
  test('may be kept for ever by everybody, and runs nothing when it is opened by itself', async () => {
    const { status, headers } = await fetch(avatar)
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*sandbox/),
      'cross-origin-resource-policy': 'cross-origin',
      'content-disposition': 'inline',
    })
  })

  test('is not sent again to who has it', async () => {
    const etag = (await fetch(avatar)).headers.get('etag') ?? ''
    const again = await fetch(avatar, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await fetch(avatar, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  test.each(['original', 'file', 'huge.webp', 'small.svg', 'small.WEBP', '..%2fsmall.webp', 'small.webp%00', ''])(
    'has no other file: %s',
    async (name) => {
      const response = await fetch(avatar.replace('small.webp', name))
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toMatch(/json/)
    },
  )

  test.each([
    'upload_01h455vb4pex5vsknk084sn02q',
    'account_01h455vb4pex5vsknk084sn02q',
    'x',
    '../jwt-secret',
    '%2e%2e',
  ])('is not found under another id: %s', async (id) => {
    expect((await fetch(`${server.url}/files/${id}/small.webp`)).status).toBe(404)
  })
})

describe('a file', () => {
  test('is saved and not shown, under its own name, and kept by its reader alone while the link is good', async () => {
    const response = await fetch(attachment)
    expect(await response.text()).toBe(CONTENT)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain',
      'content-length': String(CONTENT.length),
      'content-disposition': `attachment; filename="Notiz fu_r dich.txt"; filename*=UTF-8''Notiz%20f%C3%BCr%20dich.txt`,
      'cache-control': expect.stringMatching(/^private, max-age=\d+, immutable$/),
      'x-content-type-options': 'nosniff',
    })
    const seconds = Number(/max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1])
    expect(seconds).toBeGreaterThan(14 * 60)
    expect(seconds).toBeLessThanOrEqual(30 * 60)
  })

  test('has a head', async () => {
    const response = await fetch(attachment, { method: 'HEAD' })
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
      200,
      String(CONTENT.length),
      '',
    ])
  })

  test.each([
    ['bytes=0-3', 206, 'The ', `bytes 0-3/${CONTENT.length}`],
    ['bytes=4-8', 206, 'quick', `bytes 4-8/${CONTENT.length}`],
    ['bytes=40-', 206, CONTENT.slice(40), `bytes 40-${CONTENT.length - 1}/${CONTENT.length}`],
    ['bytes=-5', 206, CONTENT.slice(-5), `bytes ${CONTENT.length - 5}-${CONTENT.length - 1}/${CONTENT.length}`],
    ['bytes=-999', 206, CONTENT, `bytes 0-${CONTENT.length - 1}/${CONTENT.length}`],
    ['bytes=30-999', 206, CONTENT.slice(30), `bytes 30-${CONTENT.length - 1}/${CONTENT.length}`],
    [`bytes=${CONTENT.length}-`, 416, '', `bytes */${CONTENT.length}`],
    ['bytes=-0', 416, '', `bytes */${CONTENT.length}`],
    ['bytes=5-2', 200, CONTENT, null],
    ['bytes=0-1,3-4', 200, CONTENT, null],
    ['lines=0-1', 200, CONTENT, null],
  ] as [string, number, string, string | null][])('answers %s with %i', async (range, status, body, contentRange) => {
    const response = await fetch(attachment, { headers: { range } })
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ])
  })

  test('answers a range of something else than the client has with all of it', async () => {
    const etag = (await fetch(attachment)).headers.get('etag') ?? ''
    const part = await fetch(attachment, { headers: { range: 'bytes=0-3', 'if-range': etag } })
    expect(part.status).toBe(206)
    expect((await fetch(attachment, { headers: { range: 'bytes=0-3', 'if-range': '"x"' } })).status).toBe(200)
  })
})

describe('a signed link', () => {
  test.each([
    ['without a signature', (url: URL) => url.searchParams.delete('signature')],
    ['with another one', (url: URL) => url.searchParams.set('signature', 'A'.repeat(43))],
    ['with a short one', (url: URL) => url.searchParams.set('signature', 'A')],
    ['that is made to last', (url: URL) => url.searchParams.set('expires', '99999999999')],
    ['without an end', (url: URL) => url.searchParams.delete('expires')],
    ['with two ends', (url: URL) => url.searchParams.append('expires', '1')],
    ['with no number', (url: URL) => url.searchParams.set('expires', '1e9')],
  ])('leads nowhere %s', async (_, change) => {
    const url = new URL(attachment)
    change(url)
    expect((await fetch(url)).status).toBe(404)
  })

  test('of one file does not open another, nor one size the next', async () => {
    const other = await sent(server, { token, use: 'ATTACHMENT', content: 'other', filename: 'b.txt' })
    const url = new URL(attachment)
    url.pathname = `/files/${other}/file`
    expect((await fetch(url)).status).toBe(404)
  })

  test('is the same for a quarter of an hour, good for a second one, and then over', async () => {
    const picture = await ready(server, token, { use: 'RECEIPT', content: await photograph(40, 30) })
    const upload = { id: decodeId('upload', picture), use: 'RECEIPT', claimedAt: null } as const
    let nowMs = Date.parse('2026-03-01T12:00:00Z')
    const clock: Clock = { now: () => new Date(nowMs) }
    const deps = { ...server.running.atrium.deps, clock }
    const link = () => imageLink(deps, upload, 'SMALL', 'WEBP')
    const found = (address: string) => {
      const url = new URL(address)
      const [, , id = '', name = ''] = url.pathname.split('/')
      const [expires, signature] = ['expires', 'signature'].map((key) => url.searchParams.get(key) ?? undefined)
      return findFile(deps, { id, name, expires, signature })
    }
    const first = link()
    nowMs += 14 * 60_000
    expect(link()).toBe(first)
    nowMs += 15 * 60_000
    expect(link()).not.toBe(first)
    expect(await found(first)).toMatchObject({ mediaType: 'image/webp', filename: null })
    nowMs += 60_000
    expect(await found(first)).toBeNull()
    expect(await found(link())).not.toBeNull()
  })

  test('is needed by its owner too, for a public picture that nothing shows yet', async () => {
    const id = await ready(server, token, { content: await photograph(40, 30) })
    const { image } = await uploadOf(server, token, id)
    expect((await fetch(image.url)).status).toBe(200)
    expect((await fetch(image.url.split('?')[0])).status).toBe(404)
  })
})
