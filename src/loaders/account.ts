import { sql } from 'drizzle-orm'
import { keysOf, type RowOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { accounts, follows } from '../db/tables/account.ts'
import type { BatchLoaders } from './batch.ts'

export type AccountRow = RowOf<typeof accounts, 'passwordHash' | 'email' | 'emailHash' | 'discoverable' | 'units'>

const followed = statement<{ __key: string }>(
  sql`select ${follows.followeeId} as "__key" from ${follows} where ${follows.followerId} = ${sql.placeholder('viewer')}::text::uuid and ${follows.followeeId} = any(${keysOf(follows.followeeId)})`,
)

/** Whether the viewer follows the account, batched. */
export const viewerFollows = (loaders: BatchLoaders, viewer: string, accountId: string): Promise<boolean> =>
  loaders.grouped(followed, accountId, { viewer }, (rows) => rows.length > 0)

type SettingsRow = Pick<typeof accounts.$inferSelect, 'email' | 'discoverable' | 'units'>

const settings = statement<SettingsRow & { __key: string }>(
  sql`select ${accounts.id} as "__key", ${accounts.email} as "email", ${accounts.discoverable} as "discoverable", ${accounts.units} as "units" from ${accounts} where ${accounts.id} = any(${keysOf(accounts.id)})`,
)

const ownSettings = ([row]: readonly SettingsRow[]) => row ?? null

/** What only the owner of an account may see of it. */
export const settingsOf = (loaders: BatchLoaders, accountId: string) =>
  loaders.grouped(settings, accountId, {}, ownSettings)
