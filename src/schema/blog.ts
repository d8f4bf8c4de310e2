import { Field, ID, InputType, Int } from 'type-graphql'
import type { PostStatus as PostStatusName } from '../domain/blog/rules.ts'
import type { ReactionKind } from '../domain/reaction.ts'
import { Account } from './account.ts'
import { Commentable } from './comment.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { Node } from './node.ts'
import { GraphObject } from './object.ts'
import { Pollable } from './poll/poll.ts'
import { Reactable, type ReactionCount } from './reaction.ts'
import { DateTime } from './scalars.ts'
import { Surveyable } from './survey/survey.ts'
import { Image } from './upload.ts'
import { payloadOf } from './user-error.ts'

export const PostStatus = enumOf<PostStatusName>('PostStatus', 'Where a post is in its life.', {
  DRAFT: 'Its author is writing. Nobody else can see it.',
  SCHEDULED: 'It appears at `publishAt`. Nobody else can see it until then.',
  PUBLISHED: 'Everybody can read it.',
  ARCHIVED: 'It was taken off the lists; its author can bring it back.',
})

export const PostOrder = enumOf<'NEWEST' | 'OLDEST' | 'RELEVANCE'>('PostOrder', 'In which order posts are listed.', {
  NEWEST: 'The latest publication first.',
  OLDEST: 'The earliest publication first.',
  RELEVANCE: 'The best match of `filter.text` first; without a text the same as `NEWEST`.',
})

@GraphObject('A word that posts are filed under. Staff keeps the list.', [Node])
export class Tag extends Node {
  @Field(() => String, { description: 'Its name in addresses and filters: `functional-programming`.' })
  slug: string

  @Field(() => String)
  name: string

  @Field(() => Int, { description: 'Published posts with this tag.' })
  postCount: number
}

@GraphObject('A shelf of the blog. Staff keeps the list.', [Node])
export class Category extends Node {
  @Field(() => String, { description: 'Its name in addresses and filters.' })
  slug: string

  @Field(() => String)
  name: string

  @Field(() => String)
  description: string

  @Field(() => Int, { description: 'Published posts in this category.' })
  postCount: number
}

@GraphObject('A post of a blog.', [Commentable, Reactable, Pollable, Surveyable, Node])
export class Post extends Commentable {
  reactionCounts: ReactionCount[]
  reactionCount: number
  viewerReactions: ReactionKind[]
  pollCount: number
  surveyCount: number

  @Field(() => Account)
  author: Account

  @Field(() => String)
  title: string

  @Field(() => String, {
    description: 'Its name in addresses, unique for its author. Former slugs of a post keep leading to it.',
  })
  slug: string

  @Field(() => String, { description: 'Where people read it.' })
  url: string

  @Field(() => PostStatus)
  status: PostStatusName

  @Field(() => String, { description: 'As it was written: Markdown.' })
  body: string

  @Field(() => String, { description: 'Rendered and sanitised: safe to place into a page.' })
  bodyHtml: string

  @Field(() => String, { description: 'Plain text: the author’s own words, or the beginning of the post.' })
  excerpt: string

  @Field(() => String, {
    nullable: true,
    description: 'Address of a picture: elsewhere, or of `cover` in its large size once that is ready.',
  })
  coverUrl: string | null

  @Field(() => Image, { nullable: true, description: 'The picture that its author has uploaded, in all sizes.' })
  cover: Image | null

  @Field(() => Int, { description: 'At 238 words a minute (Brysbaert 2019), at least 1.' })
  readingTimeMinutes: number

  @Field(() => [Tag])
  tags: Tag[]

  @Field(() => [Category])
  categories: Category[]

  @Field(() => DateTime, { nullable: true, description: 'When a scheduled post will appear.' })
  publishAt: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it first appeared.' })
  publishedAt: string | null

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime)
  updatedAt: string

  @Field(() => Boolean)
  viewerCanEdit: boolean

  @Field(() => Boolean)
  viewerCanArchive: boolean
}

export const { Connection: PostConnection, Edge: PostEdge } = connectionOf(Post)
export const { Connection: TagConnection } = connectionOf(Tag)
export const { Connection: CategoryConnection } = connectionOf(Category)

@InputType({ description: 'Posts must meet every condition that is given.' })
export class PostFilter {
  @Field(() => String, { nullable: true, description: 'Handle of the author.' })
  author?: string

