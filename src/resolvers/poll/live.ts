import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import { findPollStanding } from '../../db/queries/poll.ts'
import { membershipChanged } from '../../domain/chat/events.ts'
import { closeWhileWatched } from '../../domain/poll/closing.ts'
import { getPoll } from '../../domain/poll/poll.ts'
import { sightOf } from '../../domain/poll/rules.ts'
import { pollChanged, pollVoterChanged } from '../../domain/poll/topics.ts'
import { hasVoted } from '../../domain/poll/vote.ts'
import { subjectWithdrawn } from '../../domain/subject/topics.ts'
import { liveState } from '../../live/source.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import type { Context } from '../../schema/context.ts'
import { Poll } from '../../schema/poll/poll.ts'
import { type PollValue, pollNode } from './node.ts'

@Resolver()
export class PollLiveResolver {
  @Subscription(() => Poll, {
    description:
      'The poll as it stands now, then after each change: votes, opening, closing (also by itself), edits. At most ten times a second; the last state is always sent. Hidden results stay hidden here too. Ends with `NOT_FOUND` when the poll, or what it hangs on, is taken away.',
    subscribe: ({ args, context }) => watchPoll(context as Context, (args as { pollId: string }).pollId),
  })
  @Rule(everyone)
  pollUpdated(@Root() poll: PollValue, @Arg('pollId', () => ID) _pollId: string) {
    return poll
  }
}

/** Those who have voted may see what others may not yet. */
const VOTED = 'voted'

async function watchPoll({ deps, viewer }: Context, pollId: string) {
  const { db, bus } = deps
  const path = ['pollId']
  const id = decodeId('poll', pollId, path)
  const { subjectId } = await getPoll(db, viewer, id, path)
  const ofViewer = viewer === null ? [] : [pollVoterChanged(id, viewer.accountId)]
  const ofMember = viewer === null || subjectId === null ? [] : [membershipChanged(subjectId, viewer.accountId)]
  return liveState<PollValue>({
    bus,
    key: `pollUpdated:${id}`,
    topics: [pollChanged(id)],
    recheckOn: [...ofViewer, ...(subjectId === null ? [] : [subjectWithdrawn(subjectId)]), ...ofMember],
    async admit() {
      await getPoll(db, viewer, id, path)
      return viewer !== null && (await hasVoted(db, viewer.accountId, id)) ? VOTED : ''
    },
    async load(audience) {
      const poll = await findPollStanding(db, id)
      if (poll === null) throw notFound('poll', path)
      closeWhileWatched(deps, poll)
      return { ...poll, __typename: pollNode.typename, seen: sightOf(poll, audience === VOTED) }
    },
  })
}
