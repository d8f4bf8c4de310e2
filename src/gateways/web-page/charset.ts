/** In a `Content-Type`, or in a page's own `<meta>`. */
const CHARSET = /charset\s*=\s*["']?([\w-]{2,40})/i

/** Browsers look this far for a page's own word (HTML Standard, 13.2.3.2). */
const PRESCANNED_BYTES = 1024

function decoderOf(label: string | undefined): InstanceType<typeof TextDecoder> | null {
  try {
    return label === undefined ? null : new TextDecoder(label)
  } catch {
    return null
  }
}

/** In the order of the HTML Standard: a byte order mark, the transport's word, the page's own, UTF-8. */
export function decodePage(bytes: Uint8Array, contentType: string): string {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return new TextDecoder().decode(bytes)
  if ((a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe)) {
    return new TextDecoder(a === 0xfe ? 'utf-16be' : 'utf-16le').decode(bytes)
  }
  const head = Buffer.from(bytes.subarray(0, PRESCANNED_BYTES)).toString('latin1')
  const own = /<meta[^>]{0,200}?charset/i.test(head)
    ? CHARSET.exec(head.slice(head.search(/<meta[^>]{0,200}?charset/i)))?.[1]
    : undefined
  const decoder = decoderOf(CHARSET.exec(contentType)?.[1]) ?? decoderOf(own) ?? new TextDecoder()
  return decoder.decode(bytes)
}
