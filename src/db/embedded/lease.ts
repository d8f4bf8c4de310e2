import { spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { environment, runAs } from './account.ts'
import { EmbeddedError } from './failure.ts'
import type { Home } from './home.ts'

/**
 * Waits until nobody holds the pipe for writing any more and then stops the server, whichever it is by then. Only what a
 * POSIX shell has built in: containers may have no more.
 */
const WATCHDOG = `
trap '' INT HUP TERM
exec 3<"$1"
echo ready
exec >/dev/null
read -r _ <&3
read -r pid <"$2/postmaster.pid" || exit 0
if [ -d /proc/self ]; then
  read -r name <"/proc/$pid/comm" || exit 0
  [ "$name" = postgres ] || exit 0
fi
kill -INT "$pid"
`
const WATCHDOG_START_MS = 5_000

/**
 * Every Atrium process that uses the server holds a named pipe open for writing. While one does, the server runs; when the
 * last is gone, the watchdog stops it. The kernel closes the pipe of a process that ends, kill -9 included.
 */
export class Lease {
  readonly #home: Home
  readonly #pipe: string
  #fd: number | null = null
  #released = false

  private constructor(home: Home) {
    this.#home = home
    this.#pipe = join(home.directory, 'lease')
  }

  static async take(home: Home): Promise<Lease> {
    const lease = new Lease(home)
    if (!existsSync(lease.#pipe)) {
      const { output } = await runAs(home.account, '/bin/sh', ['-c', 'mkfifo -m 600 "$1"', 'sh', lease.#pipe])
      if (!existsSync(lease.#pipe)) throw new EmbeddedError(`The pipe ${lease.#pipe} cannot be made: ${output.trim()}`)
    }
    await lease.renew()
    return lease
  }

  /** Makes sure that the lease is held and that a watchdog waits at its other end. Cheap when both are so. */
  async renew(): Promise<void> {
    if (this.#released) return
    const held = this.#open()
    if (held !== null) return this.#hold(held)
    // Nobody reads. Held for both ways until the new watchdog does, as for writing alone it could not be opened.
    const bridge = openSync(this.#pipe, constants.O_RDWR | constants.O_NONBLOCK)
    try {
      await this.#startWatchdog()
      const opened = this.#open()
      if (opened !== null) this.#hold(opened)
    } finally {
      closeSync(bridge)
    }
  }

  /** Lets go; answers whether nobody else holds the lease. */
  release(): boolean {
    this.#released = true
    if (this.#fd === null) return false
    closeSync(this.#fd)
    this.#fd = null
    try {
      const reader = openSync(this.#pipe, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        // Without a writer a read ends at once; with one it would have to wait, which is EAGAIN here.
        return readSync(reader, Buffer.alloc(1)) === 0
      } finally {
        closeSync(reader)
      }
    } catch {
      return false
    }
  }

  #hold(fd: number): void {
    const before = this.#fd
    this.#fd = this.#released ? null : fd
    if (before !== null) closeSync(before)
    if (this.#released) closeSync(fd)
  }

  /** Null while nobody reads (ENXIO). */
  #open(): number | null {
    try {
      return openSync(this.#pipe, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENXIO') return null
      throw error
    }
  }

  #startWatchdog(): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', WATCHDOG, 'atrium-watchdog', this.#pipe, this.#home.cluster], {
        ...this.#home.account,
        cwd: '/',
        env: environment(),
        stdio: ['ignore', 'pipe', 'ignore'],
        // Its own process group: Ctrl-C in the terminal must not reach it.
        detached: true,
      })
      const settle = (outcome: () => void): void => {
        clearTimeout(timer)
        child.stdout.destroy()
        child.unref()
        outcome()
      }
      const failed = (why: string) => () => reject(new EmbeddedError(`The watchdog of PostgreSQL ${why}`))
      const timer = setTimeout(() => settle(failed('does not start')), WATCHDOG_START_MS)
      child.stdout.once('data', () => settle(resolve))
      child.once('error', (error) => settle(failed(`cannot be started: ${error.message}`)))
      child.once('exit', () => settle(failed('ended early')))
    })
  }
}
