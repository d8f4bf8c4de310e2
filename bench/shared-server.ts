import { showProgress } from '../scripts/progress.mjs'
import { type Client, openClient } from './client.ts'
import { writePosts } from './posts.ts'
import { type BenchServer, startBenchServer } from './server.ts'

/** Shows that something is at work for as long as it is. */
export async function during<T>(title: string, work: () => Promise<T>): Promise<T> {
  const progress = showProgress(title)
  try {
    const result = await work()
    progress.end(true)
    return result
  } catch (error) {
    progress.end(false)
    throw error
  }
}

export interface Opened {
  readonly server: BenchServer
  readonly client: Client
}

/** The server that most parts measure on, one for all of them: started when the first one wants it. */
export class SharedServer {
  #opened: Opened | null = null
  #hasPosts = false

  async open(): Promise<Opened> {
    if (this.#opened === null) {
      const server = await during('Starting a server', startBenchServer)
      this.#opened = { server, client: await openClient(server.running.url) }
    }
    return this.#opened
  }

  /** The same, with the fifty posts that some parts read. */
  async openWithPosts(): Promise<Opened> {
    const opened = await this.open()
    if (!this.#hasPosts) await during('Writing posts and comments', () => writePosts(opened.server))
    this.#hasPosts = true
    return opened
  }

  async close(): Promise<void> {
    const opened = this.#opened
    if (opened === null) return
    this.#opened = null
    this.#hasPosts = false
    opened.client.close()
    await opened.server.close()
  }
}
