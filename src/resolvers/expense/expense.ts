import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { crossRate } from '../../core/exchange.ts'
import { decodeId, encodeId } from '../../core/ids.ts'
import { changesOf, expensesOf, findCategories, findChanges, findExpenses } from '../../db/queries/expense/list.ts'
import { countRows } from '../../db/queries/page.ts'
import { accountById } from '../../db/relations/account.ts'
import {
  type ExpenseCategoryRow,
  type ExpenseChangeRow,
  type ExpenseRow,
  expenseById,
  expenseCategoryById,
  expenseChangeById,
  expenseChangeCount,
  expenseChangeList,
  expenseReceiptList,
} from '../../db/relations/expense.ts'
import { exportLink } from '../../domain/expense/export.ts'
import { findBooks } from '../../domain/expense/preference.ts'
import { canUseCategory, MAX_CATEGORIES, ownsExpense } from '../../domain/expense/rules.ts'
import { readFilter } from '../../domain/expense/summary.ts'
import { conversionByExpense } from '../../loaders/expense.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { ConvertedMoney } from '../../schema/exchange-rate.ts'
import {
  Expense,
  ExpenseCategory,
  ExpenseChange,
  ExpenseChangeConnection,
  ExpenseConnection,
  ExpenseFilter,
  ExpensesArgs,
  ExpensesCsv,
} from '../../schema/expense/expense.ts'
import { Money, toMoney } from '../../schema/money.ts'
import { JsonObject } from '../../schema/scalars.ts'
import { Upload } from '../../schema/upload.ts'
import type { NodeType } from '../node-type.ts'
import { readExpenseFilter } from './filter.ts'

export const expenseNode: NodeType = {
  typename: 'Expense',
  prefix: 'expense',
  async load({ viewer, loaders }, id) {
    const expense = await loaders.one(expenseById, id)
    return expense !== null && ownsExpense(viewer, expense) ? expense : null
  },
}

export const expenseCategoryNode: NodeType = {
  typename: 'ExpenseCategory',
  prefix: 'expensecategory',
  async load({ viewer, loaders }, id) {
    const category = await loaders.one(expenseCategoryById, id)
    return category !== null && canUseCategory(viewer, category) ? category : null
  },
}

export const expenseChangeNode: NodeType = {
  typename: 'ExpenseChange',
  prefix: 'expensechange',
  async load({ viewer, loaders }, id) {
    const change = await loaders.one(expenseChangeById, id)
    return change !== null && ownsExpense(viewer, change) ? change : null
  },
}

/** Once for each request: what an account's books are kept by. */
const books = new WeakMap<object, ReturnType<typeof findBooks>>()

export function booksOf({ loaders, deps }: Context, accountId: string, isFresh = false): ReturnType<typeof findBooks> {
  const known = (isFresh ? undefined : books.get(loaders)) ?? findBooks(deps, deps.db, accountId)
  books.set(loaders, known)
  return known
}

@Resolver(() => Expense)
export class ExpenseResolver {
  @Query(() => ExpenseConnection, { description: 'The viewer’s own expenses.' })
  @Rule(isSignedIn)
  async expenses(@Ctx() context: Context, @Args(() => ExpensesArgs) args: ExpensesArgs) {
    const { deps } = context
    const page = toPageRequest(args)
    const asked = readExpenseFilter(args.filter)
    const { filter } = await readFilter(deps, signedIn(context).accountId, asked, ['filter'])
    const source = expensesOf(filter)
    const found = await findExpenses(deps.db, source, args.orderBy, page)
    return new Connection(found, () => countRows(deps.db, source))
  }

  @Query(() => ExpensesCsv, {
    description:
      'A link to the viewer’s expenses as CSV in UTF-8, the oldest first. Cells that a programme for tables would compute begin with an apostrophe. Imported again, it books nothing.',
  })
  @Rule(isSignedIn)
  async expensesCsv(
    @Ctx() context: Context,
    @Arg('filter', () => ExpenseFilter, { nullable: true }) filter: ExpenseFilter | null | undefined,
    @Arg('withBom', () => Boolean, {
      defaultValue: false,
      description: 'With a mark of its encoding at the start, which Excel needs to read umlauts.',
    })
    withBom: boolean,
  ) {
    const { deps } = context
    const { accountId } = signedIn(context)
    const asked = readExpenseFilter(filter)
    await readFilter(deps, accountId, asked, ['filter'])
    return exportLink(deps, { accountId, filter: asked, withBom })
  }

