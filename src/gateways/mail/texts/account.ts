import { greeting, type Texts } from './content.ts'

export interface AccountMails {
  welcome: { homeUrl: string }
}

export const ACCOUNT_TEXTS: Texts<AccountMails> = {
  welcome: (recipient, { homeUrl }) => ({
    subject: 'Welcome to Atrium',
    paragraphs: [greeting(recipient), 'your account is ready. One account opens every room: have a look around.'],
    link: { label: 'Open Atrium', url: homeUrl },
    reason: 'You get this mail because someone signed up to Atrium with this address.',
  }),
}
