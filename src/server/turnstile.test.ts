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
    const gate = createGate({ most: 2, ofEach: 2 })
    const came: string[] = []
    const come = async (name: string) => {
      const leave = await gate.enter('ada')
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
    const gate = createGate({ most: 1, ofEach: 1, countedMs: 20 })
    const leave = await gate.enter('ada')
    const leaveNext = await gate.enter('ada')
    leave()
    leaveNext()
    await gate.enter('ada')
  })

  test('has room for others, however many of one wait', async () => {
    const gate = createGate({ most: 3, ofEach: 2 })
    const came: string[] = []
    const come = async (name: string) => {
      const leave = await gate.enter(name[0] ?? '')
      came.push(name)
      return leave
    }
    const [leaveA1] = [await come('a1'), await come('a2')]
    const [a3, a4] = [come('a3'), come('a4')]
    const leaveB1 = await come('b1')
    const [b2, c1] = [come('b2'), come('c1')]
    await new Promise(setImmediate)
    expect(came).toEqual(['a1', 'a2', 'b1'])
    // Of those who wait, the first who has room: none of the greedy one's.
    leaveB1()
    const leaveB2 = await b2
    expect(came).toEqual(['a1', 'a2', 'b1', 'b2'])
    leaveA1()
    await a3
    leaveB2()
    await c1
    expect(came).toEqual(['a1', 'a2', 'b1', 'b2', 'a3', 'c1'])
    void a4
  })
})
