import { randomInt } from 'node:crypto'
import { DomainError } from '../core/errors.ts'
import type { Uuid } from '../core/ids.ts'
import type { Transaction } from '../db/database.ts'
import { slugText } from './blog/slug-text.ts'

/** The slug of a title; titles in scripts that have no Latin spelling become `fallback`. */
export const slugOf = (title: string, fallback: string): string => slugText(title) || fallback

/** Tries `title`, `title-2`, `title-3`, …: so many names are looked at before a random one is taken. */
const NUMBERED_TRIES = 20

/** A table of slugs that things of one owner have or had, its primary key (owner, slug). */
interface SlugTable {
  readonly table: string
  readonly owner: string
  readonly thing: string
  /** For titles without a Latin spelling. */
  readonly fallback: string
  /** What the owner is told of a slug in use. */
  readonly taken: string
}

/**
 * Slugs that stay a thing's for ever, so that old links work. Two things that want the same one at once are kept apart by
 * the primary key.
 */
export function slugsIn({ table, owner, thing, fallback, taken }: SlugTable) {
  const insert = `insert into ${table} (${owner}, ${thing}, slug) values ($1, $2, $3) on conflict do nothing returning slug`
  const look = `select ${thing} as "thingId" from ${table} where ${owner} = $1 and slug = $2`

  async function claim(tx: Transaction, ownerId: Uuid, thingId: Uuid, slug: string): Promise<boolean> {
    const inserted = await tx.query(insert, [ownerId, thingId, slug])
    if (inserted.length > 0) return true
    const [holder] = await tx.query<{ thingId: Uuid }>(look, [ownerId, slug])
    return holder?.thingId === thingId
  }

  const refusal = (): DomainError => new DomainError('TAKEN', taken, ['input', 'slug'])

  return {
    /** Gives the thing a slug that none of the owner's has or had. */
    async claimFree(tx: Transaction, ownerId: Uuid, thingId: Uuid, title: string): Promise<string> {
      const base = slugOf(title, fallback)
      for (let number = 1; number <= NUMBERED_TRIES; number++) {
        const slug = number === 1 ? base : `${base}-${number}`
        if (await claim(tx, ownerId, thingId, slug)) return slug
      }
      const slug = `${base}-${randomInt(1e9, 1e10)}`
      await claim(tx, ownerId, thingId, slug)
      return slug
    },

    /** Looks before anything is written; `claim` has the last word. @throws DomainError `TAKEN`. */
    async ensureFree(tx: Transaction, ownerId: Uuid, ownId: Uuid | null, slug: string): Promise<void> {
      const [holder] = await tx.query<{ thingId: Uuid }>(look, [ownerId, slug])
      if (holder !== undefined && holder.thingId !== ownId) throw refusal()
    },

    /** @throws DomainError `TAKEN` when another of the owner's things has or had it. */
    async claim(tx: Transaction, ownerId: Uuid, thingId: Uuid, slug: string): Promise<string> {
      if (await claim(tx, ownerId, thingId, slug)) return slug
      throw refusal()
    },
  }
}
