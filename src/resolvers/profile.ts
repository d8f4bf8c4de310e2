import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { decodeOptionalId } from '../core/ids.ts'
import { accountById } from '../db/relations/account.ts'
import { updateProfile } from '../domain/account/account.ts'
import type { AccountRow } from '../loaders/account.ts'
import { isSignedIn, Rule } from '../permissions/rules.ts'
import { Account, UpdateProfileInput, UpdateProfilePayload } from '../schema/account.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Image } from '../schema/upload.ts'
import { payload } from '../schema/user-error.ts'
import { findImage, imageUrl } from './upload-value.ts'

@Resolver(() => Account)
export class ProfileResolver {
  @FieldResolver(() => String, { nullable: true })
  async avatarUrl(@Ctx() context: Context, @Root() account: AccountRow) {
    if (account.avatarUrl !== null) return account.avatarUrl
    const avatar = await findImage(context, account.avatarId, account.name)
    return avatar === null ? null : imageUrl(context, avatar, 'SMALL', 'WEBP')
  }

  @FieldResolver(() => Image, { nullable: true })
  avatar(@Ctx() context: Context, @Root() account: AccountRow) {
    return findImage(context, account.avatarId, account.name)
  }

  @Mutation(() => UpdateProfilePayload, {
    nullable: true,
    description: 'User errors: `INVALID_INPUT`, `TAKEN` (handle, upload), `NOT_FOUND` (upload).',
  })
  @Rule(isSignedIn)
  updateProfile(@Ctx() context: Context, @Arg('input', () => UpdateProfileInput) input: UpdateProfileInput) {
    return payload(context, 'account', async () => {
      const path = ['input', 'avatarUploadId']
      const change = { ...input, avatarUploadId: decodeOptionalId('upload', input.avatarUploadId, path) }
      return context.loaders.one(accountById, await updateProfile(context.deps, signedIn(context), change))
    })
  }
}
