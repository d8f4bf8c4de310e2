import type { ReaderPostsQuery } from '../gql/graphql.ts'
import { graphql } from '../gql/index.ts'
import { count, day } from './dates.ts'
import { fromServer, h } from './element.ts'
import { authorPath, type Place, pathOfWindow, postPath, tagPath, windowOf } from './place.ts'
import { ask } from './session.ts'
import { browse, shelfHead } from './shelves.ts'

const POSTS_PER_PAGE = 10

const Posts = graphql(`
  query ReaderPosts(
    $filter: PostFilter
    $orderBy: PostOrder!
    $first: Int
    $after: String
    $last: Int
    $before: String
    $isSearch: Boolean!
  ) {
    posts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount @include(if: $isSearch)
      edges {
        highlight
        node {
          id
          title
          slug
          excerpt
          publishedAt
          readingTimeMinutes
          commentCount
          author {
            handle
            name
          }
          tags {
            slug
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

type Edge = ReaderPostsQuery['posts']['edges'][number]

/** Posts, the newest first: all of them, a shelf of them, or those that a search found. */
export async function showList(place: Extract<Place, { kind: 'list' }>, address: URL): Promise<HTMLElement> {
  const { shelf, text } = place
  const { after, before } = windowOf(address)
  const { posts } = await ask(Posts, {
    filter: {
      ...(text !== null && { text }),
      ...(shelf?.kind === 'tag' && { tags: [shelf.name] }),
      ...(shelf?.kind === 'category' && { category: shelf.name }),
      ...(shelf?.kind === 'author' && { author: shelf.name }),
    },
    orderBy: text === null ? 'NEWEST' : 'RELEVANCE',
    ...(before === null ? { first: POSTS_PER_PAGE, after } : { last: POSTS_PER_PAGE, before }),
    isSearch: text !== null,
  })
  const head = await headOf(place, posts.totalCount)
  const isPaged = after !== null || before !== null
  return h(
    'div',
    { class: 'list' },
    head,
    posts.edges.length === 0 && empty(text, isPaged),
    h('ol', { class: 'teasers' }, ...posts.edges.map(teaser)),
    turn(posts.pageInfo, address),
    shelf === null && text === null && !isPaged && (await browse()),
  )
}

async function headOf({ shelf, text }: Extract<Place, { kind: 'list' }>, found: number | undefined) {
  if (text !== null) {
    return h(
      'header',
      { class: 'shelf' },
      h('h1', {}, `“${text}”`),
      h('p', {}, `${count(found ?? 0, 'post')} found. Narrow it with "an exact phrase", tea or coffee, tea -green.`),
    )
  }
  return shelf === null ? h('h1', { class: 'spoken' }, 'The newest posts') : shelfHead(shelf)
}

const empty = (text: string | null, isPaged: boolean): HTMLElement =>
  h(
    'p',
    { class: 'note' },
    text !== null
      ? 'Nothing matches all of that. Fewer words find more.'
      : isPaged
        ? 'There is nothing further on.'
        : 'Nothing has been published here yet.',
  )

function teaser({ node: post, highlight }: Edge): HTMLElement {
  const words = h('p', { class: 'teaser-words' })
  if (highlight) words.append(fromServer(highlight))
  else words.append(post.excerpt)
  return h(
    'li',
    {},
    h(
      'article',
      { class: 'teaser' },
      h('h2', {}, h('a', { class: 'teaser-link', href: postPath(post) }, post.title)),
      h(
        'p',
        { class: 'byline' },
        h('a', { href: authorPath(post.author.handle) }, post.author.name),
        post.publishedAt ? day(post.publishedAt) : null,
        h('span', {}, `${post.readingTimeMinutes} min`),
        post.commentCount > 0 && h('a', { href: `${postPath(post)}#comments` }, count(post.commentCount, 'comment')),
      ),
      words,
      tagList(post.tags),
    ),
  )
}

export const tagList = (tags: readonly { slug: string; name: string }[]): HTMLElement | null =>
  tags.length === 0
    ? null
    : h(
        'ul',
        { class: 'tags', 'aria-label': 'Tags' },
        ...tags.map(({ slug, name }) => h('li', {}, h('a', { href: tagPath(slug) }, name))),
      )

type PageInfo = ReaderPostsQuery['posts']['pageInfo']

function turn(page: PageInfo, address: URL): HTMLElement | null {
  if (!page.hasNextPage && !page.hasPreviousPage) return null
  const newer = { before: page.startCursor ?? null }
  const older = { after: page.endCursor ?? null }
  const isSearch = address.searchParams.has('q')
  return h(
    'nav',
    { class: 'turn', 'aria-label': 'Pages' },
    page.hasPreviousPage
      ? h('a', { href: pathOfWindow(address, newer), rel: 'prev' }, isSearch ? 'Better matches' : 'Newer posts')
      : h('span'),
    page.hasNextPage &&
      h('a', { href: pathOfWindow(address, older), rel: 'next' }, isSearch ? 'More matches' : 'Older posts'),
  )
}
