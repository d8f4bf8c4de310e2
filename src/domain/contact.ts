import { and, eq, inArray } from 'drizzle-orm'
import { invalidInput } from '../core/errors.ts'
import type { Uuid } from '../core/ids.ts'
import { addressKey } from '../core/network.ts'
import { accounts } from '../db/tables/account.ts'
import type { Origin } from './account/session.ts'
import type { Deps } from './deps.ts'
import { spend } from './rate.ts'
import type { Viewer } from './viewer.ts'

/** The limit of every list in a request. */
export const MAX_CONTACT_HASHES = 100

export interface Contact {
  readonly emailHash: string
  readonly accountId: Uuid
}

/**
 * Members who let themselves be found, by the SHA-256 of their e-mail address. A hash of an address is no secret: all
 * likely ones can be tried. So each hash counts against a day's budget, whether it matched or not; of the viewer, and of
 * the network address, or many accounts would be a way around it.
 * @throws DomainError `INVALID_INPUT`, `RATE_LIMITED`.
 */
export async function findContacts(
  deps: Deps,
  viewer: Viewer,
  origin: Origin,
  hashes: readonly string[],
): Promise<Contact[]> {
  const path = ['emailHashes']
  if (hashes.length > MAX_CONTACT_HASHES) throw invalidInput(path, `At most ${MAX_CONTACT_HASHES} hashes at once.`)
  const wrong = hashes.findIndex((hash) => !/^[0-9a-f]{64}$/.test(hash))
  if (wrong >= 0) throw invalidInput([...path, String(wrong)], 'A hash is SHA-256 in lower-case hex, 64 digits.')
  const wanted = [...new Set(hashes)]
  if (wanted.length === 0) return []
  await spend(deps.contactHashes.perViewer, viewer.accountId, wanted.length)
  await spend(deps.contactHashes.perAddress, addressKey(origin.address), wanted.length)
  return deps.db.orm
    .select({ emailHash: accounts.emailHash, accountId: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.discoverable, true), inArray(accounts.emailHash, wanted)))
    .orderBy(accounts.handle)
}
