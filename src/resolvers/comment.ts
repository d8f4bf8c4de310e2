import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { notFound } from '../core/errors.ts'
import { decodeId, type Uuid } from '../core/ids.ts'
import { type CommentRow, findCommentsAfter, findNewestCommentSeq, STREAM_PAGE_SIZE } from '../db/queries/comment.ts'
import { accountById } from '../db/relations/account.ts'
import {
  commentById,
  commentReplies,
  commentReplyCount,
  commentShownReplyCount,
  subjectById,
  subjectCommentCount,
  subjectComments,
  subjectTopLevelCount,
} from '../db/relations/comment.ts'
import { unfollowed } from '../domain/account/follow.ts'
import { addComment, commentAdded, deleteComment, editComment, moderateComment } from '../domain/comment/comment.ts'
import {
  canDeleteComment,
  canEditComment,
  canModerateComment,
  canReadComment,
  canSeeComment,
} from '../domain/comment/rules.ts'
import { decodeSubjectRef, getSubject } from '../domain/subject/registry.ts'
import { subjectWithdrawn } from '../domain/subject/topics.ts'
import { liveStream } from '../live/source.ts'
import { BatchLoaders } from '../loaders/batch.ts'
import { everyone, isSignedIn, Rule } from '../permissions/rules.ts'
import { Account } from '../schema/account.ts'
import {
  AddCommentInput,
  AddCommentPayload,
  Comment,
  Commentable,
  CommentConnection,
  CommentOrder,
  DeleteCommentInput,
  DeleteCommentPayload,
  EditCommentInput,
  EditCommentPayload,
  ModerateCommentInput,
  ModerateCommentPayload,
} from '../schema/comment.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { payload } from '../schema/user-error.ts'
import { DependsOnViewer } from '../schema/viewer.ts'
import type { NodeType } from './node-type.ts'
import { AFTER, readAfter, streamCursor } from './stream-cursor.ts'
import { findCommentedOn, loadSubject } from './subject.ts'

export const commentNode: NodeType = {
  typename: 'Comment',
  prefix: 'comment',
  async load(context, id) {
    const comment = await context.loaders.one(commentById, id)
    if (comment === null) return null
    const on = await findCommentedOn(context, comment.subjectId)
    return on !== null && canSeeComment(context.viewer, comment, on) ? comment : null
  },
}

/**
 * Asks a rule about a comment. Most answers do not depend on what the comment is on; only where a stranger would be
 * refused, a look at who owns it follows.
 */
async function unlessOwner(
  context: Context,
  comment: CommentRow,
  rule: typeof canSeeComment | typeof canReadComment,
): Promise<boolean> {
  // What everybody may see is decided without asking who it is: live events of it are executed once for all.
  if (rule(null, comment, null) || rule(context.viewer, comment, null)) return true
  return context.viewer !== null && rule(context.viewer, comment, await findCommentedOn(context, comment.subjectId))
}

/** @throws DomainError `NOT_FOUND` when what was answered before is no longer for the viewer to see. */
async function getComment(context: Context, id: Uuid, path: readonly string[]) {
  const comment = await commentNode.load(context, id)
  if (comment === null) throw notFound('comment', path)
  return comment
}

interface SubjectRow {
  id: string
}

@Resolver(() => Commentable)
export class CommentableResolver {
  @FieldResolver(() => CommentConnection, { description: 'Comments on the thing itself; each has its `replies`.' })
  async comments(
    @Ctx() { loaders }: Context,
    @Root() subject: SubjectRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('orderBy', () => CommentOrder, { defaultValue: CommentOrder.NEWEST }) orderBy: 'NEWEST' | 'OLDEST',
  ) {
    const found = await loaders.page(subjectComments[orderBy], subject.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(subjectTopLevelCount, subject.id))
  }

  @FieldResolver(() => Int)
  commentCount(@Ctx() { loaders }: Context, @Root() subject: SubjectRow) {
    return loaders.count(subjectCommentCount, subject.id)
  }
}

const STREAM = 'STREAM'

@Resolver(() => Comment)
export class CommentResolver {
  @FieldResolver(() => String, { nullable: true })
  async body(@Ctx() context: Context, @Root() comment: CommentRow) {
    return (await unlessOwner(context, comment, canReadComment)) ? context.texts.spend(comment.body) : null
  }

  @FieldResolver(() => String, { nullable: true })
  async bodyHtml(@Ctx() context: Context, @Root() comment: CommentRow) {
    return (await unlessOwner(context, comment, canReadComment)) ? context.texts.spend(comment.bodyHtml) : null
  }

  @FieldResolver(() => Account, { nullable: true })
  async author(@Ctx() context: Context, @Root() comment: CommentRow) {
    const isReadable = await unlessOwner(context, comment, canReadComment)
    return isReadable ? context.loaders.one(accountById, comment.authorId) : null
  }

  @FieldResolver(() => Commentable)
  async subject(@Ctx() context: Context, @Root() comment: CommentRow) {
    const subject = await context.loaders.one(subjectById, comment.subjectId)
    return subject === null ? null : loadSubject(context, subject)
  }

  @FieldResolver(() => Comment, { nullable: true })
  async parent(@Ctx() context: Context, @Root() comment: CommentRow) {
    const parent = await context.loaders.one(commentById, comment.parentId)
    return parent !== null && (await unlessOwner(context, parent, canSeeComment)) ? parent : null
  }

