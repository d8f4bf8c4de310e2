/** Longest sides in pixels. A picture is made to fit and is never enlarged, so a small one has the same size in several. */
export const IMAGE_SIZES = { THUMBNAIL: 200, SMALL: 480, MEDIUM: 1024, LARGE: 2048 } as const
export type ImageSize = keyof typeof IMAGE_SIZES

export const IMAGE_FORMATS = ['AVIF', 'WEBP', 'JPEG'] as const
export type ImageFormat = (typeof IMAGE_FORMATS)[number]

export interface ImageVariant {
  readonly size: ImageSize
  readonly format: ImageFormat
  /** `medium.webp` */
  readonly name: string
  readonly mediaType: string
}

/** All that is made of a picture. */
export const IMAGE_VARIANTS: readonly ImageVariant[] = (Object.keys(IMAGE_SIZES) as ImageSize[]).flatMap((size) =>
  IMAGE_FORMATS.map((format) => ({
    size,
    format,
    name: `${size}.${format}`.toLowerCase(),
    mediaType: `image/${format.toLowerCase()}`,
  })),
)

/** What a picture of this size becomes in a box: whole pixels, at least one, and never more than it has. */
export function fitted(width: number, height: number, size: ImageSize): { width: number; height: number } {
  const scale = Math.min(1, IMAGE_SIZES[size] / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** The file is no picture, or none that can be shown. The message is for people. */
export class ImageRefused extends Error {
  override readonly name = 'ImageRefused'
  constructor(
    message: string,
    /** Too many of them, where that is the trouble. */
    readonly pixels: number | null = null,
  ) {
    super(message)
  }
}

export interface ImageHeader {
  /** As it is to be looked at: a photograph that was taken upright is higher than wide. */
  width: number
  height: number
}

export interface RenderedImage extends ImageHeader {
  /** `#8a9b4c`, to be shown until the picture has come. */
  averageColor: string
  /** Bytes of all variants. */
  bytes: number
}

/** Reads and makes pictures, away from whoever waits for answers. */
export interface ImageWorker {
  /** Looks at the header, and decodes nothing. @throws ImageRefused */
  probe(path: string): Promise<ImageHeader>
  /**
   * Writes `IMAGE_VARIANTS` to the paths that are named for them: upright, in sRGB, without metadata, the first frame
   * alone. @throws ImageRefused; anything else may go well the next time.
   */
  render(path: string, to: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<RenderedImage>
  close(): void
}
