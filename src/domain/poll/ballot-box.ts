import { newId, type Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Database, Executor } from '../../db/database.ts'
import type { Bus } from '../../live/bus.ts'
import { pollChanged, pollVoterChanged } from './topics.ts'

/** A vote whose choices were checked against the settings of that version. */
export interface Ballot {
  readonly pollId: Uuid
  readonly settingsVersion: number
  readonly accountId: Uuid
  readonly optionIds: readonly Uuid[]
}

/** `CLOSED` also where the poll is gone or its settings are newer: whoever hears it looks at the poll again. */
export type Cast = 'COUNTED' | 'TWICE' | 'CLOSED'

interface Waiting {
  readonly id: Uuid
  readonly ballot: Ballot
  readonly resolve: (cast: Cast) => void
  readonly reject: (error: unknown) => void
}

interface Box {
  readonly waiting: Waiting[]
  isCounting: boolean
}

/** Larger statements gain nothing, and make those who came first wait. */
const MAX_BATCH = 200

/**
 * Every vote in a poll changes the same few counters, so votes in one poll can only be written one after the other. Each
 * for itself would wait for the commit of the one before, and hold a connection while it waits: a popular poll would
 * take all that there are. Votes that come while others are being written are therefore written together, in one
 * statement. What nobody has to wait for is written at once.
 */
const boxes = new WeakMap<Bus, Map<string, Box>>()

/**
 * Counts the vote if the poll is open by the database's clock and the member has not voted. Resolves once that is
 * committed, and has told the live bus.
 */
export function castBallot(deps: { db: Database; bus: Bus }, ballot: Ballot): Promise<Cast> {
  const ofBus = boxes.get(deps.bus) ?? new Map<string, Box>()
  boxes.set(deps.bus, ofBus)
  const key = `${ballot.pollId}/${ballot.settingsVersion}`
  const box = ofBus.get(key) ?? { waiting: [], isCounting: false }
  ofBus.set(key, box)
  return new Promise((resolve, reject) => {
    box.waiting.push({ id: newId(), ballot, resolve, reject })
    if (box.isCounting) return
    box.isCounting = true
    void empty(deps, box).finally(() => ofBus.delete(key))
  })
}

async function empty(deps: { db: Database; bus: Bus }, box: Box): Promise<void> {
  while (box.waiting.length > 0) {
    const batch = box.waiting.splice(0, MAX_BATCH)
    try {
      settle(deps.bus, batch, await count(deps.db, batch))
    } catch (error) {
      // One of them may be of an account that is being deleted. It must not take the others' votes with it.
      if (batch.length === 1) batch[0]?.reject(error)
      else await countEach(deps, batch)
    }
  }
}

async function countEach(deps: { db: Database; bus: Bus }, batch: readonly Waiting[]): Promise<void> {
  for (const one of batch) {
    try {
      settle(deps.bus, [one], await deps.db.transaction((tx) => count(tx, [one])))
    } catch (error) {
      one.reject(error)
    }
  }
}

interface Counted {
  isOpen: boolean
  counted: Uuid[]
}

function settle(bus: Bus, batch: readonly Waiting[], { isOpen, counted }: Counted): void {
  const ids = new Set(counted)
  // First who may see more by now, so that the state that follows is shown to them as to those who have voted.
  for (const { id, ballot } of batch) {
    if (ids.has(id)) bus.publish(pollVoterChanged(ballot.pollId, ballot.accountId), {})
  }
  const [first] = batch
  if (first !== undefined && ids.size > 0) bus.publish(pollChanged(first.ballot.pollId), {})
  for (const { id, resolve } of batch) resolve(ids.has(id) ? 'COUNTED' : isOpen ? 'TWICE' : 'CLOSED')
}

/** `$1` is the poll and `$2` the version of its settings that a vote was checked against. */
const TAKES_VOTES = `id = $1::text::uuid and settings_version = $2::text::integer
  and state = 'OPEN' and (closes_at is null or closes_at > clock_timestamp())`

