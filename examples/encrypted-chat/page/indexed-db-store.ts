import type { Store } from '../store.ts'

const OBJECTS = 'values'

function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/**
 * Keeps keys as they are, also those whose bytes WebCrypto gives to nobody: a script that reads everything here can use
 * them while it runs, and cannot carry them off.
 */
export class IndexedDbStore implements Store {
  readonly needsBytes = false
  readonly #database: IDBDatabase

  private constructor(database: IDBDatabase) {
    this.#database = database
  }

  static async open(name: string): Promise<IndexedDbStore> {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(OBJECTS)
    return new IndexedDbStore(await done(request))
  }

  /** A device that was revoked begins anew. */
  static async delete(name: string): Promise<void> {
    await done(indexedDB.deleteDatabase(name))
  }

  async get<Value>(name: string): Promise<Value | undefined> {
    return done<Value | undefined>(this.#objects('readonly').get(name))
  }

  async write(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const objects = this.#objects('readwrite')
    const finished = new Promise<void>((resolve, reject) => {
      objects.transaction.oncomplete = () => resolve()
      objects.transaction.onabort = () => reject(objects.transaction.error)
    })
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) objects.delete(name)
      else objects.put(value, name)
    }
    await finished
  }

  async names(prefix: string): Promise<string[]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
    return (await done(this.#objects('readonly').getAllKeys(range))).map(String)
  }

  close(): void {
    this.#database.close()
  }

  #objects(mode: IDBTransactionMode): IDBObjectStore {
    // Strict: a number of a chain that was used must not come back after a loss of power.
    return this.#database.transaction(OBJECTS, mode, { durability: 'strict' }).objectStore(OBJECTS)
  }
}
