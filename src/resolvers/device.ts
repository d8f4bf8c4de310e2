import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { decodeId, type Uuid } from '../core/ids.ts'
import { accountById } from '../db/relations/account.ts'
import { accountDevices, deviceById, devicePrekeyCount } from '../db/relations/device.ts'
import { devicesChanged, ensureAccount, MAX_DEVICES, registerDevice, revokeDevice } from '../domain/device/device.ts'
import { type ClaimedPrekey as Claimed, claimPrekeys, uploadPrekeys } from '../domain/device/prekey.ts'
import { canSeeDevices, isOwnDevice } from '../domain/device/rules.ts'
import { liveState } from '../live/source.ts'
import type { AccountRow } from '../loaders/account.ts'
import type { DeviceRow } from '../loaders/device.ts'
import { isSignedIn, Rule } from '../permissions/rules.ts'
import { Account } from '../schema/account.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Costs } from '../schema/cost.ts'
import {
  ClaimedPrekey,
  ClaimPrekeysInput,
  ClaimPrekeysPayload,
  Device,
  DeviceRoster,
  RegisterDeviceInput,
  RegisterDevicePayload,
  RevokeDeviceInput,
  RevokeDevicePayload,
  UploadPrekeysInput,
  UploadPrekeysPayload,
} from '../schema/device.ts'
import { DateTime } from '../schema/scalars.ts'
import { payload } from '../schema/user-error.ts'
import type { NodeType } from './node-type.ts'

export const deviceNode: NodeType = {
  typename: 'Device',
  prefix: 'device',
  load: async (context, id) => (canSeeDevices(context.viewer) ? context.loaders.one(deviceById, id) : null),
}

const deviceOf = (context: Context, id: Uuid) => context.loaders.one(deviceById, id)

@Resolver(() => Account)
export class DeviceOwnerResolver {
  @FieldResolver(() => [Device], {
    nullable: true,
    description: 'Their devices that are not revoked, the oldest first. Null for who is not signed in.',
  })
  @Costs({ atMost: MAX_DEVICES })
  devices(@Ctx() { loaders, viewer }: Context, @Root() account: AccountRow) {
    return canSeeDevices(viewer) ? loaders.many(accountDevices, account.id) : null
  }
}

@Resolver(() => ClaimedPrekey)
export class ClaimedPrekeyResolver {
  @FieldResolver(() => Device)
  device(@Ctx() context: Context, @Root() claimed: Claimed) {
    return deviceOf(context, claimed.deviceId)
  }
}

interface RosterOf {
  readonly accountId: Uuid
}

@Resolver(() => DeviceRoster)
export class DeviceRosterResolver {
  @FieldResolver(() => [Device])
  @Costs({ atMost: MAX_DEVICES })
  devices(@Ctx() { loaders }: Context, @Root() { accountId }: RosterOf) {
    return loaders.many(accountDevices, accountId)
  }

  @Subscription(() => DeviceRoster, {
    description:
      'The devices of an account: as they are now, then again whenever one is registered or revoked. Whoever writes to them changes keys.',
    subscribe: ({ args, context }) => watchDevices(context as Context, args as { on: string }),
  })
  @Rule(isSignedIn)
  devicesChanged(@Root() roster: RosterOf, @Arg('on', () => ID, { description: 'The id of an account.' }) _on: string) {
    return roster
  }
}

async function watchDevices({ deps }: Context, { on }: { on: string }) {
  const accountId = decodeId('account', on, ['on'])
  return liveState<RosterOf>({
    bus: deps.bus,
    key: `devicesChanged:${accountId}`,
    topics: [devicesChanged(accountId)],
    async admit() {
      await ensureAccount(deps.db, accountId, ['on'])
      return ''
    },
    load: async () => ({ accountId }),
  })
}

@Resolver(() => Device)
export class DeviceResolver {
  @FieldResolver(() => Account)
  account(@Ctx() { loaders }: Context, @Root() device: DeviceRow) {
    return loaders.one(accountById, device.accountId)
  }

  @FieldResolver(() => String, { nullable: true })
  label(@Ctx() { viewer }: Context, @Root() device: DeviceRow) {
    return isOwnDevice(viewer, device) ? device.label : null
  }

  @FieldResolver(() => DateTime, { nullable: true })
  lastSeenAt(@Ctx() { viewer }: Context, @Root() device: DeviceRow) {
    return isOwnDevice(viewer, device) ? device.lastSeenAt : null
  }

  @FieldResolver(() => Int, { nullable: true })
  prekeysLeft(@Ctx() { viewer, loaders }: Context, @Root() device: DeviceRow) {
    return isOwnDevice(viewer, device) ? loaders.count(devicePrekeyCount, device.id) : null
  }

  @Mutation(() => RegisterDevicePayload, {
    nullable: true,
    description: `Adds a device to the viewer’s account, at most ${MAX_DEVICES}. User errors: \`INVALID_INPUT\` for keys and signatures that are none, \`TAKEN\`, \`LIMIT_EXCEEDED\`, \`CONFLICT\`. Limited: \`RATE_LIMITED\`.`,
  })
  @Rule(isSignedIn)
  registerDevice(@Ctx() context: Context, @Arg('input', () => RegisterDeviceInput) input: RegisterDeviceInput) {
    return payload(context, 'device', async () =>
      deviceOf(context, await registerDevice(context.deps, signedIn(context), input)),
    )
  }

  @Mutation(() => RevokeDevicePayload, {
    nullable: true,
    description:
      'For good: nobody encrypts for it any more. Revoking twice is revoking once. Its session is ended with `signOut`. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  revokeDevice(@Ctx() context: Context, @Arg('input', () => RevokeDeviceInput) input: RevokeDeviceInput) {
    return payload(context, 'device', async () => {
      const id = decodeId('device', input.id, ['input', 'id'])
      return deviceOf(context, await revokeDevice(context.deps, signedIn(context), id))
    })
  }

  @Mutation(() => UploadPrekeysPayload, {
    nullable: true,
    description:
      'Brings further prekeys for a device of the viewer’s. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT`.',
  })
  @Rule(isSignedIn)
  uploadPrekeys(@Ctx() context: Context, @Arg('input', () => UploadPrekeysInput) input: UploadPrekeysInput) {
    return payload(context, 'device', async () => {
      const upload = { ...input, deviceId: decodeId('device', input.deviceId, ['input', 'deviceId']) }
      return deviceOf(context, await uploadPrekeys(context.deps, signedIn(context), upload))
    })
  }

  @Mutation(() => ClaimPrekeysPayload, {
    nullable: true,
    description:
      'One prekey of each device, to begin an encrypted conversation with it; each is handed out once. User errors: `NOT_FOUND` for one that is gone or revoked, `INVALID_INPUT`. Limited: `RATE_LIMITED`.',
  })
  @Rule(isSignedIn)
  claimPrekeys(@Ctx() context: Context, @Arg('input', () => ClaimPrekeysInput) input: ClaimPrekeysInput) {
    return payload(context, 'prekeys', () => {
      const ids = input.deviceIds.map((id, at) => decodeId('device', id, ['input', 'deviceIds', String(at)]))
      return claimPrekeys(context.deps, signedIn(context), ids)
    })
  }
}
