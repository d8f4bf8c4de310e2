import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { Keyed } from '../../db/keyset.ts'
import {
  findPosts,
  type PostListFilter,
  type PostOrderName,
  type PostRow,
  publishedPosts,
} from '../../db/queries/blog.ts'
import { countRows } from '../../db/queries/page.ts'
import { highlightHtml } from '../../domain/blog/highlight.ts'
import { searchHighlight } from '../../loaders/blog.ts'
import { PostEdge, type PostFilter } from '../../schema/blog.ts'
import { Connection, type ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'

/** Postgres refuses NUL in a text, and nothing has one in its name. */
export const plain = (text: string): string => text.trim().replaceAll('\0', '')

/** What a search box allows; more than this finds nothing more. */
const MAX_SEARCH_CHARACTERS = 500

/**
 * A text to search for. Postgres keeps the signs for "not" on a stack of 32 until the word that they belong to comes, and
 * fails where none comes, so those without a word are left out.
 */
export const searchText = (text: string): string =>
  plain(text)
    .slice(0, MAX_SEARCH_CHARACTERS)
    .replace(/-(?!"?[\p{L}\p{N}])/gu, ' ')

export const toListFilter = (filter: PostFilter | null | undefined): PostListFilter => ({
  authorHandle: filter?.author == null ? undefined : plain(filter.author).toLowerCase(),
  tags: filter?.tags?.map(plain),
  category: filter?.category == null ? undefined : plain(filter.category),
  publishedFrom: filter?.publishedFrom ?? undefined,
  publishedBefore: filter?.publishedBefore ?? undefined,
  text: filter?.text == null || plain(filter.text) === '' ? undefined : searchText(filter.text),
})

export async function listPosts(
  { deps }: Context,
  filter: PostListFilter,
  orderBy: PostOrderName,
  page: ConnectionArgs,
) {
  const found = await findPosts(deps.db, filter, orderBy, toPageRequest(page))
  return new Connection(found, () => countRows(deps.db, publishedPosts(filter)))
}

@Resolver(() => PostEdge)
export class PostEdgeResolver {
  @Costs({ own: 1 })
  @FieldResolver(() => String, {
    nullable: true,
    description: 'In a text search: the words around the matches, as HTML with `<mark>`; everything else is escaped.',
  })
  async highlight(@Ctx() { loaders }: Context, @Root() { node }: { node: Keyed<PostRow> }) {
    if (node.searchedFor === undefined) return null
    const marked = await searchHighlight(loaders, node.id, node.searchedFor)
    return marked === null ? null : highlightHtml(marked)
  }
}
