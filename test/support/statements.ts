/** What a server sent to the database while something ran. */
export interface Statement {
  readonly text: string
  readonly parameters: readonly unknown[]
}

/** Collects the statements of a server: `startTestServer({ onStatement: statements.hear })`. */
export class Statements {
  #heard: Statement[] | null = null

  readonly hear = (text: string, parameters: readonly unknown[]): void => {
    if (!isOfQueue(text)) this.#heard?.push({ text, parameters })
  }

  /** Those that were sent while `work` ran. One such `work` at a time. */
  async during(work: () => Promise<unknown>): Promise<Statement[]> {
    const heard: Statement[] = []
    this.#heard = heard
    try {
      await work()
    } finally {
      this.#heard = null
    }
    return heard
  }
}

/** The queue looks for jobs all the time, whatever the graph is asked; what its jobs do is kept out by stopping it. */
const isOfQueue = (text: string): boolean => text.includes('pgboss')
