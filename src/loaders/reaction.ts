import { sql } from 'drizzle-orm'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { type reactionKind, reactions } from '../db/tables/reaction.ts'
import type { BatchLoaders } from './batch.ts'

type Kind = (typeof reactionKind.enumValues)[number]

const counts = statement<{ __key: string; kind: Kind; count: number }>(
  sql`select ${reactions.subjectId} as "__key", ${reactions.kind} as "kind", count(*)::int as "count" from ${reactions} where ${reactions.subjectId} = any(${keysOf(reactions.subjectId)}) group by 1, 2 order by 3 desc, 2`,
)

/** How often each kind was used on a subject, most used first. */
export const reactionCounts = (loaders: BatchLoaders, subjectId: string): Promise<{ kind: Kind; count: number }[]> =>
  loaders.grouped(counts, subjectId, {}, (rows) => rows.map(({ kind, count }) => ({ kind, count })))

const own = statement<{ __key: string; kind: Kind }>(
  sql`select ${reactions.subjectId} as "__key", ${reactions.kind} as "kind" from ${reactions} where ${reactions.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${reactions.subjectId} = any(${keysOf(reactions.subjectId)}) order by 2`,
)

export const viewerReactions = (loaders: BatchLoaders, viewer: string, subjectId: string): Promise<Kind[]> =>
  loaders.grouped(own, subjectId, { viewer }, (rows) => rows.map(({ kind }) => kind))
