import { Field, Float, ID, InputType, Int } from 'type-graphql'
import { Costs } from '../cost.ts'
import { Currency, Money, MoneyInput } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { LocalDate } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { ExpenseCategory } from './expense.ts'

@GraphObject('What was spent on one category.')
export class CategoryTotal {
  @Field(() => ExpenseCategory)
  category: ExpenseCategory

  @Field(() => Money)
  total: Money

  @Field(() => Float, { description: 'Of the total, in percent.' })
  percent: number

  @Field(() => Int)
  count: number

  @Field(() => Money, { nullable: true, description: 'In the period before; null where there is none.' })
  previousTotal: Money | null
}

@GraphObject('What was spent in one calendar month, as far as it lies in the period.')
export class MonthTotal {
  @Field(() => LocalDate, { description: 'Its first day.' })
  month: string

  @Field(() => Money)
  total: Money

  @Field(() => Int)
  count: number
}

@GraphObject('Expenses of a currency that no rate is known for. They are in no other sum.')
export class UnconvertedTotal {
  @Field(() => Money)
  total: Money

  @Field(() => Int)
  count: number
}

@GraphObject(
  'Sums of expenses in one currency. Each expense is converted with the last rate until its day, so that all sums agree to the cent.',
)
export class ExpenseSummary {
  @Field(() => LocalDate, { nullable: true, description: 'The first day; null where there is no limit.' })
  from: string | null

  @Field(() => LocalDate, { nullable: true, description: 'The last day; null where there is no limit.' })
  to: string | null

  @Field(() => Currency, { description: 'What the sums are in: `expensePreferences.currency`.' })
  currency: string

  @Field(() => Money)
  total: Money

  @Field(() => Int, { description: 'How many expenses are in the total.' })
  count: number

  @Field(() => Money, {
    nullable: true,
    description:
      'Of the period before: the year before a year, as many months before whole months, or as many days right before. Null where the period is open.',
  })
  previousTotal: Money | null

  @Field(() => Float, {
    nullable: true,
    description: 'How much more than in the period before, in percent; null where nothing was spent then.',
  })
  changePercent: number | null

  @Field(() => Money, {
    nullable: true,
    description:
      'Of the period before, as far into it as today is into this one: on the tenth of a month the first ten days of the month before. All of it once this one is over; null where this one has not begun.',
  })
  previousTotalToDate: Money | null

  @Field(() => Float, {
    nullable: true,
    description: 'How much more was spent until today than until the same day of the period before, in percent.',
  })
  changePercentToDate: number | null

  @Field(() => Int, {
    description: 'Expenses of the period before that no rate is known for: what it is compared with lacks them.',
  })
  previousUnconverted: number

  @Costs({ atMost: 110 })
  @Field(() => [CategoryTotal], { description: 'The largest first.' })
  byCategory: CategoryTotal[]

  @Costs({ atMost: 120 })
  @Field(() => [MonthTotal], { description: 'In order; the latest 120 at most.' })
  byMonth: MonthTotal[]

  @Costs({ atMost: 20 })
  @Field(() => [UnconvertedTotal], { description: 'What could not be added up.' })
  unconverted: UnconvertedTotal[]

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day of the oldest rate in it; null where none was needed.',
  })
  oldestRateOn: string | null

  @Field(() => Boolean, { description: 'A rate in it is more than a week older than the day it was used for.' })
  isStale: boolean
}

@GraphObject('What the viewer means to spend at most in a month.', [Node])
export class ExpenseBudget extends Node {
  @Field(() => ExpenseCategory, { nullable: true, description: 'Null for everything together.' })
  category: ExpenseCategory | null

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'The first day of the month that it is for; null where it holds for every month without one of its own.',
  })
  month: string | null

  @Field(() => Money)
  amount: Money

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'The first day of the month whose rest is the first to go on into the next one; null where every month begins anew.',
  })
  carriesFrom: string | null
}

@GraphObject('A budget in a month.')
export class BudgetStanding {
  @Field(() => ExpenseBudget)
  budget: ExpenseBudget

  @Field(() => Money)
  spent: Money

  @Field(() => Money, {
    description:
      'What the months before have left over, below zero where they were overspent; 0 where nothing is carried over. Computed anew from the expenses of those months and the budgets that hold for them now.',
  })
  carried: Money

  @Field(() => Money, {
    description:
      'Of the amount and what was carried over. Below zero where more was spent. What came back counts as not spent.',
  })
  left: Money

  @Field(() => Float, { description: 'How much of the amount is spent, in percent; without what was carried over.' })
  percentSpent: number

  @Field(() => Int, { description: 'Expenses that no rate is known for, and that are not counted.' })
  unconvertedCount: number

  @Field(() => Boolean, { description: 'A rate in it is more than a week older than the day it was used for.' })
  isStale: boolean
}

@GraphObject('How the viewer’s books are kept.')
export class ExpensePreferences {
  @Field(() => Currency, { description: 'What sums are shown in.' })
  currency: string

  @Field(() => Boolean, { description: 'A paid order books its own expense, and a refund takes it back.' })
  booksOrders: boolean
}

@InputType()
export class SetExpenseBudgetInput {
  @Field(() => ID, { nullable: true, description: 'Without it for everything together.' })
  categoryId?: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Any day of the month. Without it for every month.' })
  month?: string | null

  @Field(() => MoneyInput)
  amount: MoneyInput

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Of a budget for every month: whether what is left of a month, or overspent, goes on into the next one, from this month on. As it is, unless told.',
  })
  carriesOver?: boolean | null
}

@InputType()
export class UpdateExpensePreferencesInput {
  @Field(() => Currency, { nullable: true })
  currency?: string | null

  @Field(() => Boolean, { nullable: true })
  booksOrders?: boolean | null
}

export const SetExpenseBudgetPayload = payloadOf(
  'SetExpenseBudgetPayload',
  'budget',
  () => ExpenseBudget,
  'The budget.',
)
export const DeleteExpenseBudgetPayload = payloadOf('DeleteExpenseBudgetPayload', 'deletedId', () => ID, 'Its id.')
export const UpdateExpensePreferencesPayload = payloadOf(
  'UpdateExpensePreferencesPayload',
  'preferences',
  () => ExpensePreferences,
  'The preferences.',
)
