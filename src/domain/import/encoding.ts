import type { Readable } from 'node:stream'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { charsetOf } from '../upload/content.ts'
import { type ImportOptions, TABLE_ENCODINGS } from './rules.ts'

/**
 * In what a file is to be read, as the Encoding Standard calls it. A file in Unicode says so by itself; of any other nobody but
 * its sender knows: guessing would book words that are none, and book them again when the file comes in the right encoding.
 * @throws DomainError `INVALID_INPUT` where it is not told.
 */
export function labelOf(mediaType: string, { encoding }: Pick<ImportOptions, 'encoding'>): string {
  const charset = charsetOf(mediaType)
  if (charset !== 'unknown-8bit') return charset
  if (encoding != null) return TABLE_ENCODINGS[encoding]
  throw invalidInput(
    ['input', 'encoding'],
    'This file is not in Unicode. Say in which encoding it is: banks of Western Europe and America send WINDOWS_1252.',
  )
}

/** The pieces of a text in UTF-8, without a byte order mark. @throws DomainError `INVALID_INPUT` for what is not in this encoding. */
export async function* inUtf8(pieces: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(label, { fatal: true })
  const decode = (piece?: Buffer): Buffer => {
    try {
      return Buffer.from(decoder.decode(piece, { stream: piece !== undefined }))
    } catch {
      throw new DomainError('INVALID_INPUT', `This file is not in ${label}. Nothing of it was kept.`)
    }
  }
  for await (const piece of pieces) yield decode(piece)
  yield decode()
}

/** Reads a file to its end, before anything is kept of it. @throws DomainError `INVALID_INPUT` */
export async function ensureReadable(content: Readable, label: string): Promise<void> {
  try {
    for await (const _ of inUtf8(content, label));
  } finally {
    content.destroy()
  }
}
