import { sql } from 'drizzle-orm'
import { keysOf, type RowOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { accounts, follows } from '../db/tables/account.ts'
import type { BatchLoaders } from './batch.ts'

export type AccountRow = RowOf<typeof accounts, 'passwordHash' | 'email'>

const followed = statement<{ __key: string }>(
  sql`select ${follows.followeeId} as "__key" from ${follows} where ${follows.followerId} = ${sql.placeholder('viewer')}::text::uuid and ${follows.followeeId} = any(${keysOf(follows.followeeId)})`,
)

/** Whether the viewer follows the account, batched. */
export const viewerFollows = (loaders: BatchLoaders, viewer: string, accountId: string): Promise<boolean> =>
  loaders.grouped(followed, accountId, { viewer }, (rows) => rows.length > 0)

const emails = statement<{ __key: string; email: string }>(
  sql`select ${accounts.id} as "__key", ${accounts.email} as "email" from ${accounts} where ${accounts.id} = any(${keysOf(accounts.id)})`,
)

export const emailOf = (loaders: BatchLoaders, accountId: string): Promise<string | null> =>
  loaders.grouped(emails, accountId, {}, ([row]) => row?.email ?? null)
