import { basename, dirname } from 'node:path/posix'
import { MAX_EXCERPT_LENGTH, shorten } from '../../core/markdown/prose.ts'
import { dateText, type Fields, takeFrontMatter } from './front-matter-block.ts'
import { parsePostDate } from './post-date.ts'
import { takeTitle } from './post-title.ts'
import { MAX_CATEGORIES, MAX_TAGS } from './rules.ts'
import { MAX_SLUG_CHARACTERS, slugText } from './slug-text.ts'

const MAX_TITLE_LENGTH = 200

export interface Problem {
  field: string
  message: string
}

export interface ParsedPost {
  title: string
  /** What the file asks for: its `slug` or `permalink`, or the name of a file that is named as a post. */
  slug: string | null
  markdown: string
  excerpt: string | null
  tags: string[]
  categories: string[]
  /** An absolute http(s) URL. */
  coverUrl: string | null
  status: 'draft' | 'published' | 'scheduled'
  /** When it was or will be published, ISO text in UTC. Null when the file does not say. */
  date: string | null
  /** When it was last changed, ISO text in UTC, if the file says so. */
  updatedAt: string | null
  /** Why it cannot be imported. Empty when it can. */
  problems: Problem[]
  /** What was left out, though the rest can be imported. */
  warnings: Problem[]
}

export interface PostFile {
  /** Relative to the imported folder, with `/` between its parts. */
  path: string
  bytes: Uint8Array
  /** What a file at the top of the folder is called when nothing else names it: the folder's name. */
  folderName?: string
  now: Date
}

/** Terminal escapes, page breaks and the like, which mean nothing in a post. NUL never gets this far. */
const CONTROL = /(?![\t\n])\p{Cc}/gu

const oneLine = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** A value that is written like text: YAML turns a title of `2020` into a number. */
const scalar = (value: unknown): string | null => {
  const plain = dateText(value)
  if (typeof plain === 'string') return plain
  return typeof plain === 'number' || typeof plain === 'boolean' ? String(plain) : null
}

const record = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

class Reader {
  readonly problems: Problem[] = []
  readonly warnings: Problem[] = []

  constructor(private readonly fields: Fields) {}

  /** Absent, `null` and empty values all mean that the author did not say. */
  value(field: string): unknown {
    const value = Object.hasOwn(this.fields, field) ? this.fields[field] : undefined
    return value === null || value === undefined || value === '' ? undefined : value
  }

  has(...names: readonly string[]): boolean {
    return names.some((field) => this.value(field) !== undefined)
  }

  problem(field: string, message: string): null {
    this.problems.push({ field, message })
    return null
  }

  /** The first of the fields that is given, as one line of text. */
  text(...names: readonly string[]): string | null {
    for (const field of names) {
      const value = this.value(field)
      if (value === undefined) continue
      const text = scalar(value)
      if (text === null) return this.problem(field, `${field} must be text.`)
      if (oneLine(text) !== '') return oneLine(text)
    }
    return null
  }

  date(...names: readonly string[]): string | null {
    for (const field of names) {
      const value = this.value(field)
      if (value === undefined) continue
      // Ghost's own exports count milliseconds since 1970.
      const text =
        typeof value === 'number' && value > 1e11 && value < 2.5e14 ? new Date(value).toISOString() : scalar(value)
      const date = text === null ? null : parsePostDate(text)
      return date ?? this.problem(field, `${field} must be a date such as 2020-01-31 or 2020-01-31T10:00:00Z.`)
    }
    return null
  }

  flag(field: string): boolean | null {
    const value = this.value(field)
    if (value === undefined) return null
    const text = scalar(value)?.toLowerCase()
    if (text === 'true' || text === 'false') return text === 'true'
    this.problem(field, `${field} must be true or false.`)
    return null
  }

  /** Names from lists, from text (`one two` as Jekyll reads it, or `one thing, another`) and from Ghost's objects. */
  names(list: readonly string[], single: readonly string[]): string[] {
    const names: string[] = []
    const add = (field: string, value: unknown): void => {
      const name = scalar(record(value)?.name ?? record(value)?.slug ?? value)
      if (name === null) this.problem(field, `${field} must be a list of names.`)
      // Ghost's internal tags begin with # and are not shown to readers.
      else if (oneLine(name) !== '' && !oneLine(name).startsWith('#')) names.push(oneLine(name))
    }
    for (const field of single) {
      if (this.has(field)) add(field, this.value(field))
    }
    for (const field of list) {
      const value = this.value(field)
      if (value === undefined) continue
      if (Array.isArray(value)) for (const item of value) add(field, item)
      else if (typeof value === 'string')
        for (const item of value.split(/,/.test(value) ? ',' : /\s+/)) add(field, item)
      else add(field, value)
    }
    return names
  }

  /** As many of the names as a post may be filed under, those of one slug once. */
  terms(field: string, most: number, names: readonly string[]): string[] {
    const bySlug = new Map<string, string>()
    const unspelt: string[] = []
    for (const name of names) {
      const slug = slugText(name)
      if (slug === '') unspelt.push(name)
      else if (!bySlug.has(slug)) bySlug.set(slug, name)
    }
    const kept = [...bySlug.values()]
    const leftOut = (left: readonly string[], why: string): void => {
      if (left.length === 0) return
      this.warnings.push({ field, message: `${field} without ${shorten(left.join(', '), 80)}: ${why}.` })
    }
    leftOut(unspelt, 'a name needs Latin letters or digits')
    leftOut(kept.slice(most), `a post may have at most ${most}`)
    return kept.slice(0, most)
  }

