import { describe, expect, test } from 'vitest'
import { DomainError } from '../../core/errors.ts'
import type { Role, Viewer } from '../viewer.ts'
import {
  type CommentState,
  canDecideComment,
  canDeleteComment,
  canEditComment,
  canModerateComment,
  canReadComment,
  canSeeComment,
  commentLifecycle,
  type Decision,
  type ModeratedComment,
} from './rules.ts'

const viewer = (accountId: string, role: Role = 'MEMBER'): Viewer => ({
  accountId,
  role,
  sessionId: accountId,
  handle: accountId,
  expiresAt: new Date(8.64e15),
})
const on = { ownerId: 'owner' }

describe('the life of a comment', () => {
  const allowed = new Set([
    'VISIBLE HELD',
    'VISIBLE REMOVED',
    'VISIBLE DELETED',
    'HELD VISIBLE',
    'HELD REMOVED',
    'HELD DELETED',
    'REMOVED VISIBLE',
    'REMOVED DELETED',
  ])
  const pairs = commentLifecycle.states.flatMap((from) => commentLifecycle.states.map((to) => ({ from, to })))

  test('has four states and so sixteen pairs', () => {
    expect(pairs).toHaveLength(16)
  })

  test.each(pairs)('from $from to $to', ({ from, to }) => {
    const may = allowed.has(`${from} ${to}`)
    expect(commentLifecycle.can(from, to)).toBe(may)
    if (may) return expect(() => commentLifecycle.ensure(from, to)).not.toThrow()
    expect(() => commentLifecycle.ensure(from, to)).toThrow(DomainError)
  })

  test('nothing follows a deletion', () => {
    expect(commentLifecycle.allowed('DELETED')).toEqual([])
  })
})

const NOBODY = null
const viewers = {
  nobody: NOBODY,
  member: viewer('member'),
  author: viewer('author'),
  owner: viewer('owner'),
  staff: viewer('staff', 'STAFF'),
  admin: viewer('admin', 'ADMIN'),
}
const all = Object.keys(viewers)
const moderators = ['owner', 'staff', 'admin']

/** Who may, by state; everybody else may not. */
const table: Record<string, Record<CommentState, readonly string[]>> = {
  see: { VISIBLE: all, HELD: ['author', ...moderators], REMOVED: all, DELETED: all },
  read: { VISIBLE: all, HELD: ['author', ...moderators], REMOVED: ['author', ...moderators], DELETED: [] },
  edit: { VISIBLE: ['author'], HELD: ['author'], REMOVED: [], DELETED: [] },
  delete: { VISIBLE: ['author'], HELD: ['author'], REMOVED: ['author'], DELETED: [] },
  moderate: { VISIBLE: moderators, HELD: moderators, REMOVED: moderators, DELETED: [] },
}
const can: Record<string, (who: Viewer | null, comment: ModeratedComment) => boolean> = {
  see: (who, comment) => canSeeComment(who, comment, on),
  read: (who, comment) => canReadComment(who, comment, on),
  edit: canEditComment,
  delete: canDeleteComment,
  moderate: (who, comment) => canModerateComment(who, comment, on),
}
const cases = Object.entries(table).flatMap(([action, byState]) =>
  Object.entries(byState).flatMap(([state, who]) =>
    Object.entries(viewers).map(([name, person]) => ({ action, state: state as CommentState, name, person, who })),
  ),
)

test.each(cases)(
  '$name may $action a comment that is $state as the table says',
  ({ action, state, name, person, who }) => {
    expect(can[action]?.(person, { authorId: 'author', state, decidedByStaff: false })).toBe(who.includes(name))
  },
)

/** What the owner may decide about another's comment, by its state and who brought it there. */
const ownerMay: [CommentState, 'staff' | 'others', readonly Decision[]][] = [
  ['VISIBLE', 'others', ['VISIBLE', 'REMOVED']],
  ['HELD', 'others', ['REMOVED']],
  ['HELD', 'staff', []],
  ['REMOVED', 'others', ['VISIBLE', 'REMOVED']],
  ['REMOVED', 'staff', []],
]

test.each(ownerMay)('of a comment that is %s by %s the owner may make: %j, and staff anything', (state, by, may) => {
  const comment = { authorId: 'author', state, decidedByStaff: by === 'staff' }
  const decisions: readonly Decision[] = ['VISIBLE', 'HELD', 'REMOVED']
  expect(decisions.filter((to) => canDecideComment(viewers.owner, comment, on, to))).toEqual(may)
  expect(canModerateComment(viewers.owner, comment, on)).toBe(may.length > 0)
  expect(decisions.filter((to) => canDecideComment(viewers.staff, comment, on, to))).toEqual(decisions)
  for (const other of [viewers.nobody, viewers.member, viewers.author]) {
    expect(decisions.filter((to) => canDecideComment(other, comment, on, to))).toEqual([])
  }
})

test('an owner does not moderate their own words, staff does', () => {
  const own = { authorId: 'owner', state: 'HELD' as const, decidedByStaff: false }
  expect(canModerateComment(viewers.owner, own, on)).toBe(false)
  expect(canModerateComment(viewers.staff, { ...own, authorId: 'staff' }, on)).toBe(true)
})

test('without knowing what it is on, the answer is the one for who does not own it', () => {
  const held = { authorId: 'author', state: 'HELD' as const }
  expect(canSeeComment(viewers.owner, held, null)).toBe(false)
  expect(canSeeComment(viewers.staff, held, null)).toBe(true)
})

test('nobody is the author of a comment whose account is gone', () => {
  const orphan = { authorId: null, state: 'VISIBLE' as const }
  for (const person of Object.values(viewers)) expect(canEditComment(person, orphan)).toBe(false)
})
