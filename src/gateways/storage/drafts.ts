import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000

/** Answers paths in a folder of its own, and clears away what a killed process has left there. */
export function createDrafts(directory: string): () => Promise<string> {
  let ready: Promise<void> | undefined

  const sweep = async (): Promise<void> => {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const oldest = Date.now() - FORGOTTEN_AFTER_MS
    for (const name of await readdir(directory)) {
      const path = join(directory, name)
      const found = await stat(path).catch(() => null)
      if (found !== null && found.mtimeMs < oldest) await rm(path, { force: true })
    }
  }

  return async () => {
    ready ??= sweep()
    await ready.catch((error: unknown) => {
      ready = undefined
      throw error
    })
    return join(directory, randomUUID())
  }
}
