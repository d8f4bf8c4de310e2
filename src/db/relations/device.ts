import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany, manyToMany } from '../relation.ts'
import { roomMembers } from '../tables/chat/room.ts'
import { devices, oneTimePrekeys } from '../tables/device.ts'

export const deviceEntity = entity('Device', devices, [
  'signedPrekeyId',
  'signedPrekey',
  'signedPrekeySignature',
  'signedPrekeyAt',
  'lastPrekeyId',
])

export const deviceById = belongsTo(deviceEntity, devices.id)

const isLive = sql`${devices.revokedAt} is null`
const order: KeysetOrder = {
  name: 'OLDEST',
  direction: 'asc',
  keys: [
    { value: devices.createdAt, type: 'timestamptz' },
    { value: devices.id, type: 'uuid' },
  ],
}

/** Those that are not revoked, the oldest first. */
export const accountDevices = hasMany(deviceEntity, { by: devices.accountId, where: isLive, order })
export const accountDeviceCount = count(devices, { by: devices.accountId, where: isLive })

/** Of all members of a room. */
export const roomDevices = manyToMany(deviceEntity, {
  key: devices.accountId,
  through: roomMembers,
  from: roomMembers.roomId,
  toKey: roomMembers.accountId,
  where: isLive,
  order,
})

export const devicePrekeyCount = count(oneTimePrekeys, { by: oneTimePrekeys.deviceId })
