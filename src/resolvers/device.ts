import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { decodeId, encodeId, parseId, type Uuid } from '../core/ids.ts'
import type { RoomRow } from '../db/queries/chat.ts'
import { accountById } from '../db/relations/account.ts'
import {
  accountDeviceCount,
  accountDevices,
  deviceById,
  devicePrekeyCount,
  roomDevices,
} from '../db/relations/device.ts'
import { ensureEncryptedRoom, roomDevicesChanged } from '../domain/chat/encryption.ts'
import { membershipChanged } from '../domain/chat/events.ts'
import { devicesChanged, ensureAccount, MAX_DEVICES, registerDevice, revokeDevice } from '../domain/device/device.ts'
import { type ClaimedPrekey as Claimed, claimPrekeys, uploadPrekeys } from '../domain/device/prekey.ts'
import { canSeeDevices, isOwnDevice } from '../domain/device/rules.ts'
import { liveState } from '../live/source.ts'
import type { AccountRow } from '../loaders/account.ts'
import { type DeviceRow, roomDeviceCount } from '../loaders/device.ts'
import { isSignedIn, Rule } from '../permissions/rules.ts'
import { Account } from '../schema/account.ts'
import { Room } from '../schema/chat/room.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Costs } from '../schema/cost.ts'
import {
  ClaimedPrekey,
  ClaimPrekeysInput,
  ClaimPrekeysPayload,
  Device,
  DeviceConnection,
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
import { DependsOnViewer } from '../schema/viewer.ts'
import { ensureMember } from './chat/node.ts'
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
  @DependsOnViewer
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

/** Whose devices: of an account, or of the members of a room. The id is typed, so that it says which. */
interface Roster {
  readonly on: string
}

async function devicesOf({ loaders }: Context, on: string, page: ConnectionArgs) {
  const parsed = parseId(on)
  const id = parsed?.uuid ?? ''
  if (parsed?.prefix === 'account') {
    const found = await loaders.page(accountDevices, id, toPageRequest(page))
    return new Connection(found, () => loaders.count(accountDeviceCount, id))
  }
  const found = await loaders.page(roomDevices, id, toPageRequest(page))
  return new Connection(found, () => roomDeviceCount(loaders, id))
}

@Resolver(() => Room)
export class RoomDeviceResolver {
  @FieldResolver(() => DeviceConnection, {
    nullable: true,
    description:
      'In an encrypted room: the devices of its members, the oldest first, to encrypt for. Null in any other room.',
  })
  async devices(@Ctx() context: Context, @Root() room: RoomRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    await ensureMember(context, room.id)
    return room.encryption === 'END_TO_END' ? devicesOf(context, encodeId('room', room.id), page) : null
  }
}

@Resolver(() => DeviceRoster)
export class DeviceRosterResolver {
  @FieldResolver(() => DeviceConnection, { description: 'Those that are not revoked, the oldest first.' })
  devices(@Ctx() context: Context, @Root() { on }: Roster, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return devicesOf(context, on, page)
  }

  @Subscription(() => DeviceRoster, {
    description:
      'The devices of an account, or of the members of an encrypted room: as they are now, then again after each that is registered or revoked, and each member who comes or goes. Whoever writes to them changes keys. Ends with `NOT_FOUND` for who is no member of the room any more.',
    subscribe: ({ args, context }) => watchDevices(context as Context, args as Roster),
  })
  @Rule(isSignedIn)
  devicesChanged(
    @Root() roster: Roster,
    @Arg('on', () => ID, { description: 'The id of an account, or of an encrypted room.' }) _on: string,
  ) {
    return roster
  }
}

function watchDevices(context: Context, { on }: Roster) {
  const { db, bus } = context.deps
  const { accountId } = signedIn(context)
  const state = { bus, key: `devicesChanged:${on}`, load: async (): Promise<Roster> => ({ on }) }
  const id = parseId(on)
  if (id?.prefix === 'room') {
    return liveState<Roster>({
      ...state,
      topics: [roomDevicesChanged(id.uuid)],
      recheckOn: [membershipChanged(id.uuid, accountId)],
      async admit() {
        await ensureEncryptedRoom(db, accountId, id.uuid, ['on'])
        return ''
      },
    })
  }
  const owner = decodeId('account', on, ['on'])
  return liveState<Roster>({
    ...state,
    topics: [devicesChanged(owner)],
    async admit() {
      await ensureAccount(db, owner, ['on'])
      return ''
    },
  })
}

@Resolver(() => Device)
export class DeviceResolver {
  @FieldResolver(() => Account)
  account(@Ctx() { loaders }: Context, @Root() device: DeviceRow) {
    return loaders.one(accountById, device.accountId)
  }

  @FieldResolver(() => String, { nullable: true })
  @DependsOnViewer
  label(@Ctx() { viewer }: Context, @Root() device: DeviceRow) {
    return isOwnDevice(viewer, device) ? device.label : null
  }

  @FieldResolver(() => DateTime, { nullable: true })
  @DependsOnViewer
  lastSeenAt(@Ctx() { viewer }: Context, @Root() device: DeviceRow) {
    return isOwnDevice(viewer, device) ? device.lastSeenAt : null
  }

  @FieldResolver(() => Int, { nullable: true })
  @DependsOnViewer
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
      'One prekey of each device, to send it a first secret; each is handed out once. The devices are one’s own, or of members of one’s encrypted rooms. User errors: `NOT_FOUND` for any other, and for one that is gone or revoked; `INVALID_INPUT`. Limited: `RATE_LIMITED`.',
  })
  @Rule(isSignedIn)
  claimPrekeys(@Ctx() context: Context, @Arg('input', () => ClaimPrekeysInput) input: ClaimPrekeysInput) {
    return payload(context, 'prekeys', () => {
      const ids = input.deviceIds.map((id, at) => decodeId('device', id, ['input', 'deviceIds', String(at)]))
      return claimPrekeys(context.deps, signedIn(context), ids)
    })
  }
}
