import { ArgsType, Field, InputType } from 'type-graphql'
import { ConnectionArgs, connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { Currency, Money } from './money.ts'
import { GraphObject } from './object.ts'
import { DateTime, LocalDate } from './scalars.ts'
import { payloadOf } from './user-error.ts'

export const RateSource = enumOf<'ECB' | 'STAFF'>('RateSource', 'Who says so.', {
  ECB: 'A reference rate of the European Central Bank.',
  STAFF: 'Staff has set it.',
})

@GraphObject('So many units of a currency for one euro, on a day.')
export class ExchangeRate {
  @Field(() => Currency)
  currency: string

  @Field(() => LocalDate, { description: 'The day that it is of.' })
  ratedOn: string

  @Field(() => String, { description: 'A decimal: `1.1357` dollars are one euro.' })
  unitsPerEuro: string

  @Field(() => RateSource)
  source: 'ECB' | 'STAFF'

  @Field(() => DateTime)
  updatedAt: string
}

export const { Connection: ExchangeRateConnection } = connectionOf(ExchangeRate)

@GraphObject('An amount in another currency.')
export class ConvertedMoney {
  @Field(() => Money, {
    description:
      'Converted by way of the euro and rounded once, to the smallest unit of its currency, halves away from zero.',
  })
  amount: Money

  @Field(() => String, { description: 'So many of it for one of what was converted, rounded for people to read.' })
  rate: string

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day that the rate is of; of two rates the older one. Null where none was needed.',
  })
  asOf: string | null

  @Field(() => Boolean, { description: 'The rate is more than a week older than the day that it is used for.' })
  isStale: boolean
}

@ArgsType()
export class ExchangeRatesArgs extends ConnectionArgs {
  @Field(() => Currency, { nullable: true, description: 'Of this currency alone.' })
  currency?: string | null
}

@InputType()
export class SetExchangeRateInput {
  @Field(() => Currency, { description: 'Any but EUR, for which the units are counted.' })
  currency: string

  @Field(() => LocalDate)
  on: string

  @Field(() => String, { description: 'A decimal with at most eight digits behind the point: `1.1357`.' })
  unitsPerEuro: string
}

export const SetExchangeRatePayload = payloadOf('SetExchangeRatePayload', 'rate', () => ExchangeRate, 'The rate.')
