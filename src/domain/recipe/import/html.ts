import { Parser } from 'htmlparser2'

/**
 * Elements within elements; browsers nest no more than 512. The parser looks through all that are open for each tag, so a
 * megabyte of tags that nobody closes would keep it busy for minutes.
 */
const MAX_OPEN = 1_000

/** A page that nobody made for people to read. */
export class TooComplex extends Error {
  override readonly name = 'TooComplex'
}

type Listener = NonNullable<ConstructorParameters<typeof Parser>[0]>

/** Reads a page, or a text with tags. @throws TooComplex */
export function readHtml(html: string, listener: Listener): void {
  let open = 0
  const parser = new Parser({
    ...listener,
    onopentagname(name) {
      open += 1
      if (open > MAX_OPEN) throw new TooComplex(`more than ${MAX_OPEN} elements are open`)
      listener.onopentagname?.(name)
    },
    onclosetag(name, isImplied) {
      open -= 1
      listener.onclosetag?.(name, isImplied)
    },
  })
  parser.end(html)
}
