import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { Answer, TestServer } from './server.ts'

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
export class BlogClient {
  readonly #tokens = new Map<Viewer, Promise<string>>()

  constructor(readonly server: TestServer) {}

  tokenOf(viewer: Viewer): Promise<string> {
    const token = this.#tokens.get(viewer) ?? this.server.tokenOf(viewer)
    this.#tokens.set(viewer, token)
    return token
  }

  async ask(query: string, variables: Record<string, unknown> = {}, viewer: Viewer | null = null): Promise<Answer> {
    return this.server.ask(query, variables, viewer === null ? null : await this.tokenOf(viewer))
  }

  async run(mutation: PostMutation, viewer: Viewer | null, input: Record<string, unknown>): Promise<Outcome> {
    const selection = mutation === 'deletePost' ? 'deletedId' : `post ${POST}`
    const query = `mutation ($input: ${INPUTS[mutation]}!) { done: ${mutation}(input: $input) { ${selection} ${USER_ERRORS} } }`
    const { data, errors } = await this.ask(query, { input }, viewer)
    const done = data?.done ?? null
    return {
      post: done?.post ?? done?.deletedId ?? null,
      userErrors: done?.userErrors ?? [],
      refused: errors?.[0]?.extensions.code ?? null,
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
