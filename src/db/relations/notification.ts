import { belongsTo, count, entity, manyToMany } from '../relation.ts'
import { accounts } from '../tables/account.ts'
import { notificationActors, notifications } from '../tables/notification.ts'
import { accountEntity } from './account.ts'

export const notificationEntity = entity('Notification', notifications, ['groupKey'])

export const notificationById = belongsTo(notificationEntity, notifications.id)

/** As many as are named: "Ada, Bram, Chiyo and 12 others". */
export const MAX_NAMED_ACTORS = 3

export const notificationActorList = manyToMany(accountEntity, {
  key: accounts.id,
  through: notificationActors,
  from: notificationActors.notificationId,
  toKey: notificationActors.actorId,
  order: {
    name: 'LATEST',
    direction: 'desc',
    keys: [
      { value: notificationActors.at, type: 'timestamptz' },
      { value: notificationActors.actorId, type: 'uuid' },
    ],
  },
  limit: MAX_NAMED_ACTORS,
})

export const notificationActorCount = count(notificationActors, { by: notificationActors.notificationId })
