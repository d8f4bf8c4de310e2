import { describe, expect, test } from 'vitest'
import {
  type ShowtimeStatus,
  showtimeLifecycle,
  type TicketStatus,
  ticketLifecycle,
  type WaitlistStatus,
  waitlistLifecycle,
} from './rules.ts'

describe('a showtime', () => {
  const STATES: ShowtimeStatus[] = ['SCHEDULED', 'PAUSED', 'CANCELLED']
  const ALLOWED = new Set(['SCHEDULED→PAUSED', 'SCHEDULED→CANCELLED', 'PAUSED→SCHEDULED', 'PAUSED→CANCELLED'])
  const PAIRS = STATES.flatMap((from) => STATES.map((to) => [from, to] as const))

  test('has these states and no others', () => {
    expect([...showtimeLifecycle.states].sort()).toEqual([...STATES].sort())
  })

  test.each(PAIRS)('that is %s becomes %s only if the table says so', (from, to) => {
    const allowed = ALLOWED.has(`${from}→${to}`)
    expect(showtimeLifecycle.can(from, to)).toBe(allowed)
    const ensure = () => showtimeLifecycle.ensure(from, to)
    if (allowed) expect(ensure).not.toThrow()
    else expect(ensure).toThrow(expect.objectContaining({ code: 'ILLEGAL_TRANSITION' }))
  })
})

describe('a ticket', () => {
  const STATES: TicketStatus[] = ['RESERVED', 'VALID', 'CHECKED_IN', 'REFUNDED', 'RELEASED']
  const ALLOWED = new Set([
    'RESERVED→VALID',
    'RESERVED→RELEASED',
    'RELEASED→VALID',
    'VALID→CHECKED_IN',
    'VALID→REFUNDED',
    'CHECKED_IN→REFUNDED',
  ])
  const PAIRS = STATES.flatMap((from) => STATES.map((to) => [from, to] as const))

  test('has these states and no others', () => {
    expect([...ticketLifecycle.states].sort()).toEqual([...STATES].sort())
  })

  test.each(PAIRS)('that is %s becomes %s only if the table says so', (from, to) => {
    expect(ticketLifecycle.can(from, to)).toBe(ALLOWED.has(`${from}→${to}`))
  })
})

describe('a place in a line', () => {
  const STATES: WaitlistStatus[] = ['WAITING', 'OFFERED', 'BOOKED', 'EXPIRED', 'LEFT']
  const ALLOWED = new Set([
    'WAITING→OFFERED',
    'WAITING→EXPIRED',
    'WAITING→LEFT',
    'OFFERED→BOOKED',
    'OFFERED→EXPIRED',
    'OFFERED→LEFT',
  ])
  const PAIRS = STATES.flatMap((from) => STATES.map((to) => [from, to] as const))

  test('has these states and no others', () => {
    expect([...waitlistLifecycle.states].sort()).toEqual([...STATES].sort())
  })

  test.each(PAIRS)('that is %s becomes %s only if the table says so', (from, to) => {
    expect(waitlistLifecycle.can(from, to)).toBe(ALLOWED.has(`${from}→${to}`))
  })
})
