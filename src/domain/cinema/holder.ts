import { createHash, randomBytes } from 'node:crypto'
import { invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { addressKey } from '../../core/network.ts'
import type { Deps } from '../deps.ts'
import { spend } from '../rate.ts'
import type { Viewer } from '../viewer.ts'
import { MAX_SEATS_PER_HOLDER } from './rules.ts'

/** Whose seats they are: a member's, or those of a guest who shows the same token again. */
export interface Holder {
  readonly holderId: Uuid
  readonly isGuest: boolean
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** A secret of 256 bits for a guest; the database only ever sees its hash. */
export const newGuestToken = (): string => randomBytes(32).toString('base64url')

/** The uuid that a guest's token hashes to. It cannot be an account's: those are of version 7. */
function guestIdOf(token: string): Uuid {
  const hash = createHash('sha256').update(token).digest()
  // Version 8 of RFC 9562 (5.8), for uuids that are computed in ways of one's own.
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

/** @throws DomainError `INVALID_INPUT` for a token that cannot be one. */
export function guestHolder(token: string, path: readonly string[] = ['input', 'guestToken']): Holder {
  if (!TOKEN.test(token)) throw invalidInput(path, 'This is no guest token.')
  return { holderId: guestIdOf(token), isGuest: true }
}

export const memberHolder = ({ accountId }: Pick<Viewer, 'accountId'>): Holder => ({
  holderId: accountId,
  isGuest: false,
})

/**
 * Counts seats that guests of one network address hold: a guest who throws the token away is a new one, so the limit of
 * a single holder would keep nobody from holding a whole house. @throws DomainError `RATE_LIMITED`.
 */
export async function spendGuestSeats(
  { guestSeats }: Pick<Deps, 'guestSeats'>,
  { address, showtimeId, count }: { address: string; showtimeId: Uuid; count: number },
): Promise<void> {
  // Who asks for more is refused, and keeps nobody from seats by that: a slip of the finger costs no half an hour.
  const points = Math.min(Math.max(1, count), MAX_SEATS_PER_HOLDER)
  const network = addressKey(address)
  await spend(guestSeats.perShowtime, `${showtimeId} ${network}`, points)
  await spend(guestSeats.perAddress, network, points)
}
