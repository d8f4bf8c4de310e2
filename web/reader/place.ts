/** What the address asks for. */
export type Place =
  | { readonly kind: 'list'; readonly shelf: Shelf | null; readonly text: string | null }
  | { readonly kind: 'post'; readonly author: string; readonly slug: string }
  | { readonly kind: 'nowhere' }

export interface Shelf {
  readonly kind: 'tag' | 'category' | 'author'
  readonly name: string
}

/** Where a page of a list begins or ends. */
export interface Window {
  readonly after: string | null
  readonly before: string | null
}

const SHELVES: Readonly<Record<string, Shelf['kind']>> = { tags: 'tag', categories: 'category', authors: 'author' }

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function placeOf({ pathname, searchParams }: URL): Place {
  const [room = '', name = '', slug = '', ...rest] = pathname.split('/').slice(1).map(decode)
  if (rest.length > 0) return { kind: 'nowhere' }
  if (room === 'posts') return slug === '' ? { kind: 'nowhere' } : { kind: 'post', author: name, slug }
  if (room === '') return { kind: 'list', shelf: null, text: searchParams.get('q')?.trim() || null }
  const kind = Object.hasOwn(SHELVES, room) ? SHELVES[room] : undefined
  if (kind === undefined || name === '' || slug !== '') return { kind: 'nowhere' }
  return { kind: 'list', shelf: { kind, name }, text: null }
}

export const windowOf = ({ searchParams }: URL): Window => ({
  after: searchParams.get('after'),
  before: searchParams.get('before'),
})

const path = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`

export const postPath = (post: { readonly slug: string; readonly author: { readonly handle: string } }): string =>
  path('posts', post.author.handle, post.slug)
export const authorPath = (handle: string): string => path('authors', handle)
export const tagPath = (slug: string): string => path('tags', slug)
export const categoryPath = (slug: string): string => path('categories', slug)

/** The present address with another window on the same list. */
export function pathOfWindow(address: URL, window: Partial<Window>): string {
  const next = new URL(address)
  next.searchParams.delete('after')
  next.searchParams.delete('before')
  for (const [name, cursor] of Object.entries(window)) if (cursor) next.searchParams.set(name, cursor)
  return next.pathname + next.search
}
