import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, manyToMany } from '../relation.ts'
import { accounts, follows } from '../tables/account.ts'

/** The secret hash and the address never travel with the public row; `Viewer` reads its own address by itself. */
export const accountEntity = entity('Account', accounts, [
  'passwordHash',
  'email',
  'emailHash',
  'discoverable',
  'units',
])

export const accountById = belongsTo(accountEntity, accounts.id)
export const accountByHandle = belongsTo(accountEntity, accounts.handle)

const newestFollow = (other: typeof follows.followerId | typeof follows.followeeId): KeysetOrder => ({
  name: 'FOLLOWED',
  direction: 'desc',
  keys: [
    { value: follows.createdAt, type: 'timestamptz' },
    { value: other, type: 'uuid' },
  ],
})

export const accountFollowers = manyToMany(accountEntity, {
  key: accounts.id,
  through: follows,
  from: follows.followeeId,
  toKey: follows.followerId,
  order: newestFollow(follows.followerId),
})

export const accountFollowing = manyToMany(accountEntity, {
  key: accounts.id,
  through: follows,
  from: follows.followerId,
  toKey: follows.followeeId,
  order: newestFollow(follows.followeeId),
})

export const accountFollowerCount = count(follows, { by: follows.followeeId })
export const accountFollowingCount = count(follows, { by: follows.followerId })
