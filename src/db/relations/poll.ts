import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, type Entity, entity, hasMany, manyToMany, type RowOf } from '../relation.ts'
import { accounts } from '../tables/account.ts'
import { pollChoices, pollOptions, polls } from '../tables/poll.ts'
import { accountEntity } from './account.ts'

/** `isOpen` by the database's clock, which is also the one that decides about votes. */
export type PollRow = RowOf<typeof polls> & { readonly isOpen: boolean }
export type PollOptionRow = RowOf<typeof pollOptions>

export const isOpen = sql`(${polls.state} = 'OPEN' and (${polls.closesAt} is null or ${polls.closesAt} > clock_timestamp()))`

const bare = entity('Poll', polls)
export const pollEntity: Entity<PollRow> = {
  typename: 'Poll',
  table: polls,
  columns: { ...bare.columns, isOpen },
}
export const pollOptionEntity = entity('PollOption', pollOptions)

export const pollById = belongsTo(pollEntity, polls.id)
export const pollOptionById = belongsTo(pollOptionEntity, pollOptions.id)

const byAge = (name: string, direction: 'asc' | 'desc'): KeysetOrder => ({
  name,
  direction,
  keys: [
    { value: polls.createdAt, type: 'timestamptz' },
    { value: polls.id, type: 'uuid' },
  ],
})

export const pollOrders = {
  NEWEST: byAge('NEWEST', 'desc'),
  OLDEST: byAge('OLDEST', 'asc'),
  CLOSING_SOON: {
    name: 'CLOSING_SOON',
    direction: 'asc',
    keys: [
      { value: polls.closesAt, type: 'timestamptz' },
      { value: polls.id, type: 'uuid' },
    ],
  },
} satisfies Record<string, KeysetOrder>

const isShown = sql`${polls.state} <> 'DRAFT'`

/** The polls on something, without drafts. */
export const subjectPolls = hasMany(pollEntity, { by: polls.subjectId, where: isShown, order: pollOrders.NEWEST })
export const subjectPollCount = count(polls, { by: polls.subjectId, where: isShown })

export const pollOptionList = hasMany(pollOptionEntity, {
  by: pollOptions.pollId,
  order: { name: 'POSITION', direction: 'asc', keys: [{ value: pollOptions.position, type: 'integer' }] },
})

/** Who chose an option, the latest first; accounts that are gone have no name to list. */
export const optionVoters = manyToMany(accountEntity, {
  key: accounts.id,
  through: pollChoices,
  from: pollChoices.optionId,
  toKey: pollChoices.accountId,
  order: {
    name: 'CHOSEN',
    direction: 'desc',
    keys: [
      { value: pollChoices.chosenAt, type: 'timestamptz' },
      { value: pollChoices.accountId, type: 'uuid' },
    ],
  },
})

export const optionVoterCount = count(pollChoices, {
  by: pollChoices.optionId,
  where: sql`${pollChoices.accountId} is not null`,
})