  cover(): string | null {
    for (const field of ['feature_image', 'featured_image', 'cover', 'image', 'images', 'thumbnail']) {
      const value = this.value(field)
      const first = Array.isArray(value) ? value[0] : value
      const inner = record(first)
      const source = inner ? (inner.image ?? inner.url ?? inner.src ?? inner.path) : first
      if (typeof source !== 'string' || source.trim() === '') continue
      const url = URL.canParse(source) ? new URL(source) : null
      if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href
      this.warnings.push({ field, message: `${field} is left out: ${shorten(source, 80)} is no http(s) URL.` })
      return null
    }
    return null
  }
}

const decode = (bytes: Uint8Array): string | Problem => {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { field: 'file', message: 'The file is not UTF-8 text.' }
  }
  if (text.includes('\u0000')) return { field: 'file', message: 'The file contains NUL bytes; it is not text.' }
  return text.replace(/\r\n?/g, '\n').replace(CONTROL, '')
}

/** The last part of `/2020/01/my-post.html`; patterns such as `/:categories/:title/` name no post. */
const permalinkSlug = (permalink: string | null): string | null =>
  permalink === null || permalink.includes(':')
    ? null
    : (permalink
        .replace(/\.html?$/, '')
        .split('/')
        .filter(Boolean)
        .at(-1) ?? null)

interface FileName {
  date: string | null
  slug: string | null
  /** README and index name their folder. */
  title: string
}

function readFileName({ path, folderName = 'Untitled' }: PostFile): FileName {
  const name = basename(path).replace(/\.(?:md|markdown)$/i, '')
  const dated = /^(\d{4}-\d{1,2}-\d{1,2})-(.+)$/.exec(name)
  const date = dated === null ? null : parsePostDate(dated[1] ?? '')
  const own = date === null ? name : (dated?.[2] ?? name)
  const folder = basename(dirname(path))
  const isFolderPage = /^(?:readme|_?index)(?:\.[a-z]{2}(?:-[a-z]{2,4})?)?$/i.test(own)
  const title = isFolderPage ? (folder === '.' || folder === '' ? folderName : folder) : own
  return {
    date,
    slug: isFolderPage && /^readme/i.test(own) ? null : title,
    title: oneLine(date === null && isFolderPage ? title : title.replace(/[-_]+/g, ' ')) || folderName,
  }
}

function statusOf(reader: Reader, path: string, date: string | null, now: Date): ParsedPost['status'] {
  const status = reader.text('status')?.toLowerCase() ?? null
  // Ghost calls a post `sent` that went out as a newsletter only.
  if (status !== null && !['draft', 'published', 'scheduled', 'sent'].includes(status)) {
    reader.problem('status', 'status must be draft, published or scheduled.')
  }
  const isDraft = reader.flag('draft') === true
  const isHeldBack = reader.flag('published') === false
  if (status === 'draft' || isDraft || isHeldBack || path.split('/').includes('_drafts')) return 'draft'
  if (status === 'scheduled' && date === null && reader.problems.length === 0) {
    reader.problem('published_at', 'A scheduled post needs the date on which it is published.')
  }
  return date !== null && Date.parse(date) > now.getTime() ? 'scheduled' : 'published'
}

const refused = (problem: Problem): ParsedPost => ({
  title: '',
  slug: null,
  markdown: '',
  excerpt: null,
  tags: [],
  categories: [],
  coverUrl: null,
  status: 'draft',
  date: null,
  updatedAt: null,
  problems: [problem],
  warnings: [],
})

/**
 * What a Markdown file says, by the field names of Jekyll, Hugo and Ghost. A file without front matter is titled by
 * its first heading. Never throws: what is wrong with the file stands in `problems`.
 */
export function parsePostFile(file: PostFile): ParsedPost {
  const text = decode(file.bytes)
  if (typeof text !== 'string') return refused(text)
  const block = takeFrontMatter(text)
  if ('error' in block) return refused({ field: 'front matter', message: block.error })

  const reader = new Reader(block.fields ?? {})
  const fileName = readFileName(file)
  const html = reader.value('html')
  const written = block.body.trim() === '' && typeof html === 'string' ? html : block.body

  const given = reader.text('title')
  const taken = given === null ? takeTitle(written) : null
  const title = given ?? shorten(oneLine(taken?.title ?? fileName.title), MAX_TITLE_LENGTH)
  if ([...title].length > MAX_TITLE_LENGTH) {
    reader.problem('title', `title may have at most ${MAX_TITLE_LENGTH} characters.`)
  }

  const markdown = (taken?.body ?? written).replace(/^\s*\n/, '').trimEnd()
  if (markdown.trim() === '') reader.problem('body', 'The post has no text.')

  const date = reader.date('published_at', 'publishDate', 'date') ?? fileName.date
  const wanted = reader.text('slug') ?? permalinkSlug(reader.text('permalink', 'url'))
  const namesItself = fileName.date !== null || block.fields !== null
  const excerpt = reader.text('custom_excerpt', 'excerpt', 'summary', 'description', 'meta_description')
  const status = statusOf(reader, file.path, date, file.now)

  return {
    title,
    slug: slugText(wanted ?? (namesItself ? (fileName.slug ?? '') : ''), MAX_SLUG_CHARACTERS) || null,
    markdown,
    excerpt: excerpt === null ? null : shorten(excerpt, MAX_EXCERPT_LENGTH),
    tags: reader.terms('tags', MAX_TAGS, reader.names(['tags'], ['primary_tag', 'tag'])),
    categories: reader.terms('categories', MAX_CATEGORIES, reader.names(['categories'], ['category'])),
    coverUrl: reader.cover(),
    status,
    date: date ?? (status === 'draft' ? reader.date('created_at') : null),
    updatedAt: reader.date('updated_at', 'last_modified_at', 'lastmod'),
    problems: reader.problems,
    warnings: reader.warnings,
  }
}
