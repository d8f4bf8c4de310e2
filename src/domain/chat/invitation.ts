import { randomBytes } from 'node:crypto'
import { and, count, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { roomInvitations, roomLinks } from '../../db/tables/chat/room.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput } from '../input.ts'
import type { Viewer } from '../viewer.ts'
import { isBlocked } from './blocked.ts'
import { tellAccount } from './events.ts'
import { isBanned, isMember, letIn } from './membership.ts'
import { tellInvited, withdrawInvited } from './notice.ts'
import { lockRoom, lockRoomRow } from './room.ts'
import { DEFAULT_LINK_DAYS, ensureMayInRoom, MAX_LINK_DAYS, MAX_OPEN_INVITATIONS, MAX_ROOM_LINKS } from './rules.ts'

/**
 * @throws DomainError `NOT_FOUND` (room, account), `FORBIDDEN`, `TAKEN` for a member and for who is invited already,
 * `INVALID_INPUT` for who is banned or has blocked the viewer, `LIMIT_EXCEEDED`.
 */
export async function inviteToRoom(
  deps: Deps,
  viewer: Viewer,
  input: { roomId: Uuid; accountId: Uuid },
): Promise<Uuid> {
  const { roomId, accountId } = input
  const path = ['input', 'accountId']
  const id = newId()
  try {
    await deps.db.transaction(async (tx) => {
      const room = await lockRoom(tx, viewer, roomId, undefined, [accountId])
      ensureMayInRoom('invite', room.kind, room.membership)
      if (room.members.has(accountId)) throw new DomainError('TAKEN', 'They are a member already.', path)
      const [account] = await tx.orm.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId))
      if (account === undefined) throw notFound('account', path)
      if (await isBanned(tx, roomId, accountId)) throw invalidInput(path, 'They were banned from this room.')
      if (await isBlocked(tx, viewer.accountId, accountId))
        throw invalidInput(path, 'One of you has blocked the other.')
      await ensureRoomFor(tx, roomId)
      await tx.orm.insert(roomInvitations).values({ id, roomId, accountId, inviterId: viewer.accountId })
      tellAccount(deps, tx, accountId)
      await tellInvited(deps, tx, viewer.accountId, { roomId, accountId })
    })
  } catch (error) {
    if (violatedConstraint(error) !== 'room_invitations_once') throw error
    throw new DomainError('TAKEN', 'They are invited already.', path)
  }
  return id
}

async function ensureRoomFor(tx: Transaction, roomId: Uuid): Promise<void> {
  const [open] = await tx.orm.select({ count: count() }).from(roomInvitations).where(eq(roomInvitations.roomId, roomId))
  if (Number(open?.count ?? 0) < MAX_OPEN_INVITATIONS) return
  const limit = MAX_OPEN_INVITATIONS
  throw new DomainError('LIMIT_EXCEEDED', `At most ${limit} invitations wait for an answer.`, ['input'], { limit })
}

/** Comes into the room. @throws DomainError `NOT_FOUND` for another's invitation and an answered one, `LIMIT_EXCEEDED`. */
export function acceptInvitation(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  const path = ['input', 'id']
  return deps.db.transaction(async (tx) => {
    const mine = and(eq(roomInvitations.id, id), eq(roomInvitations.accountId, viewer.accountId))
    const [invitation] = await tx.orm.select({ roomId: roomInvitations.roomId }).from(roomInvitations).where(mine)
    const room = invitation === undefined ? null : await lockRoomRow(tx, invitation.roomId)
    if (room === null) throw notFound('invitation', path)
    // Again, behind the lock: it may have been withdrawn, or answered, in the meantime.
    const [taken] = await tx.orm.delete(roomInvitations).where(mine).returning()
    if (taken === undefined) throw notFound('invitation', path)
    await withdrawInvited(deps, tx, taken)
    if (!(await isMember(tx, room.id, viewer.accountId))) await letIn(deps, tx, room.id, viewer, path)
    return room.id
  })
}

/**
 * Declined by who was invited, or withdrawn by who invited them or may remove members.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`.
 */
