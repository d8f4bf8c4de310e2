import { Field, Float, Int, InterfaceType } from 'type-graphql'
import type {
  AnswersRevealed as AnswersRevealedName,
  ResultsShown as ResultsShownName,
} from '../../domain/poll/rules.ts'
import type { ReactionKind } from '../../domain/reaction.ts'
import { Account } from '../account.ts'
import { Commentable } from '../comment.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { Node, typeOfRow } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Reactable, type ReactionCount } from '../reaction.ts'
import { DateTime } from '../scalars.ts'

export const PollState = enumOf<'DRAFT' | 'OPEN' | 'CLOSED'>('PollState', 'Where a poll is in its life.', {
  DRAFT: 'Its owner is preparing it. Nobody else can see it.',
  OPEN: 'It takes votes.',
  CLOSED: 'It takes no more votes: it was closed, or its time has come.',
})

export const PollChoice = enumOf<'SINGLE' | 'MULTIPLE'>('PollChoice', 'How many options a vote may name.', {
  SINGLE: 'One.',
  MULTIPLE: 'Several, up to `maxChoices`.',
})

export const ResultsShown = enumOf<ResultsShownName>(
  'ResultsShown',
  'When the results can be seen. It holds for everybody alike, the owner and staff included.',
  {
    ALWAYS: 'From the start.',
    AFTER_VOTING: 'By those who have voted; by everybody once it is closed.',
    AFTER_CLOSING: 'Once it is closed.',
  },
)

export const AnswersRevealed = enumOf<AnswersRevealedName>(
  'AnswersRevealed',
  'When a quiz tells which options are right, and why.',
  {
    AFTER_VOTING: 'To those who have voted; to everybody once it is closed.',
    AFTER_CLOSING: 'Once it is closed.',
  },
)

export const PollOrder = enumOf<'NEWEST' | 'OLDEST' | 'CLOSING_SOON'>('PollOrder', 'In which order polls are listed.', {
  NEWEST: 'The newest first.',
  OLDEST: 'The oldest first.',
  CLOSING_SOON: 'Open polls that have a closing time, the next to close first.',
})

@InterfaceType({
  implements: Node,
  description: 'Anything that polls can hang on: `createPoll(input: { subjectId: … })`.',
  resolveType: typeOfRow,
})
export abstract class Pollable extends Node {
  @Field(() => Int, { description: 'The polls on it, drafts left out.' })
  pollCount: number
}

@GraphObject('Something to choose in a poll.', [Node])
export class PollOption extends Node {
  @Field(() => String)
  label: string

  @Field(() => Int, { description: 'Its place in the poll, from 0.' })
  position: number

  @Field(() => Node, {
    nullable: true,
    description: 'What it stands for: a post, a member, … Null where the viewer may not see it, or for words alone.',
  })
  node: Node | null

  @Field(() => Int, { nullable: true, description: 'Null while the results are hidden.' })
  voteCount: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Per cent of the voters who chose it, from 0 to 100; null while the results are hidden.',
  })
  percent: number | null

  @Field(() => Boolean, { nullable: true, description: 'Null in a poll that is no quiz, or until it tells.' })
  isCorrect: boolean | null
}

@GraphObject('The quiz that a poll is.')
export class PollQuiz {
  @Field(() => AnswersRevealed, { description: 'When it tells what is right.' })
  answersRevealed: AnswersRevealedName

  @Field(() => Boolean, { description: 'It has told: `explanation` and `PollOption.isCorrect` can be seen.' })
  isRevealed: boolean

  @Field(() => String, { nullable: true, description: 'Why it is so; null if there is none, or until it tells.' })
  explanation: string | null

  @Costs({ atMost: 20 })
  @Field(() => [PollOption], { nullable: true, description: 'Null until it tells.' })
  correctOptions: PollOption[] | null
}

@GraphObject('What somebody earned in a quiz.')
export class PollScore {
  @Field(() => Int, { description: 'One for each right option, less one for each wrong one; at least 0.' })
  points: number

  @Field(() => Int, { description: 'How many options are right.' })
  maxPoints: number
}

@GraphObject('The viewer’s vote.')
export class PollVote {
  @Costs({ atMost: 20 })
  @Field(() => [PollOption])
  options: PollOption[]

  @Field(() => DateTime)
  castAt: string

  @Field(() => DateTime, { nullable: true })
  changedAt: string | null
}

@GraphObject('A question with options to choose from, live: see `pollUpdated`.', [Commentable, Reactable, Node])
export class Poll extends Commentable {
  reactionCounts: ReactionCount[]
  reactionCount: number
  viewerReactions: ReactionKind[]

  @Field(() => Account, { description: 'Who asks, opens and closes.' })
  owner: Account

  @Field(() => Node, { nullable: true, description: 'The post, room, … that it hangs on, and is visible with.' })
  subject: Node | null

  @Field(() => String)
  question: string

  @Costs({ atMost: 20 })
  @Field(() => [PollOption], { description: '2 to 20, in the owner’s order.' })
  options: PollOption[]

  @Field(() => PollChoice)
  choice: 'SINGLE' | 'MULTIPLE'

  @Field(() => Int, { description: 'How many options one vote may name.' })
  maxChoices: number

  @Field(() => Boolean, { description: 'Nobody learns who chose what, staff and owner included.' })
  isAnonymous: boolean

  @Field(() => ResultsShown)
  resultsShown: ResultsShownName

  @Field(() => Boolean, { description: 'The results can be seen now, by the viewer.' })
  areResultsVisible: boolean

  @Field(() => Boolean, {
    description:
      'A vote can be changed while the poll is open; and withdrawn, unless voting is what shows the results.',
  })
  mayChangeVote: boolean

  @Field(() => PollQuiz, { nullable: true, description: 'Null for a poll that is no quiz.' })
  quiz: PollQuiz | null

  @Field(() => PollState)
  state: 'DRAFT' | 'OPEN' | 'CLOSED'

  @Field(() => Int, { description: 'How many have voted. It is told also while the results are hidden.' })
  voterCount: number

  @Field(() => DateTime, { nullable: true, description: 'When it closes by itself; null: when somebody closes it.' })
  closesAt: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was first opened.' })
  openedAt: string | null

  @Field(() => DateTime, { nullable: true })
  closedAt: string | null

  @Field(() => DateTime)
  createdAt: string

  @Field(() => PollVote, { nullable: true, description: 'Null where the viewer has not voted.' })
  viewerVote: PollVote | null

  @Field(() => PollScore, { nullable: true, description: 'In a quiz that has told the viewer what is right.' })
  viewerScore: PollScore | null

  @Field(() => Boolean)
  viewerCanVote: boolean

  @Field(() => Boolean, {
    description:
      'The viewer has voted, and may change that now; or withdraw it, unless `resultsShown` is `AFTER_VOTING`.',
  })
  viewerCanChangeVote: boolean

  @Field(() => Boolean, { description: 'Question, options and rules can be changed: until the first vote.' })
  viewerCanEdit: boolean

  @Field(() => Boolean, { description: 'It can be opened, and the viewer may: a draft, or a closed one again.' })
  viewerCanOpen: boolean

  @Field(() => Boolean, { description: 'It is open, and the viewer may close it.' })
  viewerCanClose: boolean

  @Field(() => Boolean)
  viewerCanDelete: boolean
}

export const { Connection: PollConnection } = connectionOf(Poll)
