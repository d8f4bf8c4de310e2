import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { invalidInput } from '../../core/errors.ts'
import { decodeId, encodeId } from '../../core/ids.ts'
import { findRecurring, recurringOf } from '../../db/queries/expense/list.ts'
import { countRows } from '../../db/queries/page.ts'
import { expenseCategoryById, type RecurringExpenseRow, recurringExpenseById } from '../../db/relations/expense.ts'
import {
  createRecurringExpense,
  deleteRecurringExpense,
  setRecurringPaused,
  skipRecurringExpense,
  updateRecurringExpense,
} from '../../domain/expense/recurring.ts'
import { OTHERS, ownsExpense } from '../../domain/expense/rules.ts'
import { upcomingOf } from '../../domain/expense/schedule.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { Connection, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { ExpenseCategory, ExpenseIdInput } from '../../schema/expense/expense.ts'
import {
  CreateRecurringExpenseInput,
  CreateRecurringExpensePayload,
  DeleteRecurringExpensePayload,
  PauseRecurringExpensePayload,
  RecurringExpense,
  RecurringExpenseConnection,
  RecurringExpensesArgs,
  ResumeRecurringExpensePayload,
  SkipRecurringExpenseInput,
  SkipRecurringExpensePayload,
  UpdateRecurringExpenseInput,
  UpdateRecurringExpensePayload,
} from '../../schema/expense/recurring.ts'
import { fromMoneyInput, Money, toMoney } from '../../schema/money.ts'
import { LocalDate } from '../../schema/scalars.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'
import { booksOf } from './expense.ts'
import { categoryId } from './mutations.ts'

export const recurringExpenseNode: NodeType = {
  typename: 'RecurringExpense',
  prefix: 'recurringexpense',
  async load({ viewer, loaders }, id) {
    const found = await loaders.one(recurringExpenseById, id)
    return found !== null && ownsExpense(viewer, found) ? found : null
  },
}

const recurringId = (id: string) => decodeId('recurringexpense', id, ['input', 'id'])
const MAX_UPCOMING = 50

@Resolver(() => RecurringExpense)
export class RecurringExpenseResolver {
  @Query(() => RecurringExpenseConnection, { description: 'The viewer’s own, the oldest first.' })
  @Rule(isSignedIn)
  async recurringExpenses(@Ctx() context: Context, @Args(() => RecurringExpensesArgs) args: RecurringExpensesArgs) {
    const { db } = context.deps
    const source = recurringOf(signedIn(context).accountId, args.status ?? undefined)
    const found = await findRecurring(db, source, toPageRequest(args))
    return new Connection(found, () => countRows(db, source))
  }

