import type { NotificationKind } from '../../../db/queries/notification.ts'
import { shortened, type Texts } from './content.ts'
import { NOTIFICATIONS } from './notification-text.ts'

export interface NotificationMails {
  notification: {
    kind: NotificationKind
    /** The latest of those who did it, as they are shown; empty where nobody did. */
    actorName: string
    /** How many did it beside them. */
    others: number
    title: string
    /** What the title is of: `post`, `poll`. */
    thing: string
    excerpt: string | null
    url: string
    /** Where a click ends mails of this kind. */
    unsubscribeUrl: string
  }
}

export const NOTIFICATION_TEXTS: Texts<NotificationMails> = {
  notification: ({ name }, { kind, actorName, others, title, thing, excerpt, url, unsubscribeUrl }) => {
    const said = NOTIFICATIONS[kind]
    const whoIn = (length: number) =>
      shortened(actorName, length) + (others === 0 ? '' : ` and ${others} ${others === 1 ? 'other' : 'others'}`)
    return {
      subject: said.line(whoIn(60), `“${shortened(title, 80)}”`),
      paragraphs: [
        `Hello ${name},`,
        `${said.line(whoIn(Number.POSITIVE_INFINITY), `${said.isYours ? `your ${thing} ` : ''}“${title}”`)}${excerpt === null ? '.' : ':'}`,
      ],
      quote: excerpt,
      link: { label: said.label, url },
      reason: `You get this mail because ${said.because(thing)}.`,
      unsubscribeUrl,
    }
  },
}
