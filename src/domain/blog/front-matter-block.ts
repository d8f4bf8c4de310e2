import { parse as parseToml, TomlDate } from 'smol-toml'
import { parseDocument } from 'yaml'

/** Longer than any that people write. */
const MAX_BLOCK_LENGTH = 64_000

export type Fields = Readonly<Record<string, unknown>>

export type Block =
  | { fields: Fields | null; body: string }
  /** There is front matter, and it cannot be read. */
  | { error: string }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

function parseYaml(source: string): unknown {
  const document = parseDocument(source, { schema: 'core', logLevel: 'error', prettyErrors: true })
  const [error] = document.errors
  if (error !== undefined) throw error
  // Aliases of aliases grow exponentially; a hundred resolved ones is more than any post has.
  return document.toJS({ maxAliasCount: 100 })
}

/** The lines between the delimiter on the first line and the same on a later one, and what follows. */
function fenced(text: string, closing: RegExp): { source: string; body: string } | null {
  const end = text.slice(3).search(closing)
  if (end === -1) return null
  const source = text.slice(3, 3 + end)
  const rest = text.slice(3 + end + 1)
  const next = rest.indexOf('\n')
  return { source, body: next === -1 ? '' : rest.slice(next + 1) }
}

/** The index behind the `}` that closes the object with which `text` begins, or -1. */
function objectEnd(text: string): number {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (quoted) {
      if (character === '\\') index += 1
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{') depth += 1
    else if (character === '}') {
      depth -= 1
      if (depth === 0) return index + 1
    }
  }
  return -1
}

function read(format: string, source: string, body: string, text: string, parse: (source: string) => unknown): Block {
  if (source.length > MAX_BLOCK_LENGTH) return { error: `The ${format} front matter is longer than 64,000 characters.` }
  try {
    const value = parse(source)
    if (value === null || value === undefined) return { fields: {}, body }
    // Two thematic breaks with prose between them look like a YAML block, but hold no fields.
    return isRecord(value) ? { fields: value, body } : { fields: null, body: text }
  } catch (error) {
    return { error: `The ${format} front matter cannot be read: ${firstLine(error)}` }
  }
}

/**
 * Takes the front matter off a document: YAML between `---`, TOML between `+++`, or a JSON object at the very start.
 * `fields` is null when there is none. `text` has LF line ends and no byte order mark.
 */
export function takeFrontMatter(text: string): Block {
  if (/^---[ \t]*\n/.test(text)) {
    const block = fenced(text, /\n(?:---|\.\.\.)[ \t]*(?:\n|$)/)
    if (block !== null) return read('YAML', block.source, block.body, text, parseYaml)
    return /^---[ \t]*\n[\w-]+:(?:\s|$)/.test(text)
      ? { error: 'The YAML front matter has no closing --- line.' }
      : { fields: null, body: text }
  }
  if (/^\+\+\+[ \t]*\n/.test(text)) {
    const block = fenced(text, /\n\+\+\+[ \t]*(?:\n|$)/)
    if (block === null) return { error: 'The TOML front matter has no closing +++ line.' }
    return read('TOML', block.source, block.body, text, (source) =>
      parseToml(source, { maxDepth: 20, useLegacyDate: true }),
    )
  }
  if (/^\{\s*["}]/.test(text)) {
    const end = objectEnd(text)
    if (end === -1) return { error: 'The JSON front matter has no closing brace.' }
    return read('JSON', text.slice(0, end), text.slice(end).replace(/^[ \t]*\n/, ''), text, JSON.parse)
  }
  return { fields: null, body: text }
}

/** A date of TOML, which is an object, as the text that the other formats give. */
export const dateText = (value: unknown): unknown => (value instanceof TomlDate ? value.toISOString() : value)
