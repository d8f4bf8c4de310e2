import { Field, ID, InputType, Int } from 'type-graphql'
import type { ReactionKind } from '../../domain/reaction.ts'
import type { ProductStatus as ProductStatusName } from '../../domain/shop/rules.ts'
import { Commentable } from '../comment.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { Money, MoneyInput } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Pollable } from '../poll/poll.ts'
import { Reactable, type ReactionCount } from '../reaction.ts'
import { type RatingCount, type Review, Reviewable } from '../review.ts'
import { DateTime } from '../scalars.ts'
import { Image } from '../upload.ts'

export const ProductStatus = enumOf<ProductStatusName>('ProductStatus', 'Where a product is in its life.', {
  DRAFT: 'Staff is preparing it. Nobody else can see it.',
  ACTIVE: 'It is on sale.',
  ARCHIVED: 'It is no longer sold; who has its address can still look at it.',
})

export const ProductOrder = enumOf<'NEWEST' | 'PRICE_ASC' | 'PRICE_DESC' | 'RATING' | 'RELEVANCE'>(
  'ProductOrder',
  'In which order products are listed.',
  {
    NEWEST: 'The latest addition first.',
    PRICE_ASC: 'The lowest `fromPrice` first; with the filter `inStock` the lowest `fromPrice(inStock: true)`.',
    PRICE_DESC: 'The highest first.',
    RATING: 'The best rated first: by the mean of the stars and by how many reviews stand behind it.',
    RELEVANCE: 'The best match of `filter.text` first; without a text the same as `NEWEST`.',
  },
)

@GraphObject('A shelf of the shop, in a tree. Staff keeps it.', [Node])
export class ProductCategory extends Node {
  @Field(() => String, { description: 'Its name in addresses and filters.' })
  slug: string

  @Field(() => String)
  name: string

  @Field(() => Int, { description: '0 for one that is below no other.' })
  depth: number

  @Field(() => Int, { description: 'Its place among its siblings; where it is the same, the slug decides.' })
  position: number

  @Field(() => ProductCategory, { nullable: true })
  parent: ProductCategory | null

  @Field(() => [ProductCategory], {
    description: 'Those that it lies in, the root first: with itself the breadcrumbs of a page.',
  })
  ancestors: ProductCategory[]

  @Field(() => [ProductCategory], { description: 'Those right below it, in order.' })
  children: ProductCategory[]
}

@GraphObject('A property of a variant: `colour`, `blue`.')
export class VariantAttribute {
  @Field(() => String)
  name: string

  @Field(() => String)
  value: string
}

@GraphObject('A picture of a product.')
export class ProductImage {
  @Field(() => String, { description: 'Its address. While an uploaded one is not ready, that of a drawn one.' })
  url: string

  @Field(() => Image, { nullable: true, description: 'All its sizes, where it was uploaded.' })
  image: Image | null

  @Field(() => String, { description: 'What it shows, for who cannot see it.' })
  alt: string
}

@GraphObject('What is bought: one size and colour of a product.', [Node])
export class ProductVariant extends Node {
  @Field(() => String, { description: 'The shop’s own number for it, unique.' })
  sku: string

  @Field(() => String, { description: 'What tells it from the others of its product; empty for the only one.' })
  name: string

  @Field(() => Money, { description: 'Of one piece, without tax and shipping.' })
  price: Money

  @Field(() => [VariantAttribute])
  attributes: VariantAttribute[]

  @Field(() => Int, { description: 'How many can be bought now.' })
  available: number

  @Field(() => Boolean, { description: 'False for one that is no longer sold.' })
  isOnSale: boolean
}

@GraphObject('Something that the shop sells. Who bought it reviews it.', [
  Commentable,
  Reactable,
  Reviewable,
  Pollable,
  Node,
])
export class Product extends Commentable {
  reactionCounts: ReactionCount[]
  reactionCount: number
  viewerReactions: ReactionKind[]
  pollCount: number
  averageRating: number | null
  reviewCount: number
  ratingCounts: RatingCount[]
  viewerReview: Review | null
  viewerMayReview: boolean

  @Field(() => String, { description: 'Its name in addresses, unique.' })
  slug: string

  @Field(() => String)
  name: string

  @Field(() => String, { description: 'Who makes it; empty if that does not matter.' })
  brand: string

  @Field(() => String, { description: 'Plain text.' })
  description: string

  @Field(() => ProductStatus)
  status: ProductStatusName

