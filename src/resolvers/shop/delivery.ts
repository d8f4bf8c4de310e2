import { Query, Resolver } from 'type-graphql'
import { DELIVERY_COUNTRIES, FREE_FROM_MINOR, findDestination } from '../../domain/shop/delivery.ts'
import { SHOP_CURRENCY } from '../../domain/shop/rules.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Costs } from '../../schema/cost.ts'
import { toMoney } from '../../schema/money.ts'
import { DeliveryCountry } from '../../schema/shop/delivery.ts'

@Resolver()
export class DeliveryResolver {
  @Query(() => [DeliveryCountry], { description: 'Where the shop delivers to, with tax and shipping.' })
  @Rule(everyone)
  @Costs({ atMost: DELIVERY_COUNTRIES.length })
  deliveryCountries() {
    return DELIVERY_COUNTRIES.flatMap((country) => {
      const destination = findDestination(country)
      if (destination === undefined) return []
      const { taxBasisPoints, shippingMinor, mayBeFree } = destination
      return [
        {
          country,
          taxBasisPoints,
          shipping: toMoney(shippingMinor, SHOP_CURRENCY),
          freeFrom: mayBeFree ? toMoney(FREE_FROM_MINOR, SHOP_CURRENCY) : null,
        },
      ]
    })
  }
}
