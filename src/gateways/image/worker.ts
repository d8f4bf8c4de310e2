import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Log } from '../../core/log.ts'
import { type ImageHeader, ImageRefused, type ImageWorker, type RenderedImage } from './image.ts'
import type { RendererReply, RendererTask } from './renderer.ts'

/** An idle process keeps its memory; starting one takes a few tenths of a second. */
const IDLE_MS = 30_000
/** A picture that takes longer than this is not worth waiting for. */
const TASK_MS = 120_000

const SOURCE = import.meta.url.endsWith('.ts')
const RENDERER = fileURLToPath(new URL(SOURCE ? './renderer.ts' : './renderer.js', import.meta.url))

export interface ImageWorkerOptions {
  maxPixels: number
  log: Log
}

type Unnumbered<Task> = Task extends unknown ? Omit<Task, 'id' | 'maxPixels'> : never

interface Waiting {
  resolve(value: ImageHeader | RenderedImage): void
  reject(error: Error): void
}

/**
 * Pictures in a process of their own, started when there is one to look at: it is scheduled behind the server, its memory
 * is given back, and a picture that brings libvips down brings down nothing else.
 */
export function createImageWorker({ maxPixels, log }: ImageWorkerOptions): ImageWorker {
  let child: ChildProcess | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0
  const waiting = new Map<number, Waiting>()

  const end = (ended: ChildProcess, why: string): void => {
    if (child !== ended) return
    child = null
    clearTimeout(idle)
    ended.kill('SIGKILL')
    const left = [...waiting.values()]
    waiting.clear()
    if (left.length > 0) log.warn({ why, tasks: left.length }, 'The image renderer ended before its work was done')
    for (const { reject } of left) reject(new Error(`the image renderer ended: ${why}`))
  }

  const start = (): ChildProcess => {
    const started = fork(RENDERER, [], {
      execArgv: SOURCE ? ['--import', 'tsx'] : [],
      // Nothing of the settings: it reads what strangers made.
      // One heap of its own for every thread, as glibc has it, keeps what each has given back.
      env: { MALLOC_ARENA_MAX: '2' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    })
    let said = ''
    started.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-500)
    })
    started.on('message', (reply: RendererReply) => {
      const task = waiting.get(reply.id)
      waiting.delete(reply.id)
      if (waiting.size === 0) idle = setTimeout(() => end(started, 'idle'), IDLE_MS).unref()
      if ('value' in reply) task?.resolve(reply.value)
      else task?.reject(new ImageRefused(reply.refusal, reply.pixels))
    })
    started.once('error', (error) => end(started, error.message))
    started.once('exit', (code, signal) => end(started, `${signal ?? code} ${said}`.trim()))
    // It must not keep a server alive that has nothing else to do.
    started.unref()
    started.channel?.unref()
    return started
  }

  const ask = <T extends ImageHeader>(task: Unnumbered<RendererTask>, signal?: AbortSignal): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted()
      clearTimeout(idle)
      child ??= start()
      const asked = child
      lastId += 1
      const id = lastId
      // There is no way to stop libvips in the middle but to end its process.
      const stop = (why: string) => (): void => end(asked, why)
      const late = setTimeout(stop('it took too long'), TASK_MS)
      const onAbort = stop('the work was called off')
      signal?.addEventListener('abort', onAbort, { once: true })
      const settled = (): void => {
        clearTimeout(late)
        signal?.removeEventListener('abort', onAbort)
      }
      waiting.set(id, {
        resolve(value) {
          settled()
          resolve(value as T)
        },
        reject(error) {
          settled()
          reject(error)
        },
      })
      asked.send({ ...task, id, maxPixels } as RendererTask, (error) => {
        if (error !== null) end(asked, error.message)
      })
    })

  return {
    probe: (path) => ask<ImageHeader>({ kind: 'probe', path }),
    render: (path, to, signal) => ask<RenderedImage>({ kind: 'render', path, to }, signal),
    close() {
      if (child !== null) end(child, 'the server stops')
    },
  }
}