  @Field(() => ProductCategory)
  category: ProductCategory

  @Field(() => Money, {
    nullable: true,
    description:
      'Of the cheapest variant on sale; null if there is none. With `inStock: true` of the cheapest that can be bought now: the price by which lists with that filter are narrowed and sorted.',
  })
  fromPrice: Money | null

  @Field(() => [ProductVariant], { description: 'In their order, those no longer sold included.' })
  variants: ProductVariant[]

  @Field(() => [ProductImage])
  images: ProductImage[]

  @Field(() => Int, { description: 'How many members wish for it.' })
  wishCount: number

  @Field(() => Boolean, { description: 'It is on the viewer’s wishlist. False for who is not signed in.' })
  viewerWishes: boolean

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime)
  updatedAt: string
}

export const { Connection: ProductConnection } = connectionOf(Product)
export const { Connection: ProductVariantConnection } = connectionOf(ProductVariant)
export const { Connection: ProductCategoryConnection } = connectionOf(ProductCategory)

@InputType()
export class AttributeFilter {
  @Field(() => String, { description: 'Of the attribute: `colour`.' })
  name: string

  @Field(() => [String], { description: 'One of these.' })
  values: string[]
}

@InputType({ description: 'Products must meet every condition that is given.' })
export class ProductFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Words of name, brand and description; `"a phrase"`, `or` and `-not` work.',
  })
  text?: string

  @Field(() => String, { nullable: true, description: 'Slug of a category; what is below it counts as well.' })
  category?: string

  @Field(() => [AttributeFilter], { nullable: true, description: 'One variant has to meet all of them.' })
  attributes?: AttributeFilter[]

  @Field(() => MoneyInput, {
    nullable: true,
    description:
      'The `fromPrice` is at least this. With `attributes` too it is the price of the cheapest variant of the product (with `inStock`, of the cheapest that can be bought now), not of the variant that has them.',
  })
  priceFrom?: MoneyInput

  @Field(() => MoneyInput, {
    nullable: true,
    description:
      'The `fromPrice` is at most this. With `attributes` too it is the price of the cheapest variant of the product (with `inStock`, of the cheapest that can be bought now), not of the variant that has them.',
  })
  priceTo?: MoneyInput

  @Field(() => Int, {
    nullable: true,
    description: 'The mean of its stars is at least this, 1 to 5; what nobody has reviewed is left out.',
  })
  minStars?: number

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only what can be bought now, in a variant that meets `attributes`. Prices are then those of what can be bought: `priceFrom`, `priceTo` and the orders by price go by `fromPrice(inStock: true)`.',
  })
  inStock?: boolean
}

@GraphObject('How many products there are in a category and below it.')
export class CategoryCount {
  @Field(() => ProductCategory)
  category: ProductCategory

  @Field(() => Int)
  count: number
}

@GraphObject('How many products have a variant with this value.')
export class ValueCount {
  @Field(() => String)
  value: string

  @Field(() => Int)
  count: number
}

@GraphObject('The values of one attribute, the most frequent first.')
export class AttributeCount {
  @Field(() => String)
  name: string

  @Costs({ atMost: 50 })
  @Field(() => [ValueCount])
  values: ValueCount[]
}

@GraphObject('How many products cost so much.')
export class PriceBand {
  @Field(() => Money, { nullable: true, description: 'At least this; null for the first band.' })
  from: Money | null

  @Field(() => Money, { nullable: true, description: 'Less than this; null for the last band.' })
  below: Money | null

  @Field(() => Int)
  count: number
}

@GraphObject('How many products have so good a mean of their stars.')
export class StarCount {
  @Field(() => Int, { description: 'For `filter.minStars`.' })
  minStars: number

  @Field(() => Int)
  count: number
}

@GraphObject('What a list of products can be narrowed to. Each facet counts as if nothing had been chosen in it yet.')
export class ProductFacets {
  @Field(() => [CategoryCount])
  categories: CategoryCount[]

  @Field(() => [AttributeCount], {
    description: 'By name; each name counts under what is chosen for the other names. At most 20 names.',
  })
  attributes: AttributeCount[]

  @Field(() => [PriceBand])
  priceBands: PriceBand[]

  @Field(() => [StarCount], { description: 'From five stars down to one “and up”.' })
  stars: StarCount[]

  @Field(() => Int, { description: 'How many can be bought now.' })
  inStockCount: number
}

@InputType()
export class WishInput {
  @Field(() => ID)
  productId: string
}
