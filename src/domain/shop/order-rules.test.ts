import { describe, expect, test } from 'vitest'
import type { Role, Viewer } from '../viewer.ts'
import type { OrderLine } from './order.ts'
import { canSeeOrder, isOrderBuyer, type OrderStatus, orderLifecycle } from './order-rules.ts'
import { refundOf } from './refund.ts'

const STATES: readonly OrderStatus[] = ['PENDING', 'PAID', 'FULFILLED', 'COMPLETED', 'CANCELLED', 'REFUNDED']

/** Row: from; column: to, in the order of `STATES`. */
const MAY: Readonly<Record<OrderStatus, string>> = {
  PENDING: '- yes - - yes -',
  PAID: '- - yes - - yes',
  FULFILLED: '- - - yes - yes',
  COMPLETED: '- - - - - yes',
  CANCELLED: '- yes - - - yes',
  REFUNDED: '- - - - - -',
}

const pairs = STATES.flatMap((from) =>
  MAY[from].split(' ').map((cell, column) => [from, STATES[column] as OrderStatus, cell === 'yes'] as const),
)

describe('the life of an order', () => {
  test('has six states', () => expect(orderLifecycle.states).toEqual(STATES))

  test.each(pairs)('%s to %s: %s', (from, to, may) => {
    expect(orderLifecycle.can(from, to)).toBe(may)
  })
})

const viewer = (accountId: string, role: Role): Viewer => ({
  accountId,
  role,
  sessionId: accountId,
  handle: accountId,
  expiresAt: new Date(8.64e15),
})

describe('who sees an order and who pays it', () => {
  const ofMember = { accountId: 'buyer', tokenHash: null }
  const ofGuest = { accountId: null, tokenHash: 'hash' }
  const ofDeleted = { accountId: null, tokenHash: null }

  test.each([
    ['a member’s', ofMember, null, null, false, false],
    ['a member’s', ofMember, viewer('buyer', 'MEMBER'), null, true, true],
    ['a member’s', ofMember, viewer('other', 'MEMBER'), 'hash', false, false],
    ['a member’s', ofMember, viewer('staff', 'STAFF'), null, true, false],
    ['a guest’s', ofGuest, null, 'hash', true, true],
    ['a guest’s', ofGuest, null, 'other', false, false],
    ['a guest’s', ofGuest, null, null, false, false],
    ['a guest’s', ofGuest, viewer('other', 'MEMBER'), null, false, false],
    ['a guest’s', ofGuest, viewer('admin', 'ADMIN'), null, true, false],
    ['a deleted member’s', ofDeleted, null, null, false, false],
    ['a deleted member’s', ofDeleted, viewer('staff', 'STAFF'), null, true, false],
  ])('%s %j, asked by %j with %s: %s, %s', (_, order, who, tokenHash, sees, pays) => {
    expect(canSeeOrder(who, tokenHash, order)).toBe(sees)
    expect(isOrderBuyer(who, tokenHash, order)).toBe(pays)
  })
})

test('what is refunded piece by piece adds up to what was paid for the line, whatever the steps', () => {
  for (const steps of [[7], [1, 6], [3, 3, 1], [1, 1, 1, 1, 1, 1, 1]]) {
    const line = {
      quantity: 7,
      unitPriceMinor: 333,
      discountMinor: 100,
      taxMinor: 424,
      refundedQuantity: 0,
      refundedMinor: 0,
    }
    for (const quantity of steps) {
      const amountMinor = refundOf(line as OrderLine, quantity)
      expect(amountMinor).toBeGreaterThan(0)
      line.refundedQuantity += quantity
      line.refundedMinor += amountMinor
    }
    expect(line.refundedMinor).toBe(7 * 333 - 100 + 424)
  }
})
