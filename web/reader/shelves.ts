import { graphql } from '../gql/index.ts'
import { count } from './dates.ts'
import { h } from './element.ts'
import { categoryPath, type Shelf, tagPath } from './place.ts'
import { ask } from './session.ts'

const Author = graphql(`
  query ReaderAuthor($name: String!) {
    account(handle: $name) {
      name
      bio
      avatarUrl
      postCount
    }
  }
`)

const Tag = graphql(`
  query ReaderTag($name: String!) {
    tag(slug: $name) {
      name
      postCount
    }
  }
`)

const Category = graphql(`
  query ReaderCategory($name: String!) {
    category(slug: $name) {
      name
      description
      postCount
    }
  }
`)

const Shelves = graphql(`
  query ReaderShelves {
    categories(first: 20) {
      nodes {
        slug
        name
        postCount
      }
    }
    tags(first: 60) {
      nodes {
        slug
        name
        postCount
      }
    }
  }
`)

/** Whose or which posts follow. @throws GraphError `NOT_FOUND`. */
export async function shelfHead({ kind, name }: Shelf): Promise<HTMLElement> {
  const about = await describe(kind, name)
  return h(
    'header',
    { class: 'shelf' },
    about?.picture ? h('img', { class: 'avatar', src: about.picture, alt: '', width: 64, height: 64 }) : null,
    h('h1', {}, about?.title ?? name),
    about?.text ? h('p', {}, about.text) : null,
    h('p', { class: 'byline' }, h('span', {}, count(about?.posts ?? 0, 'post')), feedLink(kind, name)),
  )
}

const FOLDERS = { author: 'authors', tag: 'tags', category: 'categories' } as const

const feedLink = (kind: Shelf['kind'], name: string): HTMLElement =>
  h('a', { href: `/feeds/${FOLDERS[kind]}/${encodeURIComponent(name)}.atom` }, 'Feed')

interface About {
  readonly title: string
  readonly text?: string
  readonly picture?: string | null | undefined
  readonly posts: number
}

async function describe(kind: Shelf['kind'], name: string): Promise<About | null> {
  switch (kind) {
    case 'author': {
      const { account } = await ask(Author, { name })
      return account
        ? { title: account.name, text: account.bio, picture: account.avatarUrl, posts: account.postCount }
        : null
    }
    case 'tag': {
      const { tag } = await ask(Tag, { name })
      return tag ? { title: tag.name, posts: tag.postCount } : null
    }
    case 'category': {
      const { category } = await ask(Category, { name })
      return category ? { title: category.name, text: category.description, posts: category.postCount } : null
    }
  }
}

interface Filed {
  readonly slug: string
  readonly name: string
  readonly postCount: number
}

/** All shelves that hold something. */
export async function browse(): Promise<HTMLElement | null> {
  const { categories, tags } = await ask(Shelves, {})
  const row = (title: string, shelves: readonly Filed[], pathOf: (slug: string) => string) => {
    const filled = shelves.filter(({ postCount }) => postCount > 0)
    if (filled.length === 0) return null
    const links = filled.map(({ slug, name, postCount }) =>
      h('li', {}, h('a', { href: pathOf(slug) }, name), ' ', h('small', {}, String(postCount))),
    )
    return h('section', {}, h('h2', {}, title), h('ul', { class: 'tags' }, ...links))
  }
  const rows = [row('Categories', categories.nodes, categoryPath), row('Tags', tags.nodes, tagPath)]
  return rows.every((each) => each === null) ? null : h('nav', { class: 'browse', 'aria-label': 'Shelves' }, ...rows)
}
