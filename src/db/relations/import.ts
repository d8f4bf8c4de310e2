import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany, type RowOf } from '../relation.ts'
import { importRefusals, imports } from '../tables/import.ts'

export const importEntity = entity('Import', imports, ['options', 'uploadId'])
export type ImportRow = RowOf<typeof imports, 'options' | 'uploadId'>

export const importById = belongsTo(importEntity, imports.id)

const byLine: KeysetOrder = {
  name: 'LINE',
  direction: 'asc',
  keys: [
    { value: importRefusals.line, type: 'integer' },
    { value: importRefusals.column, type: 'text' },
  ],
}
export const importRefusalList = hasMany(entity('ImportRefusal', importRefusals), {
  by: importRefusals.importId,
  order: byLine,
})
export const importRefusalCount = count(importRefusals, { by: importRefusals.importId })

export const importOrder: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: imports.createdAt, type: 'timestamptz' },
    { value: imports.id, type: 'uuid' },
  ],
}
