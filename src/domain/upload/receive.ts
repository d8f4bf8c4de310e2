import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { DomainError, invalidInput, unauthenticated } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { uploads } from '../../db/tables/upload.ts'
import { ImageRefused } from '../../gateways/image/image.ts'
import type { Deps } from '../deps.ts'
import { spend } from '../rate.ts'
import type { Viewer } from '../viewer.ts'
import { type Content, contentFor, createTextCheck, HEAD_BYTES, safeFilename, type TextCheck } from './content.ts'
import { fileKey, keysOf, originalKey } from './file.ts'
import type { IncomingBytes } from './incoming.ts'
import { processImage } from './process-image.ts'
import { ensureMayUpload, type UploadUse, USES } from './uses.ts'

export interface IncomingFile {
  use: UploadUse
  /** As the sender calls it. */
  filename: string | undefined
  content: AsyncIterable<Buffer>
  /** Aborted when the sender is gone. */
  signal: AbortSignal
}

/** A file that has come whole and is not kept yet. Exactly one of the two is called. */
export interface ReceivedFile {
  /** @throws DomainError `QUOTA_EXCEEDED`, `UNAUTHENTICATED` for an account that is gone. Then nothing is stored. */
  keep(): Promise<Uuid>
  drop(): Promise<void>
}

interface Measured extends Content {
  bytes: number
  contentHash: string
}

/** How many bytes a file for this may have. */
export const maxBytesOf = ({ uploads: { maxBytes } }: Pick<Deps, 'uploads'>, use: UploadUse): number =>
  Math.min(maxBytes, USES[use].maxBytes)

const tooLarge = (limit: number): DomainError =>
  new DomainError('PAYLOAD_TOO_LARGE', `A file for this may have at most ${limit} bytes.`, [], { limit })

const quotaExceeded = (limit: number, used: number): DomainError =>
  new DomainError('QUOTA_EXCEEDED', `Your files may have ${limit} bytes in all; ${used} are used.`, [], { limit, used })

/** Bytes of the member's files. */
export async function usedBytes(db: Executor, accountId: Uuid): Promise<number> {
  const [row] = await db.orm
    .select({ bytes: sql<string>`coalesce(sum(${uploads.bytes}), 0)` })
    .from(uploads)
    .where(and(eq(uploads.ownerId, accountId), isNull(uploads.discardedAt)))
  return Number(row?.bytes ?? 0)
}

/**
 * Asks whether this viewer may send this, before any of it is read. `announced` is what the request says it has.
 * @throws DomainError `FORBIDDEN`, `RATE_LIMITED`, `PAYLOAD_TOO_LARGE`, `QUOTA_EXCEEDED`.
 */
export async function admitUpload(deps: Deps, viewer: Viewer, use: UploadUse, announced: number): Promise<void> {
  ensureMayUpload(viewer, use)
  const { rate, quotaBytes } = deps.uploads
  await spend(rate, viewer.accountId)
  const limit = maxBytesOf(deps, use)
  if (announced > limit) throw tooLarge(limit)
  const used = await usedBytes(deps.db, viewer.accountId)
  if (used + announced > quotaBytes) throw quotaExceeded(quotaBytes, used)
}

/**
 * Reads a file as it comes, a piece at a time, and refuses it as soon as it can.
 * @throws DomainError `PAYLOAD_TOO_LARGE`, `QUOTA_EXCEEDED` for more at once than a quota holds, `UNSUPPORTED_MEDIA_TYPE`,
 * `INVALID_INPUT` for what is empty or no picture.
 */
export async function receiveFile(deps: Deps, viewer: Viewer, file: IncomingFile): Promise<ReceivedFile> {
  const draft = await deps.storage.draft()
  const incoming = deps.uploads.incoming.begin(viewer.accountId)
  const drop = async (): Promise<void> => {
    await rm(draft, { force: true })
    incoming.end()
  }
  try {
    const measured = await writeDraft(deps, file, draft, incoming)
    const size = measured.kind === 'IMAGE' ? await probe(deps, draft) : null
    return { drop, keep: () => keep(deps, viewer, file, draft, { ...measured, size }).finally(drop) }
  } catch (error) {
    await drop()
    throw error
  }
}

