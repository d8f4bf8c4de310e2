import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { isTimeZone } from '../../core/local-time.ts'
import { screens, seats, theatres } from '../../db/tables/cinema/programme.ts'
import { isDanglingReference, violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkAll, checkInput, leftOut, line } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { parsePlan, type RowPlan } from './plan.ts'

const venue = {
  name: line('A name', 1, 80),
  address: line('An address', 1, 200),
  city: line('A city', 1, 80),
}
const CANCELLATION = 'Tickets are given back until 0 to 20160 minutes before the beginning.'
const cancellationMinutes = leftOut(z.int(CANCELLATION).min(0, CANCELLATION).max(20160, CANCELLATION))
const newTheatreInput = z.object({
  ...venue,
  cancellationMinutes,
  timeZone: z.string().refine(isTimeZone, 'A time zone has an IANA name such as Europe/Paris.'),
})
const theatreChangeInput = z.object({
  name: leftOut(venue.name),
  address: leftOut(venue.address),
  city: leftOut(venue.city),
  cancellationMinutes,
})

const minutes = z.int().min(0, 'Cleaning takes 0 to 240 minutes.').max(240, 'Cleaning takes 0 to 240 minutes.')
const newScreenInput = z.object({
  name: line('A name', 1, 40),
  cleaningMinutes: leftOut(minutes),
  allowsSingleSeats: leftOut(z.boolean()),
})
const screenChangeInput = z.object({
  name: leftOut(newScreenInput.shape.name),
  cleaningMinutes: leftOut(minutes),
  allowsSingleSeats: leftOut(z.boolean()),
})

const DEFAULT_CLEANING_MINUTES = 20

async function unlessTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'theatres_name_taken') {
      throw new DomainError('TAKEN', 'There is already a theatre of this name.', ['input', 'name'])
    }
    if (constraint === 'screens_name_taken') {
      throw new DomainError('TAKEN', 'This theatre already has a screen of this name.', ['input', 'name'])
    }
    throw error
  }
}

export interface NewTheatre {
  name: string
  address: string
  city: string
  /** IANA name. It cannot be changed: showtimes were planned on its clock. */
  timeZone: string
  /** Until so long before the beginning buyers give tickets back; 60 unless told. */
  cancellationMinutes?: number | undefined
}

/** @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `TAKEN`. */
export async function createTheatre(deps: Deps, viewer: Viewer, input: NewTheatre): Promise<Uuid> {
  ensureStaff(viewer)
  const theatre = checkInput(newTheatreInput, input)
  const id = newId()
  await unlessTaken(
    deps.db.orm
      .insert(theatres)
      .values({ id, ...theatre })
      .execute(),
  )
  return id
}

/** @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT`, `TAKEN`. */
export async function updateTheatre(
  deps: Deps,
  viewer: Viewer,
  { id, ...given }: { id: Uuid } & Partial<Omit<NewTheatre, 'timeZone'>>,
): Promise<Uuid> {
  ensureStaff(viewer)
  const change = checkInput(theatreChangeInput, given)
  const isNamed = Object.values(change).some((value) => value !== undefined)
  const same = eq(theatres.id, id)
  const found = isNamed
    ? await unlessTaken(deps.db.orm.update(theatres).set(change).where(same).returning({ id: theatres.id }).execute())
    : await deps.db.orm.select({ id: theatres.id }).from(theatres).where(same)
  if (found.length === 0) throw notFound('theatre', ['input', 'id'])
  return id
}

export interface NewScreen {
  theatreId: Uuid
  name: string
  cleaningMinutes?: number | undefined
  allowsSingleSeats?: boolean | undefined
  rows: RowPlan[]
  idempotencyKey?: string | undefined
}

/**
 * Its seats never change, because sold tickets name them; a screen that is rebuilt is a new one. Single seats can be blocked.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` naming each wrong row, `LIMIT_EXCEEDED`, `TAKEN`, `CONFLICT`.
 */
export function createScreen(deps: Deps, viewer: Viewer, input: NewScreen): Promise<Uuid> {
  ensureStaff(viewer)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createScreen', input, async () => {
      const [screen, plan] = await checkAll(
        () => checkInput(newScreenInput, input),
        () => parsePlan(input.rows),
      )
      const id = newId()
      const { cleaningMinutes = DEFAULT_CLEANING_MINUTES, allowsSingleSeats = false, name } = screen
      try {
        await unlessTaken(
          tx.orm
            .insert(screens)
            .values({ id, theatreId: input.theatreId, name, cleaningMinutes, allowsSingleSeats })
            .execute(),
        )
      } catch (error) {
        if (isDanglingReference(error)) throw notFound('theatre', ['input', 'theatreId'])
        throw error
      }
      await tx.orm.insert(seats).values(plan.map((seat) => ({ ...seat, id: newId(), screenId: id })))
      return id
    }),
  )
}

/** Showtimes that are planned keep their cleaning time. @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT`, `TAKEN`. */
export async function updateScreen(
  deps: Deps,
  viewer: Viewer,
  { id, ...given }: { id: Uuid } & Partial<Pick<NewScreen, 'name' | 'cleaningMinutes' | 'allowsSingleSeats'>>,
): Promise<Uuid> {
  ensureStaff(viewer)
  const change = checkInput(screenChangeInput, given)
  const isNamed = Object.values(change).some((value) => value !== undefined)
  const same = eq(screens.id, id)
  const found = isNamed
    ? await unlessTaken(deps.db.orm.update(screens).set(change).where(same).returning({ id: screens.id }).execute())
    : await deps.db.orm.select({ id: screens.id }).from(screens).where(same)
  if (found.length === 0) throw notFound('screen', ['input', 'id'])
  return id
}

/**
 * A blocked seat is not sold any more; who has it already keeps it. Of a sofa both seats are blocked.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`.
 */
export async function blockSeat(deps: Deps, viewer: Viewer, input: { id: Uuid; isBlocked: boolean }): Promise<Uuid> {
  ensureStaff(viewer)
  const { id, isBlocked } = input
  return deps.db.transaction(async (tx) => {
    const [seat] = await tx.orm.select().from(seats).where(eq(seats.id, id))
    if (seat === undefined) throw notFound('seat', ['input', 'id'])
    const concerned =
      seat.pair === null ? eq(seats.id, id) : and(eq(seats.screenId, seat.screenId), eq(seats.pair, seat.pair))
    await tx.orm.update(seats).set({ isBlocked }).where(concerned)
    return id
  })
}
