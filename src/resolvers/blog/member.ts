import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { findOwnPosts, ownPosts, type PostOrderName } from '../../db/queries/blog.ts'
import { countRows } from '../../db/queries/page.ts'
import { accountPostCount, accountPosts } from '../../db/relations/blog.ts'
import type { PostStatus as PostStatusName } from '../../domain/blog/rules.ts'
import type { AccountRow } from '../../loaders/account.ts'
import { Account, Viewer } from '../../schema/account.ts'
import { PostConnection, PostOrder, PostStatus } from '../../schema/blog.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { listPosts } from './list.ts'

@Resolver(() => Account)
export class BlogAuthorResolver {
  @FieldResolver(() => PostConnection, { description: 'Their published posts.' })
  async posts(
    @Ctx() { loaders }: Context,
    @Root() account: AccountRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('orderBy', () => PostOrder, { defaultValue: PostOrder.NEWEST }) orderBy: PostOrderName,
  ) {
    const relation = accountPosts[orderBy === 'RELEVANCE' ? 'NEWEST' : orderBy]
    const found = await loaders.page(relation, account.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(accountPostCount, account.id))
  }

  @FieldResolver(() => Int, { description: 'How many posts they published.' })
  postCount(@Ctx() { loaders }: Context, @Root() account: AccountRow) {
    return loaders.count(accountPostCount, account.id)
  }
}

@Resolver(() => Viewer)
export class BlogViewerResolver {
  @FieldResolver(() => PostConnection, {
    description: 'The viewer’s own posts in any state, the latest changed first.',
  })
  async posts(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('status', () => PostStatus, { nullable: true }) status: PostStatusName | undefined,
  ) {
    const source = ownPosts(signedIn(context).accountId, status ?? undefined)
    const found = await findOwnPosts(context.deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, source))
  }

  @FieldResolver(() => PostConnection, {
    description: 'Posts of the authors that the viewer follows, the newest first.',
  })
  feed(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return listPosts(context, { followedBy: signedIn(context).accountId }, 'NEWEST', page)
  }
}
