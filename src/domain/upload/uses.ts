import { forbidden } from '../../core/errors.ts'
import type { uploadUse } from '../../db/tables/upload.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export type UploadUse = (typeof uploadUse.enumValues)[number]
export type UploadKind = 'IMAGE' | 'PDF' | 'TEXT' | 'MEDIA' | 'ARCHIVE' | 'OPAQUE'

export interface UseRules {
  readonly accepts: readonly UploadKind[]
  /** Where the server's own limit allows as much. */
  readonly maxBytes: number
  /** Whoever has its address may see it, once something shows it. All others are seen through links that end. */
  readonly isPublic: boolean
  readonly isForStaff?: true
}

const MB = 1_000_000
const picture = { accepts: ['IMAGE'], maxBytes: 25 * MB, isPublic: true } as const

/** What a file may be that is sent for this, and who will see it. */
export const USES: Readonly<Record<UploadUse, UseRules>> = {
  AVATAR: { ...picture, maxBytes: 10 * MB },
  COVER: picture,
  PRODUCT_IMAGE: { ...picture, isForStaff: true },
  RECIPE_IMAGE: picture,
  /** A moderator may take the review away, and then nobody is to go on looking at what it showed. */
  REVIEW_IMAGE: { ...picture, isPublic: false },
  ATTACHMENT: { accepts: ['IMAGE', 'PDF', 'TEXT', 'MEDIA', 'ARCHIVE'], maxBytes: 100 * MB, isPublic: false },
  SEALED_ATTACHMENT: { accepts: ['OPAQUE'], maxBytes: 100 * MB, isPublic: false },
  RECEIPT: { accepts: ['IMAGE', 'PDF'], maxBytes: 25 * MB, isPublic: false },
  IMPORT: { accepts: ['TEXT'], maxBytes: 25 * MB, isPublic: false },
}

/** @throws DomainError `FORBIDDEN`. */
export function ensureMayUpload(viewer: Viewer, use: UploadUse): void {
  if (USES[use].isForStaff === true && !isStaff(viewer)) throw forbidden('Only staff may upload this.')
}
