import { ArgsType, Field, ID, InputType } from 'type-graphql'
import type { ExpenseOrderName, ExpenseSource as ExpenseSourceName } from '../../db/queries/expense/list.ts'
import type { ExpensePeriod as ExpensePeriodName } from '../../domain/expense/period.ts'
import { Account } from '../account.ts'
import { ConnectionArgs, connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { ConvertedMoney } from '../exchange-rate.ts'
import { Currency, Money, MoneyInput } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime, JsonObject, LocalDate } from '../scalars.ts'
import { Upload } from '../upload.ts'
import { payloadOf } from '../user-error.ts'

export const KEY = 'Repeat a request with the same key and it is done once: 8 to 100 characters.'

const RECEIPTS = 'Uploads for RECEIPT (pictures, PDF), at most ten: `POST /uploads?use=RECEIPT`.'

export const ExpenseSource = enumOf<ExpenseSourceName>('ExpenseSource', 'Where an expense came from.', {
  MANUAL: 'The member entered it.',
  IMPORT: 'It was in an imported file.',
  RECURRING: 'A recurring expense booked it.',
  ORDER: 'A paid order of the shop or the cinema booked it.',
  REFUND: 'Money of an order that came back: its amount is below zero.',
  BILL: 'The member’s part of a shared bill.',
})

export const ExpensePeriod = enumOf<ExpensePeriodName>(
  'ExpensePeriod',
  'A stretch of days, seen from today where the member is (the time zone of the profile).',
  {
    PAST_WEEK: 'Today and the six days before.',
    LAST_MONTH:
      'The month that ends today, as PAST_WEEK is the week that does: on 15 November from 16 October on. Not the calendar’s October: that is PREVIOUS_MONTH.',
    LAST_THREE_MONTHS: 'The three months that end today: on 15 November from 16 August on.',
    THIS_MONTH: 'The calendar month.',
    PREVIOUS_MONTH:
      'The calendar month before this one, which other programmes call “last month”: on 15 November all of October.',
    THIS_YEAR: 'The calendar year.',
    PREVIOUS_YEAR: 'The calendar year before this one.',
    CUSTOM: 'From `from` to `to`.',
  },
)

export const ExpenseOrder = enumOf<ExpenseOrderName>('ExpenseOrder', 'How a list of expenses is sorted.', {
  NEWEST: 'By the day, the latest first.',
  OLDEST: 'By the day, the earliest first.',
  AMOUNT_DESC: 'The largest first, those of one currency together.',
  AMOUNT_ASC: 'The smallest first, those of one currency together.',
  LAST_ENTERED: 'Those first that were entered last.',
})

@GraphObject('What expenses are for: one of seven that everybody has, or the member’s own.', [Node])
export class ExpenseCategory extends Node {
  @Field(() => String)
  name: string

  @Field(() => Boolean, { description: 'Everybody has it, so it cannot be renamed or deleted.' })
  isBuiltIn: boolean

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when nothing new is filed under it; what comes again by itself goes on.',
  })
  archivedAt: string | null
}

@GraphObject('A change of an expense. The database enters it, and nobody can change it.', [Node])
export class ExpenseChange extends Node {
  @Field(() => String, { description: '`CREATED`, `CHANGED` or `DELETED`.' })
  kind: string

  @Field(() => ID, { description: 'The expense, which may be gone.' })
  expenseId: string

  @Field(() => Account, {
    nullable: true,
    description: 'Who did it; null for what is booked by itself: a recurring expense, an order, a refund.',
  })
  actor: Account | null

  @Field(() => JsonObject, { nullable: true, description: 'The fields that changed, as they were.' })
  before: Record<string, unknown> | null

  @Field(() => JsonObject, { nullable: true, description: 'The same fields as they became.' })
  after: Record<string, unknown> | null

  @Field(() => DateTime)
  changedAt: string
}

export const { Connection: ExpenseChangeConnection } = connectionOf(ExpenseChange)

@GraphObject('Money that the viewer has spent. Nobody else sees it.', [Node])
export class Expense extends Node {
  @Field(() => Money)
  amount: Money

  @Field(() => ConvertedMoney, {
    nullable: true,
    description: 'In the currency of the viewer’s sums, with the last rate until its day. Null where no rate is known.',
  })
  converted: ConvertedMoney | null

  @Field(() => ExpenseCategory)
  category: ExpenseCategory

  @Field(() => LocalDate)
  spentOn: string

  @Field(() => String)
  description: string

  @Field(() => String)
  note: string

  @Costs({ atMost: 10 })
  @Field(() => [Upload], { description: 'Pictures and PDFs of what was paid.' })
  receipts: Upload[]

