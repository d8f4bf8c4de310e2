import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../core/errors.ts'
import { decodeId, encodeId, type Uuid } from '../core/ids.ts'
import type { Keyed } from '../db/keyset.ts'
import {
  allCategories,
  allTags,
  findCategories,
  findOwnPosts,
  findPostIdBySlug,
  findPosts,
  findTags,
  ownPosts,
  type PostListFilter,
  type PostOrderName,
  type PostRow,
  publishedPosts,
} from '../db/queries/blog.ts'
import { countRows } from '../db/queries/page.ts'
import { accountById } from '../db/relations/account.ts'
import {
  accountPostCount,
  categoryById,
  categoryBySlug,
  categoryPostCount,
  postById,
  postCategoryList,
  postContentById,
  postTagList,
  tagById,
  tagBySlug,
  tagPostCount,
} from '../db/relations/blog.ts'
import { highlightHtml } from '../domain/blog/highlight.ts'
import { createPost, deletePost, updatePost } from '../domain/blog/post.ts'
import { archivePost, publishPost, schedulePost, unschedulePost } from '../domain/blog/publication.ts'
import {
  canArchivePost,
  canEditPost,
  canSeePost,
  type PostStatus as PostStatusName,
  postPath,
} from '../domain/blog/rules.ts'
import { createCategory, createTag, deleteCategory, deleteTag } from '../domain/blog/taxonomy.ts'
import type { AccountRow } from '../loaders/account.ts'
import { everyone, isSignedIn, isStaff, Rule } from '../permissions/rules.ts'
import { Account, Viewer } from '../schema/account.ts'
import {
  ArchivePostPayload,
  Category,
  CategoryConnection,
  CreateCategoryInput,
  CreateCategoryPayload,
  CreatePostInput,
  CreatePostPayload,
  CreateTagInput,
  CreateTagPayload,
  DeleteCategoryInput,
  DeleteCategoryPayload,
  DeletePostPayload,
  DeleteTagInput,
  DeleteTagPayload,
  Post,
  PostConnection,
  PostEdge,
  PostFilter,
  PostInput,
  PostOrder,
  PostStatus,
  PublishPostPayload,
  SchedulePostInput,
  SchedulePostPayload,
  Tag,
  TagConnection,
  UnschedulePostPayload,
  UpdatePostInput,
  UpdatePostPayload,
} from '../schema/blog.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { LocalDate, TimeZone } from '../schema/scalars.ts'
import { payload } from '../schema/user-error.ts'
import type { NodeType } from './node-type.ts'

export const postNode: NodeType = {
  typename: 'Post',
  prefix: 'post',
  async load(context, id) {
    const post = await context.loaders.one(postById, id)
    return post !== null && canSeePost(context.viewer, post) ? post : null
  },
}

export const tagNode: NodeType = {
  typename: 'Tag',
  prefix: 'tag',
  load: ({ loaders }, id) => loaders.one(tagById, id),
}

export const categoryNode: NodeType = {
  typename: 'Category',
  prefix: 'category',
  load: ({ loaders }, id) => loaders.one(categoryById, id),
}

async function listPosts({ deps }: Context, filter: PostListFilter, orderBy: PostOrderName, page: ConnectionArgs) {
  const found = await findPosts(deps.db, filter, orderBy, toPageRequest(page))
  return new Connection(found, () => countRows(deps.db, publishedPosts(filter)))
}

