import { Field, ID, InputType, Int } from 'type-graphql'
import { Account } from '../account.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { Money, MoneyInput } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { ProductVariant } from './catalogue.ts'
import { KEY } from './staff.ts'

@GraphObject('That a price was changed, by whom and why. Written down for good.', [Node])
export class PriceChange extends Node {
  @Field(() => Money)
  before: Money

  @Field(() => Money)
  after: Money

  @Field(() => String, { description: 'What staff wrote; may be empty.' })
  note: string

  @Field(() => Account, { nullable: true, description: 'Who changed it; null once the account is gone.' })
  actor: Account | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: PriceChangeConnection } = connectionOf(PriceChange)

@GraphObject('A price as it is, and as it would be.')
export class NewPrice {
  @Field(() => ProductVariant)
  variant: ProductVariant

  @Field(() => Money)
  before: Money

  @Field(() => Money)
  after: Money
}

/** Lines of a preview; the count tells of all. */
export const MAX_PREVIEWED = 50

@GraphObject('What `changePrices` would change.')
export class PriceChangePreview {
  @Field(() => Int, { description: 'How many prices; those that would stay the same are not counted.' })
  count: number

  @Costs({ atMost: MAX_PREVIEWED })
  @Field(() => [NewPrice], { description: 'The first 50 by SKU.' })
  prices: NewPrice[]
}

@InputType({
  description:
    'Which prices (of a category or of SKUs) and how (by a percentage or to a price): `{ categoryId: "productcategory_…", percentBasisPoints: -1000 }` makes all in it ten percent cheaper.',
})
export class PriceChangePreviewInput {
  @Field(() => ID, { nullable: true, description: 'All in it and below it, but what is archived.' })
  categoryId?: string | null

  @Field(() => [String], { nullable: true, description: 'At most 500, in any case.' })
  skus?: string[] | null

  @Field(() => Int, {
    nullable: true,
    description: 'Hundredths of a percent, up or down: -1000 is ten percent less. Half cents are rounded up.',
  })
  percentBasisPoints?: number | null

  @Field(() => MoneyInput, { nullable: true, description: 'The new price of all of them.' })
  price?: MoneyInput | null
}

@InputType()
export class ChangePricesInput extends PriceChangePreviewInput {
  @Field(() => String, { nullable: true, description: 'Why, for the books.' })
  note?: string

  @Field(() => Int, {
    nullable: true,
    description: 'What the preview counted: nothing is changed if it would be another number by now.',
  })
  expectedCount?: number | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

export const ChangePricesPayload = payloadOf(
  'ChangePricesPayload',
  'changedCount',
  () => Int,
  'How many prices were changed.',
)
