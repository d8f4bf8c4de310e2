import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createDrafts } from './drafts.ts'
import { checkedKey, resolveRange, type Storage } from './storage.ts'

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** Files below one directory. Drafts are in it too, so that putting is a rename: whole at once, or not at all. */
export function createDiskStorage(directory: string): Storage {
  // The last digits of a UUIDv7 are random; its first ones would put everything of a day into one folder.
  const pathOf = (key: string): string => {
    const [id = '', name = ''] = checkedKey(key).split('/')
    return join(directory, id.slice(-2), id, name)
  }

  return {
    draft: createDrafts(join(directory, 'incoming')),
    async put(key, draft) {
      const path = pathOf(key)
      const file = await open(draft, 'r+')
      try {
        // Or the name could outlive a power cut, and the bytes not.
        await file.sync()
      } finally {
        await file.close()
      }
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await rename(draft, path)
    },
    async get(key, range) {
      const path = pathOf(key)
      let totalBytes: number
      try {
        totalBytes = (await stat(path)).size
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
      const { first, last } = resolveRange(range, totalBytes)
      const stream = createReadStream(path, totalBytes === 0 ? {} : { start: first, end: last })
      return { stream, first, last, totalBytes }
    },
    async delete(keys) {
      const paths = keys.map(pathOf)
      for (const path of paths) await rm(path, { force: true })
      for (const folder of new Set(paths.map(dirname))) await rmdir(folder).catch(() => {})
    },
  }
}
