import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import { findGroup } from '../../db/queries/bill.ts'
import type { BillGroupRow } from '../../db/relations/bill.ts'
import { billGroupChanged, findMembership } from '../../domain/bill/group.ts'
import { subjectWithdrawn } from '../../domain/subject/topics.ts'
import { liveState } from '../../live/source.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { BillGroup } from '../../schema/bill/bill.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { billGroupNode } from './node.ts'

@Resolver()
export class BillLiveResolver {
  @Subscription(() => BillGroup, {
    description:
      'A group that the viewer shares bills in, or is invited to, as it stands; then whenever its bills, settlements, members or name change. Ends with `NOT_FOUND` for who leaves it, and when it is gone.',
    subscribe: ({ args, context }) => watchGroup(context as Context, (args as { id: string }).id),
  })
  @DependsOnViewer
  @Rule(isSignedIn)
  billGroupUpdated(@Root() group: BillGroupRow, @Arg('id', () => ID) _id: string) {
    return group
  }
}

async function watchGroup(context: Context, groupId: string) {
  const { db, bus } = context.deps
  const { accountId } = signedIn(context)
  const path = ['id']
  const id = decodeId('billgroup', groupId, path)
  const admit = async (): Promise<string> => {
    if ((await findMembership(db, accountId, id)) === null) throw notFound('group', path)
    return ''
  }
  await admit()
  return liveState<BillGroupRow & { __typename: string }>({
    bus,
    key: `billGroupUpdated:${id}`,
    topics: [billGroupChanged(id)],
    recheckOn: [subjectWithdrawn(id)],
    admit,
    async load() {
      const group = await findGroup(db, id)
      if (group === null) throw notFound('group', path)
      return { ...group, __typename: billGroupNode.typename }
    },
  })
}