  @Field(() => [String], { nullable: true, description: 'Slugs; posts with all of these tags.' })
  tags?: string[]

  @Field(() => String, { nullable: true, description: 'Slug of a category.' })
  category?: string

  @Field(() => DateTime, { nullable: true, description: 'Published at this time or later.' })
  publishedFrom?: string

  @Field(() => DateTime, { nullable: true, description: 'Published before this time.' })
  publishedBefore?: string

  @Field(() => String, {
    nullable: true,
    description: 'Words as in a web search: `graphql server`, `"exact phrase"`, `tea or coffee`, `tea -green`.',
  })
  text?: string
}

const BODY = 'Markdown, at most 500,000 characters.'
const SLUG = 'Lower-case words joined by hyphens; made from the title unless told.'
const COVER_UPLOAD = 'Instead of an address: a picture that was sent to `POST /uploads?use=COVER`.'
const KEY = 'The same key and input again gets the first answer. 8 to 100 printable characters.'

@InputType()
export class CreatePostInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  title: string

  @Field(() => String, { description: BODY })
  body: string

  @Field(() => String, { nullable: true, description: SLUG })
  slug?: string

  @Field(() => String, { nullable: true, description: 'At most 500 characters; taken from the body unless told.' })
  excerpt?: string

  @Field(() => String, { nullable: true, description: 'An http or https address of a picture.' })
  coverUrl?: string

  @Field(() => ID, { nullable: true, description: COVER_UPLOAD })
  coverUploadId?: string | null

  @Field(() => [String], { nullable: true, description: 'Slugs of at most 10 tags.' })
  tags?: string[]

  @Field(() => [String], { nullable: true, description: 'Slugs of at most 3 categories.' })
  categories?: string[]

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdatePostInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  title?: string

  @Field(() => String, { nullable: true, description: BODY })
  body?: string

  @Field(() => String, { nullable: true, description: 'The former slug keeps leading to the post.' })
  slug?: string

  @Field(() => String, { nullable: true, description: 'Null: take it from the body again.' })
  excerpt?: string | null

  @Field(() => String, { nullable: true, description: 'Null: no cover.' })
  coverUrl?: string | null

  @Field(() => ID, { nullable: true, description: `${COVER_UPLOAD} Null: no such picture.` })
  coverUploadId?: string | null

  @Field(() => [String], { nullable: true })
  tags?: string[]

  @Field(() => [String], { nullable: true })
  categories?: string[]
}

@InputType()
export class PostInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class SchedulePostInput {
  @Field(() => ID)
  id: string

  @Field(() => DateTime, { description: 'In the future, at most five years ahead.' })
  publishAt: string
}

@InputType()
export class CreateTagInput {
  @Field(() => String, { description: '1 to 50 characters; the slug is made from it.' })
  name: string
}

@InputType()
export class CreateCategoryInput {
  @Field(() => String, { description: '1 to 80 characters; the slug is made from it.' })
  name: string

  @Field(() => String, { nullable: true })
  description?: string
}

@InputType()
export class DeleteTagInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class DeleteCategoryInput {
  @Field(() => ID)
  id: string
}

export const CreatePostPayload = payloadOf('CreatePostPayload', 'post', () => Post, 'The new post, a draft.')
export const UpdatePostPayload = payloadOf('UpdatePostPayload', 'post', () => Post, 'The changed post.')
export const PublishPostPayload = payloadOf('PublishPostPayload', 'post', () => Post, 'The published post.')
export const SchedulePostPayload = payloadOf('SchedulePostPayload', 'post', () => Post, 'The scheduled post.')
export const UnschedulePostPayload = payloadOf('UnschedulePostPayload', 'post', () => Post, 'The post, a draft again.')
export const ArchivePostPayload = payloadOf('ArchivePostPayload', 'post', () => Post, 'The archived post.')
export const DeletePostPayload = payloadOf('DeletePostPayload', 'deletedId', () => ID, 'The id of what is gone.')
export const CreateTagPayload = payloadOf('CreateTagPayload', 'tag', () => Tag, 'The new tag.')
export const DeleteTagPayload = payloadOf('DeleteTagPayload', 'deletedId', () => ID, 'The id of what is gone.')
export const CreateCategoryPayload = payloadOf('CreateCategoryPayload', 'category', () => Category, 'The new category.')
export const DeleteCategoryPayload = payloadOf(
  'DeleteCategoryPayload',
  'deletedId',
  () => ID,
  'The id of what is gone.',
)
