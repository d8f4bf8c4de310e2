import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import { decodeId } from '../core/ids.ts'
import {
  countUnreadNotifications,
  findNewestNotificationSeq,
  findNotifications,
  findNotificationsAfter,
  inboxOf,
  type NotificationRow,
  STREAM_PAGE_SIZE,
} from '../db/queries/notification.ts'
import { countRows } from '../db/queries/page.ts'
import {
  MAX_NAMED_ACTORS,
  notificationActorCount,
  notificationActorList,
  notificationById,
} from '../db/relations/notification.ts'
import { markRead } from '../domain/notification/inbox.ts'
import { NOTIFICATION_KINDS } from '../domain/notification/kinds.ts'
import { notificationAdded, notificationsChanged } from '../domain/notification/notify.ts'
import { findPreferences, muteSubject, unmuteSubject, updatePreferences } from '../domain/notification/preference.ts'
import { decodeSubjectRef } from '../domain/subject/registry.ts'
import { liveState, liveStream } from '../live/source.ts'
import { BatchLoaders } from '../loaders/batch.ts'
import { viewerMutes } from '../loaders/notification.ts'
import { isSignedIn, Rule } from '../permissions/rules.ts'
import { Account, Viewer } from '../schema/account.ts'
import { Commentable } from '../schema/comment.ts'
import { Connection, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Costs } from '../schema/cost.ts'
import { Node } from '../schema/node.ts'
import {
  MarkNotificationsReadInput,
  MarkNotificationsReadPayload,
  MuteInput,
  MutePayload,
  Notification,
  NotificationConnection,
  NotificationPreference,
  NotificationsArgs,
  UnmutePayload,
  UpdateNotificationPreferencesInput,
  UpdateNotificationPreferencesPayload,
} from '../schema/notification.ts'
import { payload } from '../schema/user-error.ts'
import { DependsOnViewer } from '../schema/viewer.ts'
import type { NodeType } from './node-type.ts'
import { AFTER, readAfter, readStreamCursor, streamCursor } from './stream-cursor.ts'
import { findReadableSubject } from './subject.ts'

export const notificationNode: NodeType = {
  typename: 'Notification',
  prefix: 'notification',
  async load({ loaders, viewer }, id) {
    if (viewer === null) return null
    const entry = await loaders.one(notificationById, id)
    return entry?.recipientId === viewer.accountId ? entry : null
  },
}

const STREAM = 'INBOX'

/** Whether what it is about, if anything, is still there to be read. */
const isShown = async (context: Context, { subjectId }: NotificationRow): Promise<boolean> =>
  subjectId === null || (await findReadableSubject(context, subjectId)) !== null

@Resolver(() => Notification)
export class NotificationResolver {
  @Query(() => NotificationConnection, { description: 'What the viewer was told of, the newest first.' })
  @Rule(isSignedIn)
  async notifications(
    @Ctx() context: Context,
    @Args(() => NotificationsArgs) { unread, kinds, ...page }: NotificationsArgs,
  ) {
    const { db } = context.deps
    const filter = { unread: unread ?? undefined, kinds: kinds ?? undefined }
    const source = inboxOf(signedIn(context).accountId, filter)
    return new Connection(await findNotifications(db, source, toPageRequest(page)), () => countRows(db, source))
  }

  @FieldResolver(() => Node, { nullable: true })
  subject(@Ctx() context: Context, @Root() { subjectId }: NotificationRow) {
    return subjectId === null ? null : findReadableSubject(context, subjectId)
  }

  @FieldResolver(() => [Account])
  @Costs({ atMost: MAX_NAMED_ACTORS })
  async actors(@Ctx() context: Context, @Root() entry: NotificationRow) {
    return (await isShown(context, entry)) ? context.loaders.many(notificationActorList, entry.id) : []
  }

  @FieldResolver(() => Int)
  actorCount(@Ctx() { loaders }: Context, @Root() { id }: NotificationRow) {
    return loaders.count(notificationActorCount, id)
  }

  @FieldResolver(() => String)
  streamCursor(@Root() { seq }: NotificationRow) {
    return streamCursor(STREAM, seq)
  }

