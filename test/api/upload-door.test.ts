import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeId } from '../../src/core/ids.ts'
import { openUpload } from '../../src/domain/upload/read.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { photograph, ready, send, sent, uploadOf } from '../support/upload.ts'

let server: TestServer
let token: string
let photo: Buffer

beforeAll(async () => {
  server = await startTestServer()
  token = await server.tokenOf(await server.world.person({ handle: 'ada' }))
  photo = await photograph()
})
afterAll(() => server.close())

describe('a picture', () => {
  test('is taken, processed, and then shown in every size and format', async () => {
    const id = await ready(server, token, { content: photo })
    expect(id).toMatch(/^upload_[0-9a-z]{26}$/)
    const { image } = await uploadOf(server, token, id)
    const response = await fetch(image.url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/webp')
    const header = await sharp(Buffer.from(await response.arrayBuffer())).metadata()
    expect([header.width, header.height]).toEqual([640, 480])
  })
  test('that is an SVG is refused', async () => {
    const content = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    expect(await send(server, { token, content, filename: 'a.svg', type: 'image/svg+xml' })).toMatchObject({
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    })
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
