import { describe, expect, test } from 'vitest'
import { createGate, createTurnstile } from './turnstile.ts'

test('a turnstile lets one through at a time, in the order of asking, and others have their turn between any two', async () => {
  const { turn } = createTurnstile(1)
  const seen: (number | 'loop')[] = []
  let isOver = false
  const loop = (): void => {
    seen.push('loop')
    if (!isOver) setImmediate(loop)
  }
  setImmediate(loop)
  const pass = async (number: number): Promise<void> => {
    await turn()
    seen.push(number)
  }
  await Promise.all([1, 2, 3].map(pass))
  isOver = true
  expect(seen.filter((each) => each !== 'loop')).toEqual([1, 2, 3])
  expect(seen.indexOf(2) - seen.indexOf(1)).toBeGreaterThan(1)
  expect(seen.indexOf(3) - seen.indexOf(2)).toBeGreaterThan(1)
  await pass(4)
})

describe('a gate', () => {
  test('lets so many in, and the next when one leaves, in the order of coming', async () => {
    const gate = createGate(2)
    const came: string[] = []
    const come = async (name: string) => {
      const leave = await gate.enter()
      came.push(name)
      return leave
    }
    const [leaveA] = [await come('a'), await come('b')]
    const [c, d] = [come('c'), come('d')]
    await new Promise(setImmediate)
    expect(came).toEqual(['a', 'b'])
    leaveA()
    // Leaving twice is leaving once.
    leaveA()
    const leaveC = await c
    expect(came).toEqual(['a', 'b', 'c'])
    leaveC()
    await d
    expect(came).toEqual(['a', 'b', 'c', 'd'])
  })

  test('does not wait for ever for who stays', async () => {
    const gate = createGate(1, 20)
    const leave = await gate.enter()
    const leaveNext = await gate.enter()
    leave()
    leaveNext()
    await gate.enter()
  })
})
