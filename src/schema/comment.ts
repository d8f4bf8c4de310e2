import { Field, ID, InputType, Int, InterfaceType } from 'type-graphql'
import type { CommentState as CommentStateName } from '../domain/comment/rules.ts'
import { Account } from './account.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { Node, typeOfRow } from './node.ts'
import { GraphObject } from './object.ts'
import { Reactable } from './reaction.ts'
import { DateTime } from './scalars.ts'
import { payloadOf } from './user-error.ts'

export const CommentState = enumOf<CommentStateName>('CommentState', 'What became of a comment.', {
  VISIBLE: 'Everybody can read it.',
  HELD: 'It was reported and waits for a moderator; its author and moderators can read it.',
  REMOVED: 'A moderator took it away; its place in the thread stays.',
  DELETED: 'Its author deleted it; its place in the thread stays.',
})

export const ModerationState = enumOf<Exclude<CommentStateName, 'DELETED'>>(
  'ModerationState',
  'A moderator’s decision.',
  {
    VISIBLE: 'Everybody may read it. What staff or reports took away, only staff restores.',
    HELD: 'Only its author and moderators may read it for now; for staff to decide.',
    REMOVED: 'It is taken away.',
  },
)

export const CommentOrder = enumOf<'NEWEST' | 'OLDEST'>('CommentOrder', 'In which order comments are listed.', {
  NEWEST: 'The newest first.',
  OLDEST: 'The oldest first.',
})

@InterfaceType({
  implements: Node,
  description: 'Anything that members can comment on with `addComment`, and hear of live with `commentAdded`.',
  resolveType: typeOfRow,
})
export abstract class Commentable extends Node {
  @Field(() => Int, { description: 'Comments and replies at any depth that can be read.' })
  commentCount: number
}

@GraphObject('A comment, or a reply to one.', [Reactable, Node])
export class Comment extends Reactable {
  @Field(() => String, { nullable: true, description: 'As it was written (Markdown); null where it was taken away.' })
  body: string | null

  @Field(() => String, { nullable: true, description: 'Sanitised HTML, safe to place into a page; null as `body`.' })
  bodyHtml: string | null

  @Field(() => CommentState)
  state: CommentStateName

  @Field(() => Account, { nullable: true, description: 'Null once the account is deleted, or where `body` is null.' })
  author: Account | null

  @Field(() => Commentable, { description: 'What it is written on.' })
  subject: Commentable

  @Field(() => Comment, { nullable: true, description: 'The comment that it answers.' })
  parent: Comment | null

  @Field(() => Int, { description: '0 for a comment on the thing itself, 1 for a reply to it, and so on.' })
  depth: number

  @Field(() => Int)
  replyCount: number

  @Field(() => String, {
    description: 'Its place in the live stream: hand it to `commentAdded(after:)` to go on from here.',
  })
  streamCursor: string

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime, { nullable: true })
  editedAt: string | null

  @Field(() => Boolean)
  viewerCanEdit: boolean

  @Field(() => Boolean)
  viewerCanDelete: boolean

  @Field(() => Boolean, {
    description: 'The viewer may take some decision about it now: remove or restore it, or as staff hold it.',
  })
  viewerCanModerate: boolean
}

export const { Connection: CommentConnection } = connectionOf(Comment)

@InputType()
export class AddCommentInput {
  @Field(() => ID, { description: 'The post, … to comment on.' })
  subjectId: string

  @Field(() => ID, { nullable: true, description: 'The comment to reply to, on the same subject.' })
  parentId?: string

  @Field(() => String, { description: 'Markdown of 1 to 10,000 characters: emphasis, links, lists, quotes and code.' })
  body: string

  @Field(() => String, {
    nullable: true,
    description: 'The same key and input again gets the first answer. 8 to 100 characters.',
  })
  idempotencyKey?: string
}

@InputType()
export class EditCommentInput {
  @Field(() => ID)
  id: string

  @Field(() => String)
  body: string
}

@InputType()
export class DeleteCommentInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class ModerateCommentInput {
  @Field(() => ID)
  id: string

  @Field(() => ModerationState)
  state: Exclude<CommentStateName, 'DELETED'>
}

export const AddCommentPayload = payloadOf('AddCommentPayload', 'comment', () => Comment, 'The new comment.')
export const EditCommentPayload = payloadOf('EditCommentPayload', 'comment', () => Comment, 'The changed comment.')
export const DeleteCommentPayload = payloadOf('DeleteCommentPayload', 'comment', () => Comment, 'What is left of it.')
export const ModerateCommentPayload = payloadOf('ModerateCommentPayload', 'comment', () => Comment, 'The comment.')
