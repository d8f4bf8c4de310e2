import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany, manyToMany } from '../relation.ts'
import { categories, postCategories, posts, postTags, tags } from '../tables/blog.ts'

/** The texts are heavy; they are read by `postContentById` only where a field asks for them. */
export const postEntity = entity('Post', posts, ['body', 'bodyHtml', 'bodyText', 'search'])
const postContentEntity = { ...entity('Post', posts), columns: { body: posts.body, bodyHtml: posts.bodyHtml } }
export const tagEntity = entity('Tag', tags)
export const categoryEntity = entity('Category', categories)

export const postById = belongsTo(postEntity, posts.id)
export const postContentById = belongsTo<{ body: string; bodyHtml: string }>(postContentEntity, posts.id)
export const tagById = belongsTo(tagEntity, tags.id)
export const tagBySlug = belongsTo(tagEntity, tags.slug)
export const categoryById = belongsTo(categoryEntity, categories.id)
export const categoryBySlug = belongsTo(categoryEntity, categories.slug)

const bySlug = (slug: typeof tags.slug | typeof categories.slug): KeysetOrder => ({
  name: 'SLUG',
  direction: 'asc',
  keys: [{ value: slug, type: 'text' }],
})

export const tagOrder = bySlug(tags.slug)
export const categoryOrder = bySlug(categories.slug)

export const postTagList = manyToMany(tagEntity, {
  key: tags.id,
  through: postTags,
  from: postTags.postId,
  toKey: postTags.tagId,
  order: tagOrder,
})

export const postCategoryList = manyToMany(categoryEntity, {
  key: categories.id,
  through: postCategories,
  from: postCategories.postId,
  toKey: postCategories.categoryId,
  order: categoryOrder,
})

const byPublication = (name: string, direction: 'asc' | 'desc'): KeysetOrder => ({
  name,
  direction,
  keys: [
    { value: posts.publishedAt, type: 'timestamptz' },
    { value: posts.id, type: 'uuid' },
  ],
})

export const postOrders = { NEWEST: byPublication('NEWEST', 'desc'), OLDEST: byPublication('OLDEST', 'asc') }

const published = sql`${posts.status} = 'PUBLISHED'`

const publishedBy = (order: KeysetOrder) => hasMany(postEntity, { by: posts.authorId, where: published, order })

export const accountPosts = { NEWEST: publishedBy(postOrders.NEWEST), OLDEST: publishedBy(postOrders.OLDEST) }

export const tagPosts = manyToMany(postEntity, {
  key: posts.id,
  through: postTags,
  from: postTags.tagId,
  toKey: postTags.postId,
  where: published,
  order: postOrders.NEWEST,
})

export const categoryPosts = manyToMany(postEntity, {
  key: posts.id,
  through: postCategories,
  from: postCategories.categoryId,
  toKey: postCategories.postId,
  where: published,
  order: postOrders.NEWEST,
})

const isPublished = sql`exists (select 1 from ${posts} where ${published} and ${posts.id} = `

export const tagPostCount = count(postTags, { by: postTags.tagId, where: sql`${isPublished}${postTags.postId})` })
export const categoryPostCount = count(postCategories, {
  by: postCategories.categoryId,
  where: sql`${isPublished}${postCategories.postId})`,
})

export const accountPostCount = count(posts, { by: posts.authorId, where: published })
