import { Field, ID, InputType, Int, InterfaceType } from 'type-graphql'
import type { ReactionKind as ReactionKindName } from '../domain/reaction.ts'
import { Costs } from './cost.ts'
import { enumOf } from './enums.ts'
import { Node, typeOfRow } from './node.ts'
import { GraphObject } from './object.ts'
import { payloadOf } from './user-error.ts'

export const ReactionKind = enumOf<ReactionKindName>('ReactionKind', 'How a member reacts.', {
  LIKE: 'Like.',
  LOVE: 'Love.',
  LAUGH: 'Funny.',
  WOW: 'Surprising.',
  SAD: 'Sad.',
  EMOJI: 'Another emoji; `emoji` says which.',
})

@GraphObject('How many members reacted in one way.')
export class ReactionCount {
  @Field(() => ReactionKind)
  kind: ReactionKindName

  @Field(() => String, { description: 'The character: `👍` for `LIKE`.' })
  emoji: string

  @Field(() => Int)
  count: number
}

@InterfaceType({
  implements: Node,
  description: 'Anything that members can react to with `addReaction`.',
  resolveType: typeOfRow,
})
export abstract class Reactable extends Node {
  @Costs({ atMost: 20 })
  @Field(() => [ReactionCount], { description: 'The 20 ways that were used most, most used first.' })
  reactionCounts: ReactionCount[]

  @Field(() => Int, { description: 'Reactions of all kinds together.' })
  reactionCount: number

  @Field(() => [ReactionKind], { description: 'The viewer’s own; empty for who is not signed in.' })
  viewerReactions: ReactionKindName[]

  @Field(() => [String], { description: 'The viewer’s own, as characters; empty for who is not signed in.' })
  viewerEmoji: string[]
}

@InputType()
export class ReactionInput {
  @Field(() => ID, { description: 'The post, comment, … to react to.' })
  subjectId: string

  @Field(() => ReactionKind, { defaultValue: ReactionKind.LIKE })
  kind: ReactionKindName

  @Field(() => String, {
    nullable: true,
    description: 'Any one emoji, instead of a kind: `🎉`. `👍` is the same as `LIKE`.',
  })
  emoji?: string
}

export const AddReactionPayload = payloadOf('AddReactionPayload', 'subject', () => Reactable, 'What was reacted to.')
export const RemoveReactionPayload = payloadOf('RemoveReactionPayload', 'subject', () => Reactable, 'What it was.')
