import { expect, test } from 'vitest'
import { type CouponFacts, couponRefusal } from './coupon-rules.ts'

const FINE: CouponFacts = {
  isActive: true,
  isTooEarly: false,
  isOver: false,
  minSubtotalMinor: 1_000,
  maxUses: 10,
  maxUsesPerMember: 2,
  uses: 9,
  usesByMember: 1,
  isStackable: true,
}
const stackable = { isStackable: true }
const exclusive = { isStackable: false }

test.each([
  ['within all its terms', {}, [stackable], null],
  ['without caps', { maxUses: null, maxUsesPerMember: null, uses: 1e6, usesByMember: 1e6 }, [], null],
  ['withdrawn', { isActive: false }, [], 'INACTIVE'],
  ['before its time', { isTooEarly: true }, [], 'NOT_YET_VALID'],
  ['after its time', { isOver: true }, [], 'EXPIRED'],
  ['for a larger order', { minSubtotalMinor: 1_001 }, [], 'MINIMUM_NOT_REACHED'],
  ['used by others as often as it may be', { uses: 10 }, [], 'USED_UP'],
  ['used by this buyer as often as it may be', { usesByMember: 2 }, [], 'USED_UP_BY_MEMBER'],
  ['capped per member, for a guest', { usesByMember: null }, [], 'MEMBERS_ONLY'],
  ['not capped per member, for a guest', { maxUsesPerMember: null, usesByMember: null }, [], null],
  ['exclusive, beside another', { isStackable: false }, [stackable], 'NOT_COMBINABLE'],
  ['beside one that is exclusive', {}, [stackable, exclusive], 'NOT_COMBINABLE'],
  ['exclusive, alone', { isStackable: false }, [], null],
] as const)('a coupon %s: %j', (_, terms, others, refusal) => {
  expect(couponRefusal({ ...FINE, ...terms }, 1_000, others)).toBe(refusal)
})
