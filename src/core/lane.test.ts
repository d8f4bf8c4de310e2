import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLane } from './lane.ts'

test('no more than its width runs at a time, in order, also when some of it fails', async () => {
  const lane = createLane(3)
  let running = 0
  let most = 0
  const begun: number[] = []
  const work = (number: number) =>
    lane(async () => {
      begun.push(number)
      running++
      most = Math.max(most, running)
      await pause(Math.random() * 5)
      running--
      if (number % 4 === 0) throw new Error(`number ${number}`)
      return number
    })
  const results = await Promise.allSettled(Array.from({ length: 40 }, (_, number) => work(number)))
  expect(most).toBe(3)
  expect(begun).toEqual(Array.from({ length: 40 }, (_, number) => number))
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10)
  expect(await work(1)).toBe(1)
})
