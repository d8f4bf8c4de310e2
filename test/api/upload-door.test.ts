import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decodeId } from '../../src/core/ids.ts'
import { openUpload } from '../../src/domain/upload/read.ts'
import { clearDiscardedUploads } from '../../src/domain/upload/upkeep.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ACCESS_COOKIE } from '../../src/resolvers/session-cookies.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { photograph, ready, reply, send, sent, storedFiles, uploadOf, usedBytes } from '../support/upload.ts'

let server: TestServer
let ada: Viewer
let token: string
let photo: Buffer
let made = 0
const LIMIT = 2_000_000

beforeAll(async () => {
  server = await startTestServer({ limits: { uploadBytes: LIMIT, imagePixels: 4_000_000 } })
  photo = await photograph(120, 80)
})
afterAll(() => server.close())
beforeEach(async () => {
  made += 1
  ada = await server.world.person({ handle: `ada-${made}` })
  token = await server.tokenOf(ada)
})

/** Neither a file nor a row is left of anything that this member has sent. */
async function expectNothingStored(): Promise<void> {
  const { db } = server.running.atrium.deps
  const rows = () => db.query('select id from uploads where owner_id = $1::text::uuid', [ada.accountId])
  await expect.poll(rows).toEqual([])
  await expect.poll(async () => (await storedFiles(server)).filter((file) => file.startsWith('incoming/'))).toEqual([])
  expect(await usedBytes(server, token)).toBe(0)
}

