import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, decodeOptionalId, encodeId, type Uuid } from '../../core/ids.ts'
import { postById } from '../../db/relations/blog.ts'
import { createPost, deletePost, updatePost } from '../../domain/blog/post.ts'
import { archivePost, publishPost, schedulePost, unschedulePost } from '../../domain/blog/publication.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import {
  ArchivePostPayload,
  CreatePostInput,
  CreatePostPayload,
  DeletePostPayload,
  PostInput,
  PublishPostPayload,
  SchedulePostInput,
  SchedulePostPayload,
  UnschedulePostPayload,
  UpdatePostInput,
  UpdatePostPayload,
} from '../../schema/blog.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import { postNode } from './post.ts'

const path = ['input', 'id']
const postId = (id: string): Uuid => decodeId('post', id, path)

const withCover = <Input extends { coverUploadId?: string | null }>(input: Input) => ({
  ...input,
  coverUploadId: decodeOptionalId('upload', input.coverUploadId, ['input', 'coverUploadId']),
})

@Resolver()
export class PostMutationResolver {
  @Mutation(() => CreatePostPayload, {
    nullable: true,
    description:
      'Writes a draft. User errors: `INVALID_INPUT` naming the field, `TAKEN` (slug), `CONFLICT` (key), `NOT_FOUND` (the key’s post was deleted).',
  })
  @Rule(isSignedIn)
  createPost(@Ctx() context: Context, @Arg('input', () => CreatePostInput) input: CreatePostInput) {
    return payload(context, 'post', async () => {
      const post = await postNode.load(context, await createPost(context.deps, signedIn(context), withCover(input)))
      // A repeated request is answered with the first one's post, which its author may have deleted since.
      if (post === null) throw notFound('post', ['input', 'idempotencyKey'])
      return post
    })
  }

  @Mutation(() => UpdatePostPayload, {
    nullable: true,
    description: 'Changes one’s own post. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN` (slug).',
  })
  @Rule(isSignedIn)
  updatePost(@Ctx() context: Context, @Arg('input', () => UpdatePostInput) input: UpdatePostInput) {
    return payload(context, 'post', async () => {
      const change = { ...withCover(input), id: postId(input.id) }
      return context.loaders.one(postById, await updatePost(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => PublishPostPayload, {
    nullable: true,
    description:
      'For its author; a post that staff archived comes back through staff only. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
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
