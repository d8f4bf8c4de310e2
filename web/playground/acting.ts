import { ask } from './endpoint.ts'
import type { DemoPerson } from './settings.ts'

/** A session as `signIn` and `refreshSession` hand it out. */
export interface Session {
  readonly accessToken: string
  readonly refreshToken: string
  /** ISO 8601, UTC. */
  readonly accessTokenExpiresAt: string
}

/** As whom the playground's operations are sent. */
export interface Acting {
  readonly handle: string | null
  readonly session: Session | null
  readonly busy: boolean
  /** Why the visitor is not, or no longer, who they chose to be. */
  readonly notice: string | null
}

interface SessionPayload {
  readonly session: Session | null
  readonly userErrors: readonly { readonly message: string }[]
}

const SESSION = 'session { accessToken refreshToken accessTokenExpiresAt } userErrors { message }'
const SIGN_IN = `mutation PlaygroundSignIn($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { ${SESSION} }
}`
const REFRESH = `mutation PlaygroundRefresh($refreshToken: String!) {
  refreshSession(input: { refreshToken: $refreshToken }) { ${SESSION} }
}`

const ANONYMOUS: Acting = { handle: null, session: null, busy: false, notice: null }
const KEPT = 'atrium:acting'
/** A token is replaced this long before it ends, so that no operation meets an expired one. */
const REFRESH_AHEAD_MS = 60_000
/** A browser whose clock is fast would otherwise refresh without a pause. */
const SHORTEST_REFRESH_MS = 30_000

let acting: Acting = ANONYMOUS
let timer: ReturnType<typeof setTimeout> | undefined
/** Counts choices: an answer that belongs to an earlier choice is dropped. */
let choice = 0
const issued = new Set<string>()
const listeners = new Set<() => void>()

export const currentActing = (): Acting => acting

/** Whether the header is one that the playground wrote, so that it may replace it. A header typed by hand is not. */
export const isOurs = (authorization: unknown): boolean =>
  typeof authorization === 'string' && issued.has(authorization)

export const authorizationOf = (session: Session | null): string | null =>
  session === null ? null : `Bearer ${session.accessToken}`

/** Calls back on every change; returns the function that stops it. */
export function onActingChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function become(next: Acting): void {
  acting = next
  clearTimeout(timer)
  if (next.session === null) {
    if (!next.busy) sessionStorage.removeItem(KEPT)
  } else {
    issued.add(`Bearer ${next.session.accessToken}`)
    sessionStorage.setItem(KEPT, JSON.stringify({ handle: next.handle, session: next.session }))
    const leftMs = Date.parse(next.session.accessTokenExpiresAt) - Date.now()
    timer = setTimeout(renew, Math.max(SHORTEST_REFRESH_MS, leftMs - REFRESH_AHEAD_MS))
  }
  for (const listener of listeners) listener()
}

function sessionOf(payload: SessionPayload): Session {
  if (payload.session === null) throw new Error(payload.userErrors[0]?.message ?? 'The server opened no session.')
  return payload.session
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Signs in as the person and sends everything after that as them; null is nobody. */
export async function actAs(person: DemoPerson | null): Promise<void> {
  const mine = ++choice
  if (person === null) return become(ANONYMOUS)
  become({ handle: person.handle, session: null, busy: true, notice: null })
  try {
    const { signIn } = await ask<{ signIn: SessionPayload }>(SIGN_IN, {
      email: person.email,
      password: person.password,
    })
    const session = sessionOf(signIn)
    if (mine === choice) become({ handle: person.handle, session, busy: false, notice: null })
  } catch (error) {
    if (mine === choice) become({ ...ANONYMOUS, notice: `Not signed in: ${reasonOf(error)}` })
  }
}

let renewal: Promise<void> | null = null

/** A refresh token works once: two renewals at the same time would look like a theft, and end the session. */
function renew(): Promise<void> {
  renewal ??= refresh().finally(() => {
    renewal = null
  })
  return renewal
}

async function refresh(): Promise<void> {
  const { handle, session } = acting
  if (session === null) return
  const mine = choice
  try {
    const { refreshSession } = await ask<{ refreshSession: SessionPayload }>(REFRESH, {
      refreshToken: session.refreshToken,
    })
    const renewed = sessionOf(refreshSession)
    if (mine === choice) become({ handle, session: renewed, busy: false, notice: null })
  } catch (error) {
    if (mine !== choice) return
    // `fetch` throws a TypeError when there is no network, as in a laptop that has just woken.
    if (error instanceof TypeError) timer = setTimeout(renew, SHORTEST_REFRESH_MS)
    else become({ ...ANONYMOUS, notice: `The session of ${handle} ended. ${reasonOf(error)}` })
  }
}

/** Takes up again whom the visitor acted as before a reload of this browser tab. */
export async function resumeActing(people: readonly DemoPerson[]): Promise<void> {
  const kept = sessionStorage.getItem(KEPT)
  if (kept === null) return
  const { handle, session } = JSON.parse(kept) as { handle: string; session: Session }
  if (!people.some((person) => person.handle === handle)) return become(ANONYMOUS)
  become({ handle, session, busy: false, notice: null })
  if (Date.parse(session.accessTokenExpiresAt) - Date.now() < REFRESH_AHEAD_MS) await renew()
}

// A laptop that slept past the timer wakes with an expired token.
document.addEventListener('visibilitychange', () => {
  const { session } = acting
  if (document.hidden || session === null) return
  if (Date.parse(session.accessTokenExpiresAt) - Date.now() < REFRESH_AHEAD_MS) void renew()
})
