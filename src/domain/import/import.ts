import { setImmediate as pass } from 'node:timers/promises'
import { and, count, eq, inArray, sql } from 'drizzle-orm'
import { DomainError } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { importRefusals, imports } from '../../db/tables/import.ts'
import { defineJob } from '../../gateways/queue.ts'
import { topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { claimUploads } from '../upload/claim.ts'
import { openUpload } from '../upload/read.ts'
import type { Viewer } from '../viewer.ts'
import { ensureReadable, labelOf } from './encoding.ts'
import { IMPORT_READERS } from './readers.ts'
import { type ImportKind, type ImportOptions, importLifecycle, MAX_REFUSALS, MAX_ROWS, type Outcome } from './rules.ts'
import { type ReadRow, readTable } from './table.ts'

/**
 * Takes in a part of a file; tried again where its server was killed, it goes on behind the last batch. That is noticed when
 * the run has expired, so a run is short and hands what is left to the next one.
 */
export const runImport = defineJob<{ importId: Uuid }>('import.run', {
  retryLimit: 10,
  retryDelaySeconds: 5,
  expireInSeconds: 150,
})

/** So many rows are read before the server looks after other requests. */
const ROWS_IN_A_ROW = 25

/** One run; a batch that it has begun then takes a minute at most. */
const RUN_MS = 60_000

/** An import got further. */
export const importChanged = (importId: Uuid) => topic<Record<string, never>>('importChanged', importId)

/** Of one member, that wait or run. */
const MAX_OPEN = 5

export interface NewImport {
  kind: ImportKind
  uploadId: Uuid
  options: ImportOptions
  idempotencyKey?: string | undefined
}

/** @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `TAKEN`, `INVALID_INPUT` (upload), `LIMIT_EXCEEDED`, `CONFLICT` (key). */
export function startImport(deps: Deps, viewer: Viewer, input: NewImport): Promise<Uuid> {
  const { kind, uploadId, options } = input
  IMPORT_READERS[kind].ensureMay(viewer)
  const { accountId } = viewer
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'startImport', { ...input }, async () => {
      await tx.orm.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for('no key update')
      const open = and(eq(imports.accountId, accountId), inArray(imports.status, ['PENDING', 'RUNNING']))
      const [{ waiting } = { waiting: 0 }] = await tx.orm.select({ waiting: count() }).from(imports).where(open)
      if (Number(waiting) >= MAX_OPEN) {
        throw new DomainError('LIMIT_EXCEEDED', `At most ${MAX_OPEN} imports run at a time.`, ['input'], {
          limit: MAX_OPEN,
        })
      }
      const [upload] = await claimUploads(deps, tx, viewer, {
        ids: [uploadId],
        use: 'IMPORT',
        pathOf: () => ['input', 'uploadId'],
      })
      if (upload !== undefined) labelOf(upload.mediaType, options)
      const id = newId()
      const settled = (await IMPORT_READERS[kind].settle?.(deps, tx, accountId, options)) ?? options
      await tx.orm
        .insert(imports)
        .values({ id, accountId, kind, uploadId, filename: upload?.filename ?? '', options: { ...settled } })
      await deps.jobs.enqueue(tx, runImport, { importId: id })
      return id
    }),
  )
}

/** Somebody else got further with this import: this run is over. */
class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

type Found = typeof imports.$inferSelect

async function lockImport(tx: Transaction, id: Uuid): Promise<Found | undefined> {
  const [found] = await tx.orm.select().from(imports).where(eq(imports.id, id)).for('update')
  return found
}

const tell = (deps: Deps, tx: Transaction, id: Uuid): void =>
  tx.afterCommit(() => deps.bus.publish(importChanged(id), {}))

/** Who sent it, with the role of today. */
async function findSender(deps: Deps, accountId: Uuid): Promise<Viewer | null> {
  const [account] = await deps.db.orm
    .select({ handle: accounts.handle, role: accounts.role })
    .from(accounts)
    .where(eq(accounts.id, accountId))
  return account === undefined ? null : { accountId, sessionId: accountId, ...account, expiresAt: new Date(8.64e15) }
}

async function finish(deps: Deps, id: Uuid, problem: string | null): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const found = await lockImport(tx, id)
    if (found === undefined || found.finishedAt !== null) return
    const status = problem === null ? 'DONE' : 'FAILED'
    importLifecycle.ensure(found.status, status)
    // Nobody needs the file any more; the database lets go of it.
    await tx.orm
      .update(imports)
      .set({ status, problem, uploadId: null, finishedAt: sql`now()` })
      .where(eq(imports.id, id))
    tell(deps, tx, id)
  })
}

export interface ImportRun {
  /** 1 for the first. */
  readonly attempt?: number
  /** How long it goes on before it leaves the rest to another run. */
  readonly runMs?: number
}