export function endInvitation(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  const path = ['input', 'id']
  return deps.db.transaction(async (tx) => {
    const [found] = await tx.orm.select().from(roomInvitations).where(eq(roomInvitations.id, id))
    if (found === undefined) throw notFound('invitation', path)
    if (found.accountId !== viewer.accountId) {
      const room = await lockRoom(tx, viewer, found.roomId, path)
      if (found.inviterId !== viewer.accountId) ensureMayInRoom('removeMembers', room.kind, room.membership)
    }
    // The room first, as everywhere: it may have been answered while we waited.
    const [invitation] = await tx.orm.delete(roomInvitations).where(eq(roomInvitations.id, id)).returning()
    if (invitation === undefined) throw notFound('invitation', path)
    await withdrawInvited(deps, tx, invitation)
    tellAccount(deps, tx, invitation.accountId)
    return id
  })
}

const linkInput = z.object({
  days: z
    .int()
    .min(1, 'A link lasts at least a day.')
    .max(MAX_LINK_DAYS, `A link lasts at most ${MAX_LINK_DAYS} days.`),
  maxUses: z
    .int()
    .min(1, 'A link can be used at least once.')
    .max(1_000, 'A link can be used at most 1000 times.')
    .nullable(),
})

export interface NewLink {
  roomId: Uuid
  days?: number | undefined
  maxUses?: number | undefined
  idempotencyKey?: string | undefined
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT`. */
export function createLink(deps: Deps, viewer: Viewer, input: NewLink): Promise<Uuid> {
  const given = { days: input.days ?? DEFAULT_LINK_DAYS, maxUses: input.maxUses ?? null }
  const { days, maxUses } = checkInput(linkInput, given)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createRoomLink', input, async () => {
      const room = await lockRoom(tx, viewer, input.roomId)
      ensureMayInRoom('makeLinks', room.kind, room.membership)
      await tx.orm.delete(roomLinks).where(and(eq(roomLinks.roomId, room.id), isSpent))
      const [made] = await tx.orm.select({ count: count() }).from(roomLinks).where(eq(roomLinks.roomId, room.id))
      if (Number(made?.count ?? 0) >= MAX_ROOM_LINKS) {
        const limit = MAX_ROOM_LINKS
        throw new DomainError('LIMIT_EXCEEDED', `A room has at most ${limit} links.`, ['input'], { limit })
      }
      const id = newId()
      await tx.orm.insert(roomLinks).values({
        id,
        roomId: room.id,
        token: randomBytes(24).toString('base64url'),
        createdById: viewer.accountId,
        maxUses,
        expiresAt: sql`now() + make_interval(days => ${days})`,
      })
      return id
    }),
  )
}

const isUsable = and(
  gt(roomLinks.expiresAt, sql`now()`),
  or(isNull(roomLinks.maxUses), lt(roomLinks.uses, roomLinks.maxUses)),
)
const isSpent = sql`not (${isUsable})`

/** From now on it lets nobody in. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function deleteLink(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  const path = ['input', 'id']
  return deps.db.transaction(async (tx) => {
    const [link] = await tx.orm.select({ roomId: roomLinks.roomId }).from(roomLinks).where(eq(roomLinks.id, id))
    if (link === undefined) throw notFound('link', path)
    const room = await lockRoom(tx, viewer, link.roomId, path)
    ensureMayInRoom('makeLinks', room.kind, room.membership)
    await tx.orm.delete(roomLinks).where(eq(roomLinks.id, id))
    return id
  })
}

/**
 * Comes in by a link. A member who follows it uses nothing up.
 * @throws DomainError `NOT_FOUND` for one that is unknown, used up or out of date, and for who is banned; `LIMIT_EXCEEDED`.
 */
export function joinByLink(deps: Deps, viewer: Viewer, token: string): Promise<Uuid> {
  const path = ['input', 'token']
  return deps.db.transaction(async (tx) => {
    // Postgres refuses to look for a NUL.
    const [link] = /^[\w-]{32}$/.test(token)
      ? await tx.orm.select({ roomId: roomLinks.roomId }).from(roomLinks).where(eq(roomLinks.token, token))
      : []
    const room = link === undefined ? null : await lockRoomRow(tx, link.roomId)
    if (room === null) throw notFound('link', path)
    if (await isMember(tx, room.id, viewer.accountId)) return room.id
    const used = await tx.orm
      .update(roomLinks)
      .set({ uses: sql`${roomLinks.uses} + 1` })
      .where(and(eq(roomLinks.token, token), isUsable))
      .returning({ id: roomLinks.id })
    if (used.length === 0) throw notFound('link', path)
    await letIn(deps, tx, room.id, viewer, path)
    return room.id
  })
}
