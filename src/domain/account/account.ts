import { and, eq, inArray, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, forbidden, invalidInput, notFound, unauthenticated } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { isTimeZone } from '../../core/local-time.ts'
import type { Database, Executor } from '../../db/database.ts'
import { accounts, unitPreference } from '../../db/tables/account.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
import { presenceChanged } from '../../live/presence.ts'
import type { Deps } from '../deps.ts'
import { checkAll, checkInput, combined, leftOut, line, prose, webAddress } from '../input.ts'
import { isAdmin, type Role, type Viewer } from '../viewer.ts'
import { avatarChange } from './avatar.ts'
import { ensureGoodPassword, hashPassword } from './password.ts'
import { countAttemptFrom, type OpenSession, type Origin, openSession, viewerChanged } from './session.ts'

/** Names that would pass for the house itself, for its post office (RFC 2142), or for a part of an address. */
const RESERVED_HANDLES: ReadonlySet<string> = new Set(
  `abuse admin administrator all api atrium everyone feeds graphql help hostmaster info mod moderator moderators mods
   nobody noreply null official owner postmaster root security staff support system team undefined webmaster`.split(
    /\s+/,
  ),
)

export const handle = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9_-]{1,28}[a-z0-9]$/,
    'A handle has 3 to 30 letters a–z, digits, - or _, and begins and ends with a letter or digit.',
  )
  // With `ad-min` and `sup_port`, which read the same.
  .refine((value) => !RESERVED_HANDLES.has(value.replace(/[-_]/g, '')), 'This handle is reserved.')

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'An e-mail address may have at most 254 characters.')
  .pipe(z.email('This is not an e-mail address.'))

const name = leftOut(line('A name', 1, 80))

const signUpInput = z.object({ email, handle, password: z.string(), name })

export interface NewAccount {
  email: string
  handle: string
  password: string
  name?: string | undefined
}

const handleTaken = () => new DomainError('TAKEN', 'This handle is taken.', ['input', 'handle'])
const emailTaken = () => new DomainError('TAKEN', 'There is an account with this e-mail address.', ['input', 'email'])
const takenErrors: Record<string, () => DomainError> = {
  accounts_handle_taken: handleTaken,
  accounts_email_taken: emailTaken,
}

/** Runs a write on `accounts`, and says in the graph's words which unique value was taken. */
async function orTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    const taken = takenErrors[violatedConstraint(error) ?? '']
    throw taken === undefined ? error : taken()
  }
}

/**
 * Looks at once for both, where the constraints would tell them one after the other; they still decide between two at once.
 * @throws DomainError `TAKEN`.
 */
async function ensureFree(db: Database, { email = '', handle = '' }: Partial<NewAccount>): Promise<void> {
  const others = await db.orm
    .select({ email: accounts.email, handle: accounts.handle })
    .from(accounts)
    .where(or(eq(accounts.email, email), eq(accounts.handle, handle)))
  const taken = [
    ...(others.some((other) => other.email === email) ? [emailTaken()] : []),
    ...(others.some((other) => other.handle === handle) ? [handleTaken()] : []),
  ]
  if (taken.length > 0) throw combined(taken)
}

