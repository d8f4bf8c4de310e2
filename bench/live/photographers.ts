import sharp from 'sharp'
import { request } from 'undici'

/** Many members with one photograph each to send, all at once. A process of its own: it is not what is measured. */
const [WIDTH, HEIGHT] = [4000, 3000]

interface Order {
  url: string
  tokens: string[]
  photographs: number
}

/** Twelve megapixels with as much detail as makes four megabytes, which is what telephones take. */
const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const
const detail = { create: { width: WIDTH / 4, height: HEIGHT / 4, channels: 3, background: '#3a6', noise } } as const
const photo = await sharp(await sharp(detail).png().toBuffer())
  .resize(WIDTH, HEIGHT)
  .jpeg({ quality: 88 })
  .toBuffer()
const form = Buffer.concat([
  Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n'),
  photo,
  Buffer.from('\r\n--b--\r\n'),
])

async function sendAll({ url, tokens, photographs }: Order): Promise<void> {
  const startedAtMs = performance.now()
  await Promise.all(
    Array.from({ length: photographs }, async (_, number) => {
      const { statusCode, body } = await request(`${url}/uploads?use=RECIPE_IMAGE`, {
        method: 'POST',
        body: form,
        headers: {
          authorization: `Bearer ${tokens[number % tokens.length]}`,
          'content-type': 'multipart/form-data; boundary=b',
        },
        headersTimeout: 0,
      })
      await body.dump()
      if (statusCode !== 201) throw new Error(`an upload was answered with ${statusCode}`)
    }),
  )
  process.send?.({ receivedMs: performance.now() - startedAtMs })
}

process.on('disconnect', () => process.exit())
process.on('message', (order: Order) => void sendAll(order))
process.send?.({ bytes: photo.length })
