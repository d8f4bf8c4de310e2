/**
 * Lets `width` pieces of work run at a time; the others wait in their order. Without it a single document, which may ask for
 * many slow things at once, could take every connection that there is.
 */
export function createLane(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The place goes to whoever waits longest, so nobody can slip in between.
      if (next === undefined) running--
      else next()
    }
  }
}
