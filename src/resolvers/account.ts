import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { DomainError, nobodyCalled } from '../core/errors.ts'
import { decodeId, encodeId, type Uuid } from '../core/ids.ts'
import {
  accountByHandle,
  accountById,
  accountFollowerCount,
  accountFollowers,
  accountFollowing,
  accountFollowingCount,
} from '../db/relations/account.ts'
import { changeRole, signUp } from '../domain/account/account.ts'
import { followAccount, unfollowAccount } from '../domain/account/follow.ts'
import { deleteAccount, exportAccount } from '../domain/account/portability.ts'
import { type OpenSession, refreshSession, signIn, signOut, signOutByRefreshToken } from '../domain/account/session.ts'
import { ROOMS } from '../domain/portability.ts'
import { type AccountRow, settingsOf, viewerFollows } from '../loaders/account.ts'
import { everyone, isAdmin, isSignedIn, OpensSession, Rule } from '../permissions/rules.ts'
import {
  Account,
  AccountConnection,
  ChangeRoleInput,
  ChangeRolePayload,
  DeleteAccountInput,
  DeleteAccountPayload,
  FollowInput,
  FollowPayload,
  RefreshSessionInput,
  RefreshSessionPayload,
  Session,
  SignInInput,
  SignInPayload,
  SignOutPayload,
  SignUpInput,
  SignUpPayload,
  UnfollowPayload,
  Viewer,
} from '../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Costs } from '../schema/cost.ts'
import { Units } from '../schema/recipe/food.ts'
import { JsonObject } from '../schema/scalars.ts'
import { payload } from '../schema/user-error.ts'
import { DependsOnViewer } from '../schema/viewer.ts'
import type { NodeType } from './node-type.ts'
import {
  clearSessionCookies,
  ensureCookiesCanBeSet,
  refreshCookieOf,
  refreshTokenOf,
  setSessionCookies,
} from './session-cookies.ts'
import { bringCart } from './shop/guest-cart.ts'
import { unitsFor } from './units.ts'

export const accountNode: NodeType = {
  typename: 'Account',
  prefix: 'account',
  load: (context, id) => context.loaders.one(accountById, id),
}

const accountOf = (context: Context, id: Uuid) => context.loaders.one(accountById, id)

interface SessionRow {
  id: string
  accessToken: string | null
  accessTokenExpiresAt: string
  refreshToken: string | null
  accountId: Uuid
}

function toSession(context: Context, opened: OpenSession, cookie: boolean): SessionRow {
  if (cookie) setSessionCookies(context.cookies, opened)
  return {
    id: encodeId('session', opened.sessionId),
    accessToken: cookie ? null : opened.access.token,
    accessTokenExpiresAt: opened.access.expiresAt.toISOString(),
    refreshToken: cookie ? null : opened.refreshToken,
    accountId: opened.accountId,
  }
}

@Resolver(() => Session)
export class SessionResolver {
  @FieldResolver(() => Account)
  account(@Ctx() context: Context, @Root() session: SessionRow) {
    return accountOf(context, session.accountId)
  }
}

/** It reads all that somebody has here; a document may not ask for that under fifty names. */
const EXPORT_COST = 5_000

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { nullable: true, description: 'Who is signed in; null for nobody.' })
  @Rule(everyone)
  viewer(@Ctx() { viewer }: Context) {
    return viewer === null ? null : { ...viewer, accessTokenExpiresAt: viewer.expiresAt.toISOString() }
  }

  @FieldResolver(() => Account)
  account(@Ctx() context: Context) {
    return accountOf(context, signedIn(context).accountId)
  }

  @FieldResolver(() => String)
  async email(@Ctx() context: Context) {
    return (await settingsOf(context.loaders, signedIn(context).accountId))?.email
  }

  @FieldResolver(() => Boolean)
  async discoverable(@Ctx() context: Context) {
    return (await settingsOf(context.loaders, signedIn(context).accountId))?.discoverable
  }

  @FieldResolver(() => Units)
  units(@Ctx() context: Context) {
    return unitsFor(context, null)
  }

  @FieldResolver(() => JsonObject, {
    description: 'Everything that this account has here, as JSON, for taking elsewhere. Secrets are left out.',
  })
  @Costs({ own: EXPORT_COST })
  export(@Ctx() context: Context) {
    return exportAccount(context.deps, signedIn(context), ROOMS)
  }
}

@Resolver(() => Account)
export class AccountResolver {
  @Query(() => Account, { nullable: true, description: 'A member by their handle: `account(handle: "ada")`.' })
  @Rule(everyone)
  async account(@Ctx() context: Context, @Arg('handle', () => String) handle: string) {
    const account = await context.loaders.one(accountByHandle, handle.trim().toLowerCase().replaceAll('\0', ''))
    if (account === null) throw nobodyCalled(handle, ['handle'])
    return account
  }

  @FieldResolver(() => Int)
  followerCount(@Ctx() context: Context, @Root() account: AccountRow) {
    return context.loaders.count(accountFollowerCount, account.id)
  }

  @FieldResolver(() => Int)
  followingCount(@Ctx() context: Context, @Root() account: AccountRow) {
    return context.loaders.count(accountFollowingCount, account.id)
  }

  @FieldResolver(() => AccountConnection, { description: 'Who follows them, the latest first.' })
  async followers(
    @Ctx() { loaders }: Context,
    @Root() account: AccountRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(accountFollowers, account.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(accountFollowerCount, account.id))
  }

