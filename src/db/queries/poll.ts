import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import type { PageRequest } from '../keyset.ts'
import { selectColumns } from '../relation.ts'
import {
  isOpen,
  type PollOptionRow,
  type PollRow,
  pollEntity,
  pollOptionEntity,
  pollOrders,
} from '../relations/poll.ts'
import { statement } from '../statement.ts'
import { accounts } from '../tables/account.ts'
import { posts } from '../tables/blog.ts'
import { pollOptions, polls } from '../tables/poll.ts'
import { isOutsideRoomsOfOthers } from './chat.ts'
import { findPage, type ListSource } from './page.ts'

export type PollOrderName = keyof typeof pollOrders
export type PollStateName = PollRow['state']

export interface PollListFilter {
  authorHandle?: string | undefined
  state?: PollStateName | undefined
  /** The polls on this subject, which the viewer was found to see; without it those that everybody may see. */
  subjectId?: string | undefined
}

/** What hangs on nothing, or on something that everybody may read. A poll in a room is for its members. */
export const isPublicPoll = sql`(${polls.subjectId} is null or exists (select 1 from ${posts} where ${posts.id} = ${polls.subjectId} and ${posts.status} = 'PUBLISHED'))`

const inState = (state: PollStateName): SQL =>
  state === 'CLOSED'
    ? sql`(${polls.state} <> 'DRAFT' and not ${isOpen})`
    : state === 'OPEN'
      ? isOpen
      : sql`${polls.state} = 'DRAFT'`

export function listedPolls(filter: PollListFilter, order: PollOrderName): ListSource<PollRow> {
  const { authorHandle, state, subjectId } = filter
  return {
    of: pollEntity,
    where: [
      sql`${polls.state} <> 'DRAFT'`,
      subjectId === undefined ? isPublicPoll : sql`${polls.subjectId} = ${subjectId}::text::uuid`,
      authorHandle === undefined
        ? undefined
        : sql`${polls.ownerId} = (select ${accounts.id} from ${accounts} where ${accounts.handle} = ${authorHandle})`,
      state === undefined ? undefined : inState(state),
      // Written so that Postgres sees the condition of the partial index.
      order === 'CLOSING_SOON' ? sql`${polls.state} = 'OPEN' and ${polls.closesAt} > now()` : undefined,
    ],
  }
}

export const findPolls = (db: Executor, filter: PollListFilter, order: PollOrderName, page: PageRequest) =>
  findPage(db, listedPolls(filter, order), pollOrders[order], page)

/** A member's own polls, drafts too; without those in rooms that they are no longer in. */
export const ownPolls = (ownerId: string, state?: PollStateName): ListSource<PollRow> => ({
  of: pollEntity,
  where: [
    sql`${polls.ownerId} = ${ownerId}::text::uuid`,
    isOutsideRoomsOfOthers(polls.subjectId, ownerId),
    state === undefined ? undefined : inState(state),
  ],
})

export const findOwnPolls = (db: Executor, source: ListSource<PollRow>, page: PageRequest) =>
  findPage(db, source, pollOrders.NEWEST, page)

export type PollStanding = PollRow & { readonly optionRows: readonly PollOptionRow[] }

const optionFields = sql.join(
  Object.entries(pollOptionEntity.columns).map(([name, column]) => sql`${sql.raw(`'${name}'`)}, ${column}`),
  sql`, `,
)

const standing = statement<PollStanding>(
  sql`select ${selectColumns(pollEntity)}, (select json_agg(json_build_object(${optionFields}) order by ${pollOptions.position}) from ${pollOptions} where ${pollOptions.pollId} = ${polls.id}) as "optionRows" from ${polls} where ${polls.id} = ${sql.placeholder('id')}::text::uuid`,
)

/** A poll with its options as they stand at one moment: the sums agree. */
export const findPollStanding = async (db: Executor, id: string): Promise<PollStanding | null> =>
  (await standing.run(db, { id }))[0] ?? null
