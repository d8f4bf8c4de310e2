import type { Uuid } from '../core/ids.ts'
import { type UploadRow, uploadById } from '../db/relations/upload.ts'
import { fileLink, imageLink } from '../domain/upload/link.ts'
import type { ImageFormat, ImageSize } from '../gateways/image/image.ts'
import type { Context } from '../schema/context.ts'

/** A picture on its way through the graph: the type `Image`. */
export interface ImageValue {
  readonly upload: UploadRow
  readonly alt: string
}

/** A file that is no picture, on its way through the graph: the type `StoredFile`. */
export interface FileValue {
  readonly upload: UploadRow
}

const findUpload = async ({ loaders }: Context, id: Uuid | null): Promise<UploadRow | null> => {
  const upload = await loaders.one(uploadById, id)
  return upload === null || upload.discardedAt !== null ? null : upload
}

/**
 * The `Image` of an upload, batched: what a field of a thing that shows one returns. Whoever sees the thing sees it. Null
 * for no id, and for what is no picture.
 */
export async function findImage(context: Context, uploadId: Uuid | null, alt: string): Promise<ImageValue | null> {
  const upload = await findUpload(context, uploadId)
  return upload?.isImage === true ? { upload, alt } : null
}

/** The `StoredFile` of an upload, as `findImage`; null for a picture. */
export async function findStoredFile(context: Context, uploadId: Uuid | null): Promise<FileValue | null> {
  const upload = await findUpload(context, uploadId)
  return upload?.isImage === false ? { upload } : null
}

/** Null until the picture is ready. */
export const imageUrl = ({ deps }: Context, { upload }: ImageValue, size: ImageSize, format: ImageFormat) =>
  upload.status === 'READY' ? imageLink(deps, upload, size, format) : null

export const storedFileUrl = ({ deps }: Context, { upload }: FileValue): string => fileLink(deps, upload)
