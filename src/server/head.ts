import { escapeHtml } from '../core/html.ts'

/** What the site is called on its pages. */
export const SITE = 'Atrium'

/** What previews of links show of a thing that somebody wrote. */
export interface ArticleHead {
  readonly title: string
  readonly authorName: string
  /** ISO 8601. */
  readonly publishedAt: string
  readonly updatedAt: string
  /** Absolute. */
  readonly coverUrl: string | null
}

/** What stands in a page's head for those that do not run its script: crawlers and previews of links. */
export interface Head {
  readonly title: string
  readonly description?: string
  /** Path of the one address that this page should be known by; null keeps it out of search engines. */
  readonly canonical: string | null
  /** Path of the feed with what is new. */
  readonly feed?: string
  readonly article?: ArticleHead
}

/** The title of a page of this site. */
export const siteTitle = (title: string): string => `${title} · ${SITE}`

/** At most 200 characters: previews show no more, and an author's excerpt may have 500. */
const shorten = (text: string): string => {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length <= 200 ? characters.join('') : `${characters.slice(0, 199).join('')}…`
}

/** The tags of a head, one a line. */
export function renderHead({ title, description, canonical, feed, article }: Head, publicUrl: string): string {
  const tag = (name: string, attributes: Readonly<Record<string, string>>): string =>
    `<${name} ${Object.entries(attributes)
      .map(([key, value]) => `${key}="${escapeHtml(value)}"`)
      .join(' ')} />`
  const meta = (name: string, content: string): string => tag('meta', { name, content })
  const graph = (property: string, content: string): string => tag('meta', { property, content })
  const about = description === undefined || description === '' ? [] : [shorten(description)]
  return [
    `<title>${escapeHtml(title)}</title>`,
    ...about.map((text) => meta('description', text)),
    canonical === null ? meta('robots', 'noindex') : tag('link', { rel: 'canonical', href: publicUrl + canonical }),
    ...(feed === undefined
      ? []
      : [tag('link', { rel: 'alternate', type: 'application/atom+xml', title: 'Atom', href: feed })]),
    graph('og:site_name', SITE),
    graph('og:title', article?.title ?? title),
    ...about.map((text) => graph('og:description', text)),
    graph('og:type', article === undefined ? 'website' : 'article'),
    ...(canonical === null ? [] : [graph('og:url', publicUrl + canonical)]),
    ...(article === undefined
      ? []
      : [
          meta('author', article.authorName),
          graph('article:published_time', article.publishedAt),
          graph('article:modified_time', article.updatedAt),
          ...(article.coverUrl === null ? [] : [graph('og:image', article.coverUrl)]),
          meta('twitter:card', article.coverUrl === null ? 'summary' : 'summary_large_image'),
        ]),
  ].join('\n    ')
}
