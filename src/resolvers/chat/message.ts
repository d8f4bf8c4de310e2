import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { MessageRow } from '../../db/queries/chat.ts'
import { accountById } from '../../db/relations/account.ts'
import { messageById, messageHtmlById, roomById } from '../../db/relations/chat.ts'
import { MAX_MENTIONS } from '../../domain/account/mention.ts'
import { canDeleteMessage, canEditMessage, MAX_ATTACHMENTS } from '../../domain/chat/rules.ts'
import { rulesOf } from '../../domain/subject/registry.ts'
import { type AttachmentRow, attachmentsOf, mentionedIn } from '../../loaders/chat.ts'
import { Account } from '../../schema/account.ts'
import { Message, MessageAttachment } from '../../schema/chat/message.ts'
import { Room } from '../../schema/chat/room.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Node } from '../../schema/node.ts'
import { Image, StoredFile } from '../../schema/upload.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { loadNode } from '../nodes.ts'
import { findImage, findStoredFile } from '../upload-value.ts'
import { roomCursor } from './cursor.ts'
import { viewerMembership } from './membership.ts'

/** A report shows its message, and nothing around it: the rest of the room is asked for by its members. */
const seesAround = async (context: Context, message: MessageRow): Promise<boolean> =>
  message.isReported !== true || (await viewerMembership(context, message.roomId)) !== null

@Resolver(() => Message)
export class MessageResolver {
  @FieldResolver(() => Room, { nullable: true })
  async room(@Ctx() context: Context, @Root() message: MessageRow) {
    return (await seesAround(context, message)) ? context.loaders.one(roomById, message.roomId) : null
  }

  @FieldResolver(() => Message, { nullable: true })
  async replyTo(@Ctx() context: Context, @Root() message: MessageRow) {
    if (message.replyToId === null || !(await seesAround(context, message))) return null
    return context.loaders.one(messageById, message.replyToId)
  }

  @FieldResolver(() => Account, { nullable: true })
  author(@Ctx() { loaders }: Context, @Root() message: MessageRow) {
    return loaders.one(accountById, message.authorId)
  }

  @FieldResolver(() => String, { nullable: true })
  body(@Ctx() { texts }: Context, @Root() { body }: MessageRow) {
    return body === null ? null : texts.spend(body)
  }

  @FieldResolver(() => String, { nullable: true })
  async bodyHtml(@Ctx() { loaders, texts }: Context, @Root() message: MessageRow) {
    if (message.body === null) return null
    const html = (await loaders.one(messageHtmlById, message.id))?.bodyHtml ?? null
    return html === null ? null : texts.spend(html)
  }

  @FieldResolver(() => String, { nullable: true })
  ciphertext(@Ctx() { texts }: Context, @Root() { ciphertext }: MessageRow) {
    return ciphertext === null ? null : texts.spend(ciphertext)
  }

  @Costs({ atMost: MAX_MENTIONS })
  @FieldResolver(() => [Account])
  async mentions(@Ctx() { loaders }: Context, @Root() message: MessageRow) {
    const accounts = await Promise.all(
      (await mentionedIn(loaders, message.id)).map((id) => loaders.one(accountById, id)),
    )
    return accounts.filter((account) => account !== null)
  }

  @Costs({ atMost: MAX_ATTACHMENTS })
  @FieldResolver(() => [MessageAttachment])
  attachments(@Ctx() { loaders }: Context, @Root() message: MessageRow) {
    return attachmentsOf(loaders, message.id)
  }

  @FieldResolver(() => String)
  streamCursor(@Root() message: MessageRow) {
    return roomCursor(message.seq)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer, deps }: Context, @Root() message: MessageRow) {
    return canEditMessage(viewer, message, deps.clock.now())
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanDelete(@Ctx() context: Context, @Root() message: MessageRow) {
    const { viewer, loaders } = context
    const room = message.deletedAt === null ? await loaders.one(roomById, message.roomId) : null
    if (room === null || viewer === null) return false
    const membership = await viewerMembership(context, room.id)
    return canDeleteMessage(viewer, message, room, membership, message.isReported === true)
  }
}

@Resolver(() => MessageAttachment)
export class MessageAttachmentResolver {
  @FieldResolver(() => Node, { nullable: true })
  node(@Ctx() context: Context, @Root() { on }: AttachmentRow) {
    return on === null ? null : loadNode(context, rulesOf(on.kind).idPrefix, on.id)
  }

  @FieldResolver(() => Image, { nullable: true })
  async image(@Ctx() context: Context, @Root() { uploadId, alt }: AttachmentRow) {
    const image = await findImage(context, uploadId, alt ?? '')
    return image === null ? null : { ...image, alt: alt ?? image.upload.filename }
  }

  @FieldResolver(() => StoredFile, { nullable: true })
  file(@Ctx() context: Context, @Root() { uploadId }: AttachmentRow) {
    return findStoredFile(context, uploadId)
  }
}
