/** What a device must remember. Values are plain data and keys of WebCrypto, which IndexedDB keeps as they are. */
export interface Store {
  /** Whether it can keep only keys whose bytes can be read out. A browser's can keep others. */
  readonly needsBytes: boolean
  get<Value>(name: string): Promise<Value | undefined>
  /** All of the changes or none; `undefined` removes. */
  write(changes: Readonly<Record<string, unknown>>): Promise<void>
  names(prefix: string): Promise<string[]>
}

/** Forgets everything with the program. */
export class MemoryStore implements Store {
  readonly needsBytes = false
  readonly #values = new Map<string, unknown>()

  async get<Value>(name: string): Promise<Value | undefined> {
    return this.#values.get(name) as Value | undefined
  }

  async write(changes: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) this.#values.delete(name)
      else this.#values.set(name, value)
    }
  }

  async names(prefix: string): Promise<string[]> {
    return [...this.#values.keys()].filter((name) => name.startsWith(prefix))
  }
}
