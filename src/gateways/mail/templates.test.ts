import { describe, expect, test } from 'vitest'
import { notificationKind } from '../../db/tables/notification.ts'
import { renderMail } from './templates.ts'

const NOTIFICATION_KINDS = notificationKind.enumValues

const params = {
  kind: 'COMMENT' as const,
  actorName: 'Grace <b>Hopper</b>',
  others: 0,
  thing: 'post',
  title: 'On "engines" & <script>alert(1)</script>',
  excerpt: 'Line one\n<img src="https://evil.example/pixel">',
  url: 'https://atrium.example/posts/1?a=1&b=2#comment',
  unsubscribeUrl: 'https://atrium.example/notifications/unsubscribe?token=abc',
}
const comment = renderMail('notification', { name: "Ada O'Hara <ada>" }, params)
const welcome = renderMail('welcome', { name: 'Ada' }, { homeUrl: 'https://atrium.example' })

describe('mails', () => {
  test('nothing that people wrote is markup in the HTML', () => {
    expect(comment.html).not.toMatch(/<script|<img|<b>|<ada>/)
    expect(comment.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(comment.html).toContain('href="https://atrium.example/posts/1?a=1&amp;b=2#comment"')
  })

  test('the plain text says the same as the HTML and reads as people wrote it', () => {
    expect(comment.text).toBe(`Hello Ada O'Hara <ada>,

Grace <b>Hopper</b> commented on your post “On "engines" & <script>alert(1)</script>”:

> Line one
> <img src="https://evil.example/pixel">

Read and answer: https://atrium.example/posts/1?a=1&b=2#comment

-- 
You get this mail because you wrote the post.
No more of these mails: https://atrium.example/notifications/unsubscribe?token=abc
`)
  })

  test('opening a mail loads nothing from anywhere', () => {
    for (const { html } of [comment, welcome])
      expect(html).not.toMatch(/<(img|link|script|iframe|object)|url\(|@import/)
  })

  test('a subject is one line of a bearable length, whatever the title', () => {
    const { subject } = renderMail(
      'notification',
      { name: 'Ada' },
      { ...params, title: `a\r\nBcc: x@y.z ${'😀'.repeat(300)}` },
    )
    expect(subject).not.toMatch(/[\r\n]/)
    expect([...subject].length).toBeLessThan(180)
    expect(Buffer.from(subject).toString()).toBe(subject) // no half of a surrogate pair
  })

  test.each(NOTIFICATION_KINDS)('one of kind %s says who did what, alone and with others', (kind) => {
    const write = (others: number) =>
      renderMail('notification', { name: 'Ada' }, { ...params, kind, actorName: '@bob', others, title: 'Engines' })
    const [alone, both, many] = [write(0).subject, write(1).subject, write(12).subject]
    // Nobody did it: its time came, or the house did.
    const isAnonymous = ['POLL_CLOSED', 'SHOWTIME_CANCELLED', 'SEATS_OFFERED', 'WORKOUT_RECORD'].includes(kind)
    expect(alone).toMatch(isAnonymous ? /“Engines”/ : /^@bob \w+/)
    if (isAnonymous) return
    expect(both).toContain('@bob and 1 other ')
    expect(many).toContain('@bob and 12 others ')
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'nonsense'])('%s is no link of a mail', (homeUrl) => {
    expect(() => renderMail('welcome', { name: 'Ada' }, { homeUrl })).toThrow()
  })
})
