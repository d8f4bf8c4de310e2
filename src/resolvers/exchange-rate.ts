import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { currencyOf } from '../core/money.ts'
import { findKnownRates, knownRates } from '../db/queries/exchange-rate.ts'
import { countRows } from '../db/queries/page.ts'
import { convertMoney, setExchangeRate } from '../domain/exchange-rate/exchange-rate.ts'
import { everyone, isStaff, Rule } from '../permissions/rules.ts'
import { Connection, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import {
  ConvertedMoney,
  ExchangeRateConnection,
  ExchangeRatesArgs,
  SetExchangeRateInput,
  SetExchangeRatePayload,
} from '../schema/exchange-rate.ts'
import { Currency, fromMoneyInput, MoneyInput, toMoney } from '../schema/money.ts'
import { LocalDate } from '../schema/scalars.ts'
import { payload } from '../schema/user-error.ts'

@Resolver()
export class ExchangeRateResolver {
  @Query(() => ExchangeRateConnection, {
    description:
      'The rates that are known, the latest first. Without newer ones amounts are converted with old ones, and say so.',
  })
  @Rule(everyone)
  async exchangeRates(@Ctx() { deps }: Context, @Args(() => ExchangeRatesArgs) args: ExchangeRatesArgs) {
    const source = knownRates(args.currency ?? undefined)
    const found = await findKnownRates(deps.db, source, toPageRequest(args))
    return new Connection(found, () => countRows(deps.db, source))
  }

  @Query(() => ConvertedMoney, {
    nullable: true,
    description: 'An amount in another currency. `NOT_FOUND` where no rate is known.',
  })
  @Rule(everyone)
  async convertMoney(
    @Ctx() { deps }: Context,
    @Arg('amount', () => MoneyInput) amount: MoneyInput,
    @Arg('to', () => Currency) to: string,
    @Arg('on', () => LocalDate, {
      nullable: true,
      description: 'With the last rates until this day; today’s unless told.',
    })
    on: string | null | undefined,
  ) {
    const money = fromMoneyInput(amount, ['amount'])
    const done = await convertMoney(deps, money, currencyOf(to), on ?? null)
    return { ...done, amount: toMoney(done.amount.amountMinor, to) }
  }

  @Mutation(() => SetExchangeRatePayload, {
    nullable: true,
    description: 'For staff: the rate of a day, instead of the bank’s. User errors: `INVALID_INPUT`.',
  })
  @Rule(isStaff)
  setExchangeRate(@Ctx() context: Context, @Arg('input', () => SetExchangeRateInput) input: SetExchangeRateInput) {
    return payload(context, 'rate', async () => {
      const { currency, on, unitsPerEuro } = await setExchangeRate(context.deps, signedIn(context), { ...input })
      const updatedAt = context.deps.clock.now().toISOString()
      return { currency, ratedOn: on, unitsPerEuro, source: 'STAFF', updatedAt }
    })
  }
}
