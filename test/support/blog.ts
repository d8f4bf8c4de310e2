import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { GraphClient } from './graph-client.ts'

const POST = `{ id title slug url status body bodyHtml excerpt coverUrl publishAt publishedAt updatedAt
  tags { slug } categories { slug } viewerCanEdit viewerCanArchive }`
const USER_ERRORS = `userErrors { __typename code message path ... on IllegalTransition { from allowed } }`

export type PostMutation =
  | 'createPost'
  | 'updatePost'
  | 'publishPost'
  | 'schedulePost'
  | 'unschedulePost'
  | 'archivePost'
  | 'deletePost'

const INPUTS: Readonly<Record<PostMutation, string>> = {
  createPost: 'CreatePostInput',
  updatePost: 'UpdatePostInput',
  publishPost: 'PostInput',
  schedulePost: 'SchedulePostInput',
  unschedulePost: 'PostInput',
  archivePost: 'PostInput',
  deletePost: 'PostInput',
}

export interface Outcome {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  post: any
  userErrors: { __typename: string; code: string; message: string; path: string[]; from?: string; allowed?: string[] }[]
  /** Code of the first top-level error. */
  refused: string | null
}

/** What members do with posts, as they do it: mutations over HTTP. */
export class BlogClient extends GraphClient {
  async run(mutation: PostMutation, viewer: Viewer | null, input: Record<string, unknown>): Promise<Outcome> {
    const selection = mutation === 'deletePost' ? 'deletedId' : `post ${POST}`
    const { payload, userErrors, refused } = await this.mutate(
      [mutation, INPUTS[mutation], `${selection} ${USER_ERRORS}`],
      viewer,
      input,
    )
    return {
      post: payload.post ?? payload.deletedId ?? null,
      userErrors,
      refused,
    }
  }

  /** The post as the viewer sees it, or the code of the refusal. */
  async see(viewer: Viewer | null, post: Uuid): Promise<Outcome['post'] | string> {
    const { data, errors } = await this.ask(
      `query ($id: ID!) { node(id: $id) { ... on Post ${POST} } }`,
      { id: encodeId('post', post) },
      viewer,
    )
    return errors?.[0]?.extensions.code ?? data.node
  }
}
