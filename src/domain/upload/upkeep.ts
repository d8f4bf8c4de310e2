import { and, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import { notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { uploads } from '../../db/tables/upload.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { keysOf } from './file.ts'
import { failLostImages } from './process-image.ts'
import { uploadChanged } from './topics.ts'

/** Unused for as long, an upload goes. */
export const UNCLAIMED_HOURS = 24

/** When an upload goes unless something takes it. */
export const expiryOf = (createdAt: string): string =>
  new Date(Date.parse(createdAt) + UNCLAIMED_HOURS * 60 * 60 * 1000).toISOString()

/** Runs once a minute: whatever points at nothing any more loses its files. */
export const clearUploads = defineJob<Record<string, never>>('upload.clear', { retryLimit: 0, expireInSeconds: 600 })

const BATCH = 200

/** What is being received begins as discarded, and is given this long to come in. */
const isGone = and(
  isNotNull(uploads.discardedAt),
  or(isNotNull(uploads.receivedAt), lt(uploads.discardedAt, sql`now() - interval '1 hour'`)),
)

/** The files first: a row without files is found again, files without a row are not. */
export async function clearDiscardedUploads(deps: Deps): Promise<number> {
  const { db, storage, bus } = deps
  await discardUnclaimed(deps)
  await failLostImages(deps)
  let cleared = 0
  for (;;) {
    const gone = await db.orm.select({ id: uploads.id }).from(uploads).where(isGone).limit(BATCH)
    for (const { id } of gone) {
      await storage.delete(keysOf(id))
      await db.orm.delete(uploads).where(and(eq(uploads.id, id), isNotNull(uploads.discardedAt)))
      bus.publish(uploadChanged(id), {})
    }
    cleared += gone.length
    if (gone.length < BATCH) return cleared
  }
}

async function discardUnclaimed({ db }: Deps): Promise<void> {
  const oldest = sql`now() - make_interval(hours => ${sql.raw(String(UNCLAIMED_HOURS))})`
  await db.orm
    .update(uploads)
    .set({ discardedAt: sql`now()` })
    .where(and(isNull(uploads.claimedAt), isNull(uploads.discardedAt), lt(uploads.createdAt, oldest)))
}

/** Lets go of what was uploaded and is not used. @throws DomainError `NOT_FOUND`, also for one that is in use. */
export async function discardUpload(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  const discarded = await deps.db.orm
    .update(uploads)
    .set({ discardedAt: sql`now()` })
    .where(
      and(
        eq(uploads.id, id),
        eq(uploads.ownerId, viewer.accountId),
        isNull(uploads.claimedAt),
        isNull(uploads.discardedAt),
      ),
    )
    .returning({ id: uploads.id })
  if (discarded.length === 0) throw notFound('unused upload', ['input', 'id'])
  deps.bus.publish(uploadChanged(id), {})
  return id
}
