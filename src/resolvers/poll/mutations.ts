import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, encodeId, parseId, type Uuid } from '../../core/ids.ts'
import { closePoll, extendPoll, openPoll } from '../../domain/poll/lifecycle.ts'
import { createPoll, deletePoll, updatePoll } from '../../domain/poll/poll.ts'
import type { NewOption } from '../../domain/poll/settings.ts'
import { decodeSubjectRef } from '../../domain/subject/registry.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import {
  ClosePollPayload,
  CreatePollInput,
  CreatePollPayload,
  DeletePollPayload,
  ExtendPollInput,
  ExtendPollPayload,
  OpenPollInput,
  OpenPollPayload,
  PollInput,
  type PollOptionInput,
  UpdatePollInput,
  UpdatePollPayload,
} from '../../schema/poll/input.ts'
import { payload } from '../../schema/user-error.ts'
import { loadNode } from '../nodes.ts'
import { pollNode } from './node.ts'

const path = ['input', 'id']
const pollId = (id: string): Uuid => decodeId('poll', id, path)

/** What an option stands for must be there for the owner to see; later each viewer is looked at. */
const readOptions = (context: Context, options: readonly PollOptionInput[]): Promise<NewOption[]> =>
  Promise.all(
    options.slice(0, 100).map(async ({ label, nodeId, isCorrect }, position) => {
      const option = { label, isCorrect: isCorrect ?? undefined }
      if (nodeId == null) return option
      const node = parseId(nodeId)
      if (node === null || (await loadNode(context, node.prefix, node.uuid)) === null) {
        throw notFound('node', ['input', 'options', String(position), 'nodeId'])
      }
      return { ...option, node: { prefix: node.prefix, id: node.uuid } }
    }),
  )

const quizOf = (quiz: CreatePollInput['quiz'] | null) => ({
  answersRevealed: quiz?.answersRevealed ?? null,
  explanation: quiz?.explanation ?? null,
})

@Resolver()
export class PollMutationResolver {
  @Mutation(() => CreatePollPayload, {
    nullable: true,
    description:
      'Asks something, at once or as a draft. User errors: `INVALID_INPUT` naming the field, `NOT_FOUND` (subject, an option’s node), `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createPoll(@Ctx() context: Context, @Arg('input', () => CreatePollInput) input: CreatePollInput) {
    return payload(context, 'poll', async () => {
      const { subjectId, quiz, options, ...settings } = input
      const id = await createPoll(context.deps, signedIn(context), {
        ...settings,
        ...quizOf(quiz),
        maxChoices: settings.maxChoices ?? null,
        options: await readOptions(context, options),
        on: subjectId == null ? undefined : decodeSubjectRef(subjectId, ['input', 'subjectId']),
      })
      const poll = await pollNode.load(context, id)
      // A repeated request is answered with the first one's poll, which may be gone since.
      if (poll === null) throw notFound('poll', ['input', 'idempotencyKey'])
      return poll
    })
  }

  @Mutation(() => UpdatePollPayload, {
    nullable: true,
    description:
      'Changes one’s own poll until the first vote. User errors: `NOT_FOUND`, `INVALID_INPUT`, `POLL_FROZEN` (somebody has voted).',
  })
  @Rule(isSignedIn)
  updatePoll(@Ctx() context: Context, @Arg('input', () => UpdatePollInput) input: UpdatePollInput) {
    return payload(context, 'poll', async () => {
      const { id, quiz, options, ...settings } = input
      const changed = await updatePoll(context.deps, signedIn(context), {
        ...Object.fromEntries(
          Object.entries(settings).filter(([name, value]) => name === 'maxChoices' || value !== null),
        ),
        id: pollId(id),
        ...(quiz === undefined ? {} : quizOf(quiz)),
        ...(options == null ? {} : { options: await readOptions(context, options) }),
      })
      return pollNode.load(context, changed)
    })
  }

  @Mutation(() => OpenPollPayload, {
    nullable: true,
    description:
      'Opens a draft, or a closed poll again; a quiz opens once, and so does a poll with votes whose results are shown `AFTER_CLOSING`. For its owner; what a moderator or staff closed is opened by staff. User errors: `NOT_FOUND`, `INVALID_INPUT` (past), `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  openPoll(@Ctx() context: Context, @Arg('input', () => OpenPollInput) { id, closesAt }: OpenPollInput) {
    return payload(context, 'poll', async () =>
      pollNode.load(context, await openPoll(context.deps, signedIn(context), { id: pollId(id), closesAt })),
    )
  }

  @Mutation(() => ClosePollPayload, {
    nullable: true,
    description:
      'Ends an open poll for everybody at once. For its owner, the owners and moderators of the room that it is in, and staff, also where they only see the report of it (`poll` is null then). User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  closePoll(@Ctx() context: Context, @Arg('input', () => PollInput) { id }: PollInput) {
    return payload(context, 'poll', async () =>
      pollNode.load(context, await closePoll(context.deps, signedIn(context), pollId(id))),
    )
  }

  @Mutation(() => ExtendPollPayload, {
    nullable: true,
    description:
      'Moves the closing time, to later or earlier. For its owner. User errors: `NOT_FOUND`, `INVALID_INPUT` (past), `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  extendPoll(@Ctx() context: Context, @Arg('input', () => ExtendPollInput) { id, closesAt }: ExtendPollInput) {
    return payload(context, 'poll', async () =>
      pollNode.load(context, await extendPoll(context.deps, signedIn(context), { id: pollId(id), closesAt })),
    )
  }

  @Mutation(() => DeletePollPayload, {
    nullable: true,
    description: 'Deletes a poll with its votes and comments. For whoever may close it. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deletePoll(@Ctx() context: Context, @Arg('input', () => PollInput) { id }: PollInput) {
    return payload(context, 'deletedId', async () =>
      encodeId('poll', await deletePoll(context.deps, signedIn(context), pollId(id))),
    )
  }
}
