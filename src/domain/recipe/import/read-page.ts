import { createThreads, ThreadGivenUp } from '../../../gateways/threads.ts'
import type { PageReading } from './page.ts'

const PROGRAM = new URL(import.meta.url.endsWith('.ts') ? './page-thread.ts' : './page-thread.js', import.meta.url)

/** A large page takes some tenths of a second. */
const threads = createThreads<string, PageReading>(PROGRAM, { timeoutMs: 10_000, memoryMb: 256, atOnce: 1 })

/** As `readPage`, while everybody else is answered: pages are strangers' work, and some are made to be hard to read. */
export async function readPageAside(html: string): Promise<PageReading> {
  try {
    return await threads.run(html)
  } catch (error) {
    if (error instanceof ThreadGivenUp) return { problem: 'TOO_COMPLEX' }
    throw error
  }
}
