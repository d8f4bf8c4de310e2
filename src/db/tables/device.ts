import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'

/** A device of a member that takes part in end-to-end encrypted rooms. Only public keys: the private halves never leave it. */
export const devices = pgTable(
  'devices',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** As its owner calls it; empty once it is revoked. */
    label: text().notNull(),
    /** Public keys are P-256 points, SPKI in base64; signatures are by the identity key. */
    identityKey: text().notNull().unique('devices_identity_key_taken'),
    agreementKey: text().notNull().unique('devices_agreement_key_taken'),
    agreementKeySignature: text().notNull(),
    /** What is handed out with every claim, and alone when the one-time prekeys are used up. */
    signedPrekeyId: integer().notNull(),
    signedPrekey: text().notNull(),
    signedPrekeySignature: text().notNull(),
    signedPrekeyAt: instant().notNull().defaultNow(),
    /** Ids of one-time prekeys only grow, so that none can come a second time after it was handed out. */
    lastPrekeyId: integer().notNull().default(0),
    createdAt: instant().notNull().defaultNow(),
    lastSeenAt: instant().notNull().defaultNow(),
    revokedAt: instant(),
  },
  (t) => [index('devices_by_account').on(t.accountId, t.createdAt, t.id)],
)

/** Each is handed out at most once: claiming it deletes it. */
export const oneTimePrekeys = pgTable(
  'one_time_prekeys',
  {
    deviceId: uuid()
      .notNull()
      .references(() => devices.id, { onDelete: 'cascade' }),
    keyId: integer().notNull(),
    publicKey: text().notNull(),
  },
  (t) => [
    primaryKey({ name: 'one_time_prekeys_once', columns: [t.deviceId, t.keyId] }),
    check('one_time_prekeys_id', sql`${t.keyId} > 0`),
  ],
)
