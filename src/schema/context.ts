import { DomainError, unauthenticated } from '../core/errors.ts'
import type { Origin } from '../domain/account/session.ts'
import type { Deps } from '../domain/deps.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { BatchLoaders } from '../loaders/batch.ts'

/** Cookies of a request over HTTP; a socket cannot set any. */
export interface Cookies {
  readonly values: Readonly<Record<string, string | undefined>>
  readonly set: ((header: string) => void) | null
}

/**
 * How much text one answer may still carry. Nodes are limited by their cost, but a post may have half a million
 * characters, and be asked for under many names.
 */
export class TextBudget {
  #left: number

  constructor(readonly limit: number) {
    this.#left = limit
  }

  /** The text, if the answer has room for it. @throws DomainError `LIMIT_EXCEEDED`. */
  spend(text: string): string {
    this.#left -= text.length
    if (this.#left >= 0) return text
    const message = `The texts of one answer may have ${this.limit} characters. Ask for fewer posts or comments at once.`
    throw new DomainError('LIMIT_EXCEEDED', message, [], { limit: this.limit })
  }
}

/** What every resolver gets. Made anew for each request, and for each event of a subscription. */
export interface Context {
  readonly deps: Deps
  readonly viewer: Viewer | null
  readonly loaders: BatchLoaders
  readonly texts: TextBudget
  readonly origin: Origin
  readonly cookies: Cookies
}

/** For resolvers behind `isSignedIn`. @throws DomainError `UNAUTHENTICATED`. */
export function signedIn(context: Context): Viewer {
  if (context.viewer === null) throw unauthenticated()
  return context.viewer
}
