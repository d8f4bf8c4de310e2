import { Field, Int } from 'type-graphql'
import type { RoomEventKind as RoomEventKindName, RoomRole as RoomRoleName } from '../../domain/chat/rules.ts'
import { Account } from '../account.ts'
import { connectionOf } from '../connection.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Reactable } from '../reaction.ts'
import { DateTime } from '../scalars.ts'
import { Image, StoredFile } from '../upload.ts'
import { Room, RoomEventKind, RoomRole } from './room.ts'

@GraphObject('What a message shows beside its words.')
export class MessageAttachment {
  @Field(() => Node, {
    nullable: true,
    description: 'A post, a poll, …; null for an address, for what the viewer may not see and for what is gone.',
  })
  node: Node | null

  @Field(() => String, { nullable: true, description: 'An https address; null for anything else.' })
  url: string | null

  @Field(() => Image, { nullable: true, description: 'A picture that its author uploaded.' })
  image: Image | null

  @Field(() => StoredFile, {
    nullable: true,
    description: 'Another file that its author uploaded. In an encrypted room its members alone can read it.',
  })
  file: StoredFile | null
}

@GraphObject('A message in a room. A deleted one keeps its place, and nothing of what it said.', [Reactable, Node])
export class Message extends Reactable {
  @Field(() => Room, {
    nullable: true,
    description: 'Null for staff who see it because it was reported, and are not in the room.',
  })
  room: Room | null

  @Field(() => Int, { description: 'Its number in the room. Numbers grow, and leave gaps for other events.' })
  seq: number

  @Field(() => Account, { nullable: true, description: 'Null once the account is deleted.' })
  author: Account | null

  @Field(() => String, {
    nullable: true,
    description: 'As it was written (Markdown); null in an encrypted room, and for a deleted message.',
  })
  body: string | null

  @Field(() => String, { nullable: true, description: 'Sanitised HTML, safe to place into a page; null as `body`.' })
  bodyHtml: string | null

  @Field(() => String, { nullable: true, description: 'In an encrypted room: base64 that only the members can read.' })
  ciphertext: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The name that its author’s client gave it, by which that client knows it again.',
  })
  clientId: string | null

  @Field(() => Message, { nullable: true, description: 'The message that it answers.' })
  replyTo: Message | null

  @Field(() => [Account], { description: 'The members that it names.' })
  mentions: Account[]

  @Field(() => [MessageAttachment], { description: 'At most ten.' })
  attachments: MessageAttachment[]

  @Field(() => String, { description: 'Its place in the live streams of its room, for `after`.' })
  streamCursor: string

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime, { nullable: true })
  editedAt: string | null

  @Field(() => DateTime, { nullable: true })
  deletedAt: string | null

  @Field(() => DateTime, { nullable: true })
  pinnedAt: string | null

  @Field(() => Boolean, { description: 'The viewer wrote it less than 15 minutes ago.' })
  viewerCanEdit: boolean

  @Field(() => Boolean)
  viewerCanDelete: boolean
}

export const { Connection: MessageConnection } = connectionOf(Message)
export const { Connection: FoundMessageConnection, Edge: FoundMessageEdge } = connectionOf(Message, 'FoundMessage')

@GraphObject('Something that happened in a room. The message and the accounts are as they are now.')
export class RoomEvent {
  @Field(() => RoomEventKind)
  kind: RoomEventKindName

  @Field(() => Int, { description: 'Its number in the room.' })
  seq: number

  @Field(() => String, { description: 'Its place in the live streams of the room, for `after`.' })
  streamCursor: string

  @Field(() => Room, { nullable: true })
  room: Room | null

  @Field(() => Account, { nullable: true, description: 'Who did it.' })
  actor: Account | null

  @Field(() => Account, { nullable: true, description: 'Whom it happened to.' })
  account: Account | null

  @Field(() => Message, { nullable: true, description: 'The message that it is about.' })
  message: Message | null

  @Field(() => RoomRole, { nullable: true, description: 'The role that they came in with, or have now.' })
  role: RoomRoleName | null

  @Field(() => DateTime)
  createdAt: string
}
