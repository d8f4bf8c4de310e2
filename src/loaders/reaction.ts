import { sql } from 'drizzle-orm'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { type reactionKind, reactions } from '../db/tables/reaction.ts'
import type { BatchLoaders } from './batch.ts'

type Kind = (typeof reactionKind.enumValues)[number]

interface Used {
  kind: Kind
  /** Which one, of the kind EMOJI. */
  emoji: string
}

/** Members react with thousands of different emoji, and a list shows the counts of each of its rows. */
const MAX_COUNTED_WAYS = 20

const counts = statement<Used & { __key: string; count: number }>(
  sql`select "__key", "kind", "emoji", "count" from (
    select ${reactions.subjectId} as "__key", ${reactions.kind} as "kind", ${reactions.emoji} as "emoji", count(*)::int as "count",
      row_number() over (partition by ${reactions.subjectId} order by count(*) desc, ${reactions.kind}, ${reactions.emoji}) as place
    from ${reactions} where ${reactions.subjectId} = any(${keysOf(reactions.subjectId)}) group by 1, 2, 3
  ) counted where place <= ${sql.raw(String(MAX_COUNTED_WAYS))} order by place`,
)

/** How often each way was used on a subject, most used first; the rare ones are left out. */
export const reactionCounts = (loaders: BatchLoaders, subjectId: string): Promise<(Used & { count: number })[]> =>
  loaders.grouped(counts, subjectId, {}, (rows) => rows.map(({ kind, emoji, count }) => ({ kind, emoji, count })))

const own = statement<Used & { __key: string }>(
  sql`select ${reactions.subjectId} as "__key", ${reactions.kind} as "kind", ${reactions.emoji} as "emoji" from ${reactions} where ${reactions.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${reactions.subjectId} = any(${keysOf(reactions.subjectId)}) order by 2, 3`,
)

export const viewerReactions = (loaders: BatchLoaders, viewer: string, subjectId: string): Promise<Used[]> =>
  loaders.grouped(own, subjectId, { viewer }, (rows) => rows.map(({ kind, emoji }) => ({ kind, emoji })))
