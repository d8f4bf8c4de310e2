import { Field, ID, InputType, Int } from 'type-graphql'
import type {
  AnswersRevealed as AnswersRevealedName,
  ResultsShown as ResultsShownName,
} from '../../domain/poll/rules.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { AnswersRevealed, Poll, PollChoice, PollState, ResultsShown } from './poll.ts'

@InputType({ description: 'Polls must meet every condition that is given.' })
export class PollFilter {
  @Field(() => String, { nullable: true, description: 'Handle of the owner.' })
  author?: string

  @Field(() => PollState, { nullable: true, description: '`DRAFT` finds nothing: see `viewer.polls`.' })
  state?: 'DRAFT' | 'OPEN' | 'CLOSED'

  @Field(() => ID, { nullable: true, description: 'What they hang on.' })
  subjectId?: string
}

@InputType()
export class PollOptionInput {
  @Field(() => String, { description: '1 to 120 characters, different from the other options.' })
  label: string

  @Field(() => ID, { nullable: true, description: 'What it stands for: the id of anything that you can see.' })
  nodeId?: string

  @Field(() => Boolean, { nullable: true, description: 'In a quiz.' })
  isCorrect?: boolean
}

@InputType()
export class PollQuizInput {
  @Field(() => AnswersRevealed, { defaultValue: AnswersRevealed.AFTER_VOTING })
  answersRevealed: AnswersRevealedName

  @Field(() => String, { nullable: true, description: 'Why it is so; at most 2000 characters.' })
  explanation?: string
}

const CLOSES = 'In the future, at most five years ahead.'

@InputType()
export class CreatePollInput {
  @Field(() => ID, { nullable: true, description: 'The post, room, … to hang it on; without it, it stands alone.' })
  subjectId?: string

  @Field(() => String, { description: '1 to 300 characters.' })
  question: string

  @Field(() => [PollOptionInput], { description: '2 to 20.' })
  options: PollOptionInput[]

  @Field(() => PollChoice, { defaultValue: PollChoice.SINGLE })
  choice: 'SINGLE' | 'MULTIPLE'

  @Field(() => Int, { nullable: true, description: 'With `MULTIPLE`: from 2; all options unless told.' })
  maxChoices?: number

  @Field(() => Boolean, { defaultValue: true, description: 'Nobody learns who chose what.' })
  isAnonymous: boolean

  @Field(() => ResultsShown, { defaultValue: ResultsShown.ALWAYS })
  resultsShown: ResultsShownName

  @Field(() => Boolean, { defaultValue: false })
  mayChangeVote: boolean

  @Field(() => PollQuizInput, { nullable: true, description: 'Makes it a quiz; some options must be correct.' })
  quiz?: PollQuizInput

  @Field(() => DateTime, { nullable: true, description: CLOSES })
  closesAt?: string

  @Field(() => Boolean, { defaultValue: false, description: 'Prepare it, and `openPoll` later.' })
  isDraft: boolean

  @Field(() => String, {
    nullable: true,
    description: 'The same key and input again gets the first answer. 8 to 100 printable characters.',
  })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdatePollInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  question?: string

  @Field(() => [PollOptionInput], { nullable: true, description: 'All of them, anew.' })
  options?: PollOptionInput[]

  @Field(() => PollChoice, { nullable: true })
  choice?: 'SINGLE' | 'MULTIPLE'

  @Field(() => Int, { nullable: true, description: 'Null: as many as there are options.' })
  maxChoices?: number | null

  @Field(() => Boolean, { nullable: true })
  isAnonymous?: boolean

  @Field(() => ResultsShown, { nullable: true })
  resultsShown?: ResultsShownName

  @Field(() => Boolean, { nullable: true })
  mayChangeVote?: boolean

  @Field(() => PollQuizInput, { nullable: true, description: 'Null: it is no quiz any more.' })
  quiz?: PollQuizInput | null
}

@InputType()
export class PollInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class OpenPollInput {
  @Field(() => ID)
  id: string

  @Field(() => DateTime, { nullable: true, description: `${CLOSES} Left out, a draft keeps the time that it has.` })
  closesAt?: string | null
}

@InputType()
export class ExtendPollInput {
  @Field(() => ID)
  id: string

  @Field(() => DateTime, { nullable: true, description: `${CLOSES} Null: until somebody closes it.` })
  closesAt: string | null
}

@InputType()
export class VoteInput {
  @Field(() => ID)
  pollId: string

  @Field(() => [ID], { description: 'One, or several where the poll allows it.' })
  optionIds: string[]
}

@InputType()
export class WithdrawVoteInput {
  @Field(() => ID)
  pollId: string
}

const ofPoll = (name: string, description: string) => payloadOf(name, 'poll', () => Poll, description)

export const CreatePollPayload = ofPoll('CreatePollPayload', 'The new poll.')
export const UpdatePollPayload = ofPoll('UpdatePollPayload', 'The changed poll.')
export const OpenPollPayload = ofPoll('OpenPollPayload', 'The open poll.')
export const ClosePollPayload = ofPoll('ClosePollPayload', 'The closed poll.')
export const ExtendPollPayload = ofPoll('ExtendPollPayload', 'The poll with its new closing time.')
export const CastVotePayload = ofPoll('CastVotePayload', 'The poll as it stands with the vote.')
export const ChangeVotePayload = ofPoll('ChangeVotePayload', 'The poll as it stands with the changed vote.')
export const WithdrawVotePayload = ofPoll('WithdrawVotePayload', 'The poll as it stands without the vote.')
export const DeletePollPayload = payloadOf('DeletePollPayload', 'deletedId', () => ID, 'The id of what is gone.')
