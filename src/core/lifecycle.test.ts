import { describe, expect, test } from 'vitest'
import { DomainError } from './errors.ts'
import { lifecycle } from './lifecycle.ts'

const door = lifecycle<'OPEN' | 'CLOSED' | 'LOCKED' | 'GONE'>('door', {
  OPEN: ['CLOSED'],
  CLOSED: ['OPEN', 'LOCKED'],
  LOCKED: ['CLOSED'],
  GONE: [],
})

const ALLOWED = new Set(['OPEN>CLOSED', 'CLOSED>OPEN', 'CLOSED>LOCKED', 'LOCKED>CLOSED'])
const PAIRS = door.states.flatMap((from) => door.states.map((to) => ({ from, to, may: ALLOWED.has(`${from}>${to}`) })))

/** What `ensure` throws, or null. */
function refusal(step: () => void): unknown {
  try {
    step()
    return null
  } catch (error) {
    return error
  }
}

describe('a lifecycle', () => {
  test('knows every state of its table', () => {
    expect(door.states).toEqual(['OPEN', 'CLOSED', 'LOCKED', 'GONE'])
  })

  test.each(PAIRS)('$from to $to: $may', ({ from, to, may }) => {
    expect(door.can(from, to)).toBe(may)
    expect(refusal(() => door.ensure(from, to)) === null).toBe(may)
  })

  test('says which steps there are when it refuses one, in words and for programs', () => {
    const error = refusal(() => door.ensure('CLOSED', 'GONE', ['input', 'door']))
    expect(error).toBeInstanceOf(DomainError)
    expect(error).toMatchObject({
      code: 'ILLEGAL_TRANSITION',
      message: 'This door is CLOSED and cannot become GONE: it can become OPEN or LOCKED.',
      argument: ['input', 'door'],
      details: { from: 'CLOSED', allowed: ['OPEN', 'LOCKED'] },
    })
  })

  test('says so where no step is left', () => {
    expect(refusal(() => door.ensure('GONE', 'OPEN'))).toMatchObject({
      message: 'This door is GONE and cannot become OPEN: it stays so.',
      argument: ['input', 'id'],
      details: { allowed: [] },
    })
  })
})
