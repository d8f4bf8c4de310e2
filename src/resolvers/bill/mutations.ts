import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { decodeId, encodeId } from '../../core/ids.ts'
import { billById, billGroupById, billSettlementById } from '../../db/relations/bill.ts'
import { expenseById } from '../../db/relations/expense.ts'
import {
  addBill,
  type BillContent,
  bookBillPart,
  deleteBill,
  deleteSettlement,
  settleBills,
  updateBill,
} from '../../domain/bill/bill.ts'
import {
  answerBillInvitation,
  createBillGroup,
  inviteToBillGroup,
  leaveBillGroup,
  renameBillGroup,
  withdrawBillInvitation,
} from '../../domain/bill/group.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import {
  AcceptBillInvitationPayload,
  AddBillInput,
  AddBillPayload,
  BillGroupInput,
  BookBillPartInput,
  BookBillPartPayload,
  CreateBillGroupInput,
  CreateBillGroupPayload,
  DeclineBillInvitationPayload,
  DeleteBillPayload,
  DeleteSettlementPayload,
  InviteToBillGroupInput,
  InviteToBillGroupPayload,
  LeaveBillGroupPayload,
  RenameBillGroupInput,
  RenameBillGroupPayload,
  SettleBillsInput,
  SettleBillsPayload,
  UpdateBillInput,
  UpdateBillPayload,
  WithdrawBillInvitationInput,
  WithdrawBillInvitationPayload,
} from '../../schema/bill/input.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { fromMoneyInput } from '../../schema/money.ts'
import { payload } from '../../schema/user-error.ts'
import { booksOf } from '../expense/expense.ts'
import { categoryId } from '../expense/mutations.ts'

const groupIdOf = (id: string, field = 'id') => decodeId('billgroup', id, ['input', field])
const billId = (id: string) => decodeId('bill', id, ['input', 'id'])

async function contentOf(context: Context, input: AddBillInput | UpdateBillInput): Promise<BillContent> {
  const memberId = (id: string, field: string, at: number) =>
    decodeId('billmember', id, ['input', field, String(at), 'memberId'])
  return {
    amount: fromMoneyInput(input.amount, ['input', 'amount']),
    spentOn: input.spentOn ?? (await booksOf(context, signedIn(context).accountId)).today,
    description: input.description,
    note: input.note ?? undefined,
    split: input.split,
    parts: input.parts?.map((part, at) => ({
      memberId: memberId(part.memberId, 'parts', at),
      shares: part.shares ?? undefined,
      amount: part.amount ? fromMoneyInput(part.amount, ['input', 'parts', String(at), 'amount']) : undefined,
    })),
    payments: input.payments?.map((payment, at) => ({
      memberId: memberId(payment.memberId, 'payments', at),
      amount: fromMoneyInput(payment.amount, ['input', 'payments', String(at), 'amount']),
    })),
  }
}

