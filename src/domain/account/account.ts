import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
import type { Deps } from '../deps.ts'
import { checkInput, leftOut, line, prose, webAddress } from '../input.ts'
import { isAdmin, type Role, type Viewer } from '../viewer.ts'
import { ensureGoodPassword, hashPassword } from './password.ts'
import { countSignInAttempt, type OpenSession, type Origin, openSession } from './session.ts'

/** Names that would pass for the house itself, or for a part of an address. */
const RESERVED_HANDLES = new Set([
  'admin',
  'administrator',
  'atrium',
  'root',
  'support',
  'system',
  'staff',
  'moderator',
])

export const handle = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9_-]{1,28}[a-z0-9]$/,
    'A handle has 3 to 30 letters a–z, digits, - or _, and begins and ends with a letter or digit.',
  )
  .refine((value) => !RESERVED_HANDLES.has(value), 'This handle is reserved.')

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'An e-mail address may have at most 254 characters.')
  .pipe(z.email('This is not an e-mail address.'))

const signUpInput = z.object({ email, handle, password: z.string(), name: leftOut(line('A name', 1, 80)) })

export interface NewAccount {
  email: string
  handle: string
  password: string
  name?: string | undefined
}

const takenErrors: Record<string, DomainError> = {
  accounts_handle_taken: new DomainError('TAKEN', 'This handle is taken.', ['input', 'handle']),
  accounts_email_taken: new DomainError('TAKEN', 'There is an account with this e-mail address.', ['input', 'email']),
}

/** Runs a write on `accounts`, and says in the graph's words which unique value was taken. */
async function orTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    const taken = takenErrors[violatedConstraint(error) ?? '']
    throw taken === undefined ? error : new DomainError(taken.code, taken.message, taken.path)
  }
}

/** @throws DomainError `INVALID_INPUT`, or `TAKEN` for an e-mail address or handle in use. */
export async function signUp(deps: Deps, origin: Origin, input: NewAccount): Promise<OpenSession> {
  const checked = checkInput(signUpInput, input)
  await countSignInAttempt(deps, checked.email, origin)
  const own = [checked.handle, checked.email, checked.email.split('@')[0] ?? '', checked.name ?? '', 'atrium']
  await ensureGoodPassword(checked.password, own, ['input', 'password'])
  const account = {
    handle: checked.handle,
    email: checked.email,
    name: checked.name ?? checked.handle,
    passwordHash: await hashPassword(checked.password),
  }
  return orTaken(
    deps.db.transaction(async (tx) => {
      const accountId = await insertAccount(tx, account)
      await deps.jobs.enqueue(tx, sendMail, {
        accountId,
        template: 'welcome',
        params: { homeUrl: deps.publicUrl() },
      })
      return openSession(deps, tx, accountId, origin)
    }),
  )
}

/** Writes a checked account. The demo seed and the tests' world use it too. */
export async function insertAccount(tx: Executor, account: Omit<typeof accounts.$inferInsert, 'id'>): Promise<Uuid> {
  const id = newId()
  await tx.orm.insert(accounts).values({ id, ...account })
  return id
}

const timeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}, 'This is not an IANA time zone such as Europe/Paris.')

const profileInput = z.object({
  handle: leftOut(handle),
  name: leftOut(line('A name', 1, 80)),
  bio: leftOut(prose('A biography', 0, 1000)),
  avatarUrl: webAddress('The avatar').nullish(),
  timeZone: leftOut(timeZone),
})

export interface ProfileChange {
  handle?: string | undefined
  name?: string | undefined
  bio?: string | undefined
  avatarUrl?: string | null | undefined
  timeZone?: string | undefined
}

/** @throws DomainError `INVALID_INPUT`, or `TAKEN` for a handle in use. */
export async function updateProfile(deps: Deps, viewer: Viewer, input: ProfileChange): Promise<Uuid> {
  const change = checkInput(profileInput, input)
  await orTaken(
    deps.db.orm
      .update(accounts)
      .set({ ...change, updatedAt: sql`now()` })
      .where(eq(accounts.id, viewer.accountId)),
  )
  return viewer.accountId
}

/**
 * An administrator gives or takes a role. Nobody changes their own, so an Atrium cannot lose its last administrator.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`.
 */
export async function changeRole(deps: Deps, viewer: Viewer, accountId: Uuid, role: Role): Promise<Uuid> {
  if (!isAdmin(viewer)) throw forbidden('Only an administrator may change roles.')
  if (viewer.accountId === accountId) throw invalidInput(['input', 'accountId'], 'Nobody may change their own role.')
  const changed = await deps.db.orm
    .update(accounts)
    .set({ role, updatedAt: sql`now()` })
    .where(eq(accounts.id, accountId))
    .returning({ id: accounts.id })
  if (changed.length === 0) throw notFound('account', ['input', 'accountId'])
  return accountId
}

/** What a mail needs to know; null once the account is gone. */
export async function findMailAddress(db: Executor, accountId: Uuid): Promise<{ email: string; name: string } | null> {
  const [row] = await db.orm
    .select({ email: accounts.email, name: accounts.name })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), eq(accounts.isDemo, false)))
  return row ?? null
}

/** @throws DomainError `NOT_FOUND`. */
export async function getAccountIdByHandle(db: Executor, wanted: string, path: readonly string[]): Promise<Uuid> {
  const [row] = await db.orm
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.handle, wanted.trim().toLowerCase().replaceAll('\0', '')))
  if (row === undefined) throw new DomainError('NOT_FOUND', 'Nobody has this handle.', path)
  return row.id
}
