import { and, count, eq, inArray, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import { statement } from '../../db/statement.ts'
import { devices, oneTimePrekeys } from '../../db/tables/device.ts'
import { findEncryptedPeers } from '../chat/encryption.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut } from '../input.ts'
import { spend } from '../rate.ts'
import type { Viewer } from '../viewer.ts'
import { lockOwnDevice } from './device.ts'
import {
  isPrekeySigned,
  MAX_PREKEYS,
  type OneTimePrekey,
  oneTimePrekeys as prekeyBatch,
  type SignedPrekey,
  signedPrekey,
} from './keys.ts'

const upload = z.object({ signedPrekey: leftOut(signedPrekey), oneTimePrekeys: prekeyBatch })

export interface PrekeyUpload {
  deviceId: Uuid
  signedPrekey?: SignedPrekey | null | undefined
  oneTimePrekeys: readonly OneTimePrekey[]
  idempotencyKey?: string | undefined
}

/**
 * Ids only grow: one that was handed out can never be brought a second time.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT`.
 */
export async function uploadPrekeys(deps: Deps, viewer: Viewer, input: PrekeyUpload): Promise<Uuid> {
  const { oneTimePrekeys: batch, signedPrekey: renewed } = checkInput(upload, input)
  const { deviceId } = input
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'uploadPrekeys', input, async () => {
      const device = await lockOwnDevice(tx, viewer, deviceId, ['input', 'deviceId'])
      if (device.revokedAt !== null) throw notFound('device', ['input', 'deviceId'])
      if (renewed !== undefined) {
        const path = ['input', 'signedPrekey']
        if (!isPrekeySigned(viewer.accountId, device.identityKey, renewed)) {
          throw invalidInput([...path, 'signature'], 'This is not the identity key’s signature of the key.')
        }
        if (renewed.keyId <= device.signedPrekeyId) throw invalidInput([...path, 'keyId'], 'Ids of prekeys only grow.')
      }
      const [first] = batch
      if (first !== undefined && first.keyId <= device.lastPrekeyId) {
        throw invalidInput(['input', 'oneTimePrekeys', '0', 'keyId'], 'Ids of prekeys only grow.')
      }
      const [row] = await tx.orm
        .select({ left: count() })
        .from(oneTimePrekeys)
        .where(eq(oneTimePrekeys.deviceId, deviceId))
      if (Number(row?.left ?? 0) + batch.length > MAX_PREKEYS) {
        const message = `At most ${MAX_PREKEYS} prekeys wait for a device.`
        throw new DomainError('LIMIT_EXCEEDED', message, ['input', 'oneTimePrekeys'], { limit: MAX_PREKEYS })
      }
      if (batch.length > 0) await tx.orm.insert(oneTimePrekeys).values(batch.map((each) => ({ deviceId, ...each })))
      await tx.orm
        .update(devices)
        .set({
          lastSeenAt: sql`now()`,
          lastPrekeyId: batch.at(-1)?.keyId ?? device.lastPrekeyId,
          ...(renewed && {
            signedPrekeyId: renewed.keyId,
            signedPrekey: renewed.publicKey,
            signedPrekeySignature: renewed.signature,
            signedPrekeyAt: sql`now()`,
          }),
        })
        .where(eq(devices.id, deviceId))
      return deviceId
    }),
  )
}

export interface ClaimedPrekey {
  readonly deviceId: Uuid
  readonly signedPrekey: SignedPrekey
  /** Null when they are used up: the signed one then stands alone. */
  readonly oneTimePrekey: OneTimePrekey | null
}

/**
 * Materialised: inside an `in (…)` the planner may run a locking query with a limit more than once. Claims at once pass
 * over each other's rows instead of waiting for them.
 */
const claim = statement<{ deviceId: Uuid; keyId: number; publicKey: string }>(sql`
  with picked as materialized (
    select next.device_id, next.key_id from unnest(${sql.placeholder('devices')}::text::uuid[]) wanted(id)
    cross join lateral (
      select k.device_id, k.key_id from ${oneTimePrekeys} k where k.device_id = wanted.id
      order by k.key_id limit 1 for update skip locked
    ) next
  )
  delete from ${oneTimePrekeys} gone using picked
  where gone.device_id = picked.device_id and gone.key_id = picked.key_id
  returning gone.device_id as "deviceId", gone.key_id as "keyId", gone.public_key as "publicKey"`)

const path = ['input', 'deviceIds']

/**
 * Takes one prekey of each device. All or none. The devices are the viewer's own, or of members of their encrypted rooms.
 * @throws DomainError `NOT_FOUND` for any other device, and for one that is gone or revoked; `RATE_LIMITED`.
 */
export async function claimPrekeys(deps: Deps, viewer: Viewer, ids: readonly Uuid[]): Promise<ClaimedPrekey[]> {
  if (ids.length === 0) throw invalidInput(path, 'Name at least one device.')
  if (new Set(ids).size !== ids.length) throw invalidInput(path, 'Name each device once.')
  await spend(deps.prekeyClaims, viewer.accountId, ids.length)
  return deps.db.transaction(async (tx) => {
    const found = await tx.orm
      .select({
        id: devices.id,
        accountId: devices.accountId,
        keyId: devices.signedPrekeyId,
        publicKey: devices.signedPrekey,
        signature: devices.signedPrekeySignature,
      })
      .from(devices)
      .where(and(inArray(devices.id, [...ids]), isNull(devices.revokedAt)))
    // Claiming uses something up: it is for those who have a room to write into.
    const others = found.map(({ accountId }) => accountId).filter((each) => each !== viewer.accountId)
    const peers = await findEncryptedPeers(tx, viewer.accountId, others)
    const within = found.filter(({ accountId }) => accountId === viewer.accountId || peers.has(accountId))
    const byId = new Map(within.map(({ id, accountId: _, ...prekey }) => [id, prekey]))
    const missing = ids.findIndex((id) => !byId.has(id))
    if (missing >= 0) throw notFound('device', [...path, String(missing)])
    const taken = await claim.run(tx, { devices: pgArray(ids) })
    const oneTime = new Map(taken.map(({ deviceId, ...prekey }) => [deviceId, prekey]))
    return ids.map((deviceId) => ({
      deviceId,
      signedPrekey: byId.get(deviceId) as SignedPrekey,
      oneTimePrekey: oneTime.get(deviceId) ?? null,
    }))
  })
}