  @Field(() => ExpenseSource)
  source: ExpenseSourceName

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime)
  updatedAt: string
}

export const { Connection: ExpenseConnection } = connectionOf(Expense)

@GraphObject('A link to a table of expenses.')
export class ExpensesCsv {
  @Field(() => String, { description: 'Whoever has it may save the file, so keep it to yourself.' })
  url: string

  @Field(() => DateTime, { description: 'When the link ends: after a quarter of an hour.' })
  expiresAt: string
}

@InputType({ description: 'Which expenses. What is left out does not limit.' })
export class ExpenseFilter {
  @Field(() => ExpensePeriod, { nullable: true, description: 'CUSTOM where only `from` or `to` is given.' })
  period?: ExpensePeriodName | null

  @Field(() => LocalDate, { nullable: true, description: 'The first day.' })
  from?: string | null

  @Field(() => LocalDate, { nullable: true, description: 'The last day, itself included.' })
  to?: string | null

  @Field(() => [ID], { nullable: true, description: 'Of one of these categories.' })
  categoryIds?: string[] | null

  @Field(() => [ExpenseSource], { nullable: true })
  sources?: ExpenseSourceName[] | null

  @Field(() => Currency, { nullable: true })
  currency?: string | null

  @Field(() => MoneyInput, { nullable: true, description: 'At least so much; of this currency alone.' })
  amountFrom?: MoneyInput | null

  @Field(() => MoneyInput, { nullable: true, description: 'At most so much; of this currency alone.' })
  amountTo?: MoneyInput | null

  @Field(() => String, { nullable: true, description: 'Part of the description or the note.' })
  text?: string | null
}

@ArgsType()
export class ExpensesArgs extends ConnectionArgs {
  @Field(() => ExpenseFilter, { nullable: true })
  filter?: ExpenseFilter | null

  @Field(() => ExpenseOrder, { defaultValue: 'NEWEST' })
  orderBy: ExpenseOrderName
}

@InputType()
export class CreateExpenseInput {
  @Field(() => MoneyInput, { description: 'More than 0.' })
  amount: MoneyInput

  @Field(() => ID, { nullable: true, description: 'Others, where none is given.' })
  categoryId?: string | null

  @Field(() => LocalDate, { nullable: true, description: 'Today where the member is, unless told.' })
  spentOn?: string | null

  @Field(() => String, { description: '1 to 200 characters.' })
  description: string

  @Field(() => String, { nullable: true, description: 'At most 2000 characters.' })
  note?: string

  @Field(() => [ID], { nullable: true, description: RECEIPTS })
  receiptIds?: string[] | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateExpenseInput {
  @Field(() => ID)
  id: string

  @Field(() => MoneyInput, { nullable: true })
  amount?: MoneyInput | null

  @Field(() => ID, { nullable: true })
  categoryId?: string | null

  @Field(() => LocalDate, { nullable: true })
  spentOn?: string | null

  @Field(() => String, { nullable: true })
  description?: string

  @Field(() => String, { nullable: true })
  note?: string

  @Field(() => [ID], { nullable: true, description: `All that it is to have. ${RECEIPTS}` })
  receiptIds?: string[] | null
}

@InputType({ description: 'The id of what the mutation is named after.' })
export class ExpenseIdInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class CreateExpenseCategoryInput {
  @Field(() => String, { description: '1 to 40 characters.' })
  name: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class UpdateExpenseCategoryInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  name?: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is in the archive, where it takes no new expenses.',
  })
  isArchived?: boolean | null
}

@InputType()
export class DeleteExpenseCategoryInput {
  @Field(() => ID)
  id: string

  @Field(() => ID, { nullable: true, description: 'Where its expenses go. Needed only where there are any.' })
  moveToId?: string | null
}

const expense = () => Expense
const category = () => ExpenseCategory

export const CreateExpensePayload = payloadOf('CreateExpensePayload', 'expense', expense, 'The new expense.')
export const UpdateExpensePayload = payloadOf('UpdateExpensePayload', 'expense', expense, 'The changed expense.')
export const DeleteExpensePayload = payloadOf('DeleteExpensePayload', 'deletedId', () => ID, 'Its id.')
export const CreateExpenseCategoryPayload = payloadOf(
  'CreateExpenseCategoryPayload',
  'category',
  category,
  'The new one.',
)
export const UpdateExpenseCategoryPayload = payloadOf(
  'UpdateExpenseCategoryPayload',
  'category',
  category,
  'The changed one.',
)
export const DeleteExpenseCategoryPayload = payloadOf('DeleteExpenseCategoryPayload', 'deletedId', () => ID, 'Its id.')
