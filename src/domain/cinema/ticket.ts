import { createHmac, timingSafeEqual } from 'node:crypto'
import { parse, stringify } from 'uuid'
import { DomainError, invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Deps } from '../deps.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { CHECK_IN_MINUTES_BEFORE, type TicketStatus, ticketLifecycle } from './rules.ts'

const ID_BYTES = 16
/** 128 bits: nobody finds a code by trying. */
const SEAL_BYTES = 16

type Secret = Pick<Deps, 'jwtSecret'>

/** What a code opens. The seals differ, so that the code of one never opens the other. */
type Sealed = 'ticket' | 'order tickets'

const sealOf = (secret: Uint8Array, what: Sealed, id: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`atrium ${what}`).update(id).digest().subarray(0, SEAL_BYTES)

function seal({ jwtSecret }: Secret, what: Sealed, id: Uuid): string {
  const bytes = parse(id)
  return Buffer.concat([bytes, sealOf(jwtSecret, what, bytes)]).toString('base64url')
}

function open({ jwtSecret }: Secret, what: Sealed, code: string): Uuid | null {
  if (!/^[A-Za-z0-9_-]{43}$/.test(code)) return null
  const bytes = Buffer.from(code, 'base64url')
  const id = bytes.subarray(0, ID_BYTES)
  if (!timingSafeEqual(bytes.subarray(ID_BYTES), sealOf(jwtSecret, what, id))) return null
  try {
    return stringify(id)
  } catch {
    return null
  }
}

/**
 * What the QR code of a ticket carries: its id under the server's seal, 43 characters. Whoever can read an id, as in a log
 * or an address, cannot make a ticket of it.
 */
export const ticketCode = (deps: Secret, id: Uuid): string => seal(deps, 'ticket', id)

/** The ticket of a code; null for one that this server has not sealed. */
export const openTicketCode = (deps: Secret, code: string): Uuid | null => open(deps, 'ticket', code)

/** The order whose tickets a code shows together; null for one that this server has not sealed. */
export const openOrderTicketsCode = (deps: Secret, code: string): Uuid | null => open(deps, 'order tickets', code)

/** Where a ticket is shown and printed, for whoever has the address. */
export const ticketUrl = (deps: Secret & Pick<Deps, 'publicUrl'>, id: Uuid): string =>
  `${deps.publicUrl()}/tickets/${ticketCode(deps, id)}`

/** Where all tickets of an order are shown and printed, for whoever has the address. */
export const orderTicketsUrl = (deps: Secret & Pick<Deps, 'publicUrl'>, orderId: Uuid): string =>
  `${deps.publicUrl()}/tickets/${seal(deps, 'order tickets', orderId)}`

const path = ['input', 'code']

const unknownCode = (): DomainError => new DomainError('NOT_FOUND', 'This is the code of no ticket.', path)

interface Found {
  id: Uuid
  showtimeId: Uuid
  status: TicketStatus
  checkedInAt: string | null
  isCancelled: boolean
  isEarly: boolean
  isOver: boolean
}

export interface CheckIn {
  code: string
  /** What is shown behind the door; null lets in to all. */
  showtimeId: Uuid | null
}

/**
 * Lets somebody in, once. Of two doors that read one code at the same moment, one lets in.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND` for a code that is none, `ALREADY_CHECKED_IN` with the time, `ILLEGAL_TRANSITION` for a
 * ticket that is not paid or was paid back, `INVALID_INPUT` outside of the time of the showing, and at another one's door.
 */
export function checkInTicket(deps: Deps, viewer: Viewer, input: CheckIn): Promise<Uuid> {
  ensureStaff(viewer)
  const id = openTicketCode(deps, input.code.trim())
  if (id === null) throw unknownCode()
  return deps.db.transaction(async (tx) => {
    const [ticket] = await tx.query<Found>(
      `select t.id, t.showtime_id as "showtimeId", t.status, t.checked_in_at as "checkedInAt", s.status = 'CANCELLED' as "isCancelled",
         s.starts_at - $2::text::interval > now() as "isEarly", s.ends_at < now() as "isOver"
       from tickets t join showtimes s on s.id = t.showtime_id where t.id = $1::text::uuid for update of t`,
      [id, `${CHECK_IN_MINUTES_BEFORE} minutes`],
    )
    if (ticket === undefined) throw unknownCode()
    // Before all else: whether it was used is the business of its own door.
    if (input.showtimeId !== null && input.showtimeId !== ticket.showtimeId) {
      throw invalidInput(['input', 'showtimeId'], 'This ticket is for another showing.')
    }
    if (ticket.status === 'CHECKED_IN') {
      const checkedInAt = ticket.checkedInAt
      throw new DomainError('ALREADY_CHECKED_IN', 'This ticket has been used already.', path, { checkedInAt })
    }
    ticketLifecycle.ensure(ticket.status, 'CHECKED_IN', path)
    if (ticket.isCancelled) throw invalidInput(path, 'This showtime was cancelled.')
    if (ticket.isEarly) throw invalidInput(path, 'This ticket is for a later showing.')
    if (ticket.isOver) throw invalidInput(path, 'This showing is over.')
    await tx.query(`update tickets set status = 'CHECKED_IN', checked_in_at = now() where id = $1::text::uuid`, [id])
    return id
  })
}