async function writeDraft(
  deps: Deps,
  { use, content, signal }: IncomingFile,
  draft: string,
  incoming: IncomingBytes,
): Promise<Measured> {
  const limit = maxBytesOf(deps, use)
  const { quotaBytes } = deps.uploads
  const hash = createHash('sha256')
  let bytes = 0
  let found: Content | undefined
  let text: TextCheck | undefined
  const pass = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let head = Buffer.alloc(0)
    const judge = async (): Promise<void> => {
      found = await contentFor(use, head)
      if (found.kind !== 'TEXT') return
      text = createTextCheck(use, found)
      text.take(head)
    }
    for await (const piece of pieces) {
      bytes += piece.length
      if (bytes > limit) throw tooLarge(limit)
      const atOnce = incoming.add(piece.length)
      if (atOnce > quotaBytes) throw quotaExceeded(quotaBytes, atOnce)
      hash.update(piece)
      if (found !== undefined) {
        text?.take(piece)
      } else {
        head = Buffer.concat([head, piece])
        if (head.length >= HEAD_BYTES) await judge()
      }
      yield piece
    }
    if (bytes === 0) throw invalidInput(['file'], 'This file is empty.')
    if (found === undefined) await judge()
    if (found !== undefined && text !== undefined) found = { ...found, mediaType: text.end() }
  }
  await pipeline(content, pass, createWriteStream(draft, { flags: 'wx', mode: 0o600 }), { signal })
  if (found === undefined) throw new Error('a file was read to its end without being looked at')
  return { ...found, bytes, contentHash: hash.digest('hex') }
}

/** @throws DomainError `PAYLOAD_TOO_LARGE` for too many pixels, `INVALID_INPUT` for what cannot be read. */
async function probe(deps: Deps, path: string): Promise<{ width: number; height: number }> {
  try {
    return await deps.images.probe(path)
  } catch (error) {
    if (!(error instanceof ImageRefused)) throw error
    if (error.pixels === null) throw invalidInput(['file'], error.message)
    throw new DomainError('PAYLOAD_TOO_LARGE', error.message, [], { pixels: error.pixels })
  }
}

async function keep(
  deps: Deps,
  viewer: Viewer,
  file: Pick<IncomingFile, 'use' | 'filename'>,
  draft: string,
  { kind, mediaType, bytes, contentHash, size }: Measured & { size: { width: number; height: number } | null },
): Promise<Uuid> {
  const { db, storage } = deps
  const id = newId()
  const isImage = kind === 'IMAGE'
  // Discarded from the beginning: should this process die now, the upkeep finds the row, and by it the file.
  await db.orm.insert(uploads).values({
    id,
    ownerId: viewer.accountId,
    use: file.use,
    isImage,
    status: isImage ? 'PROCESSING' : 'READY',
    mediaType,
    filename: safeFilename(file.filename),
    bytes,
    contentHash,
    width: size?.width ?? null,
    height: size?.height ?? null,
    discardedAt: sql`now()`,
  })
  try {
    await storage.put(isImage ? originalKey(id) : fileKey(id), draft, mediaType)
    await db.transaction(async (tx) => {
      await ensureRoom(deps, tx, viewer.accountId, bytes)
      await tx.orm.update(uploads).set({ receivedAt: sql`now()`, discardedAt: null }).where(eq(uploads.id, id))
      if (isImage) await deps.jobs.enqueue(tx, processImage, { uploadId: id }, { id })
    })
    return id
  } catch (error) {
    await storage.delete(keysOf(id))
    await db.orm.delete(uploads).where(eq(uploads.id, id))
    throw error
  }
}

/** Under the account's lock, so that of many uploads at once each finds those before it counted. */
async function ensureRoom(deps: Deps, tx: Transaction, accountId: Uuid, bytes: number): Promise<void> {
  const account = await tx.query('select 1 from accounts where id = $1::text::uuid for no key update', [accountId])
  if (account.length === 0) throw unauthenticated('Your account has been deleted.')
  const { quotaBytes } = deps.uploads
  const used = await usedBytes(tx, accountId)
  if (used + bytes > quotaBytes) throw quotaExceeded(quotaBytes, used)
}