const CAST = `
with poll as (
  select id from polls where ${TAKES_VOTES} for no key update
), ballot as (
  insert into poll_ballots (id, poll_id, account_id)
  select asked.id, poll.id, asked.account_id
  from poll, unnest($3::text::uuid[], $4::text::uuid[]) as asked(id, account_id)
  on conflict (poll_id, account_id) do nothing
  returning id, poll_id, account_id, cast_at
), chosen as (
  insert into poll_choices (ballot_id, option_id, poll_id, account_id, chosen_at)
  select ballot.id, asked.option_id, ballot.poll_id, ballot.account_id, ballot.cast_at
  from ballot join unnest($5::text::uuid[], $6::text::uuid[]) as asked(ballot_id, option_id) on asked.ballot_id = ballot.id
  returning option_id
), counted as (
  update poll_options set vote_count = vote_count + votes.more
  from (select option_id, count(*)::int as more from chosen group by 1) votes where id = votes.option_id
), summed as (
  update polls set voter_count = voter_count + voters.more, first_vote_at = coalesce(first_vote_at, clock_timestamp())
  from poll, (select count(*)::int as more from ballot) voters where polls.id = poll.id and voters.more > 0
)
select exists (select 1 from poll) as "isOpen", coalesce((select json_agg(id) from ballot), '[]'::json) as "counted"`

async function count(db: Executor, batch: readonly Waiting[]): Promise<Counted> {
  const { pollId = '', settingsVersion = 0 } = batch[0]?.ballot ?? {}
  const choices = batch.flatMap(({ id, ballot }) => ballot.optionIds.map((optionId) => [id, optionId] as const))
  const [counted] = await db.query<Counted>(CAST, [
    pollId,
    String(settingsVersion),
    pgArray(batch.map(({ id }) => id)),
    pgArray(batch.map(({ ballot }) => ballot.accountId)),
    pgArray(choices.map(([id]) => id)),
    pgArray(choices.map(([, optionId]) => optionId)),
  ])
  return counted ?? { isOpen: false, counted: [] }
}

/** Behind the lock on the poll: statements that change a vote see every change before it, and none comes between. */
const CHANGE = `
with poll as (
  select id from polls where ${TAKES_VOTES} and may_change_vote
), ballot as (
  update poll_ballots set changed_at = clock_timestamp() from poll
  where poll_id = poll.id and account_id = $3::text::uuid
  returning poll_ballots.id, poll_id, account_id, changed_at
), removed as (
  delete from poll_choices using ballot
  where ballot_id = ballot.id and not option_id = any($4::text::uuid[]) returning option_id
), added as (
  insert into poll_choices (ballot_id, option_id, poll_id, account_id, chosen_at)
  select ballot.id, asked.option_id, ballot.poll_id, ballot.account_id, ballot.changed_at
  from ballot, unnest($4::text::uuid[]) as asked(option_id)
  where not exists (select 1 from poll_choices c where c.ballot_id = ballot.id and c.option_id = asked.option_id)
  returning option_id
), counted as (
  update poll_options set vote_count = vote_count + votes.more
  from (select option_id, sum(one)::int as more
    from (select option_id, 1 as one from added union all select option_id, -1 from removed) each group by 1) votes
  where id = votes.option_id
)
select exists (select 1 from poll) as "isOpen", exists (select 1 from ballot) as "hasVoted"`

const WITHDRAW = `
with poll as (
  select id from polls where ${TAKES_VOTES} and may_change_vote
), ballot as (
  delete from poll_ballots using poll
  where poll_id = poll.id and account_id = $3::text::uuid returning poll_ballots.id
), removed as (
  delete from poll_choices using ballot where ballot_id = ballot.id returning option_id
), counted as (
  update poll_options set vote_count = vote_count - 1 from removed where id = removed.option_id
), summed as (
  update polls set voter_count = voter_count - 1 from poll where polls.id = poll.id and exists (select 1 from ballot)
)
select exists (select 1 from poll) as "isOpen", exists (select 1 from ballot) as "hasVoted"`

export interface Changed {
  readonly isOpen: boolean
  readonly hasVoted: boolean
}

/** Replaces the choices of a vote; with none, takes the vote back. */
export function changeBallot(deps: { db: Database; bus: Bus }, ballot: Ballot): Promise<Changed> {
  const { pollId, accountId, optionIds, settingsVersion } = ballot
  return deps.db.transaction(async (tx) => {
    await tx.query('select 1 from polls where id = $1::text::uuid for no key update', [pollId])
    const isWithdrawal = optionIds.length === 0
    const parameters = [pollId, String(settingsVersion), accountId, ...(isWithdrawal ? [] : [pgArray(optionIds)])]
    const [changed] = await tx.query<Changed>(isWithdrawal ? WITHDRAW : CHANGE, parameters)
    if (changed?.hasVoted !== true) return changed ?? { isOpen: false, hasVoted: false }
    tx.afterCommit(() => {
      deps.bus.publish(pollVoterChanged(pollId, accountId), {})
      deps.bus.publish(pollChanged(pollId), {})
    })
    return changed
  })
}
