import { sql } from 'drizzle-orm'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { notificationMutes } from '../db/tables/notification.ts'
import type { BatchLoaders } from './batch.ts'

const muted = statement<{ __key: string }>(
  sql`select ${notificationMutes.subjectId} as "__key" from ${notificationMutes} where ${notificationMutes.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${notificationMutes.subjectId} = any(${keysOf(notificationMutes.subjectId)})`,
)

/** Whether the viewer has muted a subject, batched. */
export const viewerMutes = (loaders: BatchLoaders, viewer: string, subjectId: string): Promise<boolean> =>
  loaders.grouped(muted, subjectId, { viewer }, (rows) => rows.length > 0)
