import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { devices } from '../../db/tables/device.ts'
import type { Portability } from '../account/portability.ts'

/** Prekeys are left out: each is used once, and means nothing anywhere else. */
export const devicePortability: Portability = {
  room: 'devices',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        id: devices.id,
        label: devices.label,
        identityKey: devices.identityKey,
        agreementKey: devices.agreementKey,
        createdAt: devices.createdAt,
        lastSeenAt: devices.lastSeenAt,
        revokedAt: devices.revokedAt,
      })
      .from(devices)
      .where(eq(devices.accountId, accountId))
      .orderBy(devices.createdAt)
    return rows.map(({ id, ...device }) => ({ id: encodeId('device', id), ...device }))
  },
  async eraseOf(tx, accountId) {
    await tx.orm.delete(devices).where(eq(devices.accountId, accountId))
  },
}
