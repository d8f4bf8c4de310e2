import { isUtf8 } from 'node:buffer'
import { fileTypeFromBuffer } from 'file-type'
import { DomainError } from '../../core/errors.ts'
import { type UploadKind, type UploadUse, USES } from './uses.ts'

/** As many bytes of a file's beginning as its kind is found in. */
export const HEAD_BYTES = 4_100

const IMAGES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/webp',
  'image/gif',
  'image/avif',
])
const ARCHIVES =
  /^application\/(?:zip|gzip|x-7z-compressed|vnd\.openxmlformats-officedocument\..+|vnd\.oasis\.opendocument\..+|epub\+zip)$/
const MEDIA = /^(?:audio|video)\/[\w.+-]+$/

/** Whatever a browser might take for a page or a drawing with scripts in it. */
const MARKUP = /^[\s\ufeff]*<(?:[a-z!?/])/i

export interface Content {
  readonly kind: UploadKind
  readonly mediaType: string
}

const TOLD: Readonly<Record<UploadKind, string>> = {
  IMAGE: 'a JPEG, PNG, WebP, AVIF or GIF picture',
  PDF: 'a PDF',
  TEXT: 'a text in UTF-8',
  MEDIA: 'a sound or a film',
  ARCHIVE: 'an office document or archive',
  OPAQUE: 'encrypted bytes',
}

export const unsupported = (message: string): DomainError => new DomainError('UNSUPPORTED_MEDIA_TYPE', message)

/** The longest beginning that does not end in the middle of a character. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let cut = 0; cut < 4 && cut < bytes.length; cut += 1) {
    const part = bytes.subarray(0, bytes.length - cut)
    if (isUtf8(part)) return part
  }
  return bytes
}

/** How a text is encoded. What is not in Unicode does not say in what else it is (RFC 1428). */
export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'unknown-8bit'

/** In the media type of a table. */
export const charsetOf = (mediaType: string): Charset =>
  (/; charset=(utf-16le|utf-16be|unknown-8bit)$/.exec(mediaType)?.[1] ?? 'utf-8') as Charset

const tableOf = (charset: Charset): string => (charset === 'utf-8' ? 'text/csv' : `text/csv; charset=${charset}`)

/** What no text has; DOS ends files with 1A. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const BINARY = /[\u0000-\u0008\u000e-\u0019\u001b-\u001f]/

/** Spreadsheets write a mark in front of UTF-16; without it nobody can tell. */
function charsetAt(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null
}

function textAt(head: Buffer, use: UploadUse): Content | null {
  const charset = use === 'IMPORT' ? charsetAt(head) : null
  const text = wholeCharacters(head)
  if (MARKUP.test(new TextDecoder(charset ?? 'utf-8').decode(text))) return null
  if (charset !== null) return { kind: 'TEXT', mediaType: tableOf(charset) }
  if (isUtf8(text) && !text.includes(0)) return { kind: 'TEXT', mediaType: 'text/plain' }
  const isTable = use === 'IMPORT' && !BINARY.test(text.toString('latin1'))
  return isTable ? { kind: 'TEXT', mediaType: tableOf('unknown-8bit') } : null
}

async function kindOf(head: Buffer, use: UploadUse): Promise<Content | null> {
  // A text in UTF-16 begins as sounds of the last century do.
  const found = charsetAt(head) === null ? await fileTypeFromBuffer(head) : undefined
  if (found === undefined) return textAt(head, use)
  const { mime } = found
  if (IMAGES.has(mime)) return { kind: 'IMAGE', mediaType: mime }
  if (mime === 'application/pdf') return { kind: 'PDF', mediaType: mime }
  if (MEDIA.test(mime)) return { kind: 'MEDIA', mediaType: mime }
  if (ARCHIVES.test(mime)) return { kind: 'ARCHIVE', mediaType: mime }
  return null
}

/**
 * What a file is, by its first bytes; its name and what its sender calls it say nothing.
 * @throws DomainError `UNSUPPORTED_MEDIA_TYPE` for what this use does not take.
 */
export async function contentFor(use: UploadUse, head: Buffer): Promise<Content> {
  const { accepts } = USES[use]
  // Nobody can tell what it is, and nobody is to.
  if (accepts.includes('OPAQUE')) return { kind: 'OPAQUE', mediaType: 'application/octet-stream' }
  const content = await kindOf(head, use)
  if (content === null || !accepts.includes(content.kind)) {
    throw unsupported(`Send ${accepts.map((kind) => TOLD[kind]).join(', or ')}.`)
  }
  return content
}

/** Hears of a text piece by piece, and says in the end what kind of text it was. */
export interface TextCheck {
  /** @throws DomainError `UNSUPPORTED_MEDIA_TYPE` */
  take(piece: Buffer): void
  /** Answers the media type. @throws DomainError `UNSUPPORTED_MEDIA_TYPE` */
  end(): string
}

const notUtf8 = () => unsupported('This text is not in UTF-8. Save it as UTF-8, and send it again.')

/** A text is in UTF-8 and without NUL; a table may be in UTF-16 with its mark, or in what only its sender knows. */
export function createTextCheck(use: UploadUse, { mediaType }: Content): TextCheck {
  if (use !== 'IMPORT') return unicodeCheck('utf-8', 'text/plain')
  const charset = charsetOf(mediaType)
  if (charset === 'utf-16le' || charset === 'utf-16be') return unicodeCheck(charset, mediaType)
  let isUnicode = charset === 'utf-8'
  const unicode = unicodeCheck('utf-8', mediaType)
  const attempt = (look: () => void): void => {
    if (!isUnicode) return
    try {
      look()
    } catch {
      isUnicode = false
    }
  }
  return {
    take(piece) {
      attempt(() => unicode.take(piece))
      if (piece.includes(0) || (!isUnicode && BINARY.test(piece.toString('latin1')))) {
        throw unsupported('This is no table of text.')
      }
    },
    end() {
      attempt(unicode.end)
      return tableOf(isUnicode ? 'utf-8' : 'unknown-8bit')
    },
  }
}

function unicodeCheck(charset: Exclude<Charset, 'unknown-8bit'>, mediaType: string): TextCheck {
  const decoder = new TextDecoder(charset, { fatal: true })
  const decode = (piece: Buffer | undefined): void => {
    let text: string
    try {
      text = decoder.decode(piece, { stream: piece !== undefined })
    } catch {
      throw charset === 'utf-8' ? notUtf8() : unsupported('This text begins as UTF-16, and is something else.')
    }
    if (text.includes('\u0000')) throw notUtf8()
  }
  return {
    take: decode,
    end() {
      decode(undefined)
      return mediaType
    },
  }
}

/** A name to show and to save under: one line, no path, nothing that a header or a file system reads otherwise. */
export function safeFilename(name: string | undefined): string {
  const last = (name ?? '').split(/[\\/]/).at(-1) ?? ''
  const clean = last
    .replace(/\p{Cs}/gu, '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"<>:|?*;]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  return [...clean].slice(0, 120).join('') || 'file'
}
