import { Field } from 'type-graphql'
import type { PresenceState as PresenceStateName } from '../live/presence.ts'
import { enumOf } from './enums.ts'
import { GraphObject } from './object.ts'
import { DateTime } from './scalars.ts'

export const PresenceState = enumOf<PresenceStateName>('PresenceState', 'Whether a member is here.', {
  ONLINE: 'Here, and doing something.',
  AWAY: 'An app is open, and nothing was done in it for some minutes.',
  OFFLINE: 'Not here.',
})

@GraphObject('Whether a member is here. It is known for as long as it is true, and stored nowhere.')
export class Presence {
  @Field(() => PresenceState)
  state: PresenceStateName

  @Field(() => DateTime, {
    nullable: true,
    description: 'When they last did something. Null where that is more than a week ago, or not known any more.',
  })
  lastSeenAt: string | null
}
