import { expect, test } from 'vitest'
import { FairShare } from './share.ts'

/** A clock that stands still but for work and rests. */
function timed() {
  let now = 0
  const rests: number[] = []
  const share = new FairShare({
    now: () => now,
    rest: async (ms) => {
      rests.push(ms)
      now += ms
    },
  })
  const work = (ms: number) => async () => {
    now += ms
    return now
  }
  return { share, work, rests }
}

test('whoever needs much rests long: three times as long as it worked for them, two seconds at most', async () => {
  const { share, work, rests } = timed()
  await Promise.all([share.use('ada', work(10)), share.use('ada', work(100)), share.use('ada', work(5_000))])
  await expect.poll(() => share.size).toBe(0)
  expect(rests).toEqual([30, 300, 2_000])
})

test('pieces of one are done one after the other, those of another at the same time', async () => {
  const share = new FairShare()
  const begun: string[] = []
  let finish = (): void => {}
  const long = new Promise<void>((resolve) => {
    finish = resolve
  })
  const first = share.use('ada', () => {
    begun.push('ada 1')
    return long
  })
  const second = share.use('ada', async () => {
    begun.push('ada 2')
  })
  await share.use('bob', async () => {
    begun.push('bob')
  })
  expect(begun).toEqual(['ada 1', 'bob'])
  finish()
  await Promise.all([first, second])
  expect(begun).toEqual(['ada 1', 'bob', 'ada 2'])
})

test('what fails frees the way for what waits, and nothing is remembered of those who are gone', async () => {
  const { share, work } = timed()
  const failing = share.use('ada', () => Promise.reject(new Error('broken')))
  const next = share.use('ada', work(1))
  await expect(failing).rejects.toThrow('broken')
  await expect(next).resolves.toBe(1)
  await expect.poll(() => share.size).toBe(0)
})
