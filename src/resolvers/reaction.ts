import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql'
import { addReaction, type ReactionKind as Kind, removeReaction } from '../domain/reaction.ts'
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
  reactionCounts(@Ctx() { loaders }: Context, @Root() subject: ReactableRow) {
    return reactionCounts(loaders, subject.id)
  }

  @FieldResolver(() => Int)
  async reactionCount(@Ctx() { loaders }: Context, @Root() subject: ReactableRow) {
    return (await reactionCounts(loaders, subject.id)).reduce((sum, { count }) => sum + count, 0)
  }

  @FieldResolver(() => [ReactionKind])
  @DependsOnViewer
  viewerReactions(@Ctx() { loaders, viewer }: Context, @Root() subject: ReactableRow): Promise<Kind[]> | Kind[] {
    return viewer === null ? [] : viewerReactions(loaders, viewer.accountId, subject.id)
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
  addReaction(@Ctx() context: Context, @Arg('input', () => ReactionInput) { subjectId, kind }: ReactionInput) {
    return payload(context, 'subject', async () => {
      const on = await addReaction(context.deps, signedIn(context), { on: decodeSubjectRef(subjectId, path), kind })
      return loadSubject(context, on)
    })
  }

  @Mutation(() => RemoveReactionPayload, {
    nullable: true,
    description: 'Taking back a reaction that is not there changes nothing. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  removeReaction(@Ctx() context: Context, @Arg('input', () => ReactionInput) { subjectId, kind }: ReactionInput) {
    return payload(context, 'subject', async () => {
      const on = await removeReaction(context.deps, signedIn(context), { on: decodeSubjectRef(subjectId, path), kind })
      return loadSubject(context, on)
    })
  }
}
