import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { decodeId, encodeId } from '../../core/ids.ts'
import { expenseById, expenseCategoryById } from '../../db/relations/expense.ts'
import { createExpenseCategory, deleteExpenseCategory, updateExpenseCategory } from '../../domain/expense/category.ts'
import { createExpense, deleteExpense, updateExpense } from '../../domain/expense/expense.ts'
import { OTHERS } from '../../domain/expense/rules.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import {
  CreateExpenseCategoryInput,
  CreateExpenseCategoryPayload,
  CreateExpenseInput,
  CreateExpensePayload,
  DeleteExpenseCategoryInput,
  DeleteExpenseCategoryPayload,
  DeleteExpensePayload,
  ExpenseIdInput,
  UpdateExpenseCategoryInput,
  UpdateExpenseCategoryPayload,
  UpdateExpenseInput,
  UpdateExpensePayload,
} from '../../schema/expense/expense.ts'
import { fromMoneyInput } from '../../schema/money.ts'
import { payload } from '../../schema/user-error.ts'
import { booksOf } from './expense.ts'

const expenseId = (id: string) => decodeId('expense', id, ['input', 'id'])
export const categoryId = (id: string, field = 'categoryId') => decodeId('expensecategory', id, ['input', field])

const receiptIds = (ids: string[] | null | undefined) =>
  ids?.map((id, at) => decodeId('upload', id, ['input', 'receiptIds', String(at)]))

@Resolver()
export class ExpenseMutationResolver {
  @Mutation(() => CreateExpensePayload, {
    nullable: true,
    description:
      'Enters an expense. User errors: `INVALID_INPUT` (amount, decimals, date), `NOT_FOUND` (category), `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createExpense(@Ctx() context: Context, @Arg('input', () => CreateExpenseInput) input: CreateExpenseInput) {
    return payload(context, 'expense', async () => {
      const viewer = signedIn(context)
      const id = await createExpense(context.deps, viewer, {
        description: input.description,
        note: input.note ?? undefined,
        idempotencyKey: input.idempotencyKey,
        receiptIds: receiptIds(input.receiptIds),
        amount: fromMoneyInput(input.amount, ['input', 'amount']),
        categoryId: input.categoryId ? categoryId(input.categoryId) : OTHERS,
        spentOn: input.spentOn ?? (await booksOf(context, viewer.accountId)).today,
      })
      return context.loaders.one(expenseById, id)
    })
  }

  @Mutation(() => UpdateExpensePayload, {
    nullable: true,
    description: 'Changes an expense; what it was stays in `changes`. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  updateExpense(@Ctx() context: Context, @Arg('input', () => UpdateExpenseInput) input: UpdateExpenseInput) {
    return payload(context, 'expense', async () => {
      const { amount, categoryId: category, spentOn, description, note } = input
      const id = await updateExpense(context.deps, signedIn(context), {
        id: expenseId(input.id),
        receiptIds: receiptIds(input.receiptIds),
        ...(amount ? { amount: fromMoneyInput(amount, ['input', 'amount']) } : {}),
        ...(category ? { categoryId: categoryId(category) } : {}),
        ...(spentOn ? { spentOn } : {}),
        ...(description == null ? {} : { description }),
        ...(note == null ? {} : { note }),
      })
      return context.loaders.one(expenseById, id)
    })
  }

  @Mutation(() => DeleteExpensePayload, {
    nullable: true,
    description: 'Deletes an expense; `expenseChanges` still says what it was. User errors: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteExpense(@Ctx() context: Context, @Arg('input', () => ExpenseIdInput) { id }: ExpenseIdInput) {
    return payload(context, 'deletedId', async () =>
      encodeId('expense', await deleteExpense(context.deps, signedIn(context), expenseId(id))),
    )
  }

  @Mutation(() => CreateExpenseCategoryPayload, {
    nullable: true,
    description:
      'A category of one’s own. User errors: `INVALID_INPUT`, `TAKEN` (name), `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createExpenseCategory(
    @Ctx() context: Context,
    @Arg('input', () => CreateExpenseCategoryInput) input: CreateExpenseCategoryInput,
  ) {
    return payload(context, 'category', async () => {
      const id = await createExpenseCategory(context.deps, signedIn(context), { ...input })
      return context.loaders.one(expenseCategoryById, id)
    })
  }

  @Mutation(() => UpdateExpenseCategoryPayload, {
    nullable: true,
    description:
      'Renames one’s own category, or moves it into the archive and out of it. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN`.',
  })
  @Rule(isSignedIn)
  updateExpenseCategory(
    @Ctx() context: Context,
    @Arg('input', () => UpdateExpenseCategoryInput) input: UpdateExpenseCategoryInput,
  ) {
    return payload(context, 'category', async () => {
      const change = { ...input, id: categoryId(input.id, 'id') }
      return context.loaders.one(
        expenseCategoryById,
        await updateExpenseCategory(context.deps, signedIn(context), change),
      )
    })
  }

  @Mutation(() => DeleteExpenseCategoryPayload, {
    nullable: true,
    description:
      'Deletes one’s own category; what is filed under it moves. Its budgets go with it. User errors: `NOT_FOUND`, `INVALID_INPUT` (it is in use, and nothing is said about where that goes).',
  })
  @Rule(isSignedIn)
  deleteExpenseCategory(
    @Ctx() context: Context,
    @Arg('input', () => DeleteExpenseCategoryInput) { id, moveToId }: DeleteExpenseCategoryInput,
  ) {
    return payload(context, 'deletedId', async () => {
      const gone = {
        id: categoryId(id, 'id'),
        ...(moveToId ? { moveToId: categoryId(moveToId, 'moveToId') } : {}),
      }
      return encodeId('expensecategory', await deleteExpenseCategory(context.deps, signedIn(context), gone))
    })
  }
}
