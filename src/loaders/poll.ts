import { sql } from 'drizzle-orm'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { pollBallots, pollChoices } from '../db/tables/poll.ts'
import type { BatchLoaders } from './batch.ts'

export interface BallotRow {
  readonly castAt: string
  readonly changedAt: string | null
  readonly optionIds: readonly string[]
}

const own = statement<BallotRow & { __key: string }>(
  sql`select ${pollBallots.pollId} as "__key", ${pollBallots.castAt} as "castAt", ${pollBallots.changedAt} as "changedAt",
    (select coalesce(json_agg(${pollChoices.optionId}), '[]') from ${pollChoices} where ${pollChoices.ballotId} = ${pollBallots.id}) as "optionIds"
    from ${pollBallots} where ${pollBallots.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${pollBallots.pollId} = any(${keysOf(pollBallots.pollId)})`,
)

/** The viewer's vote in a poll, batched; null where they have not voted. */
export const viewerBallot = (loaders: BatchLoaders, viewer: string, pollId: string): Promise<BallotRow | null> =>
  loaders.grouped(own, pollId, { viewer }, ([row]) => row ?? null)
