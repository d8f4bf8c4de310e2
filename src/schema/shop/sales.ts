import { Field, Int } from 'type-graphql'
import { Money } from '../money.ts'
import { GraphObject } from '../object.ts'
import { LocalDate } from '../scalars.ts'
import { Product } from './catalogue.ts'

@GraphObject('What was sold. An order counts when it is paid, a refund when it is entered.')
export class SalesFigures {
  @Field(() => Int, { description: 'Orders that were paid.' })
  orders: number

  @Field(() => Money, { description: 'Goods and tickets at their prices, before discounts, tax and shipping.' })
  gross: Money

  @Field(() => Money, { description: 'What coupons took off.' })
  discounts: Money

  @Field(() => Money)
  shipping: Money

  @Field(() => Money)
  tax: Money

  @Field(() => Money, { description: 'What buyers paid: `gross` less `discounts`, with `shipping` and `tax`.' })
  paid: Money

  @Field(() => Money, { description: 'What went back to buyers, whenever they had paid it.' })
  refunds: Money

  @Field(() => Money, { description: '`paid` less `refunds`; below zero where more went back than came in.' })
  net: Money

  @Field(() => Int, { description: 'Pieces of goods.' })
  pieces: number

  @Field(() => Int, { description: 'Seats in the cinema.' })
  tickets: number
}

@GraphObject('What was sold on one day.')
export class SalesDay {
  @Field(() => LocalDate)
  day: string

  @Field(() => SalesFigures)
  figures: SalesFigures
}

@GraphObject('What was sold of one product.')
export class ProductSales {
  @Field(() => Product, { nullable: true })
  product: Product | null

  @Field(() => Int)
  pieces: number

  @Field(() => Money, { description: 'What was paid for them, with discounts taken off and without tax.' })
  revenue: Money
}

@GraphObject('What was sold in a range of days.')
export class SalesReport {
  @Field(() => [SalesDay], { description: 'Every day of the range, those without sales included.' })
  days: SalesDay[]

  @Field(() => SalesFigures, { description: 'Of all days together.' })
  total: SalesFigures
}
