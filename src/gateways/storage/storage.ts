import type { Readable } from 'node:stream'

/** Which bytes: from `first` to `last` (both counted), to the end without a `last`, or the last so many. */
export type ByteRange = { first: number; last: number | null } | { lastBytes: number }

export interface StoredFile {
  /** Destroy it when it is not read to its end. */
  readonly stream: Readable
  /** The first and the last byte that `stream` has; `last` is -1 for an empty file. */
  readonly first: number
  readonly last: number
  readonly totalBytes: number
}

/** The range begins behind the end of the file. */
export class RangeNotSatisfiable extends Error {
  override readonly name = 'RangeNotSatisfiable'
  constructor(readonly totalBytes: number) {
    super('the file has no such bytes')
  }
}

/**
 * Where files are. A key is `<uuid>/<name>`, the name in lower-case letters, digits, dots and hyphens; a key is written
 * once and never written anew, so whoever reads one sees all of it or nothing.
 */
export interface Storage {
  /** A path for a file that is being made, to be handed to `put` or deleted; what is forgotten is swept after a day. */
  draft(): Promise<string>
  /** Takes a finished file from a path of `draft`. @throws when it is not stored for good; then it can be tried again. */
  put(key: string, draft: string, mediaType: string): Promise<void>
  /** Null when there is no such file. @throws RangeNotSatisfiable */
  get(key: string, range?: ByteRange): Promise<StoredFile | null>
  /** What is not there is deleted already. */
  delete(keys: readonly string[]): Promise<void>
}

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[a-z0-9][a-z0-9.-]{0,60}$/

/** Nothing else may become a path or an address. */
export function checkedKey(key: string): string {
  if (!KEY.test(key) || key.includes('..')) throw new RangeError('this is no key of a stored file')
  return key
}

/** The bytes of a file that the range stands for. @throws RangeNotSatisfiable */
export function resolveRange(range: ByteRange | undefined, totalBytes: number): { first: number; last: number } {
  if (range === undefined) return { first: 0, last: totalBytes - 1 }
  if ('lastBytes' in range) {
    if (range.lastBytes === 0 || totalBytes === 0) throw new RangeNotSatisfiable(totalBytes)
    return { first: Math.max(0, totalBytes - range.lastBytes), last: totalBytes - 1 }
  }
  if (range.first >= totalBytes) throw new RangeNotSatisfiable(totalBytes)
  return { first: range.first, last: Math.min(range.last ?? totalBytes - 1, totalBytes - 1) }
}
