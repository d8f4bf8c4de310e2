const NOTEWORTHY_MS = 300
const SIGN_OF_LIFE_MS = 2_000
const FRAME_MS = 120
const LINE_MS = 10_000
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * Shows that something is at work: moving in a terminal, elsewhere a line once it takes longer than two seconds and then
 * now and again. What took noticeable time leaves a line that says how much. On standard error, so that standard output
 * stays free for what was asked for.
 */
export function showProgress(title, stream = process.stderr) {
  const startedAtMs = performance.now()
  const passedMs = () => performance.now() - startedAtMs
  let frame = 0
  const show = () => {
    frame += 1
    const seconds = Math.round(passedMs() / 1000)
    if (stream.isTTY) stream.write(`\r${FRAMES[frame % FRAMES.length]} ${title} … ${seconds} s `)
    else stream.write(frame === 1 ? `  ${title} …\n` : `  ${title} … ${seconds} s\n`)
  }
  let interval
  const timer = setTimeout(
    () => {
      show()
      interval = setInterval(show, stream.isTTY ? FRAME_MS : LINE_MS)
      interval.unref()
    },
    stream.isTTY ? NOTEWORTHY_MS : SIGN_OF_LIFE_MS,
  )
  timer.unref()
  return {
    end(succeeded) {
      clearTimeout(timer)
      clearInterval(interval)
      if (frame === 0 && passedMs() < NOTEWORTHY_MS) return
      const line = `${succeeded ? '✓' : '✗'} ${title} (${(passedMs() / 1000).toFixed(1)} s)\n`
      stream.write(stream.isTTY ? `\r\u001b[K${line}` : line)
    },
  }
}
