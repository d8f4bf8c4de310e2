import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { DomainError } from '../../core/errors.ts'
import { inUtf8 } from './encoding.ts'
import { unmarked } from './formula.ts'
import type { ImportOptions, ImportReader, ImportRow } from './rules.ts'

/** One row of the file, or what is wrong with its form. */
export type ReadRow = { readonly row: ImportRow } | { readonly line: number; readonly problem: string }

const DELIMITERS = [',', ';', '\t', '|'] as const
const MAX_RECORD_CHARACTERS = 100_000

const problem = (message: string): DomainError => new DomainError('INVALID_INPUT', message)

/** The delimiter that the first line has most of, outside of quotes. */
export function guessDelimiter(head: string): string {
  const [line = ''] = head
    .replace(/^\ufeff/, '')
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r?\n/, 1)
  const counts = DELIMITERS.map((each) => line.split(each).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

const normal = (name: string): string =>
  name
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')

/** For each field the place of its column. @throws DomainError `INVALID_INPUT` that names what is missing, and what there is. */
export function placeColumns(
  reader: Pick<ImportReader, 'fields' | 'required' | 'isOpen'>,
  header: readonly string[],
  chosen: Readonly<Record<string, string | null | undefined>> = {},
): Map<string, number> {
  const names = header.map(normal)
  const places = new Map<string, number>()
  for (const [field, called] of Object.entries(reader.fields)) {
    const wanted = chosen[field]
    const candidates = wanted == null || wanted === '' ? called : [wanted]
    const place = candidates.map((name) => names.indexOf(normal(name))).find((at) => at >= 0)
    if (place !== undefined) places.set(field, place)
    else if (wanted != null && wanted !== '')
      throw problem(`There is no column “${wanted.slice(0, 60)}”. ${listed(header)}`)
  }
  const missing = reader.required.filter((field) => !places.has(field))
  if (missing.length > 0) throw problem(`There is no column for ${missing.join(', ')}. ${listed(header)}`)
  const placed = new Set(places.values())
  if (reader.isOpen) for (const [at, name] of header.entries()) if (!placed.has(at)) places.set(name.trim(), at)
  return places
}

const listed = (header: readonly string[]): string =>
  `The file has: ${header
    .map((name) => name.slice(0, 40))
    .join(', ')
    .slice(0, 400)}.`

/** As much of the beginning as holds the first line, however small the pieces are in which it comes. */
async function beginningOf(pieces: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0)
  while (head.length < MAX_RECORD_CHARACTERS && !/[\r\n]/.test(head.toString('latin1'))) {
    const next = await pieces.next()
    if (next.done === true) return head
    head = Buffer.concat([head, next.value])
  }
  return head
}

/**
 * Reads a table of values row by row, never all of it at once. The first row names the columns. `label` is the encoding, as
 * the Encoding Standard calls it.
 * @throws DomainError `INVALID_INPUT` for what cannot be read at all.
 */
export async function* readTable(
  content: Readable,
  reader: ImportReader,
  options: ImportOptions,
  label = 'utf-8',
): AsyncGenerator<ReadRow> {
  const skipped: { line: number; problem: string }[] = []
  const chunks = inUtf8(content, label)
  const head = await beginningOf(chunks)
  const parser = parse({
    bom: true,
    info: true,
    delimiter: options.delimiter || guessDelimiter(head.toString('utf8')),
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: false,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    on_skip: (error) => {
      const lines = error !== undefined && 'lines' in error ? Number(error.lines) : 0
      skipped.push({ line: lines, problem: 'The quotation marks of this row do not match, or it is too long.' })
      return undefined
    },
  })
  const feeding = feed(parser, head, chunks)
  let places: Map<string, number> | null = null
  let header: string[] = []
  const seen = new Map<string, number>()
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (places === null) {
        header = record
        places = placeColumns(reader, record, options.columns)
        continue
      }
      yield* skipped.splice(0)
      const { lines: line } = info
      if (record.length > header.length) {
        yield { line, problem: `This row has ${record.length} cells, and the first one ${header.length}.` }
        continue
      }
      const cells = Object.fromEntries([...places].map(([field, at]) => [field, unmarked((record[at] ?? '').trim())]))
      yield { row: { line, cells, key: numbered(seen, reader.keyOf?.(cells, options) ?? null) } }
    }
    if (places !== null) yield* skipped.splice(0)
    await feeding
  } finally {
    content.destroy()
    parser.destroy()
  }
  if (places === null) {
    throw problem(
      skipped.length > 0
        ? 'The first row of this file names the columns, and cannot be read: its quotation marks do not match, or it is too long.'
        : 'There is nothing in this file: its first row names the columns.',
    )
  }
}

/** One kind of line end, or a cell of several lines would be counted wrongly. In UTF-8 these bytes are nothing else. */
function createLineEndings(): (chunk: Buffer) => Buffer {
  let endedInReturn = false
  return (chunk) => {
    const text = chunk.toString('latin1')
    const rest = endedInReturn && text.startsWith('\n') ? text.slice(1) : text
    endedInReturn = text === '' ? endedInReturn : text.endsWith('\r')
    return Buffer.from(rest.replace(/\r\n?/g, '\n'), 'latin1')
  }
}

/** Of what makes a row the same as another one; a database keeps it beside how many equal ones stood above. */
export const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url')

/** The same row may stand in a file twice, and is meant twice: the second one is another one. */
function numbered(seen: Map<string, number>, key: string | null): string | null {
  if (key === null) return null
  const hash = hashOf(key)
  const above = seen.get(hash) ?? 0
  seen.set(hash, above + 1)
  return `${hash}:${above}`
}

async function feed(parser: ReturnType<typeof parse>, head: Buffer, chunks: AsyncIterator<Buffer>): Promise<void> {
  const write = (chunk: Buffer) =>
    parser.write(chunk)
      ? undefined
      : new Promise<void>((resolve) => parser.once('drain', resolve).once('close', resolve))
  const endings = createLineEndings()
  try {
    await write(endings(head))
    for (let next = await chunks.next(); next.done !== true && !parser.destroyed; next = await chunks.next())
      await write(endings(next.value))
    if (!parser.destroyed) parser.end()
  } catch (error) {
    parser.destroy(error as Error)
  }
}
