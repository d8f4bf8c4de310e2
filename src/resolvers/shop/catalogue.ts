import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { invalidInput, notFound } from '../../core/errors.ts'
import { countRows } from '../../db/queries/page.ts'
import { findRootCategories, rootCategories } from '../../db/queries/shop/categories.ts'
import {
  findProducts,
  findWishedProducts,
  type ProductListFilter,
  type ProductOrderName,
  productsOnSale,
  wishedProducts,
} from '../../db/queries/shop/products.ts'
import {
  categoryChildren,
  type ProductCategoryRow,
  type ProductRow,
  productById,
  productBySlug,
  productCategoryById,
  productCategoryBySlug,
  productImageList,
  productTextById,
  productVariants,
  productWishCount,
  type VariantRow,
  variantAttributeList,
  variantById,
} from '../../db/relations/shop/catalogue.ts'
import { drawnImage } from '../../domain/shop/product-image.ts'
import {
  canSeeProduct,
  MAX_ATTRIBUTES,
  MAX_CATEGORY_DEPTH,
  MAX_CHILDREN,
  MAX_IMAGES,
  MAX_VARIANTS,
  SHOP_CURRENCY,
} from '../../domain/shop/rules.ts'
import { availableByVariant, categoryAncestors, inStockPriceByProduct, viewerWishes } from '../../loaders/shop.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Viewer } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { fromMoneyInput, Money, type MoneyInput, toMoney } from '../../schema/money.ts'
import {
  Product,
  ProductCategory,
  ProductCategoryConnection,
  ProductConnection,
  ProductFilter,
  ProductImage,
  ProductOrder,
  ProductVariant,
  VariantAttribute,
} from '../../schema/shop/catalogue.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { plain } from '../blog/list.ts'
import type { NodeType } from '../node-type.ts'
import { findImage, imageUrl } from '../upload-value.ts'

export const productNode: NodeType = {
  typename: 'Product',
  prefix: 'product',
  async load(context, id) {
    const product = await context.loaders.one(productById, id)
    return product !== null && canSeeProduct(context.viewer, product) ? product : null
  },
}

export const variantNode: NodeType = {
  typename: 'ProductVariant',
  prefix: 'variant',
  async load(context, id) {
    const variant = await context.loaders.one(variantById, id)
    return variant !== null && (await productNode.load(context, variant.productId)) !== null ? variant : null
  },
}

export const productCategoryNode: NodeType = {
  typename: 'ProductCategory',
  prefix: 'productcategory',
  load: (context, id) => context.loaders.one(productCategoryById, id),
}

function priceMinor(input: MoneyInput | null | undefined, field: string): number | undefined {
  if (input === null || input === undefined) return undefined
  const { amountMinor, currency } = fromMoneyInput(input, ['filter', field])
  if (currency !== SHOP_CURRENCY)
    throw invalidInput(['filter', field, 'currency'], `The shop sells in ${SHOP_CURRENCY}.`)
  // More than any price, so that it fits the column.
  return Math.max(-1, Math.min(amountMinor, 1_000_000_000))
}

function minStars(stars: number | null | undefined): number | undefined {
  if (stars === null || stars === undefined) return undefined
  if (stars < 1 || stars > 5) throw invalidInput(['filter', 'minStars'], 'Stars are from 1 to 5.')
  return stars
}

/** @throws DomainError `INVALID_INPUT` for a price in another currency, or stars that there are not. */
export const toProductFilter = (filter: ProductFilter | null | undefined): ProductListFilter => ({
  text: filter?.text == null || plain(filter.text) === '' ? undefined : plain(filter.text).slice(0, 500),
  category: filter?.category == null ? undefined : plain(filter.category),
  attributes: filter?.attributes?.map(({ name, values }) => ({ name: plain(name), values: values.map(plain) })),
  priceFromMinor: priceMinor(filter?.priceFrom, 'priceFrom'),
  priceToMinor: priceMinor(filter?.priceTo, 'priceTo'),
  minStars: minStars(filter?.minStars),
  inStock: filter?.inStock ?? undefined,
})

