import { describe, expect, test } from 'vitest'
import { DomainError } from '../../core/errors.ts'
import type { Role, Viewer } from '../viewer.ts'
import {
  canArchivePost,
  canEditPost,
  canPublishPost,
  canSeePost,
  type PostStatus,
  postLifecycle,
  postPath,
} from './rules.ts'

const STATES: readonly PostStatus[] = ['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED']

/** Row: from; column: to, in the order of `STATES`. Written out a second time, so that a change of the rules is meant. */
const MAY: Readonly<Record<PostStatus, string>> = {
  DRAFT: '- yes yes -',
  SCHEDULED: 'yes yes yes -',
  PUBLISHED: '- - - yes',
  ARCHIVED: '- - yes -',
}

const pairs = STATES.flatMap((from) =>
  MAY[from].split(' ').map((cell, column) => [from, STATES[column] as PostStatus, cell === 'yes'] as const),
)

describe('the life of a post', () => {
  test('has four states', () => {
    expect(postLifecycle.states).toEqual(STATES)
    expect(pairs).toHaveLength(16)
  })

  test.each(pairs)('%s to %s: %s', (from, to, may) => {
    expect(postLifecycle.can(from, to)).toBe(may)
    const ensure = (): void => postLifecycle.ensure(from, to)
    if (may) return expect(ensure).not.toThrow()
    expect(ensure).toThrow(DomainError)
    try {
      ensure()
    } catch (error) {
      const { code, details, argument, message } = error as DomainError
      const allowed = STATES.filter((state) => postLifecycle.can(from, state))
      expect({ code, argument }).toEqual({ code: 'ILLEGAL_TRANSITION', argument: ['input', 'id'] })
      expect(details).toEqual({ from, allowed: expect.arrayContaining(allowed) })
      expect(message).toContain(from)
    }
  })
})

const viewer = (accountId: string, role: Role): Viewer => ({
  accountId,
  role,
  sessionId: accountId,
  handle: accountId,
  expiresAt: new Date(8.64e15),
})

const VIEWERS = {
  nobody: null,
  member: viewer('member', 'MEMBER'),
  author: viewer('author', 'MEMBER'),
  staff: viewer('staff', 'STAFF'),
  admin: viewer('admin', 'ADMIN'),
}

/** Who may see, edit and archive a post in this state. */
const TABLE: [PostStatus, keyof typeof VIEWERS, string][] = [
  ['DRAFT', 'nobody', '-'],
  ['DRAFT', 'member', '-'],
  ['DRAFT', 'author', 'see edit'],
  ['DRAFT', 'staff', '-'],
  ['DRAFT', 'admin', '-'],
  ['SCHEDULED', 'nobody', '-'],
  ['SCHEDULED', 'member', '-'],
  ['SCHEDULED', 'author', 'see edit'],
  ['SCHEDULED', 'staff', '-'],
  ['SCHEDULED', 'admin', '-'],
  ['PUBLISHED', 'nobody', 'see'],
  ['PUBLISHED', 'member', 'see'],
  ['PUBLISHED', 'author', 'see edit archive'],
  ['PUBLISHED', 'staff', 'see archive'],
  ['PUBLISHED', 'admin', 'see archive'],
  ['ARCHIVED', 'nobody', '-'],
  ['ARCHIVED', 'member', '-'],
  ['ARCHIVED', 'author', 'see edit'],
  ['ARCHIVED', 'staff', 'see'],
  ['ARCHIVED', 'admin', 'see'],
]

test.each(TABLE)('of a post that is %s, %s may: %s', (status, who, may) => {
  const post = { authorId: 'author', status }
  const verdicts = [
    canSeePost(VIEWERS[who], post) && 'see',
    canEditPost(VIEWERS[who], post) && 'edit',
    canArchivePost(VIEWERS[who], post) && 'archive',
  ]
  expect(verdicts.filter(Boolean).join(' ') || '-').toBe(may)
})

test.each([
  ['nobody', false, false],
  ['member', false, false],
  ['author', true, false],
  ['staff', false, true],
  ['admin', false, true],
] as const)('%s brings back what the author archived: %s, what staff archived: %s', (who, ofAuthor, ofStaff) => {
  const post = { authorId: 'author', status: 'ARCHIVED' as const }
  expect(canPublishPost(VIEWERS[who], { ...post, archivedByStaff: false })).toBe(ofAuthor)
  expect(canPublishPost(VIEWERS[who], { ...post, archivedByStaff: true })).toBe(ofStaff)
})

test('a post is read below its author’s handle, whatever the host', () => {
  expect(postPath('ada', 'on-indexes')).toBe('/posts/ada/on-indexes')
})
