import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql'
import { invalidInput } from '../core/errors.ts'
import { KEYS } from '../db/keyset.ts'
import { countThings, findThings, type SearchTypeName } from '../db/queries/search.ts'
import { everyone, Rule } from '../permissions/rules.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import type { Context } from '../schema/context.ts'
import { Costs } from '../schema/cost.ts'
import { SearchConnection, SearchType } from '../schema/search.ts'
import { plain, searchText } from './blog/list.ts'
import { findNode } from './node.ts'

@Resolver()
export class SearchResolver {
  @Query(() => SearchConnection, {
    description:
      'Everything that the viewer may see, the best match first: words, "a phrase", or, -not. Names and titles count more than what is written below them. The lists of each kind filter further.',
  })
  @Rule(everyone)
  // One list of each type is read.
  @Costs({ own: 13 })
  async search(
    @Ctx() context: Context,
    @Arg('query', () => String, { description: '`leek soup`' }) query: string,
    @Arg('types', () => [SearchType], { nullable: true, description: 'Only these; all of them unless told.' })
    types: SearchTypeName[] | undefined,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const { deps, viewer } = context
    if (plain(query) === '') throw invalidInput(['query'], 'Say what to look for.')
    const request = { text: searchText(query), types: types ?? [], viewerId: viewer?.accountId ?? null }
    const found = await findThings(deps.db, request, toPageRequest(page))
    // Each kind says itself who may see it, here as by its id; what has gone meanwhile is left out.
    const nodes = await Promise.all(found.rows.map(({ prefix, id }) => findNode(context, prefix, id)))
    const rows = found.rows.flatMap((row, at) => {
      const node = nodes[at]
      return node == null ? [] : [{ ...node, [KEYS]: row[KEYS] }]
    })
    return new Connection({ ...found, rows }, () => countThings(deps.db, request))
  }
}
