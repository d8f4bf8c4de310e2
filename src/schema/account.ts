import { Field, ID, InputType, Int } from 'type-graphql'
import type { UnitPreference } from '../domain/recipe/units.ts'
import type { Role as RoleName } from '../domain/viewer.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { Node } from './node.ts'
import { GraphObject } from './object.ts'
import { Units } from './recipe/food.ts'
import { DateTime, TimeZone } from './scalars.ts'
import { Image } from './upload.ts'
import { payloadOf } from './user-error.ts'

export const Role = enumOf<RoleName>('Role', 'What an account is trusted with.', {
  MEMBER: 'Reads, writes and talks.',
  CHEF: 'A member who publishes recipes.',
  STAFF: 'Moderates, and keeps tags and categories.',
  ADMIN: 'Staff that also gives and takes roles.',
})

@GraphObject('A member, as everybody sees them.', [Node])
export class Account extends Node {
  @Field(() => String, { description: 'Unique, lower-case: `ada`.' })
  handle: string

  @Field(() => String, { description: 'As it is shown to people.' })
  name: string

  @Field(() => String, { description: 'A few lines about them, plain text. Empty if there are none.' })
  bio: string

  @Field(() => String, {
    nullable: true,
    description: 'Address of a picture: elsewhere, or of `avatar` in its small size once that is ready.',
  })
  avatarUrl: string | null

  @Field(() => Image, { nullable: true, description: 'The picture that they have uploaded, in all sizes.' })
  avatar: Image | null

  @Field(() => Role)
  role: RoleName

  @Field(() => TimeZone, { description: 'IANA name, for dates in mails: `Europe/Paris`.' })
  timeZone: string

  @Field(() => DateTime)
  createdAt: string

  @Field(() => Int)
  followerCount: number

  @Field(() => Int)
  followingCount: number

  @Field(() => Boolean, { description: 'The viewer follows them. False for who is not signed in.' })
  viewerFollows: boolean
}

export const { Connection: AccountConnection } = connectionOf(Account)

@GraphObject('Who is signed in, with what only they may see.')
export class Viewer {
  @Field(() => Account)
  account: Account

  @Field(() => String, { description: 'Where mails go.' })
  email: string

  @Field(() => Int, { description: 'For the badge; live as `unreadNotificationCount`.' })
  unreadNotificationCount: number

  @Field(() => Boolean, { description: 'Whoever knows the e-mail address finds the account by it: `findContacts`.' })
  discoverable: boolean

  @Field(() => Units, {
    description:
      'In which units recipes and shopping lists are shown where `units` is not given: `updateProfile(input: { units: METRIC })`. In which unit weights are lifted is a choice of its own: `workoutSettings`.',
  })
  units: UnitPreference

  @Field(() => DateTime, { description: 'When the access token of this request ends.' })
  accessTokenExpiresAt: string
}

@GraphObject('An open session. Keep the refresh token safe: it is shown once, and each works once.')
export class Session {
  @Field(() => ID)
  id: string

  @Field(() => String, {
    nullable: true,
    description: 'Send it as `Authorization: Bearer …`. Null where it was set as an httpOnly cookie instead.',
  })
  accessToken: string | null

  @Field(() => DateTime)
  accessTokenExpiresAt: string

  @Field(() => String, { nullable: true, description: 'For `refreshSession`. Null where it was set as a cookie.' })
  refreshToken: string | null

  @Field(() => Account)
  account: Account
}

const COOKIE =
  'True for browser apps of this origin: the session travels as `__Host-` httpOnly cookies, and no token is shown to scripts.'

const CART_TOKEN = 'Of a guest’s cart: what is in it comes along into the member’s. One that leads nowhere is ignored.'

@InputType()
export class SignUpInput {
  @Field(() => String, { description: 'An e-mail address; upper and lower case are the same.' })
  email: string

  @Field(() => String, { description: '3 to 30 letters a–z, digits, `-` or `_`.' })
  handle: string

  @Field(() => String, {
    description: 'At least 15 characters of any kind. A few words will do; common passwords are refused.',
  })
  password: string

  @Field(() => String, { nullable: true, description: 'As it is shown to people; the handle unless told.' })
  name?: string

  @Field(() => String, { nullable: true, description: CART_TOKEN })
  cartToken?: string | null

  @Field(() => Boolean, { defaultValue: false, description: COOKIE })
  cookie: boolean
}

@InputType()
export class SignInInput {
  @Field(() => String)
  email: string

  @Field(() => String)
  password: string

  @Field(() => String, { nullable: true, description: CART_TOKEN })
  cartToken?: string | null

  @Field(() => Boolean, { defaultValue: false, description: COOKIE })
  cookie: boolean
}

@InputType()
export class RefreshSessionInput {
  @Field(() => String, { nullable: true, description: 'Leave it out where the session travels as cookies.' })
  refreshToken?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true })
  handle?: string

  @Field(() => String, { nullable: true, description: '1 to 80 characters.' })
  name?: string

  @Field(() => String, { nullable: true, description: 'At most 1000 characters.' })
  bio?: string

  @Field(() => String, { nullable: true, description: 'An http or https address, or null for none.' })
  avatarUrl?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'Instead of an address: a picture that was sent to `POST /uploads?use=AVATAR`. Null: no such picture.',
  })
  avatarUploadId?: string | null

  @Field(() => TimeZone, { nullable: true })
  timeZone?: string

  @Field(() => Boolean, { nullable: true, description: 'False hides from everybody whether the viewer is here.' })
  showPresence?: boolean

  @Field(() => Boolean, {
    nullable: true,
    description: 'Let those who know the e-mail address find the account by its hash. Off until it is switched on.',
  })
  discoverable?: boolean

  @Field(() => Units, { nullable: true, description: 'How amounts are shown to the viewer: `Viewer.units`.' })
  units?: UnitPreference
}

@InputType()
export class FollowInput {
  @Field(() => ID)
  accountId: string
}

@InputType()
export class ChangeRoleInput {
  @Field(() => ID)
  accountId: string

  @Field(() => Role)
  role: RoleName
}

@InputType()
export class DeleteAccountInput {
  @Field(() => String, { description: 'The account’s password, to be sure.' })
  password: string
}

export const SignUpPayload = payloadOf('SignUpPayload', 'session', () => Session, 'A session of the new account.')
export const SignInPayload = payloadOf('SignInPayload', 'session', () => Session, 'The new session.')
export const RefreshSessionPayload = payloadOf(
  'RefreshSessionPayload',
  'session',
  () => Session,
  'The renewed session.',
)
export const SignOutPayload = payloadOf('SignOutPayload', 'signedOut', () => Boolean, 'True: the session has ended.')
export const UpdateProfilePayload = payloadOf('UpdateProfilePayload', 'account', () => Account, 'The changed account.')
export const FollowPayload = payloadOf('FollowPayload', 'account', () => Account, 'The account that is followed.')
export const UnfollowPayload = payloadOf(
  'UnfollowPayload',
  'account',
  () => Account,
  'The account, no longer followed.',
)
export const ChangeRolePayload = payloadOf('ChangeRolePayload', 'account', () => Account, 'The changed account.')
export const DeleteAccountPayload = payloadOf(
  'DeleteAccountPayload',
  'deletedId',
  () => ID,
  'The id of the account that is gone.',
)
