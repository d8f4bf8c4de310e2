export interface Verdict {
  what: string
  /** What was measured, such as a ratio or seconds. */
  value: number
  limit: number
  unit: 'times' | 's' | 'statements' | 'votes' | 'updates' | 'readers' | 'pieces' | 'uses' | 'µs' | 'kB' | 'MB'
  /** How it came about, in a few words. */
  detail: string
}

export const isKept = ({ value, limit }: Verdict): boolean => value <= limit

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

type Run = () => Promise<unknown>

const millisecondsOf = async (run: Run): Promise<number> => {
  const startedAtMs = performance.now()
  await run()
  return performance.now() - startedAtMs
}

/**
 * Median milliseconds of two runs that take turns (A B, B A, …), so that a busy moment of the machine, a warmer cache and
 * the garbage of the other hit both alike.
 */
export async function sideBySide(a: Run, b: Run, rounds: number): Promise<{ aMs: number; bMs: number; ratio: number }> {
  const warmUp = Math.ceil(rounds / 5)
  const times: { a: number[]; b: number[] } = { a: [], b: [] }
  for (let round = -warmUp; round < rounds; round += 1) {
    const isForward = round % 2 === 0
    const first = await millisecondsOf(isForward ? a : b)
    const second = await millisecondsOf(isForward ? b : a)
    if (round < 0) continue
    times.a.push(isForward ? first : second)
    times.b.push(isForward ? second : first)
  }
  const aMs = median(times.a)
  const bMs = median(times.b)
  return { aMs, bMs, ratio: aMs / bMs }
}
