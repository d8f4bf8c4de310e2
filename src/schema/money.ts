import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { GraphQLSafeInt } from 'graphql-scalars'
import { Field, InputType } from 'type-graphql'
import { DomainError } from '../core/errors.ts'
import { currencyOf, isCurrency, money, parseMoney, showMoney } from '../core/money.ts'
import { GraphObject } from './object.ts'

function code(value: unknown): string {
  if (typeof value === 'string' && isCurrency(value)) return value
  throw new GraphQLError('A Currency is a code of ISO 4217 such as EUR.')
}

export const Currency = new GraphQLScalarType<string, string>({
  name: 'Currency',
  description: 'A currency by its code in ISO 4217: `EUR`.',
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  serialize: code,
  parseValue: code,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new GraphQLError('A Currency is a string.', { nodes: node })
    return code(node.value)
  },
})

@GraphObject('An exact amount of money.')
export class Money {
  @Field(() => String, {
    description: 'A decimal with all digits of its currency: `12.50` EUR, `700` JPY, `1.250` KWD.',
  })
  amount: string

  @Field(() => Currency)
  currency: string

  @Field(() => GraphQLSafeInt, { description: 'The same in the smallest unit, for computing: 1250 cents.' })
  minorUnits: number
}

@InputType({ description: 'An exact amount of money.' })
export class MoneyInput {
  @Field(() => String, { description: 'A decimal with no more digits than its currency has: `12.50`.' })
  amount: string

  @Field(() => Currency)
  currency: string
}

/** An amount as the graph shows it. @throws DomainError `LIMIT_EXCEEDED` for a sum or a conversion that is not exact any more. */
export function toMoney(amountMinor: number, currency: string): Money {
  const limit = Number.MAX_SAFE_INTEGER
  if (Math.abs(amountMinor) > limit) {
    throw new DomainError('LIMIT_EXCEEDED', 'This amount is larger than can be told exactly.', [], { limit })
  }
  return showMoney(money(amountMinor, currencyOf(currency)))
}

/** @throws DomainError `INVALID_INPUT` naming `path`, for what is no exact amount of its currency. */
export const fromMoneyInput = ({ amount, currency }: MoneyInput, path: readonly string[]) =>
  parseMoney(amount, currencyOf(currency), [...path, 'amount'])
