import { sql } from 'drizzle-orm'
import { HIGHLIGHT_END, HIGHLIGHT_START, searchQuery } from '../db/queries/blog.ts'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { posts } from '../db/tables/blog.ts'
import type { BatchLoaders } from './batch.ts'

const OPTIONS = `StartSel=${HIGHLIGHT_START}, StopSel=${HIGHLIGHT_END}, MaxFragments=2, MaxWords=30, MinWords=10, FragmentDelimiter=" … "`

/** Parsing a text anew for its highlights is the dearest part of a search; this much of it finds nearly all of them. */
const HIGHLIGHTED_CHARACTERS = 20_000

const highlights = statement<{ __key: string; marked: string }>(
  sql`select ${posts.id} as "__key", ts_headline('english', left(${posts.bodyText}, ${sql.raw(String(HIGHLIGHTED_CHARACTERS))}), ${searchQuery(sql`${sql.placeholder('text')}::text`)}, ${OPTIONS}) as "marked" from ${posts} where ${posts.id} = any(${keysOf(posts.id)})`,
)

/** The words around the matches of a search in a post, marked as `domain/blog/highlight` expects them. */
export const searchHighlight = (loaders: BatchLoaders, postId: string, text: string): Promise<string | null> =>
  loaders.grouped(highlights, postId, { text }, ([row]) => row?.marked ?? null)
