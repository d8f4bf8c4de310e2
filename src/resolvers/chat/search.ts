import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { decodeId } from '../../core/ids.ts'
import type { Keyed } from '../../db/keyset.ts'
import { findMessages, foundMessages, type MessageRow } from '../../db/queries/chat.ts'
import { countRows } from '../../db/queries/page.ts'
import { highlightHtml } from '../../domain/blog/highlight.ts'
import { messageHighlight } from '../../loaders/chat.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { FoundMessageConnection, FoundMessageEdge } from '../../schema/chat/message.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { searchText } from '../blog/list.ts'
import { ensureMember } from './node.ts'

@Resolver(() => FoundMessageEdge)
export class MessageSearchResolver {
  @Query(() => FoundMessageConnection, {
    description:
      'Messages in the viewer’s rooms, the best match first: words, "a phrase", or, -not. Encrypted rooms cannot be searched. `NOT_FOUND` for a room of others.',
  })
  @Rule(isSignedIn)
  async searchMessages(
    @Ctx() context: Context,
    @Arg('text', () => String) text: string,
    @Arg('roomId', () => ID, { nullable: true, description: 'In this room only.' }) roomId: string | undefined,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const { db } = context.deps
    const room = roomId == null ? undefined : decodeId('room', roomId, ['roomId'])
    if (room !== undefined) await ensureMember(context, room)
    const search = { accountId: signedIn(context).accountId, text: searchText(text), roomId: room }
    const found = await findMessages(db, search, toPageRequest(page))
    return new Connection(found, () => countRows(db, foundMessages(search)))
  }

  @Costs({ own: 1 })
  @FieldResolver(() => String, {
    nullable: true,
    description: 'In a search: the words around the matches, as HTML with `<mark>`; everything else is escaped.',
  })
  async highlight(@Ctx() { loaders }: Context, @Root() { node }: { node: Keyed<MessageRow> }) {
    if (node.searchedFor === undefined) return null
    const marked = await messageHighlight(loaders, node.id, node.searchedFor)
    return marked === null ? null : highlightHtml(marked)
  }
}
