import type { Texts } from './content.ts'

export interface AccountMails {
  welcome: { homeUrl: string }
}

export const ACCOUNT_TEXTS: Texts<AccountMails> = {
  welcome: ({ name }, { homeUrl }) => ({
    subject: 'Welcome to Atrium',
    paragraphs: [`Hello ${name},`, 'your account is ready. One account opens every room: have a look around.'],
    link: { label: 'Open Atrium', url: homeUrl },
    reason: 'You get this mail because someone signed up to Atrium with this address.',
  }),
}