describe('a picture', () => {
  test('is taken, processed, and then shown in every size and format', async () => {
    const content = await photograph(1500, 1000)
    const id = await ready(server, token, { content })
    expect(id).toMatch(/^upload_[0-9a-z]{26}$/)
    const fields = ['THUMBNAIL', 'SMALL', 'MEDIUM', 'LARGE'].flatMap((size) =>
      ['AVIF', 'WEBP', 'JPEG'].map((format) => `${size}_${format}: url(size: ${size}, format: ${format})`),
    )
    const sizes = ['THUMBNAIL', 'SMALL', 'MEDIUM', 'LARGE'].map(
      (size) => `${size}_width: width(size: ${size}) ${size}_height: height(size: ${size})`,
    )
    const { data } = await server.ask(
      `query ($id: ID!) { node(id: $id) { ... on Upload { bytes image { ${fields} ${sizes} averageColor } } } }`,
      { id },
      token,
    )
    const { image, bytes } = data.node
    const box = { THUMBNAIL: [200, 133], SMALL: [480, 320], MEDIUM: [1024, 683], LARGE: [1500, 1000] }
    let stored = 0
    for (const [size, [width, height]] of Object.entries(box)) {
      expect([image[`${size}_width`], image[`${size}_height`]]).toEqual([width, height])
      for (const format of ['AVIF', 'WEBP', 'JPEG']) {
        const response = await fetch(image[`${size}_${format}`])
        expect(response.headers.get('content-type')).toBe(`image/${format.toLowerCase()}`)
        const file = Buffer.from(await response.arrayBuffer())
        stored += file.length
        const header = await sharp(file).metadata()
        expect([size, format, header.width, header.height]).toEqual([size, format, width, height])
      }
    }
    expect(bytes).toBe(stored)
    expect(await usedBytes(server, token)).toBe(stored)
    expect(image.averageColor).toMatch(/^#[0-9a-f]{6}$/)
    // The original is gone.
    const own = (await storedFiles(server)).filter((file) => file.includes(decodeId('upload', id)))
    expect(own).toHaveLength(12)
    expect(own.filter((file) => file.includes('original'))).toEqual([])
  })

  test('loses where it was taken, with what, and when; it is turned upright first', async () => {
    const exif = {
      IFD0: { Make: 'SecretCamera', Copyright: 'Somebody' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 0/1' },
    }
    const content = await sharp(photo).withMetadata({ orientation: 6, exif }).jpeg().toBuffer()
    const before = await sharp(content).metadata()
    expect([before.orientation, before.exif?.includes('SecretCamera')]).toEqual([6, true])
    const id = await ready(server, token, { content })
    const { image } = await uploadOf(server, token, id)
    expect([image.width, image.height]).toEqual([80, 120])
    for (const format of ['WEBP', 'AVIF', 'JPEG']) {
      const url = (
        await server.ask(`{ node(id: "${id}") { ... on Upload { image { url(format: ${format}) } } } }`, {}, token)
      ).data.node.image.url
      const file = Buffer.from(await (await fetch(url)).arrayBuffer())
      const { exif: left, orientation, icc, xmp, width, height } = await sharp(file).metadata()
      expect({ left, orientation, icc, xmp, width, height }).toEqual({ width: 80, height: 120 })
      expect(file.includes('SecretCamera')).toBe(false)
    }
  })

  test.each([
    ['png', async () => sharp(photo).png().toBuffer()],
    ['webp', async () => sharp(photo).webp().toBuffer()],
    ['avif', async () => sharp(photo).avif({ effort: 0 }).toBuffer()],
    ['gif', async () => sharp(photo).gif().toBuffer()],
    ['a jpeg that is called a text', async () => photo],
    ['a black and white one', async () => sharp(photo).grayscale().jpeg().toBuffer()],
    ['one for print (CMYK)', async () => sharp(photo).toColourspace('cmyk').jpeg().toBuffer()],
    ['one of a single pixel', async () => sharp(photo).resize(1, 1).png().toBuffer()],
    ['one with 16 bits', async () => sharp(photo).toColourspace('rgb16').png().toBuffer()],
  ])('may be %s', async (_, make) => {
    const id = await ready(server, token, { content: await make(), filename: 'x.txt', type: 'text/plain' })
    expect((await fetch((await uploadOf(server, token, id)).image.url)).status).toBe(200)
  })

  test('that moves is shown by its first frame', async () => {
    const frames = ['#f00', '#0f0', '#00f'].map((background) =>
      sharp({ create: { width: 40, height: 30, channels: 3, background } })
        .png()
        .toBuffer(),
    )
    const content = await sharp(await Promise.all(frames), { join: { animated: true } })
      .gif()
      .toBuffer()
    expect((await sharp(content).metadata()).pages).toBe(3)
    const id = await ready(server, token, { content })
    const { image } = await uploadOf(server, token, id)
    expect(image).toMatchObject({ width: 40, height: 30, averageColor: '#ff0000' })
    expect((await sharp(Buffer.from(await (await fetch(image.url)).arrayBuffer())).metadata()).pages).toBeUndefined()
  })

  test('that carries something else behind itself is made anew without it', async () => {
    const content = Buffer.concat([photo, Buffer.from('<script>alert("polyglot")</script>PK\x03\x04')])
    const id = await ready(server, token, { content })
    const { image } = await uploadOf(server, token, id)
    expect(Buffer.from(await (await fetch(image.url)).arrayBuffer()).includes('polyglot')).toBe(false)
  })

  test('that ends too early has failed, and nothing of it is kept', async () => {
    const whole = await photograph(900, 700)
    const id = await sent(server, { token, content: whole.subarray(0, Math.floor(whole.length / 2)) })
    await expect.poll(async () => (await uploadOf(server, token, id)).status, { timeout: 20_000 }).toBe('FAILED')
    const failed = await uploadOf(server, token, id)
    expect(failed).toMatchObject({ problem: expect.stringMatching(/damaged/), bytes: 0, image: { url: null } })
    await expect
      .poll(async () => (await storedFiles(server)).filter((file) => file.includes(decodeId('upload', id))))
      .toEqual([])
  })
})

test('a table of values is kept as it is, and read by jobs as a stream', async () => {
  const content = 'date,amount\n2026-01-01,12.50\n'
  const id = await sent(server, { token, use: 'IMPORT', content, filename: 'mine.csv', type: 'text/csv' })
  expect(await uploadOf(server, token, id)).toMatchObject({
    status: 'READY',
    file: { filename: 'mine.csv', mediaType: 'text/csv', bytes: content.length },
  })
  const { content: stream, ...facts } = await openUpload(server.running.atrium.deps, decodeId('upload', id))
  expect(facts).toMatchObject({ mediaType: 'text/csv', filename: 'mine.csv' })
  expect((await stream.toArray()).join('')).toBe(content)
})

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const png = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()

/** The header and the body of a whole form around one file. */
const formBetween = (boundary: string, quote = ''): [string, string] => [
  `multipart/form-data; boundary=${quote}${boundary}${quote}`,
  `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--${boundary}--\r\n`,
]

describe('what is refused leaves nothing behind:', () => {
  test.each([
    ['an SVG', 'AVATAR', svg, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an SVG behind a declaration', 'AVATAR', `<?xml version="1.0"?>${svg}`, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an SVG as attachment', 'ATTACHMENT', ` \n${svg}`, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a page as attachment', 'ATTACHMENT', '<!doctype html><p>Hi', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a page as table', 'IMPORT', '\ufeff<html>', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a text as picture', 'AVATAR', 'hello', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a picture as table', 'IMPORT', 'photo', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a program', 'ATTACHMENT', 'MZ\x90\x00\x03\x00\x00\x00', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a text in Latin-1', 'ATTACHMENT', Buffer.from('name\ncaf\xe9,1\n', 'latin1'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a text in UTF-16', 'ATTACHMENT', Buffer.from('\ufeffname\nx\n', 'utf16le'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a text that leaves UTF-8 late',
      'ATTACHMENT',
      Buffer.concat([Buffer.from('a,b\n'.repeat(20_000)), Buffer.from([0xff])]),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a text cut in a character', 'ATTACHMENT', Buffer.from('name\né').subarray(0, -1), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a table with NUL', 'IMPORT', 'a,b\n1,\u0000\n', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a table with NUL at its end', 'IMPORT', `${'a,b\n'.repeat(20_000)}\u0000`, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a table that becomes a program late',
      'IMPORT',
      Buffer.concat([Buffer.from('a,b\n'.repeat(20_000)), Buffer.from('\xe9\x01\x02', 'latin1')]),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a page in UTF-16', 'IMPORT', Buffer.from('\ufeff<html>', 'utf16le'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a table in UTF-16 without its mark',
      'IMPORT',
      Buffer.from('name\nx\n', 'utf16le'),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a table that leaves UTF-16 late',
      'IMPORT',
      Buffer.concat([Buffer.from(`\ufeff${'a,b\n'.repeat(20_000)}`, 'utf16le'), Buffer.from([0x00, 0xd8])]),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['nothing', 'ATTACHMENT', '', 400, 'BAD_USER_INPUT'],
    ['what only begins like a JPEG', 'AVATAR', Buffer.from('ffd8ffe0aaaa', 'hex'), 400, 'BAD_USER_INPUT'],
    [
      'what only begins like a PNG',
      'AVATAR',
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      400,
      'BAD_USER_INPUT',
    ],
    ['a picture of too many pixels', 'AVATAR', 'bomb', 413, 'PAYLOAD_TOO_LARGE'],
    ['a file of too many bytes', 'ATTACHMENT', 'x'.repeat(LIMIT + 1), 413, 'PAYLOAD_TOO_LARGE'],
    ['100 MB', 'ATTACHMENT', 'huge', 413, 'PAYLOAD_TOO_LARGE'],
  ])('%s', async (_, use, given, status, code) => {
    const content =
      given === 'bomb'
        ? await png(8000, 8000)
        : given === 'photo'
          ? photo
          : given === 'huge'
            ? new Uint8Array(100_000_000)
            : given
    const answer = await send(server, { token, use, content })
    expect(answer).toMatchObject({ status, code, message: expect.any(String) })
    expect(answer.message).not.toMatch(/vips|sharp|libspng|busboy/i)
    await expectNothingStored()
  })

  test.each([
    [
      'two files',
      [
        ['file', 'a'],
        ['file', 'b'],
      ],
    ],
    ['a field', [['note', null]]],
    [
      'a field behind the file',
      [
        ['file', 'a'],
        ['note', null],
      ],
    ],
    ['no part at all', []],
  ] as [string, [string, string | null][]][])('a form with %s', async (_, parts) => {
    const form = new FormData()
    for (const [name, file] of parts) {
      if (file === null) form.append(name, 'words')
      else form.append(name, new Blob([photo], { type: 'image/jpeg' }), `${file}.jpg`)
    }
    const url = `${server.url}/uploads?use=AVATAR`
    const answer = await reply(
      await fetch(url, { method: 'POST', body: form, headers: { authorization: `Bearer ${token}` } }),
    )
    expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' })
    await expectNothingStored()
  })

  test.each([
    ['JSON', 'application/json', '{"file":"x"}', 415],
    ['bytes', 'application/octet-stream', 'xxxx', 415],
    ['a form without a boundary', 'multipart/form-data', 'xxxx', 400],
    [
      'a form that is cut off',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n\xff\xd8\xff',
      400,
    ],
    ['a form that is none', 'multipart/form-data; boundary=b', 'no boundary here', 400],
    ['a boundary of 71 characters', ...formBetween('b'.repeat(71)), 400],
    ['a quoted boundary of 71 characters', ...formBetween('b'.repeat(71), '"'), 400],
    ['a boundary of 1,000 characters', ...formBetween('b'.repeat(1000)), 400],
    [
      'an encoded boundary of 1,000 characters',
      `multipart/form-data; boundary*=utf-8''${'b'.repeat(1000)}`,
      'xxxx',
      400,
    ],
  ])('%s', async (_, type, body, status) => {
    const response = await fetch(`${server.url}/uploads?use=AVATAR`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
    })
    const code = status === 400 ? 'BAD_USER_INPUT' : 'UNSUPPORTED_MEDIA_TYPE'
    expect(await reply(response)).toMatchObject({ status, code })
    await expectNothingStored()
  })

  test('but not a form between boundaries of 70 characters', async () => {
    const [type, body] = formBetween('b'.repeat(70))
    const response = await fetch(`${server.url}/uploads?use=ATTACHMENT`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
    })
    expect(await reply(response)).toMatchObject({ status: 201 })
  })

  test.each(['', 'avatar', 'NOTHING', 'AVATAR&use=COVER', '__proto__'])('a use that is none: %s', async (use) => {
    expect(await send(server, { token, use, content: photo })).toMatchObject({
      status: 400,
      extensions: { argument: ['use'] },
    })
    await expectNothingStored()
  })

  test('a client that hangs up half-way', async () => {
    const socket = connectSocket(server.running.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      `POST /uploads?use=AVATAR HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 100000\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`,
    )
    socket.write(photo)
    await expect
      .poll(async () => (await storedFiles(server)).filter((file) => file.startsWith('incoming/')).length)
      .toBe(1)
    socket.destroy()
    await expectNothingStored()
  })
})

describe('who may send', () => {
  const from = (headers: Record<string, string>, as: string | null = null) =>
    send(server, { token: as, content: photo, headers })
  const cookie = () => ({ cookie: `${ACCESS_COOKIE}=${token}` })

  test('nobody without a session, nor with a bad token', async () => {
    expect(await from({})).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    const bad = await from({}, 'abc')
    expect(bad).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(bad.headers.get('www-authenticate')).toBe('Bearer')
    expect(await from({ authorization: 'Basic abc' })).toMatchObject({ status: 401 })
  })

  test('a cookie counts from pages of ours, and from nowhere else: any page can send a form', async () => {
    expect(await from({ ...cookie(), origin: server.url })).toMatchObject({ status: 201 })
    for (const origin of ['https://evil.example', 'null', `${server.url}.evil.example`]) {
      expect(await from({ ...cookie(), origin })).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    }
    expect(await from(cookie())).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    const { deps } = server.running.atrium
    expect(await deps.db.query('select 1 from uploads where owner_id = $1::text::uuid', [ada.accountId])).toHaveLength(
      1,
    )
  })

  test('a token counts from programs, and from pages that may use the API', async () => {
    expect(await from({}, token)).toMatchObject({ status: 201 })
    expect(await from({ origin: server.url }, token)).toMatchObject({ status: 201 })
    expect(await from({ origin: 'https://evil.example' }, token)).toMatchObject({ status: 403 })
  })

  test('a stale cookie is taken back', async () => {
    const answer = await from({ cookie: `${ACCESS_COOKIE}=stale`, origin: server.url })
    expect(answer).toMatchObject({ status: 401 })
    expect(answer.headers.getSetCookie().join()).toContain(`${ACCESS_COOKIE}=;`)
  })

  test.each([
    ['another member', null],
    ['nobody', null],
    ['a member of staff', null],
    ['its owner', 'FULL'],
  ])('may see it as an upload: %s', async (who, verdict) => {
    const id = await sent(server, { token, use: 'RECEIPT', content: photo })
    const role = who === 'a member of staff' ? 'ADMIN' : 'MEMBER'
    const as =
      who === 'nobody'
        ? null
        : who === 'its owner'
          ? token
          : await server.tokenOf(await server.world.person({ handle: `eve-${made}`, role }))
    const found = await uploadOf(server, as, id)
    expect(found === null ? null : (found ?? null) && 'FULL').toBe(verdict)
  })
})

test('names are made harmless', async () => {
  const names: [string, string][] = [
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\plan.pdf', 'plan.pdf'],
    ['a<b>|c;d.exe', 'a b c d.exe'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['...', 'file'],
    ['x'.repeat(300), 'x'.repeat(120)],
  ]
  for (const [filename, shown] of names) {
    const id = await sent(server, { token, use: 'ATTACHMENT', content: '%PDF-1.7', filename })
    const { file } = await uploadOf(server, token, id)
    expect(file.filename).toBe(shown)
    const header = (await fetch(file.url)).headers.get('content-disposition')
    expect(header).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.%!~-]+$/)
  }
  await clearDiscardedUploads(server.running.atrium.deps)
})
