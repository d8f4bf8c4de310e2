import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import { buildSchema, type ExecutionResult, GraphQLError, type GraphQLSchema, graphql } from 'graphql'
import { useServer as serveGraph } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { acceptsHtml, type DemoPerson, playground, playgroundHandler } from '../../src/server/playground.ts'

export interface PlaygroundServer {
  /** The page's address. */
  readonly url: string
  readonly people: readonly DemoPerson[]
  close(): Promise<void>
}

const people: DemoPerson[] = [
  { handle: 'ada', name: 'Ada Lovelace', email: 'ada@example.com', password: 'ada-password', role: 'ADMIN' },
  { handle: 'grace', name: 'Grace Hopper', email: 'grace@example.com', password: 'grace-password', role: 'MEMBER' },
]

const SDL = `
  "A moment in UTC."
  scalar DateTime
  type Account { handle: String! name: String! role: String! }
  type Viewer { account: Account! email: String! }
  type Comment { id: ID! body: String bodyHtml: String author: Account createdAt: DateTime! }
  type CommentConnection { nodes: [Comment!]! }
  type Tag { slug: String! name: String! }
  type ReactionCount { kind: String! count: Int! }
  enum PostOrder { NEWEST OLDEST RELEVANCE }
  input PostFilter { text: String }
  type Post {
    id: ID! title: String! slug: String! author: Account! status: String! bodyHtml: String! excerpt: String!
    readingTimeMinutes: Int! tags: [Tag!]! commentCount: Int! reactionCount: Int!
    reactionCounts: [ReactionCount!]! publishedAt: DateTime viewerCanEdit: Boolean!
    comments(first: Int): CommentConnection!
  }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type PostEdge { highlight: String node: Post! }
  type PostConnection { edges: [PostEdge!]! nodes: [Post!]! pageInfo: PageInfo! totalCount: Int! }
  type UserError { code: String! message: String! path: [String!]! }
  type Session {
    accessToken: String refreshToken: String accessTokenExpiresAt: DateTime! account: Account!
  }
  type SignInPayload { session: Session userErrors: [UserError!]! }
  input SignInInput { email: String! password: String! cookie: Boolean! = false }
  input RefreshSessionInput { refreshToken: String }
  input AddCommentInput { subjectId: ID! body: String! }
  type AddCommentPayload { comment: Comment userErrors: [UserError!]! }
  input CreatePostInput { title: String! body: String! }
  type CreatePostPayload { post: Post userErrors: [UserError!]! }
  type Query {
    "Who asks."
    viewer: Viewer
    posts(filter: PostFilter, orderBy: PostOrder! = NEWEST, first: Int): PostConnection!
    post(author: String!, slug: String!): Post
  }
  type Mutation {
    signIn(input: SignInInput!): SignInPayload!
    refreshSession(input: RefreshSessionInput!): SignInPayload!
    createPost(input: CreatePostInput!): CreatePostPayload!
    addComment(input: AddCommentInput!): AddCommentPayload!
  }
  type Subscription { commentAdded(on: ID!, after: String): Comment! }
`

const account = (authorization: unknown) => {
  const handle = typeof authorization === 'string' ? /^Bearer (\w+)-/.exec(authorization)?.[1] : undefined
  const person = people.find((each) => each.handle === handle)
  return person ?? null
}

const TOKEN_LIFETIME_MS = 15 * 60_000

interface Context {
  readonly authorization: unknown
}

/** Starts a server with the playground, demo people and a post to comment on. */
export async function startPlaygroundServer(): Promise<PlaygroundServer> {
  let count = 0
  const listeners = new Set<(event: unknown) => void>()
  const createdAt = '2026-01-01T00:00:00.000Z'
  const post = {
    id: 'post_1',
    title: 'Notes on the engine',
    slug: 'notes',
    author: people[0],
    status: 'PUBLISHED',
    bodyHtml: '<p>It weaves.</p>',
    excerpt: 'It weaves.',
    readingTimeMinutes: 1,
    tags: [{ slug: 'engines', name: 'Engines' }],
    commentCount: 1,
    reactionCount: 0,
    reactionCounts: [],
    publishedAt: createdAt,
    viewerCanEdit: false,
    comments: { nodes: [{ id: 'comment_0', body: 'Indeed.', author: people[1], createdAt }] },
  }
  const session = (handle: string) => ({
    session: {
      accessToken: `${handle}-${++count}`,
      refreshToken: handle,
      accessTokenExpiresAt: new Date(Date.now() + TOKEN_LIFETIME_MS).toISOString(),
      account: people.find((person) => person.handle === handle),
    },
    userErrors: [],
  })
  const rootValue = {
    viewer: (_: unknown, { authorization }: Context) => {
      const person = account(authorization)
      return person && { account: person, email: person.email }
    },
    posts: {
      nodes: [post],
      edges: [{ highlight: 'It <mark>weaves</mark>.', node: post }],
      pageInfo: { hasNextPage: false, endCursor: null },
      totalCount: 1,
    },
    post,
    signIn: ({ input }: { input: { email: string } }) => session(input.email.split('@')[0] ?? ''),
    refreshSession: ({ input }: { input: { refreshToken: string } }) => session(input.refreshToken),
    createPost: () => ({ post, userErrors: [] }),
    addComment: ({ input }: { input: { body: string } }, { authorization }: Context) => {
      const author = account(authorization)
      if (!author) throw new GraphQLError('Sign in first.')
      const comment = { id: `comment_${++count}`, body: input.body, bodyHtml: input.body, author, createdAt }
      for (const listener of listeners) listener({ commentAdded: comment })
      return { comment, userErrors: [] }
    },
    commentAdded: (_: unknown, { authorization }: Context) => {
      if (!account(authorization)) throw new GraphQLError('Sign in first.')
      const waiting: ((result: IteratorResult<unknown>) => void)[] = []
      const listener = (value: unknown) => waiting.shift()?.({ value, done: false })
      listeners.add(listener)
      return {
        [Symbol.asyncIterator]() {
          return this
        },
        next: () => new Promise<IteratorResult<unknown>>((resolve) => waiting.push(resolve)),
        return: async () => {
          listeners.delete(listener)
          return { value: undefined, done: true as const }
        },
      }
    },
  }
  const schema: GraphQLSchema = buildSchema(SDL)
  const options = { directory: fileURLToPath(new URL('../../dist/web', import.meta.url)), demo: { people } }
  const app = Fastify({ forceCloseConnections: true })
  await app.register(playground, options)
  const page = playgroundHandler(options)
  app.get('/graphql', (request, reply) =>
    acceptsHtml(request) ? page(request, reply) : reply.code(406).send({ errors: [{ message: 'Use POST.' }] }),
  )
  app.post('/graphql', async (request): Promise<ExecutionResult> => {
    const { query, variables, operationName } = request.body as {
      query: string
      variables?: Record<string, unknown>
      operationName?: string
    }
    return graphql({
      schema,
      source: query,
      rootValue,
      variableValues: variables ?? {},
      operationName: operationName ?? null,
      contextValue: { authorization: request.headers.authorization },
    })
  })
  const sockets = new WebSocketServer({ server: app.server, path: '/graphql' })
  serveGraph(
    {
      schema,
      roots: { subscription: rootValue },
      context: ({ connectionParams }): Context & Record<string, unknown> => ({
        authorization: connectionParams?.Authorization,
      }),
    },
    sockets,
  )
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    url: `${address}/graphql`,
    people,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      await app.close()
    },
  }
}
