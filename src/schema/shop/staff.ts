import { Field, ID, InputType, Int } from 'type-graphql'
import type { MovementKind as MovementKindName } from '../../domain/shop/stock.ts'
import { Account } from '../account.ts'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { MoneyInput } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { Product, ProductCategory, ProductVariant } from './catalogue.ts'

export const KEY =
  '8 to 100 printable ASCII characters. The same request again with the same key is answered as the first was.'

export const MovementKind = enumOf<MovementKindName>('MovementKind', 'Why the stock of a variant changed.', {
  IN: 'Pieces came.',
  OUT: 'Pieces went.',
  CORRECTION: 'The shelf was counted, and differed from the books.',
})

@GraphObject('One line of the stock ledger. Lines are only ever added.', [Node])
export class StockMovement extends Node {
  @Field(() => MovementKind)
  kind: MovementKindName

  @Field(() => Int, { description: 'By how much the stock changed: negative for what went.' })
  quantity: number

  @Field(() => String, { description: 'The order that moved it, or what staff wrote.' })
  note: string

  @Field(() => Account, {
    nullable: true,
    description: 'Who moved it; null for what an order moved, and once the account is gone.',
  })
  actor: Account | null

  @Field(() => DateTime)
  createdAt: string
}

export const StaffProductOrder = enumOf<'RECENTLY_UPDATED' | 'NAME'>(
  'StaffProductOrder',
  'In which order products are listed for staff.',
  { RECENTLY_UPDATED: 'What was changed last comes first.', NAME: 'From A to Z.' },
)

@InputType({ description: 'Products must meet every condition that is given.' })
export class StaffProductFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Part of its name or brand, or of the SKU of one of its variants; 3 to 100 characters.',
  })
  text?: string

  @Field(() => String, { nullable: true, description: 'Slug; the categories below it count as well.' })
  category?: string
}

export const { Connection: StockMovementConnection } = connectionOf(StockMovement)

@InputType()
export class CreateProductCategoryInput {
  @Field(() => String)
  name: string

  @Field(() => ID, { nullable: true, description: 'The category that it lies in; none for a root.' })
  parentId?: string | null

  @Field(() => Int, { nullable: true, description: 'Its place among its siblings, 0 unless told.' })
  position?: number | null
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateProductCategoryInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => ID, { nullable: true, description: 'Moves it with all that is below it; null makes it a root.' })
  parentId?: string | null

  @Field(() => Int, { nullable: true })
  position?: number | null
}

@InputType({ description: 'The id of what the mutation is named after.' })
export class ShopIdInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class AttributeInput {
  @Field(() => String)
  name: string

  @Field(() => String)
  value: string
}

@InputType({ description: 'An address or an upload.' })
export class ImageInput {
  @Field(() => String, {
    nullable: true,
    description: 'An http or https address, or `/art/…` for one that the server draws.',
  })
  url?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'A picture that was sent to `POST /uploads?use=PRODUCT_IMAGE`, or one that the product has already.',
  })
  uploadId?: string | null

  @Field(() => String, { description: 'What it shows, for who cannot see it.' })
  alt: string
}

@InputType()
export class NewVariantInput {
  @Field(() => String, { description: 'Unique; kept in capitals.' })
  sku: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => MoneyInput, { description: 'Of one piece, without tax.' })
  price: MoneyInput

  @Field(() => [AttributeInput], { nullable: true })
  attributes?: AttributeInput[]

  @Field(() => Int, { nullable: true, description: 'Staff is told when the stock falls to this many.' })
  lowStockAt?: number | null

  @Field(() => Int, { nullable: true, description: 'Pieces on the shelf at the start, 0 unless told.' })
  quantity?: number | null
}

@InputType()
export class CreateProductInput {
  @Field(() => String)
  name: string

  @Field(() => ID)
  categoryId: string

  @Field(() => String, { nullable: true })
  brand?: string

  @Field(() => String, { nullable: true, description: 'Plain text.' })
  description?: string

  @Field(() => String, { nullable: true, description: 'Made from the name unless told.' })
  slug?: string | null

  @Field(() => [ImageInput], { nullable: true, description: 'Drawn by the server unless told.' })
  images?: ImageInput[]

  @Field(() => [NewVariantInput], { description: 'At least one.' })
  variants: NewVariantInput[]

  @Field(() => Boolean, { defaultValue: false, description: 'On sale at once, and no draft.' })
  isActive: boolean

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateProductInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => ID, { nullable: true })
  categoryId?: string

  @Field(() => String, { nullable: true })
  brand?: string

  @Field(() => String, { nullable: true })
  description?: string

  @Field(() => String, { nullable: true })
  slug?: string | null

  @Field(() => [ImageInput], { nullable: true, description: 'All of them, in order.' })
  images?: ImageInput[]
}

@InputType()
export class AddVariantInput extends NewVariantInput {
  @Field(() => ID)
  productId: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateVariantInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  sku?: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => MoneyInput, { nullable: true, description: 'Carts show a changed price as a problem.' })
  price?: MoneyInput

  @Field(() => [AttributeInput], { nullable: true, description: 'All of them.' })
  attributes?: AttributeInput[]

  @Field(() => Int, { nullable: true, description: 'Null for never.' })
  lowStockAt?: number | null

  @Field(() => Int, { nullable: true })
  position?: number | null

  @Field(() => Boolean, { nullable: true, description: 'False for one that is no longer sold.' })
  isOnSale?: boolean | null
}

@InputType()
export class MoveStockInput {
  @Field(() => ID)
  variantId: string

  @Field(() => MovementKind)
  kind: MovementKindName

  @Field(() => Int, {
    description: 'How many came or went; for a CORRECTION by how much the shelf differs from the books, up or down.',
  })
  quantity: number

  @Field(() => String, { nullable: true })
  note?: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

const category = () => ProductCategory
const product = () => Product
const variant = () => ProductVariant

export const CreateProductCategoryPayload = payloadOf(
  'CreateProductCategoryPayload',
  'category',
  category,
  'The new one.',
)
export const UpdateProductCategoryPayload = payloadOf(
  'UpdateProductCategoryPayload',
  'category',
  category,
  'As it is now.',
)
export const DeleteProductCategoryPayload = payloadOf('DeleteProductCategoryPayload', 'deletedId', () => ID, 'Its id.')
export const CreateProductPayload = payloadOf('CreateProductPayload', 'product', product, 'The new product.')
export const UpdateProductPayload = payloadOf('UpdateProductPayload', 'product', product, 'The changed product.')
export const ActivateProductPayload = payloadOf('ActivateProductPayload', 'product', product, 'The product on sale.')
export const ArchiveProductPayload = payloadOf('ArchiveProductPayload', 'product', product, 'The product, off sale.')
export const AddVariantPayload = payloadOf('AddVariantPayload', 'variant', variant, 'The new variant.')
export const UpdateVariantPayload = payloadOf('UpdateVariantPayload', 'variant', variant, 'The changed variant.')
export const MoveStockPayload = payloadOf('MoveStockPayload', 'movement', () => StockMovement, 'The new line.')
export const AddWishPayload = payloadOf('AddWishPayload', 'product', product, 'The product, wished for.')
export const RemoveWishPayload = payloadOf(
  'RemoveWishPayload',
  'product',
  product,
  'The product, no longer wished for.',
)
