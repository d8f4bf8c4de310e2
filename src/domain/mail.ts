import { defineJob } from '../gateways/queue.ts'
import type { MailTemplates } from '../gateways/mail/templates.ts'
import type { Uuid } from '../core/ids.ts'

/** A mail that the outbox owes to an account: which template, and what it is filled with. Addresses are looked up late. */
export type MailOrder = {
  [Template in keyof MailTemplates]: { accountId: Uuid; template: Template; params: MailTemplates[Template] }
}[keyof MailTemplates]

export const sendMail = defineJob<MailOrder>('mail.send', { retryLimit: 8, retryDelaySeconds: 15 })
