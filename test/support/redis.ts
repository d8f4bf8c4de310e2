import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether a `redis-server` is installed. With `REQUIRE_REDIS=1` its absence is a failure and not a skipped test. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedis && process.env.REQUIRE_REDIS === '1') throw new Error('REQUIRE_REDIS=1, but there is no redis-server')

export interface TestRedis {
  readonly url: string
  /** SIGKILL, as an outage would. */
  kill(): Promise<void>
  /** Starts again, empty, on the same port. */
  restart(): Promise<void>
  /** Keeps its connections open and answers nothing. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/** A real Redis on a free loopback port, without persistence. */
export async function startRedis(): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'atrium-redis-'))
  const port = await freePort()
  const start = async (): Promise<ChildProcess> => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory]
    const child = spawn('redis-server', args, { stdio: 'ignore' })
    await answering(port, child)
    return child
  }
  let server = await start()
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async restart() {
      await kill()
      server = await start()
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
      socket.once('data', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.once('data', () => socket.destroy())
    })
    if (answers) return
    await delay(25)
  }
  throw new Error('redis-server does not answer')
}
