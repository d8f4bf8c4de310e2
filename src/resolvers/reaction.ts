import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql'
import { addReaction, emojiOf, type ReactionKind as Kind, removeReaction } from '../domain/reaction.ts'
import { decodeSubjectRef } from '../domain/subject/registry.ts'
import { reactionCounts, viewerReactions } from '../loaders/reaction.ts'
import { isSignedIn, Rule } from '../permissions/rules.ts'
import { type Context, signedIn } from '../schema/context.ts'
import {
  AddReactionPayload,
  Reactable,
  ReactionCount,
  ReactionInput,
  ReactionKind,
  RemoveReactionPayload,
} from '../schema/reaction.ts'
import { payload } from '../schema/user-error.ts'
import { DependsOnViewer } from '../schema/viewer.ts'
import { loadSubject } from './subject.ts'

interface ReactableRow {
  id: string
}

@Resolver(() => Reactable)
export class ReactableResolver {
  @FieldResolver(() => [ReactionCount])
  async reactionCounts(@Ctx() { loaders }: Context, @Root() subject: ReactableRow) {
    const counts = await reactionCounts(loaders, subject.id)
    return counts.map((each) => ({ ...each, emoji: emojiOf(each) }))
  }

  @FieldResolver(() => Int)
  async reactionCount(@Ctx() { loaders }: Context, @Root() subject: ReactableRow) {
    return (await reactionCounts(loaders, subject.id)).reduce((sum, { count }) => sum + count, 0)
  }

  @FieldResolver(() => [ReactionKind])
  @DependsOnViewer
  async viewerReactions(@Ctx() { loaders, viewer }: Context, @Root() subject: ReactableRow): Promise<Kind[]> {
    if (viewer === null) return []
    const own = await viewerReactions(loaders, viewer.accountId, subject.id)
    return [...new Set(own.map(({ kind }) => kind))]
  }

  @FieldResolver(() => [String])
  @DependsOnViewer
  async viewerEmoji(@Ctx() { loaders, viewer }: Context, @Root() subject: ReactableRow): Promise<string[]> {
    return viewer === null ? [] : (await viewerReactions(loaders, viewer.accountId, subject.id)).map(emojiOf)
  }
}

const path = ['input', 'subjectId']

@Resolver()
export class ReactionResolver {
  @Mutation(() => AddReactionPayload, {
    nullable: true,
    description: 'Reacting twice in the same way is reacting once. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  addReaction(@Ctx() context: Context, @Arg('input', () => ReactionInput) { subjectId, kind, emoji }: ReactionInput) {
    return payload(context, 'subject', async () => {
      const on = await addReaction(context.deps, signedIn(context), {
        on: decodeSubjectRef(subjectId, path),
        kind,
        emoji: emoji ?? undefined,
      })
      return loadSubject(context, on)
    })
  }

  @Mutation(() => RemoveReactionPayload, {
    nullable: true,
    description: 'Taking back a reaction that is not there changes nothing. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  removeReaction(
    @Ctx() context: Context,
    @Arg('input', () => ReactionInput) { subjectId, kind, emoji }: ReactionInput,
  ) {
    return payload(context, 'subject', async () => {
      const on = await removeReaction(context.deps, signedIn(context), {
        on: decodeSubjectRef(subjectId, path),
        kind,
        emoji: emoji ?? undefined,
      })
      return loadSubject(context, on)
    })
  }
}
