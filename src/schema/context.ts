import { unauthenticated } from '../core/errors.ts'
import type { Origin } from '../domain/account/session.ts'
import type { Deps } from '../domain/deps.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { BatchLoaders } from '../loaders/batch.ts'

/** Cookies of a request over HTTP; a socket cannot set any. */
export interface Cookies {
  readonly values: Readonly<Record<string, string | undefined>>
  readonly set: ((header: string) => void) | null
}

/** What every resolver gets. Made anew for each request, and for each event of a subscription. */
export interface Context {
  readonly deps: Deps
  readonly viewer: Viewer | null
  readonly loaders: BatchLoaders
  readonly origin: Origin
  readonly cookies: Cookies
}

/** For resolvers behind `isSignedIn`. @throws DomainError `UNAUTHENTICATED`. */
export function signedIn(context: Context): Viewer {
  if (context.viewer === null) throw unauthenticated()
  return context.viewer
}
