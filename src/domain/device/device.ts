import { and, count, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import { devices, oneTimePrekeys } from '../../db/tables/device.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { topic } from '../../live/bus.ts'
import { findEncryptedRooms, roomDevicesChanged } from '../chat/encryption.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, combined, line } from '../input.ts'
import { spend } from '../rate.ts'
import type { Viewer } from '../viewer.ts'
import {
  isAgreementKeySigned,
  isPrekeySigned,
  type OneTimePrekey,
  oneTimePrekeys as prekeyBatch,
  publicKey,
  type SignedPrekey,
  signature,
  signedPrekey,
} from './keys.ts'
import { isOwnDevice } from './rules.ts'

/** A device of the account was registered or revoked: who writes to it must change keys. */
export const devicesChanged = (accountId: Uuid) => topic<Record<string, never>>('devicesChanged', accountId)

/** Whoever looks at the account's devices, and at those of its encrypted rooms. */
async function tellDevicesChanged({ bus }: Deps, tx: Transaction, accountId: Uuid): Promise<void> {
  const rooms = await findEncryptedRooms(tx, accountId)
  tx.afterCommit(() => {
    bus.publish(devicesChanged(accountId), {})
    for (const roomId of rooms) bus.publish(roomDevicesChanged(roomId), {})
  })
}

/** Each message key goes out once for every device, so they are few. */
export const MAX_DEVICES = 10

const registration = z.object({
  label: line('A label', 1, 60),
  identityKey: publicKey('The identity key'),
  agreementKey: publicKey('The agreement key'),
  agreementKeySignature: signature,
  signedPrekey,
  oneTimePrekeys: prekeyBatch,
})

export interface NewDevice {
  label: string
  identityKey: string
  agreementKey: string
  agreementKeySignature: string
  signedPrekey: SignedPrekey
  oneTimePrekeys: readonly OneTimePrekey[]
  idempotencyKey?: string | undefined
}

const TAKEN: Readonly<Record<string, string>> = {
  devices_identity_key_taken: 'identityKey',
  devices_agreement_key_taken: 'agreementKey',
}

/**
 * @throws DomainError `INVALID_INPUT` for keys and signatures that are none, `TAKEN` for a key that another device has,
 * `LIMIT_EXCEEDED`, `CONFLICT`, `RATE_LIMITED`.
 */
export async function registerDevice(deps: Deps, viewer: Viewer, input: NewDevice): Promise<Uuid> {
  const { accountId } = viewer
  const checked = checkInput(registration, input)
  ensureSigned(accountId, checked)
  await spend(deps.deviceRegistrations, accountId)
  try {
    return await deps.db.transaction((tx) =>
      once(tx, accountId, 'registerDevice', input, async () => {
        await ensureRoom(tx, accountId)
        const { oneTimePrekeys: batch, signedPrekey: prekey, ...device } = checked
        const id = newId()
        await tx.orm.insert(devices).values({
          id,
          accountId,
          ...device,
          signedPrekeyId: prekey.keyId,
          signedPrekey: prekey.publicKey,
          signedPrekeySignature: prekey.signature,
          lastPrekeyId: batch.at(-1)?.keyId ?? 0,
        })
        if (batch.length > 0) {
          await tx.orm.insert(oneTimePrekeys).values(batch.map((each) => ({ deviceId: id, ...each })))
        }
        await tellDevicesChanged(deps, tx, accountId)
        return id
      }),
    )
  } catch (error) {
    const key = TAKEN[violatedConstraint(error) ?? '']
    throw key === undefined ? error : new DomainError('TAKEN', 'Another device has this key.', ['input', key])
  }
}

function ensureSigned(accountId: Uuid, device: z.output<typeof registration>): void {
  const wrong: DomainError[] = []
  const refuse = (...path: string[]) =>
    wrong.push(invalidInput(['input', ...path], 'This is not the identity key’s signature of the key.'))
  if (!isAgreementKeySigned(accountId, device)) refuse('agreementKeySignature')
  if (!isPrekeySigned(accountId, device.identityKey, device.signedPrekey)) refuse('signedPrekey', 'signature')
  if (device.identityKey === device.agreementKey) {
    wrong.push(invalidInput(['input', 'agreementKey'], 'A key that signs must not be the one that agrees on keys.'))
  }
  if (wrong.length > 0) throw combined(wrong)
}

/** Under the account's lock: of ten registrations at once on nine devices, one is let in. */
async function ensureRoom(tx: Transaction, accountId: Uuid): Promise<void> {
  await tx.orm.execute(sql`select 1 from ${accounts} where ${accounts.id} = ${accountId} for no key update`)
  const [row] = await tx.orm
    .select({ live: count() })
    .from(devices)
    .where(and(eq(devices.accountId, accountId), isNull(devices.revokedAt)))
  if (Number(row?.live ?? 0) < MAX_DEVICES) return
  throw new DomainError('LIMIT_EXCEEDED', `A member has at most ${MAX_DEVICES} devices. Revoke one first.`, ['input'], {
    limit: MAX_DEVICES,
  })
}

/**
 * The row of a device of the viewer's, locked.
 * @throws DomainError `NOT_FOUND`, or `FORBIDDEN` for another member's: that there is one is no secret.
 */
export async function lockOwnDevice(tx: Transaction, viewer: Viewer, id: Uuid, path: readonly string[]) {
  const [device] = await tx.orm.select().from(devices).where(eq(devices.id, id)).for('no key update')
  if (device === undefined) throw notFound('device', path)
  if (!isOwnDevice(viewer, device)) throw forbidden('Only its owner may do this with a device.')
  return device
}

/**
 * For good. Its key stays known, so that what it wrote before can still be verified; its prekeys and its name are gone.
 * Revoking twice is revoking once. @throws DomainError `NOT_FOUND`, `FORBIDDEN`.
 */
export async function revokeDevice(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const device = await lockOwnDevice(tx, viewer, id, ['input', 'id'])
    if (device.revokedAt !== null) return id
    await tx.orm.update(devices).set({ revokedAt: sql`now()`, label: '' }).where(eq(devices.id, id))
    await tx.orm.delete(oneTimePrekeys).where(eq(oneTimePrekeys.deviceId, id))
    await tellDevicesChanged(deps, tx, viewer.accountId)
    return id
  })
}

/** @throws DomainError `NOT_FOUND` when there is no such account. */
export async function ensureAccount(db: Executor, accountId: Uuid, path: readonly string[]): Promise<void> {
  const [row] = await db.orm.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId))
  if (row === undefined) throw notFound('account', path)
}