@Resolver()
export class BillMutationResolver {
  @Mutation(() => CreateBillGroupPayload, {
    nullable: true,
    description: 'A group to share bills in. User errors: `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createBillGroup(@Ctx() context: Context, @Arg('input', () => CreateBillGroupInput) input: CreateBillGroupInput) {
    return payload(context, 'group', async () =>
      context.loaders.one(billGroupById, await createBillGroup(context.deps, signedIn(context), { ...input })),
    )
  }

  @Mutation(() => RenameBillGroupPayload, { nullable: true, description: 'User errors: `NOT_FOUND`, `INVALID_INPUT`.' })
  @Rule(isSignedIn)
  renameBillGroup(@Ctx() context: Context, @Arg('input', () => RenameBillGroupInput) input: RenameBillGroupInput) {
    return payload(context, 'group', async () => {
      const change = { id: groupIdOf(input.id), name: input.name }
      return context.loaders.one(billGroupById, await renameBillGroup(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => InviteToBillGroupPayload, {
    nullable: true,
    description:
      'Invites a member, who accepts or declines. User errors: `NOT_FOUND` (group, handle), `INVALID_INPUT` (one has blocked the other), `TAKEN` (in it or invited), `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  inviteToBillGroup(
    @Ctx() context: Context,
    @Arg('input', () => InviteToBillGroupInput) input: InviteToBillGroupInput,
  ) {
    return payload(context, 'group', async () => {
      const invitation = { id: groupIdOf(input.id), handle: input.handle }
      return context.loaders.one(billGroupById, await inviteToBillGroup(context.deps, signedIn(context), invitation))
    })
  }

  @Mutation(() => AcceptBillInvitationPayload, { nullable: true, description: 'User errors: `NOT_FOUND`.' })
  @Rule(isSignedIn)
  acceptBillInvitation(@Ctx() context: Context, @Arg('input', () => BillGroupInput) { id }: BillGroupInput) {
    return payload(context, 'group', async () =>
      context.loaders.one(
        billGroupById,
        await answerBillInvitation(context.deps, signedIn(context), groupIdOf(id), true),
      ),
    )
  }

  @Mutation(() => DeclineBillInvitationPayload, { nullable: true, description: 'User errors: `NOT_FOUND`.' })
  @Rule(isSignedIn)
  declineBillInvitation(@Ctx() context: Context, @Arg('input', () => BillGroupInput) { id }: BillGroupInput) {
    return payload(context, 'groupId', async () =>
      encodeId('billgroup', await answerBillInvitation(context.deps, signedIn(context), groupIdOf(id), false)),
    )
  }

  @Mutation(() => WithdrawBillInvitationPayload, {
    nullable: true,
    description:
      'Takes back an invitation that waits for an answer. User errors: `NOT_FOUND` (group, member), `ILLEGAL_TRANSITION` (they have come in).',
  })
  @Rule(isSignedIn)
  withdrawBillInvitation(
    @Ctx() context: Context,
    @Arg('input', () => WithdrawBillInvitationInput) input: WithdrawBillInvitationInput,
  ) {
    return payload(context, 'group', async () => {
      const invitation = {
        groupId: groupIdOf(input.groupId, 'groupId'),
        memberId: decodeId('billmember', input.memberId, ['input', 'memberId']),
      }
      return context.loaders.one(
        billGroupById,
        await withdrawBillInvitation(context.deps, signedIn(context), invitation),
      )
    })
  }

  @Mutation(() => LeaveBillGroupPayload, {
    nullable: true,
    description:
      'Leaves a group; the last one takes it along. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION` (something is not settled).',
  })
  @Rule(isSignedIn)
  leaveBillGroup(@Ctx() context: Context, @Arg('input', () => BillGroupInput) { id }: BillGroupInput) {
    return payload(context, 'groupId', async () =>
      encodeId('billgroup', await leaveBillGroup(context.deps, signedIn(context), groupIdOf(id))),
    )
  }

  @Mutation(() => AddBillPayload, {
    nullable: true,
    description:
      'Enters a bill. User errors: `NOT_FOUND` (group, members), `INVALID_INPUT` (amounts, parts that do not add up), `LIMIT_EXCEEDED` (more than can be told exactly), `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  addBill(@Ctx() context: Context, @Arg('input', () => AddBillInput) input: AddBillInput) {
    return payload(context, 'bill', async () => {
      const { groupId, idempotencyKey } = input
      const bill = { ...(await contentOf(context, input)), groupId: groupIdOf(groupId, 'groupId'), idempotencyKey }
      return context.loaders.one(billById, await addBill(context.deps, signedIn(context), bill))
    })
  }

  @Mutation(() => UpdateBillPayload, {
    nullable: true,
    description:
      'For who entered a bill, or paid for it: replaces it. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  updateBill(@Ctx() context: Context, @Arg('input', () => UpdateBillInput) input: UpdateBillInput) {
    return payload(context, 'bill', async () => {
      const bill = { ...(await contentOf(context, input)), id: billId(input.id) }
      return context.loaders.one(billById, await updateBill(context.deps, signedIn(context), bill))
    })
  }

  @Mutation(() => DeleteBillPayload, {
    nullable: true,
    description: 'For who entered a bill, or paid for it. User errors: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteBill(@Ctx() context: Context, @Arg('input', () => BillGroupInput) { id }: BillGroupInput) {
    return payload(context, 'deletedId', async () =>
      encodeId('bill', await deleteBill(context.deps, signedIn(context), billId(id))),
    )
  }

  @Mutation(() => SettleBillsPayload, {
    nullable: true,
    description:
      'Enters money that one member gave another. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED` (more than is open between them), `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  settleBills(@Ctx() context: Context, @Arg('input', () => SettleBillsInput) input: SettleBillsInput) {
    return payload(context, 'settlement', async () => {
      const viewer = signedIn(context)
      const id = await settleBills(context.deps, viewer, {
        groupId: groupIdOf(input.groupId, 'groupId'),
        fromId: decodeId('billmember', input.fromId, ['input', 'fromId']),
        toId: decodeId('billmember', input.toId, ['input', 'toId']),
        amount: fromMoneyInput(input.amount, ['input', 'amount']),
        settledOn: input.settledOn ?? (await booksOf(context, viewer.accountId)).today,
        note: input.note ?? undefined,
        idempotencyKey: input.idempotencyKey,
      })
      return context.loaders.one(billSettlementById, id)
    })
  }

  @Mutation(() => DeleteSettlementPayload, {
    nullable: true,
    description: 'For who entered it, paid or received it. User errors: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteSettlement(@Ctx() context: Context, @Arg('input', () => BillGroupInput) { id }: BillGroupInput) {
    return payload(context, 'deletedId', async () => {
      const settlementId = decodeId('settlement', id, ['input', 'id'])
      return encodeId('settlement', await deleteSettlement(context.deps, signedIn(context), settlementId))
    })
  }

  @Mutation(() => BookBillPartPayload, {
    nullable: true,
    description:
      'Enters one’s own part of a bill among one’s expenses; again after the bill was changed, and the expense follows. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  bookBillPart(@Ctx() context: Context, @Arg('input', () => BookBillPartInput) input: BookBillPartInput) {
    return payload(context, 'expense', async () => {
      const part = { id: billId(input.id), categoryId: input.categoryId ? categoryId(input.categoryId) : undefined }
      return context.loaders.one(expenseById, await bookBillPart(context.deps, signedIn(context), part))
    })
  }
}
