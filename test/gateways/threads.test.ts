import { expect, test, vi } from 'vitest'
import { createThreads, ThreadGivenUp } from '../../src/gateways/threads.ts'

const PROGRAM = new URL('../support/hard-thread.ts', import.meta.url)
const threads = (more = {}) =>
  createThreads<string, string>(PROGRAM, { timeoutMs: 20_000, memoryMb: 64, atOnce: 2, ...more })

test('work is done beside us, knows nothing of our settings, and more waits than runs at once', async () => {
  const all = threads()
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((input) => all.run(input)))
  expect(answers).toEqual(['a', 'b', 'c', 'd', 'e'].map((input) => `${input}, in a bare environment`))
})

test('what does not end is ended, while everybody else is answered; and others come in after it', async () => {
  let turns = 0
  const clock = setInterval(() => {
    turns += 1
  }, 5)
  const one = threads({ timeoutMs: 400, atOnce: 1 })
  const endless = one.run('turn for ever')
  const next = one.run('after it')
  await expect(endless).rejects.toBeInstanceOf(ThreadGivenUp)
  expect(turns).toBeGreaterThan(5)
  clearInterval(clock)
  expect(await next).toContain('after it')
})

test('what takes all memory takes its own', async () => {
  await expect(threads().run('take all memory')).rejects.toBeInstanceOf(ThreadGivenUp)
})

test('an error of the work is told', async () => {
  await expect(threads().run('fail')).rejects.toThrow('it cannot be done')
  await vi.waitFor(async () => expect(await threads().run('again')).toContain('again'), 10_000)
})
