import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import {
  countByAttribute,
  countByCategory,
  countByPrice,
  countByStars,
  countInStock,
} from '../../db/queries/shop/facets.ts'
import type { ProductListFilter } from '../../db/queries/shop/products.ts'
import { PRICE_BOUNDS_MINOR, SHOP_CURRENCY } from '../../domain/shop/rules.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { toMoney } from '../../schema/money.ts'
import {
  AttributeCount,
  CategoryCount,
  PriceBand,
  ProductFacets,
  ProductFilter,
  StarCount,
} from '../../schema/shop/catalogue.ts'
import { toProductFilter } from './catalogue.ts'

/** Each facet reads every product that meets the other conditions. */
const FACET_COST = 200

interface FacetsRoot {
  readonly filter: ProductListFilter
}

const bound = (position: number) => {
  const amountMinor = PRICE_BOUNDS_MINOR[position]
  return amountMinor === undefined ? null : toMoney(amountMinor, SHOP_CURRENCY)
}

@Resolver(() => ProductFacets)
export class ProductFacetsResolver {
  @Query(() => ProductFacets, { description: 'What `products` with this filter can be narrowed to, with counts.' })
  @Rule(everyone)
  productFacets(@Arg('filter', () => ProductFilter, { nullable: true }) filter: ProductFilter | undefined): FacetsRoot {
    return { filter: toProductFilter(filter) }
  }

  @FieldResolver(() => [CategoryCount])
  @Costs({ own: FACET_COST })
  categories(@Ctx() { deps }: Context, @Root() { filter }: FacetsRoot) {
    return countByCategory(deps.db, filter)
  }

  @FieldResolver(() => [AttributeCount])
  @Costs({ own: FACET_COST })
  attributes(@Ctx() { deps }: Context, @Root() { filter }: FacetsRoot) {
    return countByAttribute(deps.db, filter)
  }

  @FieldResolver(() => [PriceBand])
  @Costs({ own: FACET_COST })
  async priceBands(@Ctx() { deps }: Context, @Root() { filter }: FacetsRoot) {
    const counts = await countByPrice(deps.db, filter, PRICE_BOUNDS_MINOR)
    return counts.map((count, band) => ({ from: band === 0 ? null : bound(band - 1), below: bound(band), count }))
  }

  @FieldResolver(() => [StarCount])
  @Costs({ own: FACET_COST })
  stars(@Ctx() { deps }: Context, @Root() { filter }: FacetsRoot) {
    return countByStars(deps.db, filter)
  }

  @FieldResolver(() => Int)
  @Costs({ own: FACET_COST })
  inStockCount(@Ctx() { deps }: Context, @Root() { filter }: FacetsRoot) {
    return countInStock(deps.db, filter)
  }
}
