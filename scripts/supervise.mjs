import { spawn } from 'node:child_process'
import { root } from './prepare.mjs'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
const SAME_SIGNAL_MS = 500
const PARENT_CHECK_MS = 500

/**
 * Runs a Node program in our place: its output, its signals and its end are ours, and we end with the npm that started us.
 * With `endsWithUs` it ends with us however we end, and has a process group of its own, so that it gets signals from us
 * alone and once each: on Ctrl-C both the terminal and npm signal all they know, and a server takes a second one for
 * impatience.
 */
export function supervise(args, { endsWithUs = false } = {}) {
  const program = endsWithUs ? ['--import', new URL('end-with-parent.mjs', import.meta.url).href, ...args] : args
  const child = spawn(process.execPath, program, {
    cwd: root,
    stdio: endsWithUs ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    detached: endsWithUs,
  })
  const lastAtMs = new Map()
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      const nowMs = performance.now()
      const isRepeated = nowMs - (lastAtMs.get(signal) ?? -Infinity) < SAME_SIGNAL_MS
      lastAtMs.set(signal, nowMs)
      // The terminal has sent its SIGINT to a child in our own group already.
      if (!isRepeated && (endsWithUs || signal !== 'SIGINT')) child.kill(signal)
    })
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid
    // npm was killed, or the shell between npm and us was and did not pass it on.
    const check = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(check)
      child.kill('SIGTERM')
    }, PARENT_CHECK_MS)
    check.unref()
  }
  child.once('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of FORWARDED) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}
