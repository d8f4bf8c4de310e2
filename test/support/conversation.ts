import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { Answer, TestServer } from './server.ts'

/** The mutations of a conversation, over HTTP and with the ids that clients use. */
export function conversation({ ask }: Pick<TestServer, 'ask'>) {
  const mutate = async (field: string, type: string, selection: string, input: object, token: string | null) => {
    const { data, errors } = await ask(
      `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} userErrors { __typename code message path ... on IllegalTransition { from allowed } ... on LimitExceeded { limit } } } }`,
      { input },
      token,
    )
    return { ...data?.[field], errors } as Answer['data']
  }
  const comment = 'comment { id body bodyHtml state depth author { handle } parent { id } }'
  return {
    add: (token: string | null, subjectId: string, body: string, more: object = {}) =>
      mutate('addComment', 'AddCommentInput', comment, { subjectId, body, ...more }, token),
    edit: (token: string | null, id: string, body: string) =>
      mutate('editComment', 'EditCommentInput', comment, { id, body }, token),
    remove: (token: string | null, id: string) => mutate('deleteComment', 'DeleteCommentInput', comment, { id }, token),
    moderate: (token: string | null, id: string, state: string) =>
      mutate('moderateComment', 'ModerateCommentInput', comment, { id, state }, token),
    react: (token: string | null, subjectId: string, kind = 'LIKE') =>
      mutate('addReaction', 'ReactionInput', 'subject { id reactionCount }', { subjectId, kind }, token),
    unreact: (token: string | null, subjectId: string, kind = 'LIKE') =>
      mutate('removeReaction', 'ReactionInput', 'subject { id reactionCount }', { subjectId, kind }, token),
    report: (token: string | null, subjectId: string, more: object = {}) =>
      mutate('report', 'ReportInput', 'reportedId', { subjectId, reason: 'SPAM', ...more }, token),
    resolve: (token: string | null, id: string) =>
      mutate('resolveReport', 'ResolveReportInput', 'report { id resolvedAt }', { id }, token),
  }
}

/** What became of it: the code of the error that refused it, or `done`. */
export const outcome = (answer: Answer['data']): string =>
  answer.errors?.[0]?.extensions.code ?? answer.userErrors?.[0]?.code ?? 'done'

export const postId = (id: string): string => encodeId('post', id)
export const commentId = (id: string): string => encodeId('comment', id)

/** Members with their tokens. */
export async function people<const Handle extends string>(
  server: TestServer,
  handles: readonly Handle[],
  role: Viewer['role'] = 'MEMBER',
): Promise<Record<Handle, { viewer: Viewer; token: string }>> {
  const made = await Promise.all(
    handles.map(async (handle) => {
      const viewer = await server.world.person({ handle, role })
      return [handle, { viewer, token: await server.tokenOf(viewer) }] as const
    }),
  )
  return Object.fromEntries(made) as Record<Handle, { viewer: Viewer; token: string }>
}
