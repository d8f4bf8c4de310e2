import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { accountById } from '../db/relations/account.ts'
import type { AccountRow } from '../loaders/account.ts'
import type { BatchLoaders } from '../loaders/batch.ts'
import { shareRoom } from '../loaders/chat.ts'
import { followEachOther } from '../loaders/presence.ts'
import { Account, Viewer } from '../schema/account.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Presence } from '../schema/presence.ts'

/** What lets a member see whether another one is here, batched. */
const TIES: readonly ((loaders: BatchLoaders, viewer: string, accountId: string) => Promise<boolean>)[] = [
  followEachOther,
  shareRoom,
]

async function maySeePresence({ loaders, viewer }: Context, account: AccountRow): Promise<boolean> {
  if (viewer === null) return false
  if (viewer.accountId === account.id) return true
  if (!account.showPresence) return false
  const ties = await Promise.all(TIES.map((tie) => tie(loaders, viewer.accountId, account.id)))
  return ties.includes(true)
}

@Resolver(() => Account)
export class PresenceResolver {
  @FieldResolver(() => Presence, {
    nullable: true,
    description:
      'Whether they are here. For themselves, and for members who follow each other or share a room; null for all others, and where they do not want it shown.',
  })
  async presence(@Ctx() context: Context, @Root() account: AccountRow) {
    return (await maySeePresence(context, account)) ? context.loaders.from(context.deps.presence, account.id) : null
  }
}

@Resolver(() => Viewer)
export class PresenceViewerResolver {
  @FieldResolver(() => Boolean, {
    description: 'Members who know the viewer may see whether they are here: see `updateProfile`.',
  })
  async showPresence(@Ctx() context: Context) {
    const account = await context.loaders.one(accountById, signedIn(context).accountId)
    return account?.showPresence ?? false
  }
}
