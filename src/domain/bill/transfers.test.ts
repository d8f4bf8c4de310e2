import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Balance, EXACT_PEOPLE, settle } from './transfers.ts'

const people = (...minors: number[]): Balance[] =>
  minors.map((minor, n) => ({ memberId: `m${String(n).padStart(2, '0')}`, minor }))

/** Balances that add up to nothing. */
const settled = (from: number, to: number) =>
  fc
    .array(fc.integer({ min: -50, max: 50 }), { minLength: from - 1, maxLength: to - 1 })
    .map((minors) => people(...minors, -minors.reduce((sum, minor) => sum + minor, 0)))

/** Every way to settle, tried out: the first who is open pays or is paid by each of the others in turn. */
function fewest(minors: readonly number[]): number {
  const open = minors.filter((minor) => minor !== 0)
  const [first, ...others] = open
  if (first === undefined) return 0
  let best = Number.POSITIVE_INFINITY
  for (const [n, other] of others.entries()) {
    if (Math.sign(other) === Math.sign(first)) continue
    best = Math.min(best, 1 + fewest(others.map((each, at) => (at === n ? each + first : each))))
  }
  return best
}

describe('transfers', () => {
  test.each([
    [[0, 0], 0],
    [[5, -5], 1],
    [[5, 5, -10], 2],
    // The largest debt to the largest credit would take four.
    [[7, 3, -4, -3, -3], 3],
    [[10, 20, 30, -10, -20, -30], 3],
    [[6, 4, -5, -5, 3, -3], 4],
  ])('settle %j with %i of them', (minors, count) => {
    expect(settle(people(...minors))).toHaveLength(count)
  })

  test('leave nobody owing, and go only from those who owe to those who are owed, in any group', () => {
    fc.assert(
      fc.property(settled(1, 30), (balances) => {
        const left = new Map(balances.map(({ memberId, minor }) => [memberId, minor]))
        for (const { fromId, toId, amountMinor } of settle(balances)) {
          expect(amountMinor).toBeGreaterThan(0)
          expect(left.get(fromId)).toBeLessThan(0)
          expect(left.get(toId)).toBeGreaterThan(0)
          left.set(fromId, (left.get(fromId) ?? 0) + amountMinor)
          left.set(toId, (left.get(toId) ?? 0) - amountMinor)
        }
        expect(new Set(left.values())).toEqual(new Set([0]))
      }),
    )
  })

  test('are as few as trying out every way finds', () => {
    fc.assert(
      fc.property(settled(1, 7), (balances) => {
        expect(settle(balances)).toHaveLength(fewest(balances.map(({ minor }) => minor)))
      }),
    )
  })

  test('are fewer than there are people, in groups too large to try everything', () => {
    fc.assert(
      fc.property(settled(EXACT_PEOPLE + 1, 60), (balances) => {
        const open = balances.filter(({ minor }) => minor !== 0).length
        expect(settle(balances).length).toBeLessThanOrEqual(Math.max(open - 1, 0))
      }),
    )
  })

  test('of balances that do not add up do not exist', () => {
    expect(() => settle(people(1, 2))).toThrow(RangeError)
  })
})