/** Takes in the rows behind those that are dealt with. Safe to repeat, and to run twice at once. */
export async function takeImport(deps: Deps, id: Uuid, { attempt = 1, runMs = RUN_MS }: ImportRun = {}): Promise<void> {
  const [found] = await deps.db.orm.select().from(imports).where(eq(imports.id, id))
  const viewer = found === undefined ? null : await findSender(deps, found.accountId)
  if (found === undefined || viewer === null || found.finishedAt !== null || found.uploadId === null) return
  try {
    IMPORT_READERS[found.kind].ensureMay(viewer)
    await begin(deps, id)
    const isAll = await takeRows(deps, viewer, found, found.uploadId, performance.now() + runMs)
    if (isAll) await finish(deps, id, null)
    else await deps.jobs.enqueue(deps.db, runImport, { importId: id })
  } catch (error) {
    if (error instanceof Overtaken) return
    if (error instanceof DomainError) return finish(deps, id, error.message)
    // Nobody comes back to it, and it must not count as one that runs.
    if (attempt > runImport.retryLimit) await finish(deps, id, GIVEN_UP)
    throw error
  }
}

const GIVEN_UP = 'This import failed again and again. What was kept stays; send the file again for the rest.'

const begin = (deps: Deps, id: Uuid): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const found = await lockImport(tx, id)
    if (found?.status !== 'PENDING') return
    await tx.orm.update(imports).set({ status: 'RUNNING' }).where(eq(imports.id, id))
    tell(deps, tx, id)
  })

/** Answers whether it came to the end of the file before `untilMs`. */
async function takeRows(deps: Deps, viewer: Viewer, found: Found, uploadId: Uuid, untilMs: number): Promise<boolean> {
  const reader = IMPORT_READERS[found.kind]
  const asked = found.options as ImportOptions
  const options = (await reader.settle?.(deps, deps.db, found.accountId, asked)) ?? asked
  const opened = await openUpload(deps, uploadId)
  const label = labelOf(opened.mediaType, options)
  // What is in Unicode was read to its end when it was uploaded.
  const isUnsure = found.rowsRead === 0 && !label.startsWith('utf-')
  if (isUnsure) await ensureReadable(opened.content, label)
  const { content } = isUnsure ? await openUpload(deps, uploadId) : opened
  let number = 0
  let done = found.rowsRead
  let batch: ReadRow[] = []
  const send = async (): Promise<void> => {
    if (batch.length === 0) return
    await takeBatch(deps, viewer, found, options, batch, done)
    done += batch.length
    batch = []
  }
  for await (const row of readTable(content, reader, options, label)) {
    number += 1
    // The parser hands out what it has read in one go; others want to be answered in between.
    if (number % ROWS_IN_A_ROW === 0) await pass()
    if (number > MAX_ROWS)
      throw new DomainError('LIMIT_EXCEEDED', `A file has at most ${MAX_ROWS} rows; the first ones were kept.`)
    if (number <= found.rowsRead) continue
    batch.push(row)
    if (batch.length < reader.rowsAtOnce) continue
    await send()
    if (performance.now() > untilMs) return false
  }
  await send()
  return true
}

async function takeBatch(
  deps: Deps,
  viewer: Viewer,
  { id, kind, filename }: Found,
  options: ImportOptions,
  batch: readonly ReadRow[],
  done: number,
): Promise<void> {
  await deps.db.transaction(
    async (tx) => {
      const now = await lockImport(tx, id)
      if (now === undefined || now.rowsRead !== done || now.status !== 'RUNNING') throw new Overtaken()
      const rows = batch.flatMap((each) => ('row' in each ? [each.row] : []))
      const broken = batch.flatMap((each) =>
        'row' in each ? [] : [{ line: each.line, column: '', message: each.problem }],
      )
      const source = { importId: id, filename }
      const taken: Outcome =
        rows.length === 0
          ? { kept: 0, known: 0, refusals: [] }
          : await IMPORT_READERS[kind].take(deps, tx, viewer, rows, options, source)
      const refusals = [...broken, ...taken.refusals]
      const refused = batch.length - taken.kept - taken.known
      const room = Math.max(MAX_REFUSALS - now.rowsRefused, 0)
      if (refusals.length > 0 && room > 0) {
        const told = refusals.slice(0, room).map((refusal) => ({ importId: id, ...refusal }))
        await tx.orm.insert(importRefusals).values(told).onConflictDoNothing()
      }
      await tx.orm
        .update(imports)
        .set({
          rowsRead: sql`${imports.rowsRead} + ${batch.length}`,
          rowsKept: sql`${imports.rowsKept} + ${taken.kept}`,
          rowsKnown: sql`${imports.rowsKnown} + ${taken.known}`,
          rowsRefused: sql`${imports.rowsRefused} + ${refused}`,
        })
        .where(eq(imports.id, id))
      tell(deps, tx, id)
    },
    { statementTimeoutMs: 60_000 },
  )
}
