import type { Uuid } from '../../core/ids.ts'
import { IMAGE_VARIANTS } from '../../gateways/image/image.ts'

/** Of a picture as it came. It is never served, and goes when the picture has been processed. */
export const originalKey = (id: Uuid): string => `${id}/original`
/** Of what is no picture. */
export const fileKey = (id: Uuid): string => `${id}/file`
export const variantKey = (id: Uuid, name: string): string => `${id}/${name}`

/** Everything that can be stored for an upload. */
export const keysOf = (id: Uuid): string[] => [
  originalKey(id),
  fileKey(id),
  ...IMAGE_VARIANTS.map(({ name }) => variantKey(id, name)),
]
