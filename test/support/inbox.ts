import { vi } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { Answer, TestServer } from './server.ts'

const ENTRY = `id kind createdAt updatedAt readAt actorCount streamCursor actors { handle }
  subject { __typename id ... on Post { title } ... on Comment { body } }`

const USER_ERRORS = 'userErrors { __typename code message path }'

/** What members do with their notifications, over HTTP. */
export function inbox({ ask, tokenOf }: Pick<TestServer, 'ask' | 'tokenOf'>) {
  const tokens = new Map<string, Promise<string>>()
  const as = (viewer: Viewer): Promise<string> => {
    const token = tokens.get(viewer.accountId) ?? tokenOf(viewer)
    tokens.set(viewer.accountId, token)
    return token
  }
  const mutate = async (viewer: Viewer | null, field: string, type: string, selection: string, input: object) => {
    const { data, errors } = await ask(
      `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} ${USER_ERRORS} } }`,
      { input },
      viewer === null ? null : await as(viewer),
    )
    return { ...data?.[field], errors } as Answer['data']
  }
  return {
    as,
    async list(viewer: Viewer | null, filter: Record<string, unknown> = {}) {
      const answer = await ask(
        `query ($unread: Boolean, $kinds: [NotificationKind!], $first: Int, $after: String) {
          notifications(unread: $unread, kinds: $kinds, first: $first, after: $after) {
            totalCount nodes { ${ENTRY} } pageInfo { hasNextPage endCursor } } viewer { unreadNotificationCount } }`,
        filter,
        viewer === null ? null : await as(viewer),
      )
      return {
        nodes: answer.data?.notifications?.nodes ?? [],
        total: answer.data?.notifications?.totalCount,
        pageInfo: answer.data?.notifications?.pageInfo,
        unread: answer.data?.viewer?.unreadNotificationCount,
        errors: answer.errors,
      }
    },
    read: (viewer: Viewer | null, input: object) =>
      mutate(viewer, 'markNotificationsRead', 'MarkNotificationsReadInput', 'unreadNotificationCount', input),
    prefer: (viewer: Viewer | null, preferences: object[]) =>
      mutate(
        viewer,
        'updateNotificationPreferences',
        'UpdateNotificationPreferencesInput',
        'preferences { kind inApp email }',
        { preferences },
      ),
    mute: (viewer: Viewer | null, subjectId: string) =>
      mutate(viewer, 'muteNotifications', 'MuteInput', 'subject { id }', { subjectId }),
    unmute: (viewer: Viewer | null, subjectId: string) =>
      mutate(viewer, 'unmuteNotifications', 'MuteInput', 'subject { id }', { subjectId }),
  }
}

export interface HeardEntry {
  id: string
  kind: string
  actorCount: number
  streamCursor: string
  readAt: string | null
}

/** Somebody who listens to their notifications, on a socket of their own. */
export function listenToInbox(server: TestServer, token: string | null, after: string | null = null) {
  const client = server.socket(token)
  const heard: HeardEntry[] = []
  const errors: { extensions: { code: string } }[] = []
  client.subscribe<{ notificationAdded: HeardEntry }>(
    {
      query: `subscription ($after: String) { notificationAdded(after: $after) { ${ENTRY} } }`,
      variables: { after },
    },
    {
      next: ({ data, errors: failed }) => {
        if (data?.notificationAdded) heard.push(data.notificationAdded)
        errors.push(...((failed ?? []) as unknown as typeof errors))
      },
      error: (error) => void (Array.isArray(error) && errors.push(...(error as typeof errors))),
      complete: () => {},
    },
  )
  return {
    heard,
    errors,
    hears: (holds: (heard: readonly HeardEntry[]) => boolean) =>
      vi.waitFor(
        () => {
          if (!holds(heard)) throw new Error(`heard ${heard.length}, ${JSON.stringify(errors)}`)
        },
        { timeout: 30_000, interval: 10 },
      ),
    leave: async () => client.dispose(),
  }
}
