import { sql } from 'drizzle-orm'
import { belongsTo, count, entity, hasMany } from '../relation.ts'
import { devices, oneTimePrekeys } from '../tables/device.ts'

export const deviceEntity = entity('Device', devices, [
  'signedPrekeyId',
  'signedPrekey',
  'signedPrekeySignature',
  'signedPrekeyAt',
  'lastPrekeyId',
])

export const deviceById = belongsTo(deviceEntity, devices.id)

/** Those that are not revoked, the oldest first. */
export const accountDevices = hasMany(deviceEntity, {
  by: devices.accountId,
  where: sql`${devices.revokedAt} is null`,
  order: {
    name: 'OLDEST',
    direction: 'asc',
    keys: [
      { value: devices.createdAt, type: 'timestamptz' },
      { value: devices.id, type: 'uuid' },
    ],
  },
})

export const devicePrekeyCount = count(oneTimePrekeys, { by: oneTimePrekeys.deviceId })
