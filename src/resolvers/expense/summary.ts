import { Arg, Ctx, FieldResolver, Float, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import { decodeId, encodeId } from '../../core/ids.ts'
import { type ExpenseBudgetRow, expenseBudgetById, expenseCategoryById } from '../../db/relations/expense.ts'
import { deleteExpenseBudget, type Standing, setExpenseBudget, standingBudgets } from '../../domain/expense/budget.ts'
import { updateExpensePreferences } from '../../domain/expense/preference.ts'
import { MAX_CATEGORIES, ownsExpense } from '../../domain/expense/rules.ts'
import { type Summary, summarise } from '../../domain/expense/summary.ts'
import { summaryChanged } from '../../domain/expense/topics.ts'
import { liveState } from '../../live/source.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { ExpenseCategory, ExpenseFilter, ExpenseIdInput } from '../../schema/expense/expense.ts'
import {
  BudgetStanding,
  CategoryTotal,
  DeleteExpenseBudgetPayload,
  ExpenseBudget,
  ExpensePreferences,
  ExpenseSummary,
  MonthTotal,
  SetExpenseBudgetInput,
  SetExpenseBudgetPayload,
  UnconvertedTotal,
  UpdateExpensePreferencesInput,
  UpdateExpensePreferencesPayload,
} from '../../schema/expense/summary.ts'
import { fromMoneyInput, Money, toMoney } from '../../schema/money.ts'
import { LocalDate } from '../../schema/scalars.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'
import { booksOf } from './expense.ts'
import { readExpenseFilter } from './filter.ts'
import { categoryId } from './mutations.ts'

export const expenseBudgetNode: NodeType = {
  typename: 'ExpenseBudget',
  prefix: 'budget',
  async load({ viewer, loaders }, id) {
    const budget = await loaders.one(expenseBudgetById, id)
    return budget !== null && ownsExpense(viewer, budget) ? budget : null
  },
}

/** A summary costs as much as some pages of a list: it reads every expense of its period. */
const SUMMARY_COST = 50

const percentMore = (minor: number, beforeMinor: number | null): number | null =>
  beforeMinor === null || beforeMinor <= 0 ? null : ((minor - beforeMinor) * 100) / beforeMinor

@Resolver(() => ExpenseSummary)
export class ExpenseSummaryResolver {
  @Query(() => ExpenseSummary, {
    description: 'What the viewer spent: in all, by category and by month, beside the period before.',
  })
  @Rule(isSignedIn)
  @Costs({ own: SUMMARY_COST })
  expenseSummary(
    @Ctx() context: Context,
    @Arg('filter', () => ExpenseFilter, { nullable: true }) filter: ExpenseFilter | null | undefined,
  ) {
    return summarise(context.deps, signedIn(context).accountId, readExpenseFilter(filter))
  }

  @Subscription(() => ExpenseSummary, {
    description: 'The same as it is, then whenever something in the viewer’s books has changed.',
    subscribe({ args, context }) {
      const { deps } = context as Context
      const { accountId } = signedIn(context as Context)
      const asked = readExpenseFilter((args as { filter?: ExpenseFilter | null }).filter)
      return liveState({
        bus: deps.bus,
        key: `expenseSummaryUpdated:${accountId}:${JSON.stringify(asked)}`,
        topics: [summaryChanged(accountId)],
        admit: async () => '',
        load: () => summarise(deps, accountId, asked),
      })
    },
  })
  @Rule(isSignedIn)
  @Costs({ own: SUMMARY_COST })
  expenseSummaryUpdated(
    @Root() summary: Summary,
    @Arg('filter', () => ExpenseFilter, { nullable: true }) _filter: ExpenseFilter | null | undefined,
  ) {
    return summary
  }

  @FieldResolver(() => Money)
  total(@Root() { totalMinor, currency }: Summary) {
    return toMoney(totalMinor, currency)
  }

  @FieldResolver(() => Money, { nullable: true })
  previousTotal(@Root() { previousMinor, currency }: Summary) {
    return previousMinor === null ? null : toMoney(previousMinor, currency)
  }

  @FieldResolver(() => Float, { nullable: true })
  changePercent(@Root() { totalMinor, previousMinor }: Summary) {
    return percentMore(totalMinor, previousMinor)
  }

  @FieldResolver(() => Money, { nullable: true })
  previousTotalToDate(@Root() { previousToDateMinor, currency }: Summary) {
    return previousToDateMinor === null ? null : toMoney(previousToDateMinor, currency)
  }

  @FieldResolver(() => Float, { nullable: true })
  changePercentToDate(@Root() { toDateMinor, previousToDateMinor }: Summary) {
    return percentMore(toDateMinor, previousToDateMinor)
  }

  @FieldResolver(() => [CategoryTotal])
  byCategory(@Ctx() { loaders }: Context, @Root() { categories, currency, totalMinor }: Summary) {
    return categories.map((each) => ({
      category: () => loaders.one(expenseCategoryById, each.categoryId),
      total: toMoney(each.totalMinor, currency),
      percent: totalMinor === 0 ? 0 : (each.totalMinor * 100) / totalMinor,
      count: each.count,
      previousTotal: each.previousMinor === null ? null : toMoney(each.previousMinor, currency),
    }))
  }

  @FieldResolver(() => [MonthTotal])
  byMonth(@Root() { months, currency }: Summary) {
    return months.map(({ month, totalMinor, count }) => ({ month, total: toMoney(totalMinor, currency), count }))
  }

  @FieldResolver(() => [UnconvertedTotal])
  unconverted(@Root() { unconverted }: Summary) {
    return unconverted.map(({ currency, totalMinor, count }) => ({ total: toMoney(totalMinor, currency), count }))
  }
}

@Resolver(() => ExpenseBudget)
export class ExpenseBudgetResolver {
  @Query(() => [BudgetStanding], {
    description: 'The viewer’s budgets that hold in a month, with what is left of them; this month’s unless told.',
  })
  @Rule(isSignedIn)
  @Costs({ atMost: MAX_CATEGORIES + 8 })
  async expenseBudgets(
    @Ctx() context: Context,
    @Arg('month', () => LocalDate, { nullable: true, description: 'Any day of it.' }) month: string | null | undefined,
  ) {
    const rows = await standingBudgets(context.deps, signedIn(context).accountId, month ?? null)
    return rows.map((row) => standingOf(row))
  }

  @Subscription(() => [BudgetStanding], {
    description: 'The same as they stand, then whenever something in the viewer’s books has changed.',
    subscribe({ args, context }) {
      const { deps } = context as Context
      const { accountId } = signedIn(context as Context)
      const month = (args as { month?: string | null }).month ?? null
      return liveState({
        bus: deps.bus,
        key: `expenseBudgetsUpdated:${accountId}:${month ?? ''}`,
        topics: [summaryChanged(accountId)],
        admit: async () => '',
        load: () => standingBudgets(deps, accountId, month),
      })
    },
  })
  @Rule(isSignedIn)
  @Costs({ atMost: MAX_CATEGORIES + 8 })
  expenseBudgetsUpdated(
    @Root() rows: readonly Standing[],
    @Arg('month', () => LocalDate, { nullable: true, description: 'Any day of it.' }) _month: string | null | undefined,
  ) {
    return rows.map((row) => standingOf(row))
  }

  @Query(() => ExpensePreferences, { description: 'How the viewer’s books are kept.' })
  @Rule(isSignedIn)
  expensePreferences(@Ctx() context: Context) {
    return booksOf(context, signedIn(context).accountId)
  }

  @Mutation(() => SetExpenseBudgetPayload, {
    nullable: true,
    description:
      'What is to be spent at most in a month, on a category or in all; setting it again changes it. User errors: `INVALID_INPUT`, `NOT_FOUND` (category), `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  setExpenseBudget(@Ctx() context: Context, @Arg('input', () => SetExpenseBudgetInput) input: SetExpenseBudgetInput) {
    return payload(context, 'budget', async () => {
      const id = await setExpenseBudget(context.deps, signedIn(context), {
        categoryId: input.categoryId ? categoryId(input.categoryId) : null,
        month: input.month ?? null,
        carriesOver: input.carriesOver ?? undefined,
        amount: fromMoneyInput(input.amount, ['input', 'amount']),
      })
      return context.loaders.one(expenseBudgetById, id)
    })
  }

  @Mutation(() => DeleteExpenseBudgetPayload, { nullable: true, description: 'User errors: `NOT_FOUND`.' })
  @Rule(isSignedIn)
  deleteExpenseBudget(@Ctx() context: Context, @Arg('input', () => ExpenseIdInput) { id }: ExpenseIdInput) {
    return payload(context, 'deletedId', async () => {
      const gone = decodeId('budget', id, ['input', 'id'])
      return encodeId('budget', await deleteExpenseBudget(context.deps, signedIn(context), gone))
    })
  }

  @Mutation(() => UpdateExpensePreferencesPayload, {
    nullable: true,
    description: 'Which currency sums are in, and whether paid orders book themselves.',
  })
  @Rule(isSignedIn)
  updateExpensePreferences(
    @Ctx() context: Context,
    @Arg('input', () => UpdateExpensePreferencesInput) { currency, booksOrders }: UpdateExpensePreferencesInput,
  ) {
    return payload(context, 'preferences', async () => {
      const viewer = signedIn(context)
      await updateExpensePreferences(context.deps, viewer, {
        ...(currency == null ? {} : { currency }),
        ...(booksOrders == null ? {} : { booksOrders }),
      })
      return booksOf(context, viewer.accountId, true)
    })
  }

  @FieldResolver(() => Money)
  amount(@Root() { amountMinor, currency }: ExpenseBudgetRow) {
    return toMoney(amountMinor, currency)
  }

  @FieldResolver(() => ExpenseCategory, { nullable: true })
  category(@Ctx() { loaders }: Context, @Root() { categoryId }: ExpenseBudgetRow) {
    return loaders.one(expenseCategoryById, categoryId)
  }
}

function standingOf({ spentMinor, carriedMinor, leftMinor, unconvertedCount, isStale, ...budget }: Standing) {
  const { amountMinor, currency } = budget
  return {
    budget: { ...budget, __typename: 'ExpenseBudget' },
    spent: toMoney(spentMinor, currency),
    carried: toMoney(carriedMinor, currency),
    left: toMoney(leftMinor, currency),
    percentSpent: (spentMinor * 100) / amountMinor,
    unconvertedCount,
    isStale,
  }
}
