import { invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { claimUploads } from './claim.ts'
import type { UploadUse } from './uses.ts'

export interface PictureWish {
  /** An address elsewhere; null for none, left out to leave it. */
  url: string | null | undefined
  /** As `url`, of an upload. */
  uploadId: Uuid | null | undefined
  use: UploadUse
  /** The upload that the thing shows now, read under its lock. */
  present: Uuid | null
  argument: readonly string[]
}

/**
 * The columns of a thing that shows one picture, either from elsewhere or uploaded: one takes the place of the other.
 * What is left out stays. @throws DomainError as `claimUploads`, and `INVALID_INPUT` for both at once.
 */
export async function changePicture(
  deps: Pick<Deps, 'bus'>,
  tx: Transaction,
  viewer: Viewer,
  { url, uploadId, use, present, argument }: PictureWish,
): Promise<{ url?: string | null; uploadId?: Uuid | null }> {
  if (uploadId == null) {
    if (url != null) return { url, uploadId: null }
    return { ...(url === null && { url }), ...(uploadId === null && { uploadId }) }
  }
  if (url != null) throw invalidInput(argument, 'Give an address or an upload, not both.')
  const kept = present === null ? [] : [present]
  await claimUploads(deps, tx, viewer, { ids: [uploadId], use, kept, pathOf: () => [...argument] })
  return { url: null, uploadId }
}
