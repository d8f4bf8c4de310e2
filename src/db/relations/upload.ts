import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany, type RowOf } from '../relation.ts'
import { uploads } from '../tables/upload.ts'

export const uploadEntity = entity('Upload', uploads, ['contentHash'])
export type UploadRow = RowOf<typeof uploads, 'contentHash'>

export const uploadById = belongsTo(uploadEntity, uploads.id)

const newest: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: uploads.createdAt, type: 'timestamptz' },
    { value: uploads.id, type: 'uuid' },
  ],
}

const isKept = sql`${uploads.discardedAt} is null`

export const accountUploads = hasMany(uploadEntity, {
  by: uploads.ownerId,
  where: isKept,
  order: newest,
})

export const accountUploadCount = count(uploads, { by: uploads.ownerId, where: isKept })
