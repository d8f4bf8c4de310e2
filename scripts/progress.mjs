const QUIET_MS = 2_000
const FRAME_MS = 120
const LINE_MS = 10_000
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * Shows that something is at work once it takes longer than two seconds: moving in a terminal, a line now and then
 * elsewhere. On standard error, so that standard output stays free for what was asked for.
 */
export function showProgress(title, stream = process.stderr) {
  const startedAtMs = performance.now()
  const seconds = () => Math.round((performance.now() - startedAtMs) / 1000)
  let frame = 0
  let shown = false
  const show = () => {
    shown = true
    frame += 1
    if (stream.isTTY) stream.write(`\r${FRAMES[frame % FRAMES.length]} ${title} … ${seconds()} s `)
    else stream.write(frame === 1 ? `${title} …\n` : `${title} … ${seconds()} s\n`)
  }
  let interval
  const timer = setTimeout(() => {
    show()
    interval = setInterval(show, stream.isTTY ? FRAME_MS : LINE_MS)
  }, QUIET_MS)
  return {
    end(succeeded) {
      clearTimeout(timer)
      clearInterval(interval)
      if (!shown) return
      const line = `${title}: ${succeeded ? 'done' : 'failed'} after ${seconds()} s\n`
      stream.write(stream.isTTY ? `\r\u001b[K${line}` : line)
    },
  }
}
