import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../../core/errors.ts'
import type { Viewer } from '../viewer.ts'
import {
  canLog,
  canSeeShared,
  oneRepMaxGrams,
  percentFinished,
  streakOf,
  type WorkoutStatus,
  workoutLifecycle,
} from './rules.ts'

const STATUSES: readonly WorkoutStatus[] = ['PLANNED', 'IN_PROGRESS', 'DONE', 'SKIPPED', 'CANCELLED']
/** Row by row from which status, column by column to which. */
const PAIRS = `
  PLANNED      no   yes  no   yes  yes
  IN_PROGRESS  no   no   yes  yes  yes
  DONE         no   no   no   no   no
  SKIPPED      yes  no   no   no   no
  CANCELLED    yes  no   no   no   no`
  .trim()
  .split('\n')
  .flatMap((row) => {
    const [from, ...cells] = row.trim().split(/\s+/)
    return cells.map((cell, at) => [from, STATUSES[at], cell === 'yes'] as [WorkoutStatus, WorkoutStatus, boolean])
  })

describe('a workout', () => {
  test('every pair of statuses is in the table', () => {
    expect(PAIRS).toHaveLength(STATUSES.length ** 2)
    expect(workoutLifecycle.states).toEqual(STATUSES)
  })

  test.each(PAIRS)('that is %s becomes %s: %s', (from, to, may) => {
    expect(workoutLifecycle.can(from, to)).toBe(may)
    if (may) return workoutLifecycle.ensure(from, to)
    expect(() => workoutLifecycle.ensure(from, to)).toThrow(DomainError)
    try {
      workoutLifecycle.ensure(from, to)
    } catch (error) {
      expect(error).toMatchObject({
        code: 'ILLEGAL_TRANSITION',
        details: { from, allowed: PAIRS.filter(([of, , yes]) => of === from && yes).map(([, each]) => each) },
      })
    }
  })

  const owner = { accountId: 'o', role: 'MEMBER' } as Viewer
  const admin = { accountId: 'a', role: 'ADMIN' } as Viewer
  test.each([
    ['PRIVATE', null, false, false],
    ['PRIVATE', admin, true, false],
    ['PRIVATE', owner, false, true],
    ['FOLLOWERS', null, false, false],
    ['FOLLOWERS', admin, false, false],
    ['FOLLOWERS', admin, true, true],
    ['FOLLOWERS', owner, false, true],
    ['PUBLIC', null, false, true],
    ['PUBLIC', admin, false, true],
  ] as const)('that is %s is seen by %j, who follows: %s → %s', (visibility, viewer, follows, sees) => {
    expect(canSeeShared(viewer, { ownerId: 'o', visibility }, follows)).toBe(sees)
  })

  test.each(STATUSES)('that is %s is logged in by its owner alone, once it has begun', (status) => {
    const workout = { ownerId: 'o', visibility: 'PUBLIC', status } as const
    expect(canLog(owner, workout)).toBe(status === 'IN_PROGRESS' || status === 'DONE')
    expect(canLog(admin, workout)).toBe(false)
    expect(canLog(null, workout)).toBe(false)
  })
})

describe('the estimated one-rep max', () => {
  test.each([
    [100_000, 1, 100_000],
    [100_000, 10, 133_333],
    [60_000, 5, 70_000],
    [102_500, 3, 112_750],
    [0, 12, 0],
    [100_000, 0, null],
  ])('of %i g × %i is %s g', (grams, reps, expected) => {
    expect(oneRepMaxGrams(grams, reps)).toBe(expected)
  })

  test('is Epley’s to half a gram, and grows with weight and repetitions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 2, max: 1000 }), (grams, reps) => {
        const estimate = oneRepMaxGrams(grams, reps) ?? 0
        expect(Math.abs(estimate - grams * (1 + reps / 30))).toBeLessThanOrEqual(0.5 + 1e-6)
        expect(oneRepMaxGrams(grams, reps + 1)).toBeGreaterThanOrEqual(estimate)
        expect(oneRepMaxGrams(grams + 1, reps)).toBeGreaterThanOrEqual(estimate)
        expect(estimate).toBeGreaterThanOrEqual(oneRepMaxGrams(grams, 1) ?? 0)
      }),
    )
  })
})

describe('the percentage finished', () => {
  const few = fc.integer({ min: 0, max: 500 })
  const counts = fc.record({ planned: few, inProgress: few, done: few, skipped: few, cancelled: few })

  test('is null for a period with nothing in it, or with cancelled ones alone', () => {
    const none = { planned: 0, inProgress: 0, done: 0, skipped: 0, cancelled: 0 }
    expect(percentFinished(none)).toBeNull()
    expect(percentFinished({ ...none, cancelled: 3 })).toBeNull()
    expect(percentFinished({ ...none, skipped: 3 })).toBe(0)
    expect(percentFinished({ ...none, done: 3, cancelled: 1 })).toBe(100)
    expect(percentFinished({ planned: 1, inProgress: 0, done: 2, skipped: 1, cancelled: 9 })).toBe(50)
  })

  test('lies from 0 to 100, is 100 only when all is done, and does not see what was cancelled', () => {
    fc.assert(
      fc.property(counts, few, (given, cancelled) => {
        const percent = percentFinished(given)
        const open = given.planned + given.inProgress + given.skipped
        if (percent === null) return expect(open + given.done).toBe(0)
        expect(percent).toBeGreaterThanOrEqual(0)
        expect(percent).toBeLessThanOrEqual(100)
        expect(percent === 100).toBe(open === 0)
        expect(percent === 0).toBe(given.done === 0)
        expect(percentFinished({ ...given, cancelled })).toBe(percent)
        expect(percentFinished({ ...given, done: given.done + 1 })).toBeGreaterThanOrEqual(percent)
      }),
    )
  })
})

describe('a streak', () => {
  test.each([
    [[], 1, 0, 0],
    [[0], 1, 0, 0],
    [[1], 1, 1, 1],
    [[1, 1, 0], 1, 2, 2],
    [[1, 1, 0, 0], 1, 0, 2],
    [[3, 3, 2], 3, 2, 2],
    [[3, 3, 3], 3, 3, 3],
    [[1, 1, 1, 0, 1], 1, 1, 3],
    [[2, 1, 2], 2, 1, 1],
  ])('of weeks with %j workouts and a goal of %i lasts %i weeks, at best %i', (counts, goal, current, longest) => {
    expect(streakOf(counts, goal)).toEqual({ currentWeeks: current, longestWeeks: longest })
  })

  test('is never broken by the week that is not over, and never longer than the best', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1 }), fc.integer({ min: 1, max: 4 }), (counts, goal) => {
        const { currentWeeks, longestWeeks } = streakOf(counts, goal)
        expect(currentWeeks).toBeLessThanOrEqual(longestWeeks)
        const before = streakOf([...counts.slice(0, -1), goal], goal).currentWeeks - 1
        expect(currentWeeks).toBe((counts.at(-1) ?? 0) >= goal ? before + 1 : before)
      }),
    )
  })
})