  @Mutation(() => MarkNotificationsReadPayload, {
    nullable: true,
    description:
      'Marks notifications as read, or all up to one. Marking twice is marking once. User errors: `NOT_FOUND` for one that is not the viewer’s, and then none is marked; `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  markNotificationsRead(
    @Ctx() context: Context,
    @Arg('input', () => MarkNotificationsReadInput) { ids, upTo }: MarkNotificationsReadInput,
  ) {
    return payload(context, 'unreadNotificationCount', () =>
      markRead(context.deps, signedIn(context), {
        ids: ids?.map((id, position) => decodeId('notification', id, ['input', 'ids', String(position)])),
        upTo: upTo == null ? undefined : readStreamCursor(STREAM, upTo, ['input', 'upTo']),
      }),
    )
  }

  @Mutation(() => UpdateNotificationPreferencesPayload, {
    nullable: true,
    description: 'How the viewer wants to be told of what. User error: `INVALID_INPUT` for a kind that is named twice.',
  })
  @Rule(isSignedIn)
  updateNotificationPreferences(
    @Ctx() context: Context,
    @Arg('input', () => UpdateNotificationPreferencesInput) { preferences }: UpdateNotificationPreferencesInput,
  ) {
    return payload(context, 'preferences', () => updatePreferences(context.deps, signedIn(context), preferences))
  }

  @Mutation(() => MutePayload, {
    nullable: true,
    description:
      'No more notifications of comments on a post, of messages in a room, … Muting twice is muting once. User errors: `NOT_FOUND`, `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  muteNotifications(@Ctx() context: Context, @Arg('input', () => MuteInput) { subjectId }: MuteInput) {
    return payload(context, 'subject', async () => {
      const ref = decodeSubjectRef(subjectId, ['input', 'subjectId'])
      await muteSubject(context.deps, signedIn(context), ref)
      return findReadableSubject(context, ref.id)
    })
  }

  @Mutation(() => UnmutePayload, {
    nullable: true,
    description: 'Takes a mute back, also of what the viewer no longer sees. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  unmuteNotifications(@Ctx() context: Context, @Arg('input', () => MuteInput) { subjectId }: MuteInput) {
    return payload(context, 'subject', async () => {
      const ref = decodeSubjectRef(subjectId, ['input', 'subjectId'])
      await unmuteSubject(context.deps, signedIn(context), ref)
      return findReadableSubject(context, ref.id)
    })
  }

  @Subscription(() => Notification, {
    description:
      'What the viewer is told of, as it happens: first what was missed `after` a cursor (`Notification.streamCursor`), then each new one, in order, without gap or duplicate. One that somebody joins comes again, with a new cursor.',
    subscribe: ({ args, context }) => streamNotifications(context as Context, args as { after?: string | null }),
  })
  @Rule(isSignedIn)
  @DependsOnViewer
  notificationAdded(
    @Root() entry: NotificationRow,
    @Arg('after', () => String, { nullable: true, description: `A \`streamCursor\` of a notification. ${AFTER}` })
    _after?: string,
  ) {
    return entry
  }

  @Subscription(() => Int, {
    description: 'How many notifications the viewer has not read: the present number first, then each change of it.',
    subscribe: ({ context }) => watchUnread(context as Context),
  })
  @Rule(isSignedIn)
  @DependsOnViewer
  unreadNotificationCount(@Root() { unread }: { unread: number }) {
    return unread
  }
}

async function streamNotifications(context: Context, args: { after?: string | null }) {
  const { db, bus } = context.deps
  const { accountId } = signedIn(context)
  return liveStream<NotificationRow>({
    bus,
    key: `notificationAdded:${accountId}`,
    topics: [notificationAdded(accountId)],
    // Whose socket it is does not change; it is closed when the session ends.
    admit: async () => '',
    after: readAfter(STREAM, args.after),
    fetch: (seq) => findNotificationsAfter(db, accountId, seq),
    // One that somebody joined meanwhile comes again behind those that are on this page.
    async current({ id, seq }) {
      const entry = await new BatchLoaders(db).one(notificationById, id)
      return entry?.seq === seq ? entry : null
    },
    seqOf: ({ seq }) => seq,
    pageSize: STREAM_PAGE_SIZE,
    start: () => findNewestNotificationSeq(db, accountId),
  })
}

async function watchUnread(context: Context) {
  const { db, bus } = context.deps
  const { accountId } = signedIn(context)
  return liveState({
    bus,
    key: `unreadNotificationCount:${accountId}`,
    topics: [notificationAdded(accountId), notificationsChanged(accountId)],
    admit: async () => '',
    load: async () => ({ unread: await countUnreadNotifications(db, accountId) }),
  })
}

@Resolver(() => Viewer)
export class NotificationViewerResolver {
  @FieldResolver(() => Int)
  unreadNotificationCount(@Ctx() context: Context) {
    return countUnreadNotifications(context.deps.db, signedIn(context).accountId)
  }

  @FieldResolver(() => [NotificationPreference], {
    description: 'How the viewer wants to be told of what, one for each kind.',
  })
  @Costs({ atMost: NOTIFICATION_KINDS.length })
  notificationPreferences(@Ctx() context: Context) {
    return findPreferences(context.deps.db, signedIn(context).accountId)
  }
}

@Resolver(() => Commentable)
export class NotificationCommentableResolver {
  @FieldResolver(() => Boolean, {
    description: 'The viewer hears nothing of what is written here. False for who is not signed in.',
  })
  @DependsOnViewer
  viewerMutesNotifications(@Ctx() { loaders, viewer }: Context, @Root() { id }: { id: string }) {
    return viewer !== null && viewerMutes(loaders, viewer.accountId, id)
  }
}
