import { setPriority } from 'node:os'
import sharp, { type Sharp } from 'sharp'
import { fitted, IMAGE_VARIANTS, type ImageFormat, type ImageHeader, type RenderedImage } from './image.ts'

/** What the server asks of this process, which it starts and ends. */
export type RendererTask =
  | { id: number; kind: 'probe'; path: string; maxPixels: number }
  | { id: number; kind: 'render'; path: string; maxPixels: number; to: Readonly<Record<string, string>> }

export type RendererReply =
  | { id: number; value: ImageHeader | RenderedImage }
  | { id: number; refusal: string; pixels: number | null }

/** A processor that answers queries as well comes to them first. */
const PRIORITY = 15

const UNREADABLE = 'This picture cannot be read: it is damaged, or only looks like one.'

/** AVIF with more effort takes several times as long, and is hardly smaller at these sizes (docs/decisions/uploads.md). */
const ENCODE: Readonly<Record<ImageFormat, (image: Sharp) => Sharp>> = {
  AVIF: (image) => image.avif({ quality: 55, effort: 0, chromaSubsampling: '4:2:0' }),
  WEBP: (image) => image.webp({ quality: 80, effort: 3 }),
  // What is transparent would become black.
  JPEG: (image) => image.flatten({ background: '#fff' }).jpeg({ quality: 80, progressive: true }),
}

class Refused extends Error {
  constructor(
    message: string,
    readonly pixels: number | null = null,
  ) {
    super(message)
  }
}

/** The first frame. Warnings are let pass, of which cameras cause many; a picture that ends too early is not. */
const open = (path: string, limitInputPixels: number): Sharp =>
  sharp(path, { limitInputPixels, failOn: 'error', sequentialRead: true, unlimited: false, animated: false })

/** libvips' own messages name its insides, and say nothing to people. */
async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (/ENOSPC|EACCES|ENOENT|unable to open|No space/i.test(String(error))) throw error
    throw new Refused(UNREADABLE)
  }
}

async function probe(path: string, maxPixels: number): Promise<ImageHeader> {
  const { width, height, autoOrient } = await readable(open(path, 0x3fff_ffff).metadata())
  const pixels = width * height
  if (pixels > maxPixels) {
    throw new Refused(`This picture has ${width} × ${height} pixels; ${maxPixels} in all are allowed.`, pixels)
  }
  return { width: autoOrient.width, height: autoOrient.height }
}

async function render(path: string, maxPixels: number, to: Readonly<Record<string, string>>): Promise<RenderedImage> {
  const { width, height } = await probe(path, maxPixels)
  const largest = fitted(width, height, 'LARGE')
  // Decoded once, and only as finely as the largest variant needs.
  const { data, info } = await readable(
    open(path, maxPixels)
      .autoOrient()
      .resize(largest.width, largest.height, { fit: 'fill' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true }),
  )
  const raw = { width: info.width, height: info.height, channels: info.channels }
  let bytes = 0
  for (const { size, format, name } of IMAGE_VARIANTS) {
    const path = to[name]
    if (path === undefined) throw new Error(`nobody said where ${name} is to go`)
    const box = fitted(width, height, size)
    const made = await ENCODE[format](sharp(data, { raw }).resize(box.width, box.height, { fit: 'fill' })).toFile(path)
    bytes += made.size
  }
  const { channels } = await sharp(data, { raw })
    .resize(1, 1, { fit: 'fill' })
    .flatten({ background: '#fff' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer()
    .then((pixel) => ({ channels: [...pixel] }))
  const averageColor = `#${channels
    .slice(0, 3)
    .map((channel) => channel.toString(16).padStart(2, '0'))
    .join('')}`
  return { width, height, bytes, averageColor }
}

async function answer(task: RendererTask): Promise<void> {
  try {
    const value =
      task.kind === 'probe' ? await probe(task.path, task.maxPixels) : await render(task.path, task.maxPixels, task.to)
    process.send?.({ id: task.id, value } satisfies RendererReply)
  } catch (error) {
    if (error instanceof Refused) {
      process.send?.({ id: task.id, refusal: error.message, pixels: error.pixels } satisfies RendererReply)
      return
    }
    // The server sees the process end, and tries again with another one.
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  }
}

sharp.cache(false)
sharp.concurrency(1)
setPriority(PRIORITY)
process.on('message', (task: RendererTask) => void answer(task))
// The server is gone, however it went.
process.on('disconnect', () => process.exit(0))
// Ctrl-C goes to the whole group of processes; the server ends this one when it is done with it.
process.on('SIGINT', () => {})
