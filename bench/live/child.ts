import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { NURSERY } from '../../scripts/nursery.mjs'

export type Message = Readonly<Record<string, unknown>>

/** A program of this folder in a process of its own, with which one speaks in messages. */
export interface Child {
  send(message: Message): void
  /** The next message that has this field. @throws when the process ends instead. */
  hear(field: string): Promise<Message>
  /** Sends a message and waits for one with this field. */
  ask(message: Message, field: string): Promise<Message>
  /** What has come of a field so far, without waiting. */
  heard(field: string): readonly Message[]
  stop(): Promise<void>
}

const TOO_LONG_MS = 60_000
const MEMORY = [NURSERY, '--expose-gc']

export function startChild(file: string, ...args: string[]): Child {
  const isTypeScript = file.endsWith('.ts')
  const child: ChildProcess = fork(join(import.meta.dirname, file), args, {
    execArgv: isTypeScript ? [...MEMORY, '--import', 'tsx'] : MEMORY,
  })
  const inbox: Message[] = []
  const waiting: { field: string; resolve: (message: Message) => void; reject: (error: Error) => void }[] = []
  let isOver = false
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      isOver = true
      for (const { reject } of waiting.splice(0)) reject(new Error(`${file} ended with ${code}`))
      resolve()
    })
  })
  child.on('message', (message: Message) => {
    const at = waiting.findIndex(({ field }) => field in message)
    if (at === -1) inbox.push(message)
    else waiting.splice(at, 1)[0]?.resolve(message)
  })
  const hear = (field: string): Promise<Message> => {
    const at = inbox.findIndex((message) => field in message)
    const known = at === -1 ? undefined : inbox.splice(at, 1)[0]
    if (known !== undefined) return Promise.resolve(known)
    if (isOver) return Promise.reject(new Error(`${file} has ended`))
    return new Promise((resolve, reject) => {
      const entry = { field, resolve, reject }
      waiting.push(entry)
      setTimeout(() => {
        const place = waiting.indexOf(entry)
        if (place !== -1) waiting.splice(place, 1)
        reject(new Error(`${file} ${args.join(' ')} has not said '${field}' for too long`))
      }, TOO_LONG_MS).unref()
    })
  }
  return {
    send: (message) => void child.send(message),
    hear,
    ask(message, field) {
      child.send(message)
      return hear(field)
    },
    heard: (field) => inbox.filter((message) => field in message),
    stop() {
      if (!isOver && child.connected) child.disconnect()
      return ended
    },
  }
}
