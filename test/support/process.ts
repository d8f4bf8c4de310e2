import { type ChildProcess, spawn } from 'node:child_process'
import type { Checkout } from './checkout.ts'
import type { Answer } from './server.ts'

export interface RunOptions {
  /** What to start; `npm start` without npm unless said otherwise. */
  command?: readonly string[]
  environment?: Record<string, string>
  uid?: number
  /** What it prints when it is ready, with its address if it has one. */
  ready?: RegExp
}

const READY = /Playground\s+(http:\S+)\/graphql[\s\S]*Stop with/

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  tookMs: number
}

export interface RunningAtrium {
  readonly child: ChildProcess
  readonly url: string
  readonly stdout: string
  readonly stderr: string
  readonly ended: Promise<Ended>
  ask(query: string, variables?: Record<string, unknown>, token?: string): Promise<Answer>
}

const running = new Set<ChildProcess>()

function launch(checkout: Checkout, options: RunOptions): { child: ChildProcess; ended: Promise<Ended> } {
  const [program = '', ...args] = options.command ?? [process.execPath, 'scripts/start.mjs']
  const account = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }
  const startedAtMs = performance.now()
  const child = spawn(program, args, {
    ...account,
    cwd: checkout.directory,
    // Nothing of the test run: its NODE_ENV, its npm, its settings.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
    })
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal, ...text, tookMs: performance.now() - startedAtMs })
    })
  })
  return { child, ended }
}

/** Runs something in the checkout until it ends. */
export const runToEnd = (checkout: Checkout, options: RunOptions): Promise<Ended> => launch(checkout, options).ended

/** Starts a server and waits until it says that it is ready. @throws what it printed when it ends instead. */
export async function startAtrium(checkout: Checkout, options: RunOptions = {}): Promise<RunningAtrium> {
  const { child, ended } = launch(checkout, options)
  let stdout = ''
  let stderr = ''
  child.stderr?.on('data', (chunk: string) => {
    stderr += chunk
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: string) => {
      stdout += chunk
      const found = (options.ready ?? READY).exec(stdout)
      if (found !== null) resolve(found[1] ?? '')
    })
    ended.then((end) => reject(new Error(`it ended with ${end.code}: ${end.stdout}${end.stderr}`)), reject)
  })
  return {
    child,
    url,
    ended,
    get stdout() {
      return stdout
    },
    get stderr() {
      return stderr
    },
    async ask(query, variables = {}, token) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
      })
      return (await response.json()) as Answer
    },
  }
}

/** Asks a server to stop and waits for it. */
export function stopAtrium(server: RunningAtrium): Promise<Ended> {
  server.child.kill('SIGTERM')
  return server.ended
}

/** After a test that failed half-way. */
export async function stopAll(): Promise<void> {
  const left = [...running].map((child) => {
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    return closed
  })
  await Promise.all(left)
}
