import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { localDate } from '../../core/local-time.ts'
import { findPostIdBySlug, type PostOrderName, type PostRow } from '../../db/queries/blog.ts'
import { accountById } from '../../db/relations/account.ts'
import { postById, postCategoryList, postContentById, postTagList } from '../../db/relations/blog.ts'
import { canArchivePost, canEditPost, canSeePost, MAX_CATEGORIES, MAX_TAGS, postPath } from '../../domain/blog/rules.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { Category, Post, PostConnection, PostFilter, PostOrder, Tag } from '../../schema/blog.ts'
import { ConnectionArgs } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { LocalDate, TimeZone } from '../../schema/scalars.ts'
import { Image } from '../../schema/upload.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import type { NodeType } from '../node-type.ts'
import { findImage, imageUrl } from '../upload-value.ts'
import { listPosts, plain, toListFilter } from './list.ts'

export const postNode: NodeType = {
  typename: 'Post',
  prefix: 'post',
  async load(context, id) {
    const post = await context.loaders.one(postById, id)
    return post !== null && canSeePost(context.viewer, post) ? post : null
  },
}

@Resolver(() => Post)
export class PostResolver {
  @Query(() => PostConnection, { description: 'Published posts.' })
  @Rule(everyone)
  posts(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => PostFilter, { nullable: true }) filter: PostFilter | undefined,
    @Arg('orderBy', () => PostOrder, { defaultValue: PostOrder.NEWEST }) orderBy: PostOrderName,
  ) {
    return listPosts(context, toListFilter(filter), orderBy, page)
  }

  @Query(() => Post, {
    nullable: true,
    description:
      'A post by its author’s handle and its slug, the present one or a former one. `NOT_FOUND` if there is none to be seen.',
  })
  @Rule(everyone)
  async post(
    @Ctx() context: Context,
    @Arg('author', () => String, { description: 'Handle of the author.' }) author: string,
    @Arg('slug', () => String) slug: string,
  ) {
    const id = await findPostIdBySlug(context.deps.db, plain(author).toLowerCase(), plain(slug))
    const post = id === null ? null : await postNode.load(context, id)
    if (post === null) throw notFound('post', ['slug'])
    return post
  }

  @FieldResolver(() => Account)
  author(@Ctx() { loaders }: Context, @Root() post: PostRow) {
    return loaders.one(accountById, post.authorId)
  }

  @FieldResolver(() => String)
  async url(@Ctx() { loaders, deps }: Context, @Root() post: PostRow) {
    const author = await loaders.one(accountById, post.authorId)
    return deps.publicUrl() + postPath(author?.handle ?? '', post.slug)
  }

  @FieldResolver(() => String)
  async body(@Ctx() { loaders, texts }: Context, @Root() post: PostRow) {
    const content = await loaders.one(postContentById, post.id)
    return content === null ? null : texts.spend(content.body)
  }

  @FieldResolver(() => String)
  async bodyHtml(@Ctx() { loaders, texts }: Context, @Root() post: PostRow) {
    const content = await loaders.one(postContentById, post.id)
    return content === null ? null : texts.spend(content.bodyHtml)
  }

  @FieldResolver(() => String, { nullable: true })
  async coverUrl(@Ctx() context: Context, @Root() post: PostRow) {
    if (post.coverUrl !== null) return post.coverUrl
    const cover = await findImage(context, post.coverId, post.title)
    return cover === null ? null : imageUrl(context, cover, 'LARGE', 'JPEG')
  }

  @FieldResolver(() => Image, { nullable: true })
  cover(@Ctx() context: Context, @Root() post: PostRow) {
    return findImage(context, post.coverId, post.title)
  }

  @FieldResolver(() => [Tag])
  @Costs({ atMost: MAX_TAGS })
  tags(@Ctx() { loaders }: Context, @Root() post: PostRow) {
    return loaders.many(postTagList, post.id)
  }

  @FieldResolver(() => [Category])
  @Costs({ atMost: MAX_CATEGORIES })
  categories(@Ctx() { loaders }: Context, @Root() post: PostRow) {
    return loaders.many(postCategoryList, post.id)
  }

  @FieldResolver(() => LocalDate, {
    nullable: true,
    description: 'The calendar date of `publishedAt` where the reader is: `publishedOn(timeZone: "Asia/Tokyo")`.',
  })
  publishedOn(
    @Root() post: PostRow,
    @Arg('timeZone', () => TimeZone, { defaultValue: 'UTC', description: 'IANA name.' }) timeZone: string,
  ) {
    return post.publishedAt === null ? null : localDate(post.publishedAt, timeZone)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() post: PostRow) {
    return canEditPost(viewer, post)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanArchive(@Ctx() { viewer }: Context, @Root() post: PostRow) {
    return canArchivePost(viewer, post)
  }
}
