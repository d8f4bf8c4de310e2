import type { TypedDocumentString } from '../gql/graphql.ts'
import { graphql } from '../gql/index.ts'
import { GraphError, hasCode, send } from './graph.ts'

const SignIn = graphql(`
  mutation ReaderSignIn($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password, cookie: true }) {
      session {
        accessTokenExpiresAt
      }
      userErrors {
        message
      }
    }
  }
`)

const RefreshSession = graphql(`
  mutation ReaderRefreshSession {
    refreshSession(input: {}) {
      session {
        accessTokenExpiresAt
      }
    }
  }
`)

const SignOut = graphql(`
  mutation ReaderSignOut {
    signOut {
      signedOut
    }
  }
`)

const WhoAmI = graphql(`
  query ReaderViewer {
    viewer {
      account {
        handle
        name
      }
    }
  }
`)

/** Scripts cannot see the session's cookies, so what they know of them is kept here: when the access token ends. */
const KEPT = 'atrium:session-until'
/** So that no operation meets a token that ends on its way. */
const AHEAD_MS = 30_000

const until = (): string | null => localStorage.getItem(KEPT)
const keep = (session: { accessTokenExpiresAt: string } | null | undefined): void => {
  if (session === null || session === undefined) localStorage.removeItem(KEPT)
  else localStorage.setItem(KEPT, session.accessTokenExpiresAt)
}
const isDue = (): boolean => {
  const end = until()
  return end !== null && Date.parse(end) - Date.now() < AHEAD_MS
}

let renewal: Promise<void> | null = null

/**
 * A refresh token works once, and a second use of it ends the session as stolen: of all tabs of this browser, one
 * renews and the others wait for it.
 */
function renewIfDue(): Promise<void> {
  if (!isDue()) return Promise.resolve()
  renewal ??= navigator.locks
    .request('atrium:session', async () => {
      if (!isDue()) return
      try {
        const { refreshSession } = await send(RefreshSession, {})
        keep(refreshSession?.session)
      } catch (error) {
        // Without a connection the session is what it was.
        if (!hasCode(error, 'UNAUTHENTICATED')) throw error
        keep(null)
      }
    })
    .finally(() => {
      renewal = null
    })
  return renewal
}

/** The server did not take the token, so it has ended, whatever this browser's clock says. */
export async function renew(): Promise<void> {
  if (until() !== null) localStorage.setItem(KEPT, new Date(0).toISOString())
  await renewIfDue()
}

/** Keeps the session's cookies fresh before something else than `ask` uses them. */
export const ready = renewIfDue

/** Asks as whoever is signed in in this browser. @throws as `send`. */
export async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  await renewIfDue()
  try {
    return await send(document, variables)
  } catch (error) {
    if (!hasCode(error, 'UNAUTHENTICATED')) throw error
    // With its answer the server has taken back a cookie that it refused: once more, renewed or as nobody.
    await renew()
    return await send(document, variables)
  }
}

export interface Me {
  readonly handle: string
  readonly name: string
}

/** Who is signed in in this browser. */
export async function findMe(): Promise<Me | null> {
  if (until() === null) return null
  const known = await ask(WhoAmI, {})
  if (known.viewer) return known.viewer.account
  // By a clock that is slow the token lasts; the browser has let its cookie go all the same.
  await renew()
  const { viewer } = await ask(WhoAmI, {})
  if (!viewer) keep(null)
  return viewer?.account ?? null
}

/** @throws GraphError whose message is for people. */
export async function signIn(email: string, password: string): Promise<void> {
  const { signIn: answer } = await send(SignIn, { email, password }).catch((error: unknown) => {
    if (!hasCode(error, 'UNAUTHENTICATED')) throw error
    return send(SignIn, { email, password })
  })
  if (!answer?.session) {
    throw new GraphError('WRONG_CREDENTIALS', answer?.userErrors[0]?.message ?? 'The server opened no session.')
  }
  keep(answer.session)
  if ((await findMe()) === null) {
    throw new GraphError('NO_COOKIE', 'This browser did not keep the session’s cookie. It needs https, or localhost.')
  }
}

export async function signOut(): Promise<void> {
  try {
    await ask(SignOut, {})
  } catch (error) {
    // It had ended already.
    if (!hasCode(error, 'UNAUTHENTICATED')) throw error
  }
  keep(null)
}
