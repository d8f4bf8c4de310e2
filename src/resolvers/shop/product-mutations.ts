import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { decodeId, decodeOptionalId } from '../../core/ids.ts'
import { productById, variantById } from '../../db/relations/shop/catalogue.ts'
import { activateProduct, archiveProduct, createProduct, updateProduct } from '../../domain/shop/product.ts'
import type { NewImage } from '../../domain/shop/product-image.ts'
import { addVariant, type NewVariant, updateVariant } from '../../domain/shop/variant.ts'
import { addWish, removeWish } from '../../domain/shop/wishlist.ts'
import { isSignedIn, isStaff, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { fromMoneyInput } from '../../schema/money.ts'
import { WishInput } from '../../schema/shop/catalogue.ts'
import {
  ActivateProductPayload,
  AddVariantInput,
  AddVariantPayload,
  AddWishPayload,
  ArchiveProductPayload,
  CreateProductInput,
  CreateProductPayload,
  type ImageInput,
  type NewVariantInput,
  RemoveWishPayload,
  ShopIdInput,
  UpdateProductInput,
  UpdateProductPayload,
  UpdateVariantInput,
  UpdateVariantPayload,
} from '../../schema/shop/staff.ts'
import { payload } from '../../schema/user-error.ts'

const productId = (id: string, field = 'id') => decodeId('product', id, ['input', field])
const categoryId = (id: string) => decodeId('productcategory', id, ['input', 'categoryId'])

const toVariant = (input: NewVariantInput, path: readonly string[]): NewVariant => ({
  ...input,
  price: fromMoneyInput(input.price, [...path, 'price']),
})

const imagesOf = (images: ImageInput[] | null | undefined): NewImage[] | undefined =>
  images?.map(({ uploadId, ...image }, position) => ({
    ...image,
    uploadId: decodeOptionalId('upload', uploadId, ['input', 'images', String(position), 'uploadId']),
  }))

@Resolver()
export class ProductMutationResolver {
  @Mutation(() => CreateProductPayload, {
    nullable: true,
    description:
      'For staff: a draft, or on sale at once. User errors: `INVALID_INPUT`, `NOT_FOUND` (category), `TAKEN` (slug, SKU), `CONFLICT` (key).',
  })
  @Rule(isStaff)
  createProduct(@Ctx() context: Context, @Arg('input', () => CreateProductInput) input: CreateProductInput) {
    return payload(context, 'product', async () => {
      const product = {
        ...input,
        categoryId: categoryId(input.categoryId),
        images: imagesOf(input.images),
        variants: input.variants.map((each, at) => toVariant(each, ['input', 'variants', String(at)])),
      }
      return context.loaders.one(productById, await createProduct(context.deps, signedIn(context), product))
    })
  }

  @Mutation(() => UpdateProductPayload, {
    nullable: true,
    description: 'For staff. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN` (slug).',
  })
  @Rule(isStaff)
  updateProduct(@Ctx() context: Context, @Arg('input', () => UpdateProductInput) input: UpdateProductInput) {
    return payload(context, 'product', async () => {
      const change = {
        ...input,
        id: productId(input.id),
        categoryId: input.categoryId ? categoryId(input.categoryId) : undefined,
        images: imagesOf(input.images),
      }
      return context.loaders.one(productById, await updateProduct(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => ActivateProductPayload, {
    nullable: true,
    description: 'For staff: puts it on sale. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`.',
  })
  @Rule(isStaff)
  activateProduct(@Ctx() context: Context, @Arg('input', () => ShopIdInput) { id }: ShopIdInput) {
    return payload(context, 'product', async () =>
      context.loaders.one(productById, await activateProduct(context.deps, signedIn(context), productId(id))),
    )
  }

  @Mutation(() => ArchiveProductPayload, {
    nullable: true,
    description: 'For staff: takes it off sale. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isStaff)
  archiveProduct(@Ctx() context: Context, @Arg('input', () => ShopIdInput) { id }: ShopIdInput) {
    return payload(context, 'product', async () =>
      context.loaders.one(productById, await archiveProduct(context.deps, signedIn(context), productId(id))),
    )
  }

  @Mutation(() => AddVariantPayload, {
    nullable: true,
    description: 'For staff. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN` (SKU), `LIMIT_EXCEEDED`, `CONFLICT`.',
  })
  @Rule(isStaff)
  addVariant(@Ctx() context: Context, @Arg('input', () => AddVariantInput) input: AddVariantInput) {
    return payload(context, 'variant', async () => {
      const variant = { ...input, ...toVariant(input, ['input']), productId: productId(input.productId, 'productId') }
      return context.loaders.one(variantById, await addVariant(context.deps, signedIn(context), variant))
    })
  }

  @Mutation(() => UpdateVariantPayload, {
    nullable: true,
    description:
      'For staff: price, SKU, attributes, on sale or not. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN`.',
  })
  @Rule(isStaff)
  updateVariant(@Ctx() context: Context, @Arg('input', () => UpdateVariantInput) input: UpdateVariantInput) {
    return payload(context, 'variant', async () => {
      const change = {
        ...input,
        id: decodeId('variant', input.id, ['input', 'id']),
        price: input.price ? fromMoneyInput(input.price, ['input', 'price']) : undefined,
      }
      return context.loaders.one(variantById, await updateVariant(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => AddWishPayload, {
    nullable: true,
    description: 'Puts it on the viewer’s wishlist; twice is once. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  addWish(@Ctx() context: Context, @Arg('input', () => WishInput) input: WishInput) {
    return payload(context, 'product', async () => {
      const id = await addWish(context.deps, signedIn(context), productId(input.productId, 'productId'))
      return context.loaders.one(productById, id)
    })
  }

  @Mutation(() => RemoveWishPayload, {
    nullable: true,
    description: 'Takes it off the viewer’s wishlist; what is not on it changes nothing.',
  })
  @Rule(isSignedIn)
  removeWish(@Ctx() context: Context, @Arg('input', () => WishInput) input: WishInput) {
    return payload(context, 'product', async () => {
      const id = await removeWish(context.deps, signedIn(context), productId(input.productId, 'productId'))
      return context.loaders.one(productById, id)
    })
  }
}
