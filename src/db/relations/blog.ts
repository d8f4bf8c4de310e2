import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, manyToMany } from '../relation.ts'
import { categories, postCategories, posts, postTags, tags } from '../tables/blog.ts'

/** The texts are heavy; they are read by `postContentById` only where a field asks for them. */
export const postEntity = entity('Post', posts, ['body', 'bodyHtml', 'bodyText', 'search'])
export const postContentEntity = { ...entity('Post', posts), columns: { body: posts.body, bodyHtml: posts.bodyHtml } }
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

const isPublished = sql`exists (select 1 from ${posts} where ${posts.status} = 'PUBLISHED' and ${posts.id} = `

export const tagPostCount = count(postTags, { by: postTags.tagId, where: sql`${isPublished}${postTags.postId})` })
export const categoryPostCount = count(postCategories, {
  by: postCategories.categoryId,
  where: sql`${isPublished}${postCategories.postId})`,
})

export const accountPostCount = count(posts, { by: posts.authorId, where: sql`${posts.status} = 'PUBLISHED'` })
