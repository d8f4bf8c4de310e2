/**
 * Codes of the errors that leave Atrium. They are part of the contract with clients: a code is never renamed, and
 * what it means is written in docs/errors.md.
 */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID_INPUT',
  'CONFLICT',
  'TAKEN',
  'ILLEGAL_TRANSITION',
  'LIMIT_EXCEEDED',
  'EDIT_WINDOW_OVER',
  'NOT_ELIGIBLE',
  'ALREADY_VOTED',
  'POLL_CLOSED',
  'POLL_FROZEN',
  'WRONG_CREDENTIALS',
  'INSUFFICIENT_STOCK',
  'COUPON_NOT_APPLICABLE',
  'PRICE_CHANGED',
  'PAYMENT_DECLINED',
  'RATE_LIMITED',
  'SCREEN_BUSY',
  'SEATS_TAKEN',
  'SEATS_LEFT_ALONE',
  'HOLD_LAPSED',
  'ALREADY_CHECKED_IN',
  'CANCELLATION_CLOSED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'QUOTA_EXCEEDED',
  'PAGE_NOT_USABLE',
  'NOTHING_LOGGED',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** Refusals that concern the caller as a whole: they are top-level GraphQL errors even inside a mutation. */
const TOP_LEVEL: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'])

/** A failure that the business foresees. Everything else that is thrown is a bug or an outage, and is masked. */
export class DomainError extends Error {
  override readonly name = 'DomainError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    /**
     * Where in the arguments the trouble lies: `['input', 'tags', '0']`. Empty where no argument is to blame. Not called
     * `path`: graphql-js takes any error with such a list for one that it has located, and sends it on without saying
     * which field failed.
     */
    readonly argument: readonly string[] = [],
    /** What the client's next step needs, such as `{ allowed: ['PUBLISHED'] }`. */
    readonly details: Readonly<Record<string, unknown>> = {},
    /** Further failures of the same input, so that a form can show all of them at once. */
    readonly others: readonly DomainError[] = [],
  ) {
    super(message)
  }

  get isTopLevel(): boolean {
    return TOP_LEVEL.has(this.code)
  }

  get all(): readonly DomainError[] {
    return [this, ...this.others]
  }
}

export const unauthenticated = (message = 'Sign in first.'): DomainError => new DomainError('UNAUTHENTICATED', message)

export const forbidden = (message = 'You may not do this.'): DomainError => new DomainError('FORBIDDEN', message)

export const notFound = (what: string, path: readonly string[] = []): DomainError =>
  new DomainError('NOT_FOUND', `No ${what} with this id.`, path)

export const nobodyCalled = (handle: string, path: readonly string[]): DomainError =>
  new DomainError('NOT_FOUND', `Nobody is called ${handle.slice(0, 40)} here.`, path)

export const invalidInput = (path: readonly string[], message: string): DomainError =>
  new DomainError('INVALID_INPUT', message, path)

/** Seconds to wait are rounded up, as `Retry-After` (RFC 9110, 10.2.3) counts whole seconds. */
export const rateLimited = (retryAfterMs: number): DomainError => {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  return new DomainError('RATE_LIMITED', `Too many attempts. Try again in ${retryAfterSeconds} s.`, [], {
    retryAfterSeconds,
  })
}
