import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { invalidInput } from '../../core/errors.ts'
import { decodeId, type Uuid } from '../../core/ids.ts'
import { messageById } from '../../db/relations/chat.ts'
import type { Attachment } from '../../domain/chat/attachment.ts'
import { sendMessage } from '../../domain/chat/message.ts'
import { deleteMessage, editMessage, markRoomRead, pinMessage, unpinMessage } from '../../domain/chat/message-change.ts'
import { decodeSubjectRef } from '../../domain/subject/registry.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import {
  DeleteMessagePayload,
  EditMessageInput,
  EditMessagePayload,
  MarkRoomReadInput,
  MarkRoomReadPayload,
  type MessageAttachmentInput,
  MessageInput,
  PinMessagePayload,
  SendMessageInput,
  SendMessagePayload,
  UnpinMessagePayload,
} from '../../schema/chat/message-input.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import { withRoom } from './room-mutations.ts'

const messageOf = (id: string, argument = 'id'): Uuid => decodeId('message', id, ['input', argument])

const mentionsOf = (ids: readonly string[] | null | undefined): Uuid[] | undefined =>
  ids?.map((id, position) => decodeId('account', id, ['input', 'mentionIds', String(position)]))

const attachmentOf = ({ nodeId, url, uploadId, alt }: MessageAttachmentInput, position: number): Attachment => {
  const path = ['input', 'attachments', String(position)]
  if ([nodeId, url, uploadId].filter((each) => each != null).length !== 1) {
    throw invalidInput(path, 'An attachment is a node, an address or an upload.')
  }
  if (uploadId != null) return { uploadId: decodeId('upload', uploadId, [...path, 'uploadId']), alt: alt ?? undefined }
  if (alt != null) throw invalidInput([...path, 'alt'], 'Only an upload is described.')
  return nodeId == null ? { url: url ?? '' } : { on: decodeSubjectRef(nodeId, path) }
}

const withMessage = (context: Context, work: (viewer: Viewer) => Promise<Uuid>) =>
  payload(context, 'message', async () => context.loaders.one(messageById, await work(signedIn(context))))

@Resolver()
export class MessageMutationResolver {
  @Mutation(() => SendMessagePayload, {
    nullable: true,
    description:
      'User errors: `NOT_FOUND` (room, message that it answers, attachment), `INVALID_INPUT`, `LIMIT_EXCEEDED` (attachments), `CONFLICT` (another message has the client id).',
  })
  @Rule(isSignedIn)
  sendMessage(@Ctx() context: Context, @Arg('input', () => SendMessageInput) input: SendMessageInput) {
    return withMessage(context, (viewer) =>
      sendMessage(context.deps, viewer, {
        roomId: decodeId('room', input.roomId, ['input', 'roomId']),
        body: input.body ?? undefined,
        ciphertext: input.ciphertext ?? undefined,
        mentionIds: mentionsOf(input.mentionIds),
        replyToId: input.replyToId ? messageOf(input.replyToId, 'replyToId') : undefined,
        attachments: input.attachments?.map(attachmentOf),
        clientId: input.clientId ?? undefined,
      }),
    )
  }

  @Mutation(() => EditMessagePayload, {
    nullable: true,
    description: 'Within 15 minutes. User errors: `NOT_FOUND`, `INVALID_INPUT`, `EDIT_WINDOW_OVER`.',
  })
  @Rule(isSignedIn)
  editMessage(@Ctx() context: Context, @Arg('input', () => EditMessageInput) input: EditMessageInput) {
    return withMessage(context, (viewer) =>
      editMessage(context.deps, viewer, {
        id: messageOf(input.id),
        body: input.body ?? undefined,
        ciphertext: input.ciphertext ?? undefined,
        mentionIds: mentionsOf(input.mentionIds),
      }),
    )
  }

  @Mutation(() => DeleteMessagePayload, {
    nullable: true,
    description:
      'For its author, the moderators of the room, and for staff where a member has reported it. User errors: `NOT_FOUND`, `INVALID_INPUT` (deleted already).',
  })
  @Rule(isSignedIn)
  deleteMessage(@Ctx() context: Context, @Arg('input', () => MessageInput) { id }: MessageInput) {
    return payload(context, 'message', async () => {
      const deleted = await deleteMessage(context.deps, signedIn(context), messageOf(id))
      const row = await context.loaders.one(messageById, deleted)
      // Staff may have deleted it without being in its room.
      return row === null ? null : { ...row, isReported: true }
    })
  }

  @Mutation(() => PinMessagePayload, {
    nullable: true,
    description:
      'For owners and moderators, and both in a room of two. User errors: `NOT_FOUND`, `INVALID_INPUT` (deleted), `LIMIT_EXCEEDED` (50).',
  })
  @Rule(isSignedIn)
  pinMessage(@Ctx() context: Context, @Arg('input', () => MessageInput) { id }: MessageInput) {
    return withMessage(context, (viewer) => pinMessage(context.deps, viewer, messageOf(id)))
  }

  @Mutation(() => UnpinMessagePayload, { nullable: true, description: 'As `pinMessage`. User error: `NOT_FOUND`.' })
  @Rule(isSignedIn)
  unpinMessage(@Ctx() context: Context, @Arg('input', () => MessageInput) { id }: MessageInput) {
    return withMessage(context, (viewer) => unpinMessage(context.deps, viewer, messageOf(id)))
  }

  @Mutation(() => MarkRoomReadPayload, {
    nullable: true,
    description: 'Everything up to the message counts as read. The marker only moves forward. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  markRoomRead(
    @Ctx() context: Context,
    @Arg('input', () => MarkRoomReadInput) { roomId, messageId }: MarkRoomReadInput,
  ) {
    return withRoom(context, (viewer) =>
      markRoomRead(context.deps, viewer, {
        roomId: decodeId('room', roomId, ['input', 'roomId']),
        messageId: messageOf(messageId, 'messageId'),
      }),
    )
  }
}