  @FieldResolver(() => AccountConnection, { description: 'Whom they follow, the latest first.' })
  async following(
    @Ctx() { loaders }: Context,
    @Root() account: AccountRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(accountFollowing, account.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(accountFollowingCount, account.id))
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerFollows(@Ctx() { loaders, viewer }: Context, @Root() account: AccountRow) {
    return viewer !== null && viewerFollows(loaders, viewer.accountId, account.id)
  }

  @Mutation(() => SignUpPayload, {
    nullable: true,
    description: 'Opens an account and a session. User errors: `INVALID_INPUT`, `TAKEN`.',
  })
  @Rule(everyone)
  @OpensSession
  signUp(@Ctx() context: Context, @Arg('input', () => SignUpInput) { cookie, cartToken, ...input }: SignUpInput) {
    return payload(context, 'session', async () => {
      if (cookie) ensureCookiesCanBeSet(context.cookies, ['input', 'cookie'])
      const opened = await bringCart(context, await signUp(context.deps, context.origin, input), cartToken)
      return toSession(context, opened, cookie)
    })
  }

  @Mutation(() => SignInPayload, {
    nullable: true,
    description: 'Opens a session. User error: `WRONG_CREDENTIALS`. Attempts are limited: `RATE_LIMITED`.',
  })
  @Rule(everyone)
  @OpensSession
  signIn(@Ctx() context: Context, @Arg('input', () => SignInInput) { cookie, cartToken, ...input }: SignInInput) {
    return payload(context, 'session', async () => {
      if (cookie) ensureCookiesCanBeSet(context.cookies, ['input', 'cookie'])
      const opened = await bringCart(context, await signIn(context.deps, context.origin, input), cartToken)
      return toSession(context, opened, cookie)
    })
  }

  @Mutation(() => RefreshSessionPayload, {
    nullable: true,
    description:
      'Exchanges a refresh token for new tokens. One that is used a second time ends the whole session: `UNAUTHENTICATED`.',
  })
  @Rule(everyone)
  @OpensSession
  refreshSession(@Ctx() context: Context, @Arg('input', () => RefreshSessionInput) input: RefreshSessionInput) {
    return payload(context, 'session', async () => {
      const { token, cookie } = refreshTokenOf(context.cookies, input.refreshToken)
      try {
        return toSession(context, await refreshSession(context.deps, token), cookie)
      } catch (error) {
        // The browser would go on to send what can never work again.
        if (cookie && error instanceof DomainError) clearSessionCookies(context.cookies)
        throw error
      }
    })
  }

  @Mutation(() => SignOutPayload, {
    nullable: true,
    description: 'Ends the session. Its tokens and sockets end with it.',
  })
  // Everyone: a browser whose access cookie has run out still holds a refresh cookie, and a session that must end.
  @Rule(everyone)
  @OpensSession
  signOut(@Ctx() context: Context) {
    return payload(context, 'signedOut', async () => {
      const refreshToken = refreshCookieOf(context.cookies)
      if (context.viewer === null && refreshToken !== undefined) {
        await signOutByRefreshToken(context.deps, refreshToken)
      } else {
        await signOut(context.deps, signedIn(context))
      }
      clearSessionCookies(context.cookies)
      return true
    })
  }

  @Mutation(() => FollowPayload, {
    nullable: true,
    description:
      'Following twice is following once. User errors: `NOT_FOUND`, `INVALID_INPUT` (oneself, or one has blocked the other).',
  })
  @Rule(isSignedIn)
  followAccount(@Ctx() context: Context, @Arg('input', () => FollowInput) input: FollowInput) {
    return payload(context, 'account', async () => {
      const id = decodeId('account', input.accountId, ['input', 'accountId'])
      return accountOf(context, await followAccount(context.deps, signedIn(context), id))
    })
  }

  @Mutation(() => UnfollowPayload, { nullable: true, description: 'User error: `NOT_FOUND`.' })
  @Rule(isSignedIn)
  unfollowAccount(@Ctx() context: Context, @Arg('input', () => FollowInput) input: FollowInput) {
    return payload(context, 'account', async () => {
      const id = decodeId('account', input.accountId, ['input', 'accountId'])
      return accountOf(context, await unfollowAccount(context.deps, signedIn(context), id))
    })
  }

  @Mutation(() => ChangeRolePayload, {
    nullable: true,
    description: 'User errors: `NOT_FOUND`, `INVALID_INPUT` for one’s own role.',
  })
  @Rule(isAdmin)
  changeRole(@Ctx() context: Context, @Arg('input', () => ChangeRoleInput) input: ChangeRoleInput) {
    return payload(context, 'account', async () => {
      const id = decodeId('account', input.accountId, ['input', 'accountId'])
      return accountOf(context, await changeRole(context.deps, signedIn(context), id, input.role))
    })
  }

  @Mutation(() => DeleteAccountPayload, {
    nullable: true,
    description:
      'Deletes the viewer’s account and posts; comments lose words and name. User error: `WRONG_CREDENTIALS`.',
  })
  @Rule(isSignedIn)
  deleteAccount(@Ctx() context: Context, @Arg('input', () => DeleteAccountInput) input: DeleteAccountInput) {
    return payload(context, 'deletedId', async () => {
      const id = await deleteAccount(context.deps, signedIn(context), context.origin, input, ROOMS)
      clearSessionCookies(context.cookies)
      return encodeId('account', id)
    })
  }
}
