import { describe, expect, test } from 'vitest'
import type { Viewer } from '../viewer.ts'
import {
  canDeleteReview,
  canEditReview,
  canModerateReview,
  canSeeReview,
  type ReviewState,
  reviewLifecycle,
} from './rules.ts'

const STATES = ['VISIBLE', 'HELD', 'REMOVED', 'DELETED'] as const

describe('every step of a review', () => {
  const STEPS: Record<ReviewState, readonly ReviewState[]> = {
    VISIBLE: ['HELD', 'REMOVED'],
    HELD: ['VISIBLE', 'REMOVED', 'DELETED'],
    REMOVED: ['VISIBLE', 'DELETED'],
    DELETED: [],
  }
  test.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    expect(reviewLifecycle.can(from, to)).toBe(STEPS[from].includes(to))
  })
})

const viewer = (accountId: string, role: Viewer['role'] = 'MEMBER'): Viewer => ({
  accountId,
  sessionId: accountId,
  handle: accountId,
  role,
  expiresAt: new Date(8.64e15),
})
const VIEWERS = [null, viewer('member'), viewer('author'), viewer('keeper', 'STAFF')]

/** By state what nobody, a member, the author and staff may do. */
const TABLE = [
  ['see', canSeeReview, 'VISIBLE', [true, true, true, true]],
  ['see', canSeeReview, 'HELD', [false, false, true, true]],
  ['see', canSeeReview, 'REMOVED', [false, false, true, true]],
  ['see', canSeeReview, 'DELETED', [false, false, false, false]],
  ['edit', canEditReview, 'VISIBLE', [false, false, true, false]],
  ['edit', canEditReview, 'HELD', [false, false, true, false]],
  ['edit', canEditReview, 'REMOVED', [false, false, false, false]],
  ['edit', canEditReview, 'DELETED', [false, false, false, false]],
  ['delete', canDeleteReview, 'VISIBLE', [false, false, true, false]],
  ['delete', canDeleteReview, 'HELD', [false, false, true, false]],
  ['delete', canDeleteReview, 'REMOVED', [false, false, true, false]],
  ['delete', canDeleteReview, 'DELETED', [false, false, false, false]],
  ['moderate', canModerateReview, 'VISIBLE', [false, false, false, true]],
  ['moderate', canModerateReview, 'HELD', [false, false, false, true]],
  ['moderate', canModerateReview, 'REMOVED', [false, false, false, true]],
  ['moderate', canModerateReview, 'DELETED', [false, false, false, false]],
] as const

test.each(TABLE)('to %s (%o) a review that is %s', (_, rule, state, expected) => {
  expect(VIEWERS.map((each) => rule(each, { authorId: 'author', state }))).toEqual(expected)
})
