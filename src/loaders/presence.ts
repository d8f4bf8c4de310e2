import { sql } from 'drizzle-orm'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { follows } from '../db/tables/account.ts'
import type { BatchLoaders } from './batch.ts'

const mutual = statement<{ __key: string }>(
  sql`select f.followee_id as "__key" from follows f join follows back on back.follower_id = f.followee_id and back.followee_id = f.follower_id where f.follower_id = ${sql.placeholder('viewer')}::text::uuid and f.followee_id = any(${keysOf(follows.followeeId)})`,
)

/** Whether the viewer and the account follow each other, batched. */
export const followEachOther = (loaders: BatchLoaders, viewer: string, accountId: string): Promise<boolean> =>
  loaders.grouped(mutual, accountId, { viewer }, (rows) => rows.length > 0)
