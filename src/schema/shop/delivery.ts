import { Field, Int } from 'type-graphql'
import { Money } from '../money.ts'
import { GraphObject } from '../object.ts'

@GraphObject('A country that the shop delivers to, and what is added for it.')
export class DeliveryCountry {
  @Field(() => String, { description: 'ISO 3166-1: `DE`.' })
  country: string

  @Field(() => Int, {
    description:
      'The rate of tax on goods and shipping, in hundredths of a percent: 1900 is 19 %. Tickets have theirs in.',
  })
  taxBasisPoints: number

  @Field(() => Money, { description: 'Without tax; an order of tickets alone is not shipped.' })
  shipping: Money

  @Field(() => Money, {
    nullable: true,
    description: 'Goods that come to so much after discounts travel free; null for where they never do.',
  })
  freeFrom: Money | null
}
