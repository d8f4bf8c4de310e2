import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { invalidInput } from '../../core/errors.ts'
import { findTopProducts, type ProductSalesRow } from '../../db/queries/shop/sales.ts'
import { productById } from '../../db/relations/shop/catalogue.ts'
import { SHOP_CURRENCY } from '../../domain/shop/rules.ts'
import {
  MAX_REPORT_DAYS,
  type SalesReport as Report,
  reportSales,
  type SalesFigures as Sums,
} from '../../domain/shop/sales.ts'
import { isStaff, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Money, toMoney } from '../../schema/money.ts'
import { LocalDate, TimeZone } from '../../schema/scalars.ts'
import { Product } from '../../schema/shop/catalogue.ts'
import { ProductSales, SalesDay, type SalesFigures, SalesReport } from '../../schema/shop/sales.ts'

/** A year of orders is read and added up. */
const REPORT_COST = 500
const MAX_TOP_PRODUCTS = 50

const price = (amountMinor: number) => toMoney(amountMinor, SHOP_CURRENCY)

const figuresOf = (sums: Sums): SalesFigures => {
  const paidMinor = sums.grossMinor - sums.discountMinor + sums.shippingMinor + sums.taxMinor
  return {
    orders: sums.orders,
    gross: price(sums.grossMinor),
    discounts: price(sums.discountMinor),
    shipping: price(sums.shippingMinor),
    tax: price(sums.taxMinor),
    paid: price(paidMinor),
    refunds: price(sums.refundMinor),
    net: price(paidMinor - sums.refundMinor),
    pieces: sums.pieces,
    tickets: sums.tickets,
  }
}

@Resolver(() => SalesReport)
export class SalesReportResolver {
  @Query(() => SalesReport, {
    description: `For staff: what was sold from one day to another, both included and at most ${MAX_REPORT_DAYS}. A day is the time zone’s, from midnight to midnight.`,
  })
  @Rule(isStaff)
  @Costs({ own: REPORT_COST })
  async salesReport(
    @Ctx() context: Context,
    @Arg('from', () => LocalDate) from: string,
    @Arg('to', () => LocalDate) to: string,
    @Arg('timeZone', () => TimeZone) timeZone: string,
  ) {
    const { range, days, total } = await reportSales(context.deps, signedIn(context), { from, to, timeZone })
    return {
      range,
      days: days.map(({ day, figures }) => ({ day, figures: figuresOf(figures) })),
      total: figuresOf(total),
    }
  }

  @FieldResolver(() => [SalesDay])
  @Costs({ atMost: MAX_REPORT_DAYS })
  days(@Root() report: SalesReport) {
    return report.days
  }

  @FieldResolver(() => [ProductSales], { description: 'The products that brought in the most.' })
  async topProducts(
    @Ctx() { deps }: Context,
    @Root() { range }: Report,
    @Arg('first', () => Int, { defaultValue: 10, description: `1 to ${MAX_TOP_PRODUCTS}.` }) first: number,
  ) {
    if (first < 1 || first > MAX_TOP_PRODUCTS) {
      throw invalidInput(['first'], `\`first\` must be from 1 to ${MAX_TOP_PRODUCTS}.`)
    }
    return (await findTopProducts(deps.db, range)).slice(0, first)
  }
}

@Resolver(() => ProductSales)
export class ProductSalesResolver {
  @FieldResolver(() => Product, { nullable: true })
  product(@Ctx() { loaders }: Context, @Root() { productId }: ProductSalesRow) {
    return loaders.one(productById, productId)
  }

  @FieldResolver(() => Money)
  revenue(@Root() { revenueMinor }: ProductSalesRow) {
    return price(revenueMinor)
  }
}
