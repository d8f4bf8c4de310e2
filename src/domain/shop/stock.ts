import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Transaction } from '../../db/database.ts'
import { runStatement } from '../../db/statement.ts'
import { variants } from '../../db/tables/shop/catalogue.ts'
import { type movementKind, stockHolds, stockLevels, stockMovements } from '../../db/tables/shop/stock.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, prose } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { tellStaff } from './notice.ts'

export type MovementKind = (typeof movementKind.enumValues)[number]

const MAX_MOVED = 1_000_000

const quantity = z
  .int('A quantity is a whole number.')
  .refine((value) => value !== 0, 'A movement moves something.')
  .refine((value) => Math.abs(value) <= MAX_MOVED, `A movement moves at most ${MAX_MOVED} pieces.`)

const movementInput = z
  .object({
    kind: z.enum(['IN', 'OUT', 'CORRECTION']),
    quantity,
    note: prose('A note', 0, 500).default(''),
  })
  .refine(({ kind, quantity }) => kind === 'CORRECTION' || quantity >= 0, {
    path: ['quantity'],
    error: 'IN and OUT say how many pieces came or went; only a CORRECTION may be negative.',
  })

export const insufficientStock = (
  available: number,
  path: readonly string[],
  what = 'it',
  more: Readonly<Record<string, unknown>> = {},
): DomainError =>
  new DomainError(
    'INSUFFICIENT_STOCK',
    available > 0 ? `There are only ${available} of ${what} left.` : `There is nothing left of ${what}.`,
    path,
    { available: Math.max(available, 0), ...more },
  )

/** Adds one line to the ledger; the database adds it to the level, and refuses to go below nothing. */
export async function enterMovement(
  tx: Transaction,
  movement: { variantId: Uuid; kind: MovementKind; quantity: number; note: string; actorId: Uuid | null },
): Promise<Uuid> {
  const id = newId()
  await tx.orm.insert(stockMovements).values({ id, ...movement })
  return id
}

/** A level as it is behind its lock. */
export interface LockedLevel {
  readonly variantId: Uuid
  readonly onShelf: number
  /** Kept by unpaid orders whose time is not over. */
  readonly held: number
}

/**
 * Locks the levels of some variants, lowest id first, then reads what is held: a second statement, because the first
 * one's snapshot is older than the locks it waited for.
 */
export async function lockLevels(tx: Transaction, variantIds: readonly Uuid[]): Promise<Map<Uuid, LockedLevel>> {
  const ids = pgArray([...new Set(variantIds)].sort())
  await runStatement(
    tx,
    sql`select 1 from ${stockLevels} where ${stockLevels.variantId} = any(${ids}::text::uuid[]) order by ${stockLevels.variantId} for update`,
  )
  const rows = await runStatement<LockedLevel>(
    tx,
    sql`select ${stockLevels.variantId} as "variantId", ${stockLevels.quantity} as "onShelf",
      coalesce((select sum(${stockHolds.quantity})::int from ${stockHolds} where ${stockHolds.variantId} = ${stockLevels.variantId} and ${stockHolds.expiresAt} > clock_timestamp()), 0) as "held"
      from ${stockLevels} where ${stockLevels.variantId} = any(${ids}::text::uuid[])`,
  )
  return new Map(rows.map((row) => [row.variantId, row]))
}

export interface NewMovement {
  variantId: Uuid
  kind: MovementKind
  /** Pieces that came (IN) or went (OUT); for a CORRECTION by how much the shelf differs from the books. */
  quantity: number
  note?: string | undefined
  idempotencyKey?: string | undefined
}

/** @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT`, `INSUFFICIENT_STOCK`, `CONFLICT` (key). */
export async function moveStock(deps: Deps, viewer: Viewer, input: NewMovement): Promise<Uuid> {
  ensureStaff(viewer)
  const { kind, note, ...checked } = checkInput(movementInput, input)
  const quantity = kind === 'OUT' ? -checked.quantity : checked.quantity
  const { variantId } = input
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'moveStock', input, async () => {
      const level = (await lockLevels(tx, [variantId])).get(variantId)
      if (level === undefined) throw notFound('variant', ['input', 'variantId'])
      if (level.onShelf + quantity < 0) throw insufficientStock(level.onShelf, ['input', 'quantity'])
      const id = await enterMovement(tx, { variantId, kind, quantity, note, actorId: viewer.accountId })
      await alertWhenLow(deps, tx, [{ variantId, before: level.onShelf, after: level.onShelf + quantity }])
      return id
    }),
  )
}

/** Tells staff of variants whose stock has just fallen to their threshold; once, not at each piece below it. */
export async function alertWhenLow(
  deps: Deps,
  tx: Transaction,
  changes: readonly { variantId: Uuid; before: number; after: number }[],
): Promise<void> {
  const fallen = changes.filter(({ before, after }) => after < before)
  if (fallen.length === 0) return
  const thresholds = await runStatement<{ id: Uuid; lowStockAt: number | null }>(
    tx,
    sql`select ${variants.id} as "id", ${variants.lowStockAt} as "lowStockAt" from ${variants} where ${variants.id} = any(${pgArray(fallen.map(({ variantId }) => variantId))}::text::uuid[])`,
  )
  const byId = new Map(thresholds.map(({ id, lowStockAt }) => [id, lowStockAt]))
  const low = fallen.filter(({ variantId, before, after }) => {
    const threshold = byId.get(variantId) ?? null
    return threshold !== null && after <= threshold && before > threshold
  })
  if (low.length === 0) return
  for (const { variantId } of low) await tellStaff(deps, tx, { template: 'lowStock', variantId })
}
