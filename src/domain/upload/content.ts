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

async function kindOf(head: Buffer): Promise<Content | null> {
  const found = await fileTypeFromBuffer(head)
  if (found === undefined) {
    const text = wholeCharacters(head)
    const isText = isUtf8(text) && !text.includes(0) && !MARKUP.test(text.toString())
    return isText ? { kind: 'TEXT', mediaType: 'text/plain' } : null
  }
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
  const content = await kindOf(head)
  if (content === null || !accepts.includes(content.kind)) {
    throw unsupported(`Send ${accepts.map((kind) => TOLD[kind]).join(', or ')}.`)
  }
  return use === 'IMPORT' ? { ...content, mediaType: 'text/csv' } : content
}

/** Hears of a text piece by piece. @throws DomainError `UNSUPPORTED_MEDIA_TYPE` for what is not UTF-8, or holds NUL. */
export function createTextCheck(): { take(piece: Buffer): void; end(): void } {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const refused = () => unsupported('This text is not in UTF-8. Save it as UTF-8, and send it again.')
  const decode = (piece: Buffer | undefined): void => {
    try {
      decoder.decode(piece, { stream: piece !== undefined })
    } catch {
      throw refused()
    }
  }
  return {
    take(piece) {
      if (piece.includes(0)) throw refused()
      decode(piece)
    },
    end: () => decode(undefined),
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