  @Query(() => Expense, { nullable: true, description: 'One of the viewer’s own expenses. `NOT_FOUND` for another’s.' })
  @Rule(isSignedIn)
  async expense(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    const found = await expenseNode.load(context, decodeId('expense', id, ['id']))
    if (found === null) throw notFound('expense', ['id'])
    return found
  }

  @Query(() => [ExpenseCategory], {
    description: 'What the viewer’s expenses may be for: those that everybody has first, then their own by name.',
  })
  @Rule(isSignedIn)
  @Costs({ atMost: MAX_CATEGORIES + 7 })
  expenseCategories(
    @Ctx() context: Context,
    @Arg('withArchived', () => Boolean, { defaultValue: false }) withArchived: boolean,
  ) {
    return findCategories(context.deps.db, signedIn(context).accountId, withArchived)
  }

  @Query(() => ExpenseChangeConnection, {
    description: 'All that happened to the viewer’s expenses, the latest first, those that are deleted included.',
  })
  @Rule(isSignedIn)
  async expenseChanges(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const { db } = context.deps
    const source = changesOf(signedIn(context).accountId)
    const found = await findChanges(db, source, toPageRequest(page))
    return new Connection(found, () => countRows(db, source))
  }

  @FieldResolver(() => Money)
  amount(@Root() { amountMinor, currency }: ExpenseRow) {
    return toMoney(amountMinor, currency)
  }

  @FieldResolver(() => ConvertedMoney, { nullable: true })
  async converted(@Ctx() context: Context, @Root() { id, accountId }: ExpenseRow) {
    const { currency, today } = await booksOf(context, accountId)
    const found = await conversionByExpense(context.loaders, id, currency, today)
    if (found === null) return null
    const { minor, sourceUnits, targetUnits, asOf, isStale } = found
    const amount = toMoney(minor ?? 0, currency)
    return { amount, rate: crossRate(sourceUnits, targetUnits), asOf, isStale }
  }

  @FieldResolver(() => [Upload])
  receipts(@Ctx() { loaders }: Context, @Root() { id }: ExpenseRow) {
    return loaders.many(expenseReceiptList, id)
  }

  @FieldResolver(() => ExpenseCategory)
  category(@Ctx() { loaders }: Context, @Root() { categoryId }: ExpenseRow) {
    return loaders.one(expenseCategoryById, categoryId)
  }

  @FieldResolver(() => ExpenseChangeConnection, { description: 'What happened to it, the latest first.' })
  async changes(
    @Ctx() { loaders }: Context,
    @Root() { id }: ExpenseRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(expenseChangeList, id, toPageRequest(page))
    return new Connection(found, () => loaders.count(expenseChangeCount, id))
  }
}

@Resolver(() => ExpenseCategory)
export class ExpenseCategoryResolver {
  @FieldResolver(() => Boolean)
  isBuiltIn(@Root() { accountId }: ExpenseCategoryRow) {
    return accountId === null
  }
}

/** Columns of the database as the graph calls them, with amounts as people read them. */
function shown(fields: unknown): Record<string, unknown> | null {
  if (typeof fields !== 'object' || fields === null) return null
  const { category_id, amount_minor, spent_on, ...rest } = fields as Record<string, unknown>
  return {
    ...rest,
    ...(category_id === undefined ? {} : { categoryId: encodeId('expensecategory', String(category_id)) }),
    ...(amount_minor === undefined ? {} : { amountMinorUnits: amount_minor }),
    ...(spent_on === undefined ? {} : { spentOn: spent_on }),
  }
}

@Resolver(() => ExpenseChange)
export class ExpenseChangeResolver {
  @FieldResolver(() => ID)
  expenseId(@Root() { expenseId }: ExpenseChangeRow) {
    return encodeId('expense', expenseId)
  }

  @FieldResolver(() => Account, { nullable: true })
  actor(@Ctx() { loaders }: Context, @Root() { accountId, byOwner }: ExpenseChangeRow) {
    return byOwner ? loaders.one(accountById, accountId) : null
  }

  @FieldResolver(() => JsonObject, { nullable: true })
  before(@Root() { before }: ExpenseChangeRow) {
    return shown(before)
  }

  @FieldResolver(() => JsonObject, { nullable: true })
  after(@Root() { after }: ExpenseChangeRow) {
    return shown(after)
  }
}
