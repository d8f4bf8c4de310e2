import type { ReaderPostQuery } from '../gql/graphql.ts'
import { graphql } from '../gql/index.ts'
import { day } from './dates.ts'
import { fromServer, h } from './element.ts'
import { GraphError } from './graph.ts'
import { tagList } from './list.ts'
import { authorPath, categoryPath, type Place, postPath } from './place.ts'
import { reactions } from './reactions.ts'
import { ask, type Me } from './session.ts'
import { showThread } from './thread.ts'

const FullPost = graphql(`
  query ReaderPost($author: String!, $slug: String!) {
    post(author: $author, slug: $slug) {
      id
      title
      slug
      status
      bodyHtml
      coverUrl
      publishedAt
      readingTimeMinutes
      author {
        handle
        name
        bio
      }
      tags {
        slug
        name
      }
      categories {
        slug
        name
      }
      ...Reacted
      commentCount
      comments(first: 20) {
        ...CommentPage
      }
    }
  }
`)

type Post = NonNullable<ReaderPostQuery['post']>

/** One post with what people say of it. @throws GraphError `NOT_FOUND`. */
export async function showPost(
  { author, slug }: Extract<Place, { kind: 'post' }>,
  finding: Promise<Me | null>,
): Promise<HTMLElement> {
  const [{ post }, me] = await Promise.all([ask(FullPost, { author, slug }), finding.catch(() => null)])
  if (!post) throw new GraphError('NOT_FOUND', 'There is no such post.')
  // A former slug, or a handle in capitals: the address becomes the one that the post has now.
  if (location.pathname !== postPath(post)) {
    history.replaceState(null, '', postPath(post) + location.search + location.hash)
  }
  const isDraft = post.status !== 'PUBLISHED'
  if (isDraft) document.title = `${post.title} · Atrium`
  return h(
    'div',
    { class: 'post' },
    h(
      'article',
      { 'aria-labelledby': 'post-title' },
      headOf(post),
      post.coverUrl ? h('img', { class: 'cover', src: post.coverUrl, alt: '' }) : null,
      article(post.bodyHtml),
      h(
        'footer',
        { class: 'post-foot' },
        tagList(post.tags),
        reactions(post, me),
        post.author.bio !== '' &&
          h('p', { class: 'bio' }, h('a', { href: authorPath(post.author.handle) }, post.author.name), post.author.bio),
      ),
    ),
    isDraft ? null : showThread(post, me),
  )
}

const headOf = (post: Post): HTMLElement =>
  h(
    'header',
    { class: 'post-head' },
    post.categories.length > 0 &&
      h(
        'p',
        { class: 'kicker' },
        ...post.categories.map(({ slug, name }) => h('a', { href: categoryPath(slug) }, name)),
      ),
    h('h1', { id: 'post-title' }, post.title),
    h(
      'p',
      { class: 'byline' },
      h('a', { href: authorPath(post.author.handle), rel: 'author' }, post.author.name),
      post.publishedAt ? day(post.publishedAt) : h('span', {}, post.status.toLowerCase()),
      h('span', {}, `${post.readingTimeMinutes} min`),
    ),
  )

function article(html: string): HTMLElement {
  const body = h('div', { class: 'prose' })
  body.append(fromServer(html))
  for (const table of body.querySelectorAll('table')) {
    // A table that is wider than the page scrolls by itself, also with the keyboard.
    const frame = h('div', { class: 'wide', role: 'region', 'aria-label': 'Table', tabindex: 0 })
    table.replaceWith(frame)
    frame.append(table)
  }
  for (const code of body.querySelectorAll('pre')) code.tabIndex = 0
  return body
}

const PREFIX = 'user-content-'

/**
 * Shows what `#place` names. The browser looked for it while the page was still empty, and in a post written for elsewhere
 * the name has a prefix here.
 */
export function goToPlace(): void {
  let name = location.hash.slice(1)
  try {
    name = decodeURIComponent(name)
  } catch {
    // It stays as it was typed.
  }
  if (name === '') return
  const place = document.getElementById(name) ?? document.getElementById(PREFIX + name)
  place?.scrollIntoView()
}
