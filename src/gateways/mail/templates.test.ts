import { describe, expect, test } from 'vitest'
import { renderMail } from './templates.ts'

const params = {
  commenterName: 'Grace <b>Hopper</b>',
  postTitle: 'On "engines" & <script>alert(1)</script>',
  excerpt: 'Line one\n<img src="https://evil.example/pixel">',
  commentUrl: 'https://atrium.example/posts/1?a=1&b=2#comment',
}
const comment = renderMail('newComment', { name: "Ada O'Hara <ada>" }, params)
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
`)
  })

  test('opening a mail loads nothing from anywhere', () => {
    for (const { html } of [comment, welcome])
      expect(html).not.toMatch(/<(img|link|script|iframe|object)|url\(|@import/)
  })

  test('a subject is one line of a bearable length, whatever the title', () => {
    const { subject } = renderMail(
      'newComment',
      { name: 'Ada' },
      { ...params, postTitle: `a\r\nBcc: x@y.z ${'😀'.repeat(300)}` },
    )
    expect(subject).not.toMatch(/[\r\n]/)
    expect([...subject].length).toBeLessThan(180)
    expect(Buffer.from(subject).toString()).toBe(subject) // no half of a surrogate pair
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'nonsense'])('%s is no link of a mail', (homeUrl) => {
    expect(() => renderMail('welcome', { name: 'Ada' }, { homeUrl })).toThrow()
  })
})