  @FieldResolver(() => CommentConnection, { description: 'Its replies, the oldest first.' })
  async replies(
    @Ctx() { loaders }: Context,
    @Root() comment: CommentRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(commentReplies, comment.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(commentShownReplyCount, comment.id))
  }

  @FieldResolver(() => Int)
  replyCount(@Ctx() { loaders }: Context, @Root() comment: CommentRow) {
    return loaders.count(commentReplyCount, comment.id)
  }

  @FieldResolver(() => String)
  streamCursor(@Root() comment: CommentRow) {
    return streamCursor(STREAM, comment.seq)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() comment: CommentRow) {
    return canEditComment(viewer, comment)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanDelete(@Ctx() { viewer }: Context, @Root() comment: CommentRow) {
    return canDeleteComment(viewer, comment)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanModerate(@Ctx() context: Context, @Root() comment: CommentRow) {
    if (context.viewer === null) return false
    const on = await findCommentedOn(context, comment.subjectId)
    return on !== null && canModerateComment(context.viewer, comment, on)
  }

  @Mutation(() => AddCommentPayload, {
    nullable: true,
    description:
      'Comments or replies. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED` (thread too deep), `CONFLICT`.',
  })
  @Rule(isSignedIn)
  addComment(@Ctx() context: Context, @Arg('input', () => AddCommentInput) input: AddCommentInput) {
    return payload(context, 'comment', async () => {
      const id = await addComment(context.deps, signedIn(context), {
        on: decodeSubjectRef(input.subjectId, ['input', 'subjectId']),
        parentId: input.parentId ? decodeId('comment', input.parentId, ['input', 'parentId']) : undefined,
        body: input.body,
        idempotencyKey: input.idempotencyKey,
      })
      return getComment(context, id, ['input', 'subjectId'])
    })
  }

  @Mutation(() => EditCommentPayload, { nullable: true, description: 'User errors: `NOT_FOUND`, `INVALID_INPUT`.' })
  @Rule(isSignedIn)
  editComment(@Ctx() context: Context, @Arg('input', () => EditCommentInput) { id, body }: EditCommentInput) {
    return payload(context, 'comment', async () => {
      const edit = { id: decodeId('comment', id, ['input', 'id']), body }
      return context.loaders.one(commentById, await editComment(context.deps, signedIn(context), edit))
    })
  }

  @Mutation(() => DeleteCommentPayload, {
    nullable: true,
    description:
      'Deletes one’s own comment, wherever it is; `comment` is null where the viewer no longer sees what it was on. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  deleteComment(@Ctx() context: Context, @Arg('input', () => DeleteCommentInput) { id }: DeleteCommentInput) {
    return payload(context, 'comment', async () => {
      const gone = decodeId('comment', id, ['input', 'id'])
      // What it was on may be out of the author's sight by now, and is not shown by way of what is left of the comment.
      return commentNode.load(context, await deleteComment(context.deps, signedIn(context), gone))
    })
  }

  @Mutation(() => ModerateCommentPayload, {
    nullable: true,
    description:
      'For staff; the owner of what was commented on may remove comments and restore what they removed, but not overrule staff or reports. Staff’s decision closes the open reports, unless it is `HELD`. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  moderateComment(
    @Ctx() context: Context,
    @Arg('input', () => ModerateCommentInput) { id, state }: ModerateCommentInput,
  ) {
    return payload(context, 'comment', async () => {
      const decision = { id: decodeId('comment', id, ['input', 'id']), state }
      return context.loaders.one(commentById, await moderateComment(context.deps, signedIn(context), decision))
    })
  }

  @Subscription(() => Comment, {
    description:
      'Comments and replies as they are added to a post, …: first those that were missed `after` a cursor (`Comment.streamCursor`), then each new one, in order, without gap or duplicate. Comments that were held, removed or deleted meanwhile are left out. Ends with `NOT_FOUND` when the post, … is taken away.',
    subscribe: ({ args, context }) => streamComments(context as Context, args as { on: string; after?: string | null }),
  })
  @Rule(everyone)
  commentAdded(
    @Root() comment: CommentRow,
    @Arg('on', () => ID, { description: 'The id of a post, …' }) _on: string,
    @Arg('after', () => String, { nullable: true, description: `A \`streamCursor\` of a comment. ${AFTER}` })
    _after?: string,
  ) {
    return comment
  }
}

async function streamComments({ deps, viewer }: Context, args: { on: string; after?: string | null }) {
  const { db, bus } = deps
  const ref = decodeSubjectRef(args.on, ['on'], ({ isCommentable }) => isCommentable)
  const { id } = await getSubject(db, viewer, ref, ['on'])
  return liveStream<CommentRow>({
    bus,
    key: `commentAdded:${id}`,
    topics: [commentAdded(id)],
    recheckOn: [subjectWithdrawn(id), ...(viewer === null ? [] : [unfollowed(viewer.accountId)])],
    async admit() {
      await getSubject(db, viewer, ref, ['on'])
      return ''
    },
    after: readAfter(STREAM, args.after),
    fetch: (seq) => findCommentsAfter(db, id, seq),
    async current({ id: commentId }) {
      const comment = await new BatchLoaders(db).one(commentById, commentId)
      return comment?.state === 'VISIBLE' ? comment : null
    },
    seqOf: (comment) => comment.seq,
    pageSize: STREAM_PAGE_SIZE,
    start: () => findNewestCommentSeq(db, id),
  })
}
