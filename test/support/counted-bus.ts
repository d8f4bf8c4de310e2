import { createLog } from '../../src/core/log.ts'
import { type Bus, createLocalBus } from '../../src/live/bus.ts'

export interface CountedBus extends Bus {
  /** How many listeners there are now. */
  readonly listening: number
}

/** A local bus that knows how many listen, for tests about what is left behind. */
export function createCountedBus(): CountedBus {
  const local = createLocalBus({ log: createLog('silent') })
  let listening = 0
  return {
    publish: local.publish,
    hint: local.hint,
    isHeard: local.isHeard,
    close: local.close,
    get listening() {
      return listening
    },
    subscribe(on, listener) {
      listening++
      const stop = local.subscribe(on, listener)
      let stopped = false
      return () => {
        if (!stopped) listening--
        stopped = true
        stop()
      }
    },
  }
}
