import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { countRows } from '../../db/queries/page.ts'
import {
  findOwnPolls,
  findPolls,
  listedPolls,
  ownPolls,
  type PollListFilter,
  type PollOrderName,
  type PollStateName,
} from '../../db/queries/poll.ts'
import { subjectPollCount, subjectPolls } from '../../db/relations/poll.ts'
import { decodeSubjectRef, getSubject } from '../../domain/subject/registry.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Viewer } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { PollFilter } from '../../schema/poll/input.ts'
import { Pollable, PollConnection, PollOrder, PollState } from '../../schema/poll/poll.ts'

/** Postgres refuses NUL in a text, and nobody has one in their handle. */
const plain = (text: string): string => text.trim().toLowerCase().replaceAll('\0', '')

/** @throws DomainError `NOT_FOUND` for a subject that the viewer may not see. */
async function toListFilter({ deps, viewer }: Context, filter: PollFilter | null | undefined): Promise<PollListFilter> {
  const { author, state, subjectId } = filter ?? {}
  const path = ['filter', 'subjectId']
  const subject = subjectId == null ? null : await getSubject(deps.db, viewer, decodeSubjectRef(subjectId, path), path)
  return {
    authorHandle: author == null ? undefined : plain(author),
    state: state ?? undefined,
    subjectId: subject?.id,
  }
}

@Resolver()
export class PollListResolver {
  @Query(() => PollConnection, {
    description:
      'Polls that everybody may see: those that stand alone and those on published posts. With `filter.subjectId`, the polls on that post, room, …',
  })
  @Rule(everyone)
  async polls(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => PollFilter, { nullable: true }) filter: PollFilter | undefined,
    @Arg('orderBy', () => PollOrder, { defaultValue: PollOrder.NEWEST }) orderBy: PollOrderName,
  ) {
    const { db } = context.deps
    const request = toPageRequest(page)
    const listed = await toListFilter(context, filter)
    const found = await findPolls(db, listed, orderBy, request)
    return new Connection(found, () => countRows(db, listedPolls(listed, orderBy)))
  }
}

interface SubjectRow {
  id: string
}

@Resolver(() => Pollable)
export class PollableResolver {
  @FieldResolver(() => PollConnection, { description: 'The polls on it, the newest first, drafts left out.' })
  async polls(
    @Ctx() { loaders }: Context,
    @Root() subject: SubjectRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(subjectPolls, subject.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(subjectPollCount, subject.id))
  }

  @FieldResolver(() => Int)
  pollCount(@Ctx() { loaders }: Context, @Root() subject: SubjectRow) {
    return loaders.count(subjectPollCount, subject.id)
  }
}

@Resolver(() => Viewer)
export class PollViewerResolver {
  @FieldResolver(() => PollConnection, { description: 'The viewer’s own polls in any state, the newest first.' })
  async polls(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('state', () => PollState, { nullable: true }) state: PollStateName | undefined,
  ) {
    const source = ownPolls(signedIn(context).accountId, state ?? undefined)
    const found = await findOwnPolls(context.deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, source))
  }
}
