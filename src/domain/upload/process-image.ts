import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { uploads } from '../../db/tables/upload.ts'
import { IMAGE_VARIANTS, ImageRefused } from '../../gateways/image/image.ts'
import { defineJob, type JobRun } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { keysOf, originalKey, variantKey } from './file.ts'
import { uploadChanged } from './topics.ts'

export const processImage = defineJob<{ uploadId: Uuid }>('upload.processImage', {
  retryLimit: 3,
  retryDelaySeconds: 5,
  expireInSeconds: 300,
})

const LOST = 'This picture could not be processed. Upload it again.'

const isProcessing = (id: Uuid) =>
  and(eq(uploads.id, id), eq(uploads.status, 'PROCESSING'), isNull(uploads.discardedAt))

/**
 * Makes all variants of a picture and lets the original go. What cannot be read fails at once, anything else is tried
 * again. Run twice it does the same again: a variant replaces the one of an attempt that died.
 */
export async function processUploadedImage(deps: Deps, run: JobRun<{ uploadId: Uuid }>): Promise<void> {
  const id = run.data.uploadId
  const [upload] = await deps.db.orm.select({ id: uploads.id }).from(uploads).where(isProcessing(id))
  // Done before, by an attempt that died before it could say so, or discarded.
  if (upload === undefined) return deps.storage.delete([originalKey(id)])
  try {
    await makeVariants(deps, id, run.signal)
  } catch (error) {
    if (error instanceof ImageRefused) return failImage(deps, id, error.message)
    if (run.attempt <= processImage.retryLimit) throw error
    await failImage(deps, id, LOST)
    throw error
  }
}

async function makeVariants(deps: Deps, id: Uuid, signal: AbortSignal): Promise<void> {
  const { db, storage, images, bus } = deps
  const original = await storage.get(originalKey(id))
  if (original === null) throw new ImageRefused(LOST)
  const source = await storage.draft()
  const drafts: Record<string, string> = {}
  try {
    await pipeline(original.stream, createWriteStream(source, { flags: 'wx', mode: 0o600 }), { signal })
    for (const { name } of IMAGE_VARIANTS) drafts[name] = await storage.draft()
    const { width, height, bytes, averageColor } = await images.render(source, drafts, signal)
    for (const { name, mediaType } of IMAGE_VARIANTS) {
      await storage.put(variantKey(id, name), drafts[name] ?? '', mediaType)
    }
    const ready = await db.orm
      .update(uploads)
      .set({ status: 'READY', width, height, bytes, averageColor })
      .where(isProcessing(id))
      .returning({ id: uploads.id })
    // Discarded in the meantime: the upkeep may have been here before these files were.
    await storage.delete(ready.length === 0 ? keysOf(id) : [originalKey(id)])
    bus.publish(uploadChanged(id), {})
  } finally {
    for (const draft of [source, ...Object.values(drafts)]) await rm(draft, { force: true })
  }
}

/** For good: what was stored of it goes, and only the reason stays until the upload does. */
export async function failImage({ db, bus, storage }: Deps, id: Uuid, problem: string): Promise<void> {
  await db.orm.update(uploads).set({ status: 'FAILED', problem, bytes: 0 }).where(isProcessing(id))
  bus.publish(uploadChanged(id), {})
  await storage.delete(keysOf(id))
}

/** Pictures whose job is gone for good, having taken its server with it at each attempt. */
export async function failLostImages(deps: Deps): Promise<void> {
  const lost = await deps.db.orm
    .select({ id: uploads.id })
    .from(uploads)
    .where(
      and(
        eq(uploads.status, 'PROCESSING'),
        isNull(uploads.discardedAt),
        sql`${uploads.createdAt} < now() - interval '1 day'`,
      ),
    )
    .limit(1_000)
  for (const { id } of lost) await failImage(deps, id, LOST)
}