  @Mutation(() => CreateRecurringExpensePayload, {
    nullable: true,
    description:
      'An expense that comes again. User errors: `INVALID_INPUT`, `NOT_FOUND` (category), `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createRecurringExpense(
    @Ctx() context: Context,
    @Arg('input', () => CreateRecurringExpenseInput) input: CreateRecurringExpenseInput,
  ) {
    return payload(context, 'recurring', async () => {
      const viewer = signedIn(context)
      const id = await createRecurringExpense(context.deps, viewer, {
        description: input.description,
        note: input.note ?? undefined,
        frequency: input.frequency,
        every: input.every,
        endsOn: input.endsOn ?? undefined,
        maxOccurrences: input.maxOccurrences ?? undefined,
        idempotencyKey: input.idempotencyKey,
        amount: fromMoneyInput(input.amount, ['input', 'amount']),
        categoryId: input.categoryId ? categoryId(input.categoryId) : OTHERS,
        startsOn: input.startsOn ?? (await booksOf(context, viewer.accountId)).today,
      })
      return context.loaders.one(recurringExpenseById, id)
    })
  }

  @Mutation(() => UpdateRecurringExpensePayload, {
    nullable: true,
    description:
      'Changes what is booked from now on, and when; what is due already is booked as it was. User errors: `NOT_FOUND`, `INVALID_INPUT`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  updateRecurringExpense(
    @Ctx() context: Context,
    @Arg('input', () => UpdateRecurringExpenseInput) input: UpdateRecurringExpenseInput,
  ) {
    return payload(context, 'recurring', async () => {
      const { amount, categoryId: category, description, note, endsOn, maxOccurrences } = input
      const id = await updateRecurringExpense(context.deps, signedIn(context), {
        id: recurringId(input.id),
        endsOn,
        maxOccurrences,
        frequency: input.frequency ?? undefined,
        every: input.every ?? undefined,
        startsOn: input.startsOn ?? undefined,
        ...(amount ? { amount: fromMoneyInput(amount, ['input', 'amount']) } : {}),
        ...(category ? { categoryId: categoryId(category) } : {}),
        ...(description == null ? {} : { description }),
        ...(note == null ? {} : { note }),
      })
      return context.loaders.one(recurringExpenseById, id)
    })
  }

  @Mutation(() => PauseRecurringExpensePayload, {
    nullable: true,
    description: 'User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  pauseRecurringExpense(@Ctx() context: Context, @Arg('input', () => ExpenseIdInput) { id }: ExpenseIdInput) {
    return payload(context, 'recurring', async () => {
      const paused = await setRecurringPaused(context.deps, signedIn(context), recurringId(id), true)
      return context.loaders.one(recurringExpenseById, paused)
    })
  }

  @Mutation(() => ResumeRecurringExpensePayload, {
    nullable: true,
    description: 'Goes on with the next one. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  resumeRecurringExpense(@Ctx() context: Context, @Arg('input', () => ExpenseIdInput) { id }: ExpenseIdInput) {
    return payload(context, 'recurring', async () => {
      const resumed = await setRecurringPaused(context.deps, signedIn(context), recurringId(id), false)
      return context.loaders.one(recurringExpenseById, resumed)
    })
  }

  @Mutation(() => SkipRecurringExpensePayload, {
    nullable: true,
    description:
      'Leaves one out. User errors: `NOT_FOUND`, `INVALID_INPUT` (it does not fall on this day), `TAKEN` (booked or skipped already), `ILLEGAL_TRANSITION`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  skipRecurringExpense(
    @Ctx() context: Context,
    @Arg('input', () => SkipRecurringExpenseInput) { id, on, idempotencyKey }: SkipRecurringExpenseInput,
  ) {
    return payload(context, 'recurring', async () => {
      const skip = { id: recurringId(id), on: on ?? undefined, idempotencyKey }
      return context.loaders.one(
        recurringExpenseById,
        await skipRecurringExpense(context.deps, signedIn(context), skip),
      )
    })
  }

  @Mutation(() => DeleteRecurringExpensePayload, {
    nullable: true,
    description: 'What it has booked stays. User errors: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteRecurringExpense(@Ctx() context: Context, @Arg('input', () => ExpenseIdInput) { id }: ExpenseIdInput) {
    return payload(context, 'deletedId', async () => {
      const gone = await deleteRecurringExpense(context.deps, signedIn(context), recurringId(id))
      return encodeId('recurringexpense', gone)
    })
  }

  @FieldResolver(() => Money)
  amount(@Root() { amountMinor, currency }: RecurringExpenseRow) {
    return toMoney(amountMinor, currency)
  }

  @FieldResolver(() => ExpenseCategory)
  category(@Ctx() { loaders }: Context, @Root() { categoryId }: RecurringExpenseRow) {
    return loaders.one(expenseCategoryById, categoryId)
  }

  @FieldResolver(() => [LocalDate], { description: 'The days on which it will be booked next; 1 to 50 of them.' })
  @Costs({ own: 5 })
  upcoming(
    @Ctx() { deps }: Context,
    @Root() row: RecurringExpenseRow,
    @Arg('first', () => Int, { defaultValue: 3 }) first: number,
  ) {
    if (first < 1 || first > MAX_UPCOMING) throw invalidInput(['first'], `\`first\` must be from 1 to ${MAX_UPCOMING}.`)
    return upcomingOf(deps, row, first)
  }
}