@Resolver(() => Product)
export class ProductResolver {
  @Query(() => ProductConnection, { description: 'What is on sale.' })
  @Rule(everyone)
  async products(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ProductFilter, { nullable: true }) filter: ProductFilter | undefined,
    @Arg('orderBy', () => ProductOrder, { defaultValue: ProductOrder.NEWEST }) orderBy: ProductOrderName,
  ) {
    const wanted = toProductFilter(filter)
    const found = await findProducts(deps.db, wanted, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, productsOnSale(wanted)))
  }

  @Query(() => Product, { nullable: true, description: 'By its slug. `NOT_FOUND` if there is none to be seen.' })
  @Rule(everyone)
  async product(@Ctx() context: Context, @Arg('slug', () => String) slug: string) {
    const product = await context.loaders.one(productBySlug, plain(slug))
    if (product === null || !canSeeProduct(context.viewer, product)) throw notFound('product', ['slug'])
    return product
  }

  @FieldResolver(() => String)
  async description(@Ctx() { loaders, texts }: Context, @Root() product: ProductRow) {
    const text = await loaders.one(productTextById, product.id)
    return text === null ? null : texts.spend(text.description)
  }

  @FieldResolver(() => ProductCategory)
  category(@Ctx() { loaders }: Context, @Root() product: ProductRow) {
    return loaders.one(productCategoryById, product.categoryId)
  }

  @FieldResolver(() => Money, { nullable: true })
  async fromPrice(
    @Ctx() { loaders }: Context,
    @Root() product: ProductRow,
    @Arg('inStock', () => Boolean, { defaultValue: false, description: 'Only of variants that can be bought now.' })
    inStock: boolean,
  ) {
    const priceMinor = inStock ? await inStockPriceByProduct(loaders, product.id) : product.fromPriceMinor
    return priceMinor === null ? null : toMoney(priceMinor, SHOP_CURRENCY)
  }

  @FieldResolver(() => [ProductVariant])
  @Costs({ atMost: MAX_VARIANTS })
  variants(@Ctx() { loaders }: Context, @Root() product: ProductRow) {
    return loaders.many(productVariants, product.id)
  }

  @FieldResolver(() => [ProductImage])
  @Costs({ atMost: MAX_IMAGES })
  async images(@Ctx() context: Context, @Root() product: ProductRow) {
    const { publicUrl } = context.deps
    const images = await context.loaders.many(productImageList, product.id)
    return Promise.all(
      images.map(async ({ url, uploadId, alt }) => {
        const image = await findImage(context, uploadId, alt)
        const address = url ?? (image && imageUrl(context, image, 'MEDIUM', 'WEBP')) ?? drawnImage(product.id)
        return { alt, image, url: address.startsWith('/') ? publicUrl() + address : address }
      }),
    )
  }

  @FieldResolver(() => Int)
  wishCount(@Ctx() { loaders }: Context, @Root() product: ProductRow) {
    return loaders.count(productWishCount, product.id)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerWishes(@Ctx() { loaders, viewer }: Context, @Root() product: ProductRow) {
    return viewer !== null && viewerWishes(loaders, viewer.accountId, product.id)
  }
}

@Resolver(() => ProductVariant)
export class ProductVariantResolver {
  @FieldResolver(() => Money)
  price(@Root() variant: VariantRow) {
    return toMoney(variant.priceMinor, variant.currency)
  }

  @FieldResolver(() => [VariantAttribute])
  @Costs({ atMost: MAX_ATTRIBUTES })
  attributes(@Ctx() { loaders }: Context, @Root() variant: VariantRow) {
    return loaders.many(variantAttributeList, variant.id)
  }

  @FieldResolver(() => Int)
  available(@Ctx() { loaders }: Context, @Root() variant: VariantRow) {
    return availableByVariant(loaders, variant.id)
  }

  @FieldResolver(() => Product)
  product(@Ctx() { loaders }: Context, @Root() variant: VariantRow) {
    return loaders.one(productById, variant.productId)
  }
}

@Resolver(() => ProductCategory)
export class ProductCategoryResolver {
  @Query(() => ProductCategoryConnection, { description: 'The categories below no other, in order.' })
  @Rule(everyone)
  async productCategories(@Ctx() { deps }: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const found = await findRootCategories(deps.db, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, rootCategories()))
  }

  @Query(() => ProductCategory, { nullable: true, description: 'By its slug.' })
  @Rule(everyone)
  async productCategory(@Ctx() { loaders }: Context, @Arg('slug', () => String) slug: string) {
    const category = await loaders.one(productCategoryBySlug, plain(slug))
    if (category === null) throw notFound('category', ['slug'])
    return category
  }

  @FieldResolver(() => ProductCategory, { nullable: true })
  parent(@Ctx() { loaders }: Context, @Root() category: ProductCategoryRow) {
    return loaders.one(productCategoryById, category.parentId)
  }

  @FieldResolver(() => [ProductCategory])
  @Costs({ atMost: MAX_CATEGORY_DEPTH })
  ancestors(@Ctx() { loaders }: Context, @Root() category: ProductCategoryRow) {
    return category.parentId === null ? [] : categoryAncestors(loaders, category.id)
  }

  @FieldResolver(() => [ProductCategory])
  @Costs({ atMost: MAX_CHILDREN })
  children(@Ctx() { loaders }: Context, @Root() category: ProductCategoryRow) {
    return loaders.many(categoryChildren, category.id)
  }
}

@Resolver(() => Viewer)
export class ShopViewerResolver {
  @FieldResolver(() => ProductConnection, { description: 'The viewer’s wishlist, the latest wish first.' })
  async wishlist(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const source = wishedProducts(signedIn(context).accountId)
    const found = await findWishedProducts(context.deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, source))
  }
}
