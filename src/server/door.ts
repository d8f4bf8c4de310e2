import type { GraphQLSchema } from 'graphql'

/** What the transports need to know of a signed-in caller; whoever makes one may add more. */
export interface Viewer {
  readonly accountId: string
  readonly sessionId: string
  /** When the access token ends, and with it every socket that was opened with it. */
  readonly expiresAt: Date
}

export type Cookies = Readonly<Record<string, string | undefined>>

export interface Credentials {
  /** The token of `Authorization: Bearer …`, or of a socket's `connectionParams.authorization`. */
  readonly bearer: string | null
  readonly cookies: Cookies
}

export interface Connection {
  readonly viewer: Viewer | null
  /** IP address of the client, as far as the proxies in front can be trusted. */
  readonly address: string
  readonly userAgent: string | null
  readonly cookies: Cookies
  /** Adds a `Set-Cookie` header to the answer. Missing on sockets, whose answers have no headers. */
  setCookie?(header: string): void
}

/** The graph as the transports see it: they know neither accounts nor loaders. */
export interface Door<Context extends object> {
  /** Guarded and ready to execute. */
  readonly schema: GraphQLSchema
  /**
   * Null means anonymous. Called anew for every operation, so that a role that changed or a session that ended counts.
   * @throws DomainError `UNAUTHENTICATED` for a token that is forged, expired or not an access token.
   */
  authenticate(credentials: Credentials): Promise<Viewer | null>
  /**
   * `Set-Cookie` headers that make a browser forget the access token in these cookies once it was refused: its scripts
   * cannot, and its sockets would be refused as long as it is there.
   */
  forgetSession?(cookies: Cookies): readonly string[]
  /**
   * Calls `end` with a reason when an open socket must no longer serve this viewer. Returns the function that stops it.
   */
  watch?(viewer: Viewer, end: (reason: string) => void): () => void
  /** Told of each operation that a viewer asks for; of subscriptions not, which clients renew by themselves. */
  active?(viewer: Viewer): void
  /**
   * New loaders each time: called once per HTTP request, and once per event of a subscription, because loaders that
   * outlive an event answer the next one from their cache. Apollo passes a shallow copy of the context to the resolvers.
   */
  createContext(connection: Connection): Context
  /**
   * What in a context belongs to one caller: to the viewer, wherever they are signed in, or to the one connection. What
   * is executed once for many may use none of it.
   */
  readonly personal: {
    readonly viewer: readonly (keyof Context & string)[]
    readonly connection: readonly (keyof Context & string)[]
  }
}
