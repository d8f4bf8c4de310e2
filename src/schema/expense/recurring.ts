import { ArgsType, Field, ID, InputType, Int } from 'type-graphql'
import type { RecurringStatus as StatusName } from '../../db/queries/expense/list.ts'
import type { Frequency } from '../../domain/expense/schedule.ts'
import { ConnectionArgs, connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Money, MoneyInput } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime, LocalDate } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { ExpenseCategory, KEY } from './expense.ts'

export const RecurrenceFrequency = enumOf<Frequency>('RecurrenceFrequency', 'How often something comes again.', {
  DAILY: 'Every so many days.',
  WEEKLY: 'Every so many weeks, on the weekday of the first one.',
  MONTHLY: 'Every so many months, on the day of the first one; on the last day of months that are shorter.',
  YEARLY: 'Every so many years; from 29 February on 28 February in years that have no other.',
})

export const RecurringStatus = enumOf<StatusName>('RecurringStatus', 'Whether a recurring expense is booked.', {
  ACTIVE: 'It is.',
  PAUSED: 'It waits. What falls into the pause is not booked afterwards.',
  ENDED: 'There is no further one.',
})

@GraphObject('An expense that comes again, and is booked by itself on its day where the member is.', [Node])
export class RecurringExpense extends Node {
  @Field(() => Money)
  amount: Money

  @Field(() => ExpenseCategory)
  category: ExpenseCategory

  @Field(() => String)
  description: string

  @Field(() => String)
  note: string

  @Field(() => RecurrenceFrequency)
  frequency: Frequency

  @Field(() => Int, { description: 'Every so many days, weeks, months or years.' })
  every: number

  @Field(() => LocalDate, {
    description: 'The first one; since how often it comes was changed, the first one of those.',
  })
  startsOn: string

  @Field(() => LocalDate, { nullable: true })
  endsOn: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'How many there are at most from `startsOn` on, those that are skipped included.',
  })
  maxOccurrences: number | null

  @Field(() => RecurringStatus)
  status: StatusName

  @Field(() => LocalDate, { nullable: true, description: 'When it is booked next; null once it has ended.' })
  nextOn: string | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: RecurringExpenseConnection } = connectionOf(RecurringExpense)

@ArgsType()
export class RecurringExpensesArgs extends ConnectionArgs {
  @Field(() => RecurringStatus, { nullable: true })
  status?: StatusName | null
}

@InputType()
export class CreateRecurringExpenseInput {
  @Field(() => MoneyInput, { description: 'More than 0.' })
  amount: MoneyInput

  @Field(() => ID, { nullable: true, description: 'Others, where none is given.' })
  categoryId?: string | null

  @Field(() => String)
  description: string

  @Field(() => String, { nullable: true })
  note?: string

  @Field(() => RecurrenceFrequency)
  frequency: Frequency

  @Field(() => Int, { defaultValue: 1, description: '1 to 1000.' })
  every: number

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first one: today unless told, a year ago at the earliest. What is due already is booked at once.',
  })
  startsOn?: string | null

  @Field(() => LocalDate, { nullable: true, description: 'There is none after this day.' })
  endsOn?: string | null

  @Field(() => Int, { nullable: true, description: 'There are at most so many.' })
  maxOccurrences?: number | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are. What was booked is not changed.' })
export class UpdateRecurringExpenseInput {
  @Field(() => ID)
  id: string

  @Field(() => MoneyInput, { nullable: true })
  amount?: MoneyInput | null

  @Field(() => ID, { nullable: true })
  categoryId?: string | null

  @Field(() => String, { nullable: true })
  description?: string

  @Field(() => String, { nullable: true })
  note?: string

  @Field(() => RecurrenceFrequency, {
    nullable: true,
    description: 'How often it comes from `startsOn` on, or from its next day on.',
  })
  frequency?: Frequency

  @Field(() => Int, { nullable: true, description: '1 to 1000.' })
  every?: number

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'From which day on it comes as it was changed to, today at the earliest: another day of the month, say.',
  })
  startsOn?: string

  @Field(() => LocalDate, { nullable: true, description: 'Null takes the end away.' })
  endsOn?: string | null

  @Field(() => Int, {
    nullable: true,
    description:
      'There are at most so many, counted from `startsOn`; null takes the number away. Unless told as many are left as were.',
  })
  maxOccurrences?: number | null
}

@InputType()
export class SkipRecurringExpenseInput {
  @Field(() => ID)
  id: string

  @Field(() => LocalDate, { nullable: true, description: 'Which one; the next unless told.' })
  on?: string | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

const recurring = () => RecurringExpense

export const CreateRecurringExpensePayload = payloadOf(
  'CreateRecurringExpensePayload',
  'recurring',
  recurring,
  'The new one.',
)
export const UpdateRecurringExpensePayload = payloadOf(
  'UpdateRecurringExpensePayload',
  'recurring',
  recurring,
  'The changed one.',
)
export const PauseRecurringExpensePayload = payloadOf(
  'PauseRecurringExpensePayload',
  'recurring',
  recurring,
  'It waits.',
)
export const ResumeRecurringExpensePayload = payloadOf(
  'ResumeRecurringExpensePayload',
  'recurring',
  recurring,
  'It goes on.',
)
export const SkipRecurringExpensePayload = payloadOf(
  'SkipRecurringExpensePayload',
  'recurring',
  recurring,
  'With its next day.',
)
export const DeleteRecurringExpensePayload = payloadOf(
  'DeleteRecurringExpensePayload',
  'deletedId',
  () => ID,
  'Its id.',
)
