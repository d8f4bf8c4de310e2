import { ArgsType, Field, ID, InputType, Int } from 'type-graphql'
import type { NotificationKind as KindName, MailWish as MailWishName } from '../domain/notification/kinds.ts'
import { Account } from './account.ts'
import { ConnectionArgs, connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { Node } from './node.ts'
import { GraphObject } from './object.ts'
import { DateTime } from './scalars.ts'
import { payloadOf } from './user-error.ts'

export const NotificationKind = enumOf<KindName>('NotificationKind', 'What a member is told of.', {
  COMMENT: 'A comment on something of theirs.',
  REPLY: 'An answer to their comment.',
  COMMENT_MENTION: 'Their handle in a comment: `@ada`.',
  MENTION: 'Their handle in a message of a room.',
  DIRECT_MESSAGE: 'Messages of somebody who writes to them alone.',
  ROOM_INVITATION: 'An invitation to a room.',
  REACTION: 'Reactions to something of theirs, all of one thing together.',
  FOLLOW: 'New followers, together.',
  POLL_CLOSED: 'A poll that they took part in is closed, or the time of their own has come.',
  WORKOUT_RECORD: 'A workout of theirs in which they did better than ever before: see `Workout.records`.',
  POST_PUBLISHED: 'A new post of somebody they follow.',
  RECIPE_PUBLISHED: 'A new recipe of somebody they follow.',
  SHOWTIME_CANCELLED:
    'A showtime that they have tickets of, or wait for, does not take place. The mail about it comes in any case.',
  SEATS_OFFERED: 'Seats that they waited for are held for them. The mail about it comes in any case.',
  BILL_GROUP_INVITATION: 'An invitation to share bills.',
  BILL_ADDED: 'A bill that they share in.',
  BILL_SETTLED: 'Money between them and somebody they share bills with.',
})

export const MailWish = enumOf<MailWishName>('MailWish', 'When something is told by e-mail as well.', {
  ALWAYS: 'At once.',
  WHEN_AWAY: 'Two minutes later, if they are not online by then and have not read it.',
  NEVER: 'Not at all.',
})

@GraphObject('Something that the viewer was told of. What happens again while it is unread joins it.', [Node])
export class Notification extends Node {
  @Field(() => NotificationKind)
  kind: KindName

  @Field(() => Node, {
    nullable: true,
    description:
      'What it is about: the comment, the post, …; of several the latest. Null where it is about nothing but the `actors`, and where it was taken away or is no longer for the viewer to see.',
  })
  subject: Node | null

  @Field(() => [Account], {
    description: 'Who did it, the latest first, at most three; empty where `subject` was taken away.',
  })
  actors: Account[]

  @Field(() => Int, { description: 'How many did it: “Ada, Bram and 3 others”.' })
  actorCount: number

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime, { description: 'When the latest of them joined.' })
  updatedAt: string

  @Field(() => DateTime, { nullable: true, description: 'Null while it is unread.' })
  readAt: string | null

  @Field(() => String, {
    description:
      'Its place in the live stream: hand it to `notificationAdded(after:)` to go on from here, or to `markNotificationsRead(upTo:)`.',
  })
  streamCursor: string
}

export const { Connection: NotificationConnection } = connectionOf(Notification)

@ArgsType()
export class NotificationsArgs extends ConnectionArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True for the unread ones alone, false for those that were read.',
  })
  unread?: boolean

  @Field(() => [NotificationKind], { nullable: true, description: 'Of these kinds alone.' })
  kinds?: KindName[]
}

@GraphObject('How the viewer wants to be told of one kind of thing.')
export class NotificationPreference {
  @Field(() => NotificationKind)
  kind: KindName

  @Field(() => Boolean, { description: 'In `notifications`.' })
  inApp: boolean

  @Field(() => MailWish)
  email: MailWishName
}

@InputType({ description: 'Either of both.' })
export class MarkNotificationsReadInput {
  @Field(() => [ID], { nullable: true, description: 'These.' })
  ids?: string[]

  @Field(() => String, { nullable: true, description: 'All up to this `streamCursor`, that one included.' })
  upTo?: string
}

@InputType({ description: 'What is left out stays as it is.' })
export class NotificationPreferenceInput {
  @Field(() => NotificationKind)
  kind: KindName

  @Field(() => Boolean, { nullable: true })
  inApp?: boolean

  @Field(() => MailWish, { nullable: true })
  email?: MailWishName
}

@InputType()
export class UpdateNotificationPreferencesInput {
  @Field(() => [NotificationPreferenceInput], { description: 'Each kind once.' })
  preferences: NotificationPreferenceInput[]
}

@InputType()
export class MuteInput {
  @Field(() => ID, { description: 'The post, … whose comments, … the viewer wants to hear no more of.' })
  subjectId: string
}

export const MarkNotificationsReadPayload = payloadOf(
  'MarkNotificationsReadPayload',
  'unreadNotificationCount',
  () => Int,
  'How many are left unread.',
)
export const UpdateNotificationPreferencesPayload = payloadOf(
  'UpdateNotificationPreferencesPayload',
  'preferences',
  () => [NotificationPreference],
  'All preferences of the viewer.',
  { atMost: Object.keys(NotificationKind).length },
)
export const MutePayload = payloadOf('MuteNotificationsPayload', 'subject', () => Node, 'What is muted.')
export const UnmutePayload = payloadOf(
  'UnmuteNotificationsPayload',
  'subject',
  () => Node,
  'What is no longer muted; null where the viewer does not see it.',
)
