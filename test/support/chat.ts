import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { GraphClient } from './graph-client.ts'
import { type Listener, subscribed } from './listener.ts'
import type { TestServer } from './server.ts'

const USER_ERRORS = `userErrors { __typename code message path ... on LimitExceeded { limit } ... on EditWindowOver { endedAt } }`
export const MESSAGE = `id seq body ciphertext author { handle } replyTo { id } mentions { handle }
  attachments { url node { id __typename } } streamCursor editedAt deletedAt pinnedAt`

const MUTATIONS = {
  createRoom: ['CreateRoomInput', 'room { id title kind encryption memberCount }'],
  openDirectRoom: ['OpenDirectRoomInput', 'room { id kind encryption viewerPeer { handle } }'],
  updateRoom: ['UpdateRoomInput', 'room { id title description }'],
  deleteRoom: ['RoomInput', 'deletedId'],
  joinRoom: ['RoomInput', 'room { id memberCount }'],
  leaveRoom: ['RoomInput', 'leftId'],
  muteNotifications: ['MuteInput', 'subject { id ... on Room { viewerMutesNotifications } }'],
  unmuteNotifications: ['MuteInput', 'subject { id ... on Room { viewerMutesNotifications } }'],
  setTyping: ['SetTypingInput', 'room { id }'],
  removeRoomMember: ['RemoveRoomMemberInput', 'room { id memberCount }'],
  liftRoomBan: ['RoomAccountInput', 'room { id }'],
  setRoomRole: ['SetRoomRoleInput', 'room { id }'],
  inviteToRoom: ['RoomAccountInput', 'invitation { id }'],
  acceptRoomInvitation: ['RoomInvitationInput', 'room { id memberCount }'],
  endRoomInvitation: ['RoomInvitationInput', 'endedId'],
  createRoomLink: ['CreateRoomLinkInput', 'link { id token maxUses uses expiresAt }'],
  deleteRoomLink: ['DeleteRoomLinkInput', 'deletedId'],
  joinRoomByLink: ['JoinRoomByLinkInput', 'room { id memberCount }'],
  blockAccount: ['BlockAccountInput', 'account { handle }'],
  unblockAccount: ['BlockAccountInput', 'account { handle }'],
  sendMessage: ['SendMessageInput', `message { ${MESSAGE} }`],
  editMessage: ['EditMessageInput', `message { ${MESSAGE} }`],
  deleteMessage: ['MessageInput', `message { ${MESSAGE} }`],
  pinMessage: ['MessageInput', `message { ${MESSAGE} }`],
  unpinMessage: ['MessageInput', `message { ${MESSAGE} }`],
  markRoomRead: [
    'MarkRoomReadInput',
    'room { id viewerUnreadCount viewerMentionCount viewerMembership { lastReadSeq } }',
  ],
  addReaction: ['ReactionInput', 'subject { id reactionCounts { kind emoji count } viewerEmoji viewerReactions }'],
  removeReaction: ['ReactionInput', 'subject { id reactionCounts { kind emoji count } viewerEmoji viewerReactions }'],
  report: ['ReportInput', 'reportedId'],
} as const

export type ChatMutation = keyof typeof MUTATIONS

export interface Done {
  /** What the payload holds beside its errors. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  value: any
  userErrors: { __typename: string; code: string; path: string[]; limit?: number; endedAt?: string }[]
  /** Code of the first top-level error or user error, or `done`. */
  outcome: string
}

export const roomId = (id: Uuid): string => encodeId('room', id)
export const accountId = ({ accountId: id }: Viewer): string => encodeId('account', id)

/** What members do in rooms, as they do it: over HTTP. */
export class ChatClient extends GraphClient {
  async run(mutation: ChatMutation, viewer: Viewer | null, input: Record<string, unknown>): Promise<Done> {
    const [type, selection] = MUTATIONS[mutation]
    const names = [mutation, type, `${selection} ${USER_ERRORS}`] as const
    const { payload, userErrors, refused } = await this.mutate(names, viewer, input)
    return { value: Object.values(payload)[0] ?? null, userErrors, outcome: refused ?? userErrors[0]?.code ?? 'done' }
  }

  /** A group of `owner` with these members, who were invited and came. */
  async group(owner: Viewer, members: readonly Viewer[] = [], more: Record<string, unknown> = {}): Promise<string> {
    const { value, userErrors } = await this.run('createRoom', owner, { title: 'A room', ...more })
    if (value === null) throw new Error(JSON.stringify(userErrors))
    for (const member of members) await this.bring(owner, value.id, member)
    return value.id
  }

  async bring(inviter: Viewer, room: string, member: Viewer): Promise<void> {
    const invited = await this.run('inviteToRoom', inviter, { roomId: room, accountId: accountId(member) })
    const joined = await this.run('acceptRoomInvitation', member, { id: invited.value?.id ?? '' })
    if (joined.outcome !== 'done') throw new Error(JSON.stringify([invited, joined]))
  }

  /** Says something and answers the message. */
  async say(viewer: Viewer, room: string, body: string, more: Record<string, unknown> = {}): Promise<Done['value']> {
    const { value, userErrors, outcome } = await this.run('sendMessage', viewer, { roomId: room, body, ...more })
    if (value === null) throw new Error(`${outcome}: ${JSON.stringify(userErrors)}`)
    return value
  }

  /** What a field of a room says to the viewer; the code of the refusal where it is none of theirs. */
  async room(viewer: Viewer | null, room: string, selection: string): Promise<Done['value']> {
    const { data, errors } = await this.ask(
      `query ($id: ID!) { node(id: $id) { ... on Room { ${selection} } } }`,
      {
        id: room,
      },
      viewer,
    )
    return errors?.[0]?.extensions.code ?? data.node
  }
}

export interface Heard {
  id: string
  kind: string
  seq: number
  body: string
  streamCursor: string
  // biome-ignore lint/suspicious/noExplicitAny: the selection is the test's.
  [field: string]: any
}

export type RoomListener = Listener<Heard>

const SUBSCRIPTIONS = {
  messageAdded: 'id seq body streamCursor',
  roomEvents: 'kind seq streamCursor message { id body } actor { handle } account { handle } role',
}

/** Somebody who listens to a room, on a socket of their own. */
export function listenToRoom(
  server: TestServer,
  token: string | null,
  room: string,
  options: { after?: string | null; field?: keyof typeof SUBSCRIPTIONS } = {},
): RoomListener {
  const { after = null, field = 'messageAdded' } = options
  const query = `subscription ($roomId: ID!, $after: String) { heard: ${field}(roomId: $roomId, after: $after) { ${SUBSCRIPTIONS[field]} } }`
  return subscribed<Heard>(server.socket(token), query, { roomId: room, after })
}