/** Opens an account and a session. @throws DomainError with every wrong field: `INVALID_INPUT`, `TAKEN` (e-mail address, handle). */
export async function signUp(deps: Deps, origin: Origin, input: NewAccount): Promise<OpenSession> {
  // Not per account: a sign-up tries no password, and must not use up the attempts of whoever has the address. Before
  // anything is looked up: whoever asks for many names and addresses learns which of them are taken.
  await countAttemptFrom(deps, origin)
  const names: Partial<NewAccount> = {
    email: email.safeParse(input.email).data,
    handle: handle.safeParse(input.handle).data,
    name: name.safeParse(input.name).data,
  }
  const own = [names.handle, names.email, names.email?.split('@')[0], names.name, 'atrium']
  const [checked] = await checkAll<[z.output<typeof signUpInput>, unknown, unknown]>(
    () => checkInput(signUpInput, input),
    () =>
      ensureGoodPassword(
        input.password,
        own.filter((word) => word !== undefined),
        ['input', 'password'],
      ),
    () => ensureFree(deps.db, names),
  )
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

const timeZone = z.string().refine(isTimeZone, 'This is not an IANA time zone such as Europe/Paris.')

const profileInput = z.object({
  handle: leftOut(handle),
  name,
  bio: leftOut(prose('A biography', 0, 1000)),
  avatarUrl: webAddress('The avatar').nullish(),
  timeZone: leftOut(timeZone),
  showPresence: leftOut(z.boolean()),
  discoverable: leftOut(z.boolean()),
  units: leftOut(z.enum(unitPreference.enumValues)),
})

export interface ProfileChange {
  handle?: string | undefined
  name?: string | undefined
  bio?: string | undefined
  avatarUrl?: string | null | undefined
  /** Instead of an address: a picture that was uploaded for it. */
  avatarUploadId?: Uuid | null | undefined
  timeZone?: string | undefined
  showPresence?: boolean | undefined
  discoverable?: boolean | undefined
  units?: (typeof unitPreference.enumValues)[number] | undefined
}

/** @throws DomainError `INVALID_INPUT`; `TAKEN` for a handle or upload in use; `NOT_FOUND` for no upload of theirs. */
export async function updateProfile(
  deps: Deps,
  viewer: Viewer,
  { avatarUploadId, ...input }: ProfileChange,
): Promise<Uuid> {
  const { avatarUrl, ...change } = checkInput(profileInput, input)
  const { accountId } = viewer
  await orTaken(
    deps.db.transaction(async (tx) => {
      const avatar = await avatarChange(deps, tx, viewer, { avatarUrl, avatarUploadId })
      const changed = await tx.orm
        .update(accounts)
        .set({ ...change, ...avatar, updatedAt: sql`now()` })
        .where(eq(accounts.id, accountId))
        .returning({ id: accounts.id })
      if (changed.length === 0) throw unauthenticated('Your account has been deleted.')
    }),
  )
  if (change.showPresence !== undefined) deps.bus.publish(presenceChanged(accountId), {})
  return accountId
}

/**
 * An administrator gives or takes a role. Nobody changes their own, so there is always another one who agreed.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` for one's own role.
 */
export async function changeRole(deps: Deps, viewer: Viewer, accountId: Uuid, role: Role): Promise<Uuid> {
  if (!isAdmin(viewer)) throw forbidden('Only an administrator may change roles.')
  if (viewer.accountId === accountId) throw invalidInput(['input', 'accountId'], 'Nobody may change their own role.')
  return deps.db.transaction(async (tx) => {
    // Two administrators who dismiss each other at once would leave none: both rows are locked, in one order, and the
    // viewer's role counts as it is now.
    const locked = await tx.orm
      .select({ id: accounts.id, role: accounts.role })
      .from(accounts)
      .where(inArray(accounts.id, [viewer.accountId, accountId]))
      .orderBy(accounts.id)
      .for('update')
    const roleOf = (id: Uuid) => locked.find((row) => row.id === id)?.role
    if (roleOf(viewer.accountId) !== 'ADMIN') throw forbidden('Only an administrator may change roles.')
    if (roleOf(accountId) === undefined) throw notFound('account', ['input', 'accountId'])
    await tx.orm.update(accounts).set({ role, updatedAt: sql`now()` }).where(eq(accounts.id, accountId))
    tx.afterCommit(() => deps.bus.publish(viewerChanged(accountId), {}))
    return accountId
  })
}

/** A member wants to publish recipes. Whoever may do that already stays what they are. */
export async function becomeChef(deps: Deps, viewer: Viewer): Promise<Uuid> {
  const { accountId } = viewer
  return deps.db.transaction(async (tx) => {
    const changed = await tx.orm
      .update(accounts)
      .set({ role: 'CHEF', updatedAt: sql`now()` })
      .where(and(eq(accounts.id, accountId), eq(accounts.role, 'MEMBER')))
      .returning({ id: accounts.id })
    if (changed.length > 0) tx.afterCommit(() => deps.bus.publish(viewerChanged(accountId), {}))
    return accountId
  })
}

/** What a mail needs to know; null once the account is gone. */
export async function findMailAddress(db: Executor, accountId: Uuid): Promise<{ email: string; name: string } | null> {
  const [row] = await db.orm
    .select({ email: accounts.email, name: accounts.name })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), eq(accounts.isDemo, false)))
  return row ?? null
}

/** The address by which an account is known, also a demo member's, whom no mail reaches; null once the account is gone. */
export async function findEmail(db: Executor, accountId: Uuid): Promise<string | null> {
  const [row] = await db.orm.select({ email: accounts.email }).from(accounts).where(eq(accounts.id, accountId))
  return row?.email ?? null
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

/**
 * Whoever has the machine gives a role, also the first administrator's. Answers the role before.
 * @throws DomainError `NOT_FOUND`.
 */
export async function grantRole(db: Database, handle: string, role: Role): Promise<Role> {
  return db.transaction(async (tx) => {
    const id = await getAccountIdByHandle(tx, handle, [])
    const [before] = await tx.orm
      .select({ role: accounts.role })
      .from(accounts)
      .where(eq(accounts.id, id))
      .for('update')
    await tx.orm.update(accounts).set({ role, updatedAt: sql`now()` }).where(eq(accounts.id, id))
    return before?.role ?? role
  })
}
