import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { median, type Verdict } from './measure.ts'
import { makeDataDirectory } from './server.ts'

const TIMES = 5
const LIMIT_SECONDS = 3
const root = join(import.meta.dirname, '..')

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Seconds from `npm start` to the first answer of the graph. */
async function startOnce(dataDirectory: string): Promise<number> {
  const port = await freePort()
  const startedAtMs = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), ATRIUM_DATA: dataDirectory },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  // npm does not wait for the server that it started; the pipe ends with the last of them.
  const ended = once(child.stdout.resume(), 'end')
  try {
    for (;;) {
      const response = await fetch(`http://localhost:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ posts(first: 1) { nodes { title } } }"}',
      }).catch(() => null)
      if (response?.ok) return (performance.now() - startedAtMs) / 1000
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`)
      await pause(5)
    }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

/** The first start makes the database and is not counted: the promise is about a data directory that is there. */
export async function measureStart(): Promise<Verdict> {
  const dataDirectory = await makeDataDirectory()
  try {
    await startOnce(dataDirectory)
    const seconds: number[] = []
    for (let time = 0; time < TIMES; time += 1) seconds.push(await startOnce(dataDirectory))
    return {
      what: 'From `npm start` to the first answer',
      value: median(seconds),
      limit: LIMIT_SECONDS,
      unit: 's',
      detail: seconds.map((each) => each.toFixed(2)).join(', '),
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}