const path = ['input', 'id']
const postId = (id: string): Uuid => decodeId('post', id, path)

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
  async body(@Ctx() { loaders }: Context, @Root() post: PostRow) {
    return (await loaders.one(postContentById, post.id))?.body
  }

  @FieldResolver(() => String)
  async bodyHtml(@Ctx() { loaders }: Context, @Root() post: PostRow) {
    return (await loaders.one(postContentById, post.id))?.bodyHtml
  }

  @FieldResolver(() => [Tag])
  tags(@Ctx() { loaders }: Context, @Root() post: PostRow) {
    return loaders.many(postTagList, post.id)
  }

  @FieldResolver(() => [Category])
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
    if (post.publishedAt === null) return null
    // Sweden writes its dates as ISO 8601 does.
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(post.publishedAt))
  }

  @FieldResolver(() => Boolean)
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() post: PostRow) {
    return canEditPost(viewer, post)
  }

  @FieldResolver(() => Boolean)
  viewerCanArchive(@Ctx() { viewer }: Context, @Root() post: PostRow) {
    return canArchivePost(viewer, post)
  }

  @Mutation(() => CreatePostPayload, {
    nullable: true,
    description: 'Writes a draft. User errors: `INVALID_INPUT` naming the field, `TAKEN` (slug), `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createPost(@Ctx() context: Context, @Arg('input', () => CreatePostInput) input: CreatePostInput) {
    return payload(context, 'post', async () => {
      return context.loaders.one(postById, await createPost(context.deps, signedIn(context), input))
    })
  }

  @Mutation(() => UpdatePostPayload, {
    nullable: true,
    description: 'Changes one’s own post. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN` (slug).',
  })
  @Rule(isSignedIn)
  updatePost(@Ctx() context: Context, @Arg('input', () => UpdatePostInput) input: UpdatePostInput) {
    return payload(context, 'post', async () => {
      const change = { ...input, id: postId(input.id) }
      return context.loaders.one(postById, await updatePost(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => PublishPostPayload, {
    nullable: true,
    description: 'User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  publishPost(@Ctx() context: Context, @Arg('input', () => PostInput) { id }: PostInput) {
    return payload(context, 'post', async () => {
      return context.loaders.one(postById, await publishPost(context.deps, signedIn(context), postId(id)))
    })
  }

  @Mutation(() => SchedulePostPayload, {
    nullable: true,
    description:
      'Sets or moves the time at which a draft appears. User errors: `NOT_FOUND`, `INVALID_INPUT` (past), `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  schedulePost(@Ctx() context: Context, @Arg('input', () => SchedulePostInput) { id, publishAt }: SchedulePostInput) {
    return payload(context, 'post', async () => {
      const plan = { id: postId(id), publishAt }
      return context.loaders.one(postById, await schedulePost(context.deps, signedIn(context), plan))
    })
  }

  @Mutation(() => UnschedulePostPayload, {
    nullable: true,
    description: 'Takes a scheduled post back to the drafts. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  unschedulePost(@Ctx() context: Context, @Arg('input', () => PostInput) { id }: PostInput) {
    return payload(context, 'post', async () => {
      return context.loaders.one(postById, await unschedulePost(context.deps, signedIn(context), postId(id)))
    })
  }

  @Mutation(() => ArchivePostPayload, {
    nullable: true,
    description:
      'Takes a published post off the lists; for its author and staff. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  archivePost(@Ctx() context: Context, @Arg('input', () => PostInput) { id }: PostInput) {
    return payload(context, 'post', async () => {
      return context.loaders.one(postById, await archivePost(context.deps, signedIn(context), postId(id)))
    })
  }

  @Mutation(() => DeletePostPayload, {
    nullable: true,
    description: 'Deletes one’s own post with its comments and reactions. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deletePost(@Ctx() context: Context, @Arg('input', () => PostInput) { id }: PostInput) {
    return payload(context, 'deletedId', async () => {
      return encodeId('post', await deletePost(context.deps, signedIn(context), postId(id)))
    })
  }
}

/** Postgres refuses NUL in a text, and nothing has one in its name. */
const plain = (text: string): string => text.trim().replaceAll('\0', '')

const toListFilter = (filter: PostFilter | null | undefined): PostListFilter => ({
  authorHandle: filter?.author == null ? undefined : plain(filter.author).toLowerCase(),
  tags: filter?.tags?.map(plain),
  category: filter?.category == null ? undefined : plain(filter.category),
  publishedFrom: filter?.publishedFrom ?? undefined,
  publishedBefore: filter?.publishedBefore ?? undefined,
  text: filter?.text == null || plain(filter.text) === '' ? undefined : plain(filter.text).slice(0, 500),
})

@Resolver(() => PostEdge)
export class PostEdgeResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'In a text search: the words around the matches, as HTML with `<mark>`; everything else is escaped.',
  })
  highlight(@Root() edge: { node: Keyed<PostRow> }) {
    return edge.node.highlight === undefined ? null : highlightHtml(edge.node.highlight)
  }
}

@Resolver(() => Account)
export class BlogAuthorResolver {
  @FieldResolver(() => PostConnection, { description: 'Their published posts.' })
  posts(
    @Ctx() context: Context,
    @Root() account: AccountRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('orderBy', () => PostOrder, { defaultValue: PostOrder.NEWEST }) orderBy: PostOrderName,
  ) {
    return listPosts(context, { authorId: account.id }, orderBy, page)
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

@Resolver(() => Tag)
export class TagResolver {
  @Query(() => TagConnection, { description: 'Tags by name.' })
  @Rule(everyone)
  async tags(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('prefix', () => String, { nullable: true, description: 'Only names that begin so.' }) prefix:
      | string
      | undefined,
  ) {
    const source = allTags(prefix == null ? undefined : plain(prefix))
    return new Connection(await findTags(deps.db, source, toPageRequest(page)), () => countRows(deps.db, source))
  }

  @Query(() => Tag, { nullable: true })
  @Rule(everyone)
  async tag(@Ctx() { loaders }: Context, @Arg('slug', () => String) slug: string) {
    const tag = await loaders.one(tagBySlug, plain(slug))
    if (tag === null) throw notFound('tag', ['slug'])
    return tag
  }

  @FieldResolver(() => Int)
  postCount(@Ctx() { loaders }: Context, @Root() tag: { id: string }) {
    return loaders.count(tagPostCount, tag.id)
  }

  @FieldResolver(() => PostConnection, { description: 'Published posts with this tag, the newest first.' })
  posts(@Ctx() context: Context, @Root() tag: { slug: string }, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return listPosts(context, { tags: [tag.slug] }, 'NEWEST', page)
  }

  @Mutation(() => CreateTagPayload, {
    nullable: true,
    description: 'For staff. User errors: `INVALID_INPUT`, `TAKEN`.',
  })
  @Rule(isStaff)
  createTag(@Ctx() context: Context, @Arg('input', () => CreateTagInput) input: CreateTagInput) {
    return payload(context, 'tag', async () => {
      return context.loaders.one(tagById, await createTag(context.deps, signedIn(context), input))
    })
  }

  @Mutation(() => DeleteTagPayload, { nullable: true, description: 'For staff. User error: `NOT_FOUND`.' })
  @Rule(isStaff)
  deleteTag(@Ctx() context: Context, @Arg('input', () => DeleteTagInput) { id }: DeleteTagInput) {
    return payload(context, 'deletedId', async () => {
      return encodeId('tag', await deleteTag(context.deps, signedIn(context), decodeId('tag', id, path)))
    })
  }
}

@Resolver(() => Category)
export class CategoryResolver {
  @Query(() => CategoryConnection, { description: 'Categories by name.' })
  @Rule(everyone)
  async categories(@Ctx() { deps }: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const found = await findCategories(deps.db, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, allCategories()))
  }

  @Query(() => Category, { nullable: true })
  @Rule(everyone)
  async category(@Ctx() { loaders }: Context, @Arg('slug', () => String) slug: string) {
    const category = await loaders.one(categoryBySlug, plain(slug))
    if (category === null) throw notFound('category', ['slug'])
    return category
  }

  @FieldResolver(() => Int)
  postCount(@Ctx() { loaders }: Context, @Root() category: { id: string }) {
    return loaders.count(categoryPostCount, category.id)
  }

  @FieldResolver(() => PostConnection, { description: 'Published posts in this category, the newest first.' })
  posts(@Ctx() context: Context, @Root() category: { slug: string }, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return listPosts(context, { category: category.slug }, 'NEWEST', page)
  }

  @Mutation(() => CreateCategoryPayload, {
    nullable: true,
    description: 'For staff. User errors: `INVALID_INPUT`, `TAKEN`.',
  })
  @Rule(isStaff)
  createCategory(@Ctx() context: Context, @Arg('input', () => CreateCategoryInput) input: CreateCategoryInput) {
    return payload(context, 'category', async () => {
      return context.loaders.one(categoryById, await createCategory(context.deps, signedIn(context), input))
    })
  }

  @Mutation(() => DeleteCategoryPayload, { nullable: true, description: 'For staff. User error: `NOT_FOUND`.' })
  @Rule(isStaff)
  deleteCategory(@Ctx() context: Context, @Arg('input', () => DeleteCategoryInput) { id }: DeleteCategoryInput) {
    return payload(context, 'deletedId', async () => {
      return encodeId('category', await deleteCategory(context.deps, signedIn(context), decodeId('category', id, path)))
    })
  }
}
