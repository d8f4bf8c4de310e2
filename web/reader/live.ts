import { type Client, createClient } from 'graphql-ws'
import type { ReaderCommentAddedSubscription } from '../gql/graphql.ts'
import { graphql } from '../gql/index.ts'
import { socketUrl } from './graph.ts'
import { ready, renew } from './session.ts'

const CommentAdded = graphql(`
  subscription ReaderCommentAdded($on: ID!, $after: String) {
    commentAdded(on: $on, after: $after) {
      ...CommentWords
      subject {
        commentCount
      }
    }
  }
`)

export type Arrival = ReaderCommentAddedSubscription['commentAdded']

/** The server's close code for a token that has ended. */
const FORBIDDEN = 4403
const LONGEST_WAIT_MS = 30_000

interface Listening {
  /** The post. */
  readonly on: string
  /** The cursor of the newest comment that is known, at any time; the empty text where there is none yet. */
  after(): string
  hear(comment: Arrival): void
}

/** Hears of comments as long as the page is shown. Whatever was written while there was no connection comes after it. */
export function listen(listening: Listening): void {
  let client = open(listening)
  // A page with an open socket cannot be kept for the way back, so it is closed before the page goes.
  addEventListener('pagehide', () => void client.dispose())
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) client = open(listening)
  })
}

function open({ on, after, hear }: Listening): Client {
  let isRefused = false
  const client = createClient({
    url: socketUrl(),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    async retryWait(retries) {
      const ms = Math.min(LONGEST_WAIT_MS, 2 ** retries * 1000) * (0.5 + Math.random() / 2)
      if (!isRefused || retries > 1) await new Promise((resolve) => setTimeout(resolve, ms))
      // Without a connection it fails, and so will the next attempt to connect.
      await (isRefused ? renew() : ready()).catch(() => {})
    },
    on: {
      connected: () => {
        isRefused = false
      },
      closed: (event) => {
        isRefused = event instanceof CloseEvent && event.code === FORBIDDEN
      },
    },
  })
  client.subscribe<ReaderCommentAddedSubscription>(
    {
      query: CommentAdded.toString(),
      variables: {
        on,
        // Read anew each time that the operation is sent, as it is after each reconnection.
        get after() {
          return after()
        },
      },
    },
    {
      next: ({ data }) => {
        // A comment that is gone again before it was sent comes as an error, and means nothing here.
        if (data) hear(data.commentAdded)
      },
      // The server refused the operation itself: the page is what it was, it only no longer grows by itself.
      error: () => void client.dispose(),
      complete: () => {},
    },
  )
  return client
}
