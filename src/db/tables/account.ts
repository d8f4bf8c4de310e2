import { sql } from 'drizzle-orm'
import { boolean, check, index, jsonb, pgEnum, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from './columns.ts'

export const role = pgEnum('role', ['MEMBER', 'CHEF', 'STAFF', 'ADMIN'])

/** In which units amounts are shown to somebody. */
export const unitPreference = pgEnum('unit_preference', ['AS_WRITTEN', 'METRIC', 'US'])

export const accounts = pgTable(
  'accounts',
  {
    id: id(),
    handle: text().notNull().unique('accounts_handle_taken'),
    email: text().notNull().unique('accounts_email_taken'),
    passwordHash: text().notNull(),
    role: role().notNull().default('MEMBER'),
    name: text().notNull(),
    bio: text().notNull().default(''),
    avatarUrl: text(),
    /** An upload. Its foreign key is in the migration: in code, the two tables would have to import each other. */
    avatarId: uuid(),
    timeZone: text().notNull().default('UTC'),
    /** Of recipes and shopping lists, where nothing else is asked for. */
    units: unitPreference().notNull().default('AS_WRITTEN'),
    /** Members who could see whether they are online do. */
    showPresence: boolean().notNull().default(true),
    /** Whoever knows the e-mail address finds the account by it. */
    discoverable: boolean().notNull().default(false),
    /**
     * SHA-256 of the address, in hex, for `findContacts`. The database computes it, so it cannot drift. Not by `convert_to`,
     * which Postgres calls stable and so keeps out of generated columns; a backslash is what `decode` reads as an escape.
     */
    emailHash: text()
      .notNull()
      .generatedAlwaysAs(sql`encode(sha256(decode(replace(email, '\\', '\\\\'), 'escape')), 'hex')`),
    /** Made by the demo seed: everybody knows the password. */
    isDemo: boolean().notNull().default(false),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('accounts_avatar').on(t.avatarId),
    check('accounts_one_avatar', sql`${t.avatarId} is null or ${t.avatarUrl} is null`),
    index('accounts_search')
      .using('gin', sql`to_tsvector('simple', ${t.handle} || ' ' || ${t.name})`)
      .with({ fastupdate: false }),
    index('accounts_discoverable').on(t.emailHash).where(sql`${t.discoverable}`),
    check('accounts_handle_form', sql`${t.handle} ~ '^[a-z0-9](?:[a-z0-9_-]{1,28})[a-z0-9]$'`),
    check('accounts_email_lowercase', sql`${t.email} = lower(${t.email})`),
  ],
)

/** One sign-in on one device. Its refresh tokens are one family: re-use of an old one ends them all. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    userAgent: text(),
    address: text(),
    createdAt: instant().notNull().defaultNow(),
    lastUsedAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
    revokedAt: instant(),
  },
  (t) => [index('sessions_by_account').on(t.accountId, t.createdAt)],
)

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    /** SHA-256 of the token, in hex; the token itself is known to its holder only. */
    hash: text().primaryKey(),
    sessionId: uuid()
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
    usedAt: instant(),
  },
  (t) => [index('refresh_tokens_by_session').on(t.sessionId)],
)

export const follows = pgTable(
  'follows',
  {
    followerId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    followeeId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'follows_once', columns: [t.followerId, t.followeeId] }),
    index('follows_by_follower').on(t.followerId, t.createdAt, t.followeeId),
    index('follows_by_followee').on(t.followeeId, t.createdAt, t.followerId),
    check('follows_not_oneself', sql`${t.followerId} <> ${t.followeeId}`),
  ],
)

/** What a mutation with an `idempotencyKey` answered first. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    key: text().notNull(),
    operation: text().notNull(),
    /** SHA-256 of the input, in hex. */
    inputHash: text().notNull(),
    answer: jsonb(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'idempotency_keys_once', columns: [t.accountId, t.key] }),
    index('idempotency_keys_by_age').on(t.createdAt),
  ],
)
