import type { NotificationKind } from '../../../db/queries/notification.ts'

/** What a mail says of one kind of thing that a member is told of. */
export interface NotificationText {
  line(who: string, title: string): string
  /** It is about what the reader made, which is too much for a subject line. */
  isYours?: boolean
  label: string
  because(thing: string): string
}

/** For each kind. */
export const NOTIFICATIONS: Readonly<Record<NotificationKind, NotificationText>> = {
  COMMENT: {
    line: (who, title) => `${who} commented on ${title}`,
    isYours: true,
    label: 'Read and answer',
    because: (thing) => `you wrote the ${thing}`,
  },
  REPLY: {
    line: (who, title) => `${who} answered your comment on ${title}`,
    label: 'Read and answer',
    because: () => 'you wrote the comment',
  },
  COMMENT_MENTION: {
    line: (who, title) => `${who} mentioned you in a comment on ${title}`,
    label: 'Read and answer',
    because: () => 'somebody wrote your handle',
  },
  MENTION: {
    line: (who, title) => `${who} mentioned you in ${title}`,
    label: 'Read and answer',
    because: () => 'somebody wrote your handle',
  },
  DIRECT_MESSAGE: {
    line: (who) => `${who} wrote to you`,
    label: 'Read and answer',
    because: () => 'somebody wrote to you',
  },
  ROOM_INVITATION: {
    line: (who, title) => `${who} invited you to ${title}`,
    label: 'Have a look',
    because: () => 'you were invited',
  },
  REACTION: {
    line: (who, title) => `${who} reacted to ${title}`,
    isYours: true,
    label: 'Have a look',
    because: () => 'it is yours',
  },
  FOLLOW: {
    line: (who) => `${who} ${who.includes(' and ') ? 'follow' : 'follows'} you`,
    label: 'Open Atrium',
    because: () => 'you asked to hear of your followers',
  },
  POLL_CLOSED: {
    line: (_who, title) => `The poll ${title} is closed`,
    label: 'See the result',
    because: () => 'you took part in the poll',
  },
  POST_PUBLISHED: {
    line: (who, title) => `${who} published ${title}`,
    label: 'Read it',
    because: () => 'you follow its author',
  },
  RECIPE_PUBLISHED: {
    line: (who, title) => `${who} published the recipe ${title}`,
    label: 'Cook it',
    because: () => 'you follow its chef',
  },
  SHOWTIME_CANCELLED: {
    line: (_who, title) => `A showing of ${title} does not take place`,
    label: 'Look at the programme',
    because: () => 'you had seats, or waited for some',
  },
  WORKOUT_RECORD: {
    line: (_who, title) => `You set a personal record in ${title}`,
    label: 'Look at the workout',
    because: () => 'you asked to hear of your records',
  },
  SEATS_OFFERED: {
    line: (_who, title) => `There are seats for you: ${title}`,
    label: 'Take them',
    because: () => 'you waited for them',
  },
  BILL_GROUP_INVITATION: {
    line: (who, title) => `${who} invited you to share bills in ${title}`,
    label: 'Have a look',
    because: () => 'you were invited',
  },
  BILL_ADDED: {
    line: (who, title) => `${who} entered the bill ${title}, which you share in`,
    label: 'Have a look',
    because: () => 'you share in it',
  },
  BILL_SETTLED: {
    line: (who, title) => `${who} entered money between you in ${title}`,
    label: 'Have a look',
    because: () => 'it is about you',
  },
}
