import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { uploads } from '../../db/tables/upload.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { uploadChanged } from './topics.ts'
import type { UploadUse } from './uses.ts'

export interface Claim {
  /** In the order in which they are to be shown. */
  ids: readonly Uuid[]
  use: UploadUse
  /** Those of `ids` that the thing has already: they were claimed for it before, and stay. */
  kept?: readonly Uuid[]
  /** Where the list stands in the arguments: `['input', 'imageIds']`. */
  argument?: readonly string[]
  /** Where one of them stands, where they are no plain list. */
  pathOf?: (id: Uuid) => string[]
}

const facts = {
  id: uploads.id,
  use: uploads.use,
  ownerId: uploads.ownerId,
  isImage: uploads.isImage,
  status: uploads.status,
  problem: uploads.problem,
  mediaType: uploads.mediaType,
  filename: uploads.filename,
  bytes: uploads.bytes,
  contentHash: uploads.contentHash,
  claimedAt: uploads.claimedAt,
  discardedAt: uploads.discardedAt,
}

export type ClaimedUpload = Pick<
  typeof uploads.$inferSelect,
  'id' | 'isImage' | 'mediaType' | 'filename' | 'bytes' | 'contentHash'
>

/**
 * Takes uploads for a thing that is written in the same transaction, which must point at each with a foreign key: an
 * upload is used once, by who sent it, for what it was sent for. Answers those that were taken now, not those kept.
 * @throws DomainError `NOT_FOUND`; `TAKEN` for one that is in use; `INVALID_INPUT` for one that was sent for something
 * else, has failed, or is named twice.
 */
export async function claimUploads(
  deps: Pick<Deps, 'bus'>,
  tx: Transaction,
  viewer: Viewer,
  claim: Claim,
): Promise<ClaimedUpload[]> {
  const { ids, use, kept = [], argument = ['input', 'uploadIds'] } = claim
  const pathOf = claim.pathOf ?? ((id) => [...argument, String(ids.lastIndexOf(id))])
  const twice = ids.find((id, position) => ids.indexOf(id) !== position)
  if (twice !== undefined) throw invalidInput(pathOf(twice), 'This upload is named twice.')
  const wanted = ids.filter((id) => !kept.includes(id))
  if (wanted.length === 0) return []
  // Two that take some of the same meet at the first of them.
  const inOrder = sql`${uploads.id} in (select ${uploads.id} from ${uploads} where ${inArray(uploads.id, [...wanted])} order by ${uploads.id} for no key update)`
  const taken = await tx.orm
    .update(uploads)
    .set({ claimedAt: sql`now()` })
    .where(
      and(
        inOrder,
        eq(uploads.ownerId, viewer.accountId),
        eq(uploads.use, use),
        ne(uploads.status, 'FAILED'),
        isNull(uploads.claimedAt),
        isNull(uploads.discardedAt),
      ),
    )
    .returning(facts)
  const missing = wanted.find((id) => !taken.some((upload) => upload.id === id))
  if (missing !== undefined) throw await whyNot(tx, viewer, use, missing, pathOf(missing))
  tx.afterCommit(() => {
    for (const id of wanted) deps.bus.publish(uploadChanged(id), {})
  })
  return taken.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
}

async function whyNot(tx: Transaction, viewer: Viewer, use: UploadUse, id: Uuid, path: string[]): Promise<DomainError> {
  const [upload] = await tx.orm.select(facts).from(uploads).where(eq(uploads.id, id))
  if (upload === undefined || upload.ownerId !== viewer.accountId || upload.discardedAt !== null) {
    return notFound('upload', path)
  }
  if (upload.claimedAt !== null) return new DomainError('TAKEN', 'This upload is in use already.', path)
  if (upload.use !== use) return invalidInput(path, `This was uploaded as ${upload.use}, and is needed as ${use}.`)
  return invalidInput(path, upload.problem ?? 'This upload failed.')
}
