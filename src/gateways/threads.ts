import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { parentPort, Worker } from 'node:worker_threads'
import { createLane } from '../core/lane.ts'

/** What a thread did not come to an end with: it took too long, or too much memory. */
export class ThreadGivenUp extends Error {
  override readonly name = 'ThreadGivenUp'
}

export interface ThreadsOptions {
  /** How long the work may take, once its program is loaded. */
  timeoutMs: number
  memoryMb: number
  /** The others wait. */
  atOnce: number
}

/** Work that may take long, done beside the thread that answers everybody. */
export interface Threads<Input, Output> {
  /** @throws ThreadGivenUp, and what the work throws. */
  run(input: Input): Promise<Output>
}

type Said<Output> = { readonly isReady: true } | { readonly value: Output }

const SOURCE = import.meta.url.endsWith('.ts')
/** Of a machine that has everything else to do. */
const LOADING_MS = 60_000

/** Node's threads do not take the loader of `--import tsx` over: from source, a first line asks for it. */
function loaded(program: URL): URL {
  if (!SOURCE) return program
  // What `require` finds is the twin of what `import` would.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace(/\.cjs$/, '.mjs')
  const first = `import { register } from '${tsx}'; register(); await import('${program.href}')`
  return new URL(`data:text/javascript,${encodeURIComponent(first)}`)
}

/**
 * A thread for each piece of work, ended with it: whatever strangers' input makes of its time and memory, nobody waits for
 * it, and it is over at the end of its time. `program` calls {@link answerFromThread}.
 */
export function createThreads<Input, Output>(program: URL, options: ThreadsOptions): Threads<Input, Output> {
  const lane = createLane(options.atOnce)
  return { run: (input) => lane(() => inThread(program, input, options)) }
}

function inThread<Input, Output>(program: URL, input: Input, options: ThreadsOptions): Promise<Output> {
  const thread = new Worker(loaded(program), {
    execArgv: [],
    // Nothing of the settings: it reads what strangers made.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
  })
  let late: NodeJS.Timeout | undefined
  return new Promise<Output>((resolve, reject) => {
    const within = (ms: number): void => {
      clearTimeout(late)
      late = setTimeout(() => reject(new ThreadGivenUp(`it took longer than ${ms} ms`)), ms)
    }
    within(LOADING_MS)
    thread.on('message', (said: Said<Output>) => {
      if ('value' in said) return resolve(said.value)
      within(options.timeoutMs)
      thread.postMessage(input)
    })
    thread.once('error', (error: Error & { code?: string }) =>
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new ThreadGivenUp('it took too much memory') : error),
    )
    thread.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  }).finally(() => {
    clearTimeout(late)
    void thread.terminate()
  })
}

/** To be called by the program of a thread. */
export function answerFromThread<Input, Output>(work: (input: Input) => Output): void {
  const port = parentPort
  if (port === null) throw new Error('this is no thread')
  port.once('message', (input: Input) => port.postMessage({ value: work(input) } satisfies Said<Output>))
  port.postMessage({ isReady: true } satisfies Said<Output>)
}
