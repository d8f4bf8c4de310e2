import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, encodeId } from '../../core/ids.ts'
import { allCategories, allTags, findCategories, findTags } from '../../db/queries/blog.ts'
import { countRows } from '../../db/queries/page.ts'
import {
  categoryById,
  categoryBySlug,
  categoryPostCount,
  categoryPosts,
  tagById,
  tagBySlug,
  tagPostCount,
  tagPosts,
} from '../../db/relations/blog.ts'
import { createCategory, createTag, deleteCategory, deleteTag } from '../../domain/blog/taxonomy.ts'
import { everyone, isStaff, Rule } from '../../permissions/rules.ts'
import {
  Category,
  CategoryConnection,
  CreateCategoryInput,
  CreateCategoryPayload,
  CreateTagInput,
  CreateTagPayload,
  DeleteCategoryInput,
  DeleteCategoryPayload,
  DeleteTagInput,
  DeleteTagPayload,
  PostConnection,
  Tag,
  TagConnection,
} from '../../schema/blog.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'
import { plain } from './list.ts'

const path = ['input', 'id']

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
  async posts(
    @Ctx() { loaders }: Context,
    @Root() tag: { id: string },
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(tagPosts, tag.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(tagPostCount, tag.id))
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
  async posts(
    @Ctx() { loaders }: Context,
    @Root() category: { id: string },
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(categoryPosts, category.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(categoryPostCount, category.id))
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
