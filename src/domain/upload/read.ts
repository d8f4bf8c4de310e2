import type { Readable } from 'node:stream'
import { and, eq, isNull } from 'drizzle-orm'
import { notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import type { UploadRow } from '../../db/relations/upload.ts'
import { uploads } from '../../db/tables/upload.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { fileKey } from './file.ts'

export interface OpenedUpload {
  /** To be read to its end, or destroyed. */
  readonly content: Readable
  readonly bytes: number
  readonly mediaType: string
  readonly filename: string
  /** SHA-256, in hex. */
  readonly contentHash: string
}

/**
 * Reads what is no picture, such as the table of an import, for a job that was handed its id. Asks nobody who they are.
 * @throws DomainError `NOT_FOUND`, also for what was discarded in the meantime.
 */
export async function openUpload({ db, storage }: Pick<Deps, 'db' | 'storage'>, id: Uuid): Promise<OpenedUpload> {
  const [upload] = await db.orm
    .select({
      bytes: uploads.bytes,
      mediaType: uploads.mediaType,
      filename: uploads.filename,
      contentHash: uploads.contentHash,
    })
    .from(uploads)
    .where(and(eq(uploads.id, id), eq(uploads.isImage, false), isNull(uploads.discardedAt)))
  const file = upload === undefined ? null : await storage.get(fileKey(id))
  if (upload === undefined || file === null) throw notFound('upload')
  return { content: file.stream, ...upload }
}

/** The viewer's own upload; null for anybody else's, and for one that is gone. */
export async function findOwnUpload(db: Executor, viewer: Viewer, id: Uuid): Promise<UploadRow | null> {
  const [upload] = await db.orm
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), eq(uploads.ownerId, viewer.accountId), isNull(uploads.discardedAt)))
  return upload ?? null
}
