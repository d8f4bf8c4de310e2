import type { Uuid } from '../../core/ids.ts'
import { defineJob } from '../queue/job.ts'
import type { MailParams, MailTemplate } from './templates.ts'

/** A mail to write: whom it goes to is looked up when it is sent, so that an address is stored in one place only. */
export type OutgoingMail = {
  [Template in MailTemplate]: { template: Template; accountId: Uuid; params: MailParams[Template] }
}[MailTemplate]

/** Tried for three to six hours: a mail server may be away for long, and greylisting alone takes a quarter of an hour. */
export const sendMail = defineJob<OutgoingMail>('mail.send', {
  retryLimit: 10,
  retryDelaySeconds: 10,
  expireInSeconds: 120,
})
