import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Key } from './keys.ts'
import type { Store } from './store.ts'

type Json = Parameters<typeof JSON.stringify>[0]

/** A key in a file is there for whoever can read the file: 0600, and on a disk that is encrypted. */
export class FileStore implements Store {
  readonly needsBytes = true
  readonly #file: string
  #values: Record<string, unknown> | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(file: string) {
    this.#file = file
  }

  async get<Value>(name: string): Promise<Value | undefined> {
    return (await this.#read())[name] as Value | undefined
  }

  async names(prefix: string): Promise<string[]> {
    return Object.keys(await this.#read()).filter((name) => name.startsWith(prefix))
  }

  async write(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const values = await this.#read()
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) delete values[name]
      else values[name] = value
    }
    this.#writing = this.#writing.catch(() => {}).then(() => this.#save(values))
    await this.#writing
  }

  /** Beside the file and then in its place: a crash leaves the old one or the new one. */
  async #save(values: Record<string, unknown>): Promise<void> {
    const text = JSON.stringify(await packed(values))
    await writeFile(`${this.#file}.new`, text, { mode: 0o600 })
    await rename(`${this.#file}.new`, this.#file)
  }

  async #read(): Promise<Record<string, unknown>> {
    this.#values ??= (await unpacked(JSON.parse(await readFile(this.#file, 'utf8').catch(() => '{}')))) as Record<
      string,
      unknown
    >
    return this.#values
  }
}

const isKey = (value: object): value is Key => 'algorithm' in value && 'usages' in value && 'extractable' in value

async function packed(value: unknown): Promise<Json> {
  if (typeof value !== 'object' || value === null) return value
  if (isKey(value)) {
    const { algorithm, usages } = value
    return { $key: await crypto.subtle.exportKey('jwk', value), algorithm, usages }
  }
  if (Array.isArray(value)) return Promise.all(value.map(packed))
  const entries = Object.entries(value).map(async ([name, each]) => [name, await packed(each)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

async function unpacked(value: Json): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value
  if ('$key' in value) return crypto.subtle.importKey('jwk', value.$key, value.algorithm, true, value.usages)
  if (Array.isArray(value)) return Promise.all(value.map(unpacked))
  const entries = Object.entries(value).map(async ([name, each]) => [name, await unpacked(each)] as const)
  return Object.fromEntries(await Promise.all(entries))
}
