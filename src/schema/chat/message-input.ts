import { Field, ID, InputType } from 'type-graphql'
import { payloadOf } from '../user-error.ts'
import { Message } from './message.ts'
import { Room } from './room.ts'

@InputType({ description: 'A node, an address or an upload.' })
export class MessageAttachmentInput {
  @Field(() => ID, { nullable: true, description: 'A post, a poll, … that the viewer sees.' })
  nodeId?: string

  @Field(() => String, { nullable: true, description: 'An https address.' })
  url?: string

  @Field(() => ID, {
    nullable: true,
    description:
      'What was sent to `POST /uploads?use=ATTACHMENT`; in an encrypted room, bytes that its members alone can read, sent to `?use=SEALED_ATTACHMENT`.',
  })
  uploadId?: string | null

  @Field(() => String, { nullable: true, description: 'What an uploaded picture shows, at most 300 characters.' })
  alt?: string | null
}

@InputType()
export class SendMessageInput {
  @Field(() => ID)
  roomId: string

  @Field(() => String, {
    nullable: true,
    description:
      'Markdown, at most 4000 characters. `@handle` names a member, except in code. Needed where nothing is attached.',
  })
  body?: string

  @Field(() => String, {
    nullable: true,
    description: 'In an encrypted room, instead of `body`: base64, at most 64 kB.',
  })
  ciphertext?: string

  @Field(() => [ID], { nullable: true, description: 'With `ciphertext`: the accounts that the message names.' })
  mentionIds?: string[]

  @Field(() => ID, { nullable: true, description: 'The message of this room that it answers.' })
  replyToId?: string

  @Field(() => [MessageAttachmentInput], { nullable: true, description: 'At most ten.' })
  attachments?: MessageAttachmentInput[]

  @Field(() => String, {
    nullable: true,
    description:
      'The client’s own name for the message: sent again under it, the message is not sent twice. 1 to 100 characters.',
  })
  clientId?: string
}

@InputType()
export class EditMessageInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  body?: string

  @Field(() => String, { nullable: true, description: 'In an encrypted room, instead of `body`.' })
  ciphertext?: string

  @Field(() => [ID], { nullable: true, description: 'With `ciphertext`: the accounts that the message names.' })
  mentionIds?: string[]
}

@InputType()
export class MessageInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class MarkRoomReadInput {
  @Field(() => ID)
  roomId: string

  @Field(() => ID, { description: 'The last message that was read.' })
  messageId: string
}

const messagePayload = (name: string, description: string) => payloadOf(name, 'message', () => Message, description)

export const SendMessagePayload = messagePayload(
  'SendMessagePayload',
  'The message, or the first one under its client id.',
)
export const EditMessagePayload = messagePayload('EditMessagePayload', 'The changed message.')
export const DeleteMessagePayload = messagePayload('DeleteMessagePayload', 'What is left of it.')
export const PinMessagePayload = messagePayload('PinMessagePayload', 'The message.')
export const UnpinMessagePayload = messagePayload('UnpinMessagePayload', 'The message.')
export const MarkRoomReadPayload = payloadOf('MarkRoomReadPayload', 'room', () => Room, 'The room.')
